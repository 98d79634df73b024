"""Whether a head, and not a picture of one, followed the challenge (R34).

Rules that deny give 0 with their reason, and none of them can be outweighed. What is left is scored by its weakest turn:
0.7 means that in every turn the nose moved off the middle between the eyes by at least 0.08 eye distances, 1.0 by 0.114 and
more; below 0.06 no turn is counted at all. As a challenge has turns to both sides, a print whose nose seems to move one way
does not help. Each move must be seen, in its order and its time. None: the frames could not be measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from time import perf_counter

from checks_app.face.averaging import mean_embedding
from checks_app.faces import Embedding, FaceEngine
from checks_app.liveness.challenge import Challenge, Frame
from checks_app.liveness.continuity import farthest, jumps, still_share
from checks_app.liveness.signals import Observation, Pose, Turn, find_turns, measure_poses, observe
from checks_app.results import Engine, LivenessFindings, Measure, Reason

LIVENESS_ENGINE = Engine(name="head-turns", version="1")

APPROVING_STRENGTH, APPROVING_SCORE = 0.08, 0.7
"""Nose offset in eye distances at the default approving threshold. Heads reach it at 15 to 25 degrees; of 101 photographs turned
flat by 20, 30 and 40 degrees none did to both sides."""

LEAST_RELIEF = 0.14
"""Relief of the nose over all clear turns below which the face is a picture; see `signals.Pose.relief`."""

PICTURE_NARROWING, PICTURE_FRAMES = 0.90, 2
"""So many frames of one move that narrow so far without a turn of the nose show a picture that was turned instead of a head."""

LEAST_FOUND = 0.5
"""Share of frames in which the face must be found. Who turns by 50 degrees is out of the detector's sight while holding it."""

MOST_STILL = 0.5
"""Share of repeated frames up to which a slow camera or a busy telephone explains them."""

EARLY_MS, LATE_MS = 300, 900
"""How far the middle of a turn may lie outside the time in which its move was shown: slow people, slow telephones."""

MOST_DESCRIBED = 3
"""Turns whose face is described; a challenge has three, and more turns than moves are refused anyway."""


def inspect_challenge(frames: Sequence[Frame], challenge: Challenge, engine: FaceEngine) -> LivenessFindings:
    """Judge the frames of one challenge, in the order in which they were taken.

    `problems` tells what the user can mend at once (face lost, several faces); then there is no score. One still is what is
    sent by somebody who cannot turn the head: asking for another would mend nothing, so it only stays unmeasured. A challenge that was
    not followed is no such problem: it must cost an attempt, or a recording could be tried until a challenge fits it.
    """
    started = perf_counter()
    seen = observe(frames, engine)
    poses = measure_poses(seen.sightings)
    problem = _problem(seen, poses, challenge)
    if problem:
        mendable = () if problem is Reason.FACE_LOST and len(frames) == 1 else (problem,)
        return LivenessFindings(mendable, Measure(None, LIVENESS_ENGINE, _ms(started), (problem,)), len(frames), None)
    turns = find_turns(poses)
    straight, turned = _describe(poses, turns, engine)
    embedding = mean_embedding(straight)
    details = {
        "still_share": still_share(seen.looked_at),
        "jumps": float(jumps(seen.sightings)),
        "farthest_face": farthest(straight[0], [*straight[1:], *turned]),
        "turns": float(len(turns)),
        "weakest_turn": min((turn.strength for turn in turns), default=0.0),
    }
    relief = _relief(turns)
    if relief is not None:
        details["relief"] = relief
    reason = _denial(details, poses, turns, challenge, engine)
    score = 0.0 if reason else min(1.0, details["weakest_turn"] / APPROVING_STRENGTH * APPROVING_SCORE)
    measure = Measure(score, LIVENESS_ENGINE, _ms(started), (reason,) if reason else (), details)
    return LivenessFindings((), measure, len(frames), embedding)


def _problem(seen: Observation, poses: Sequence[Pose], challenge: Challenge) -> Reason | None:
    """Say why the frames cannot be measured: the face must be there in every step and in most frames."""
    if not seen.sightings:
        return Reason.NO_FACE
    if seen.most_faces > 1:
        return Reason.SEVERAL_FACES
    steps = {pose.sighting.frame.step for pose in poses}
    complete = steps.issuperset(range(len(challenge.moves) + 1))
    return None if complete and len(seen.sightings) >= LEAST_FOUND * len(seen.looked_at) else Reason.FACE_LOST


def _denial(
    details: dict[str, float], poses: Sequence[Pose], turns: Sequence[Turn], challenge: Challenge, engine: FaceEngine
) -> Reason | None:
    if details["still_share"] > MOST_STILL:
        return Reason.FRAMES_REPEATED
    if details["jumps"] or details["farthest_face"] > engine.same_sitting_distance:
        return Reason.FACE_CHANGED
    if details.get("relief", LEAST_RELIEF) < LEAST_RELIEF or _picture_turned(poses, turns):
        return Reason.FLAT_FACE
    return None if _followed(turns, poses, challenge) else Reason.CHALLENGE_NOT_FOLLOWED


def _relief(turns: Sequence[Turn]) -> float | None:
    """Return the median relief over all frames that show a clear turn; None: there are none."""
    reliefs = [pose.relief for turn in turns for pose in turn.poses if pose.relief is not None]
    return median(reliefs) if reliefs else None


def _picture_turned(poses: Sequence[Pose], turns: Sequence[Turn]) -> bool:
    in_turns = {id(pose) for turn in turns for pose in turn.poses}
    narrow = [pose for pose in poses if pose.narrowing < PICTURE_NARROWING and id(pose) not in in_turns]
    steps = [pose.sighting.frame.step for pose in narrow if pose.sighting.frame.step > 0]
    return any(steps.count(step) >= PICTURE_FRAMES for step in set(steps))


def _followed(turns: Sequence[Turn], poses: Sequence[Pose], challenge: Challenge) -> bool:
    """Say whether the turns are exactly the moves, in order and each in its time, in frames that came in order."""
    times = [pose.sighting.frame.at_ms for pose in poses]
    if times != sorted(set(times)) or [turn.move for turn in turns] != list(challenge.moves):
        return False
    return all(_in_time(turn, poses, step) for step, turn in enumerate(turns, start=1))


def _in_time(turn: Turn, poses: Sequence[Pose], step: int) -> bool:
    shown = [pose.sighting.frame.at_ms for pose in poses if pose.sighting.frame.step == step]
    return shown[0] - EARLY_MS <= turn.middle_ms <= shown[-1] + LATE_MS


def _describe(poses: Sequence[Pose], turns: Sequence[Turn], engine: FaceEngine) -> tuple[list[Embedding], list[Embedding]]:
    """Describe the face in the middle of the first and at the end of the last straight step, and at the furthest of each turn."""
    first = [pose.sighting for pose in poses if pose.sighting.frame.step == 0]
    last = [pose.sighting for pose in poses if pose.sighting.frame.step < 0]
    straight = [first[len(first) // 2], *last[-1:]]
    turned = [turn.extreme for turn in turns[:MOST_DESCRIBED]]
    embeddings = [engine.embed(sighting.frame.image, sighting.face) for sighting in (*straight, *turned)]
    return embeddings[: len(straight)], embeddings[len(straight) :]


def _ms(started: float) -> int:
    return round((perf_counter() - started) * 1000)
