"""Whether a head, and not a picture of one, followed the challenge (R34).

Rules that deny give 0 with their reason, and none of them can be outweighed. What is left is scored by its weakest move: 0.7 means
that in every turn the nose moved by at least 0.05 eye distances against the face around it, and that a face that came closer grew to
1.2 times; 1.0 means 0.071 and 1.29; below 0.04 and 1.16 no move is counted at all. Each move must be seen, in its order and its
time. None: the frames could not be measured. Doubts never change the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from time import perf_counter

from checks_app.faces import Embedding, FaceEngine
from checks_app.liveness.attack_model import AttackModel
from checks_app.liveness.challenge import MOVES_PER_CHALLENGE, Challenge, Frame
from checks_app.liveness.continuity import farthest, jumps, still_share
from checks_app.liveness.flashes import Reflection, find_reflection
from checks_app.liveness.signals import CLEAR, Act, Observation, Pose, Sighting, find_acts, frontal, measure_poses, observe, on_the_way
from checks_app.results import Engine, LivenessFindings, Measure, Reason

LIVENESS_ENGINE = Engine(name="head-moves", version="2")

APPROVING_STRENGTH, APPROVING_SCORE = CLEAR, 0.7
"""Strength of a move (`signals.Pose.strengths`) at the default approving threshold: a head turned by 9 degrees to a side,
by 14 when its nose is flat."""

LEAST_RELIEF, FLAT_FRAMES = 0.12, 2
"""Relief of the nose (`relief.Shift.relief`) below which so many foreshortened frames of one move show a picture."""

LEAST_FOUND = 0.5
"""Share of frames, of all and of each move, in which the face must be found. Who turns by 45 degrees is out of sight while holding it."""

MOST_STILL = 0.5
"""Share of repeated frames up to which a slow camera or a busy telephone explains them."""

EARLY_MS, LATE_MS = 300, 1_000
"""How far the middle of a move may lie outside the time in which it was shown: slow people, slow telephones."""

ATTACK_FRAMES = 3
"""The operator's own model sees so many frames; their mean counts."""


def inspect_challenge(
    frames: Sequence[Frame], challenge: Challenge, engine: FaceEngine, attack_model: AttackModel | None = None
) -> LivenessFindings:
    """Judge the frames of one challenge, in the order in which they were taken.

    `problems` tells what the user can mend at once (face lost, several faces); then there is no score. One still is what is
    sent by somebody who cannot turn the head: asking for another would mend nothing, so it only stays unmeasured. A challenge that was
    not followed is no such problem: it must cost an attempt, or a recording could be tried until a challenge fits it.
    """
    started = perf_counter()
    seen = observe(frames, engine)
    problem = _problem(seen, challenge)
    reference = frontal(seen.sightings)
    if problem or reference is None:
        return _unmeasured(problem or Reason.FACE_LOST, len(frames), started)
    poses = measure_poses(seen.sightings, reference)
    acts = find_acts(poses)
    embedding = engine.embed(reference.frame.image, reference.face)
    details = _details(seen, poses, acts)
    reason = _denial(details, poses, acts, challenge) or _another_face(details, embedding, _to_compare(seen, acts), engine)
    followed = _followed(acts, seen.sightings, challenge)
    clear = followed and details["weakest_move"] >= APPROVING_STRENGTH
    if not reason and not clear and _lost_in_a_move(poses, seen, challenge):
        return _unmeasured(Reason.FACE_LOST, len(frames), started)
    reason = reason or (None if followed else Reason.CHALLENGE_NOT_FOLLOWED)
    score = 0.0 if reason else min(1.0, details["weakest_move"] / APPROVING_STRENGTH * APPROVING_SCORE)
    doubts = _doubts(frames, challenge, seen, attack_model, details)
    measure = Measure(score, LIVENESS_ENGINE, _ms(started), (reason,) if reason else (), details)
    return LivenessFindings((), measure, len(frames), embedding, doubts)


def _unmeasured(problem: Reason, frames: int, started: float) -> LivenessFindings:
    mendable = () if problem is Reason.FACE_LOST and frames == 1 else (problem,)
    return LivenessFindings(mendable, Measure(None, LIVENESS_ENGINE, _ms(started), (problem,)), frames, None)


def _problem(seen: Observation, challenge: Challenge) -> Reason | None:
    """Say why the frames cannot be measured: the face must be there in every step and in most frames."""
    if not seen.sightings:
        return Reason.NO_FACE
    if seen.most_faces > 1:
        return Reason.SEVERAL_FACES
    found = [sighting.frame.step for sighting in seen.sightings if sighting.found]
    complete = set(found).issuperset(range(len(challenge.moves) + 1))
    return None if complete and len(found) >= LEAST_FOUND * len(seen.looked_at) else Reason.FACE_LOST


def _lost_in_a_move(poses: Sequence[Pose], seen: Observation, challenge: Challenge) -> bool:
    """Say whether the face was out of sight in most of a move, as when somebody turns too far: what is left would look half-hearted."""
    measured, looked_at = Counter(abs(pose.sighting.frame.step) for pose in poses), Counter(abs(frame.step) for frame in seen.looked_at)
    return any(measured[step] < LEAST_FOUND * looked_at[step] for step in range(1, len(challenge.moves) + 1))


def _details(seen: Observation, poses: Sequence[Pose], acts: Sequence[Act]) -> dict[str, float]:
    return {
        "still_share": still_share(seen.looked_at),
        "jumps": float(jumps(seen.sightings)),
        "moves": float(len(acts)),
        "on_the_way": float(on_the_way(acts, poses)),
        "weakest_move": min((act.strength for act in acts), default=0.0),
    }


def _denial(details: dict[str, float], poses: Sequence[Pose], acts: Sequence[Act], challenge: Challenge) -> Reason | None:
    if details["still_share"] > MOST_STILL:
        return Reason.FRAMES_REPEATED
    if details["jumps"]:
        return Reason.FACE_CHANGED
    reliefs = _reliefs(poses, challenge)
    if reliefs:
        details["relief"] = min(reliefs)
    return Reason.FLAT_FACE if details.get("relief", LEAST_RELIEF) < LEAST_RELIEF else None


def _like_stills(details: dict[str, float]) -> bool:
    """Say whether the head was in its places and never between them: stills shown in turn, or somebody very quick."""
    return bool(details["moves"]) and not details["on_the_way"]


def _reliefs(poses: Sequence[Pose], challenge: Challenge) -> list[float]:
    """Return the median relief in each move that shows the face clearly foreshortened."""
    reliefs = []
    for step in range(1, len(challenge.moves) + 1):
        found = [pose.shift.relief for pose in poses if abs(pose.sighting.frame.step) == step]
        clear = [relief for relief in found if relief is not None]
        if len(clear) >= FLAT_FRAMES:
            reliefs.append(median(clear))
    return reliefs


def _to_compare(seen: Observation, acts: Sequence[Act]) -> list[Sighting]:
    """Choose the end of the recording and a clear frame of each move; further moves than a challenge has are refused anyway."""
    last = [sighting for sighting in seen.sightings if sighting.found][-1]
    return [last, *(one for act in acts[:MOVES_PER_CHALLENGE] if (one := act.describable) is not None)]


def _another_face(details: dict[str, float], reference: Embedding, others: Sequence[Sighting], engine: FaceEngine) -> Reason | None:
    details["farthest_face"] = farthest(reference, [engine.glance(one.frame.image, one.face) for one in others])
    return Reason.FACE_CHANGED if details["farthest_face"] > engine.same_sitting_distance else None


def _followed(acts: Sequence[Act], sightings: Sequence[Sighting], challenge: Challenge) -> bool:
    """Say whether the head made exactly the moves, in order and each in its time, in frames that came in order."""
    times = [one.frame.at_ms for one in sightings]
    if times != sorted(set(times)) or [act.move for act in acts] != list(challenge.moves):
        return False
    return all(_in_time(act, sightings, step) for step, act in enumerate(acts, start=1))


def _in_time(act: Act, sightings: Sequence[Sighting], step: int) -> bool:
    shown = [one.frame.at_ms for one in sightings if one.frame.step == step]
    return shown[0] - EARLY_MS <= act.middle_ms <= shown[-1] + LATE_MS


def _doubts(
    frames: Sequence[Frame], challenge: Challenge, seen: Observation, model: AttackModel | None, details: dict[str, float]
) -> tuple[Reason, ...]:
    doubts: list[Reason] = []
    if _like_stills(details):
        doubts.append(Reason.FACE_SCREEN_SUSPECTED)
    if challenge.flashes:
        reflection, change = find_reflection(frames, challenge, seen.sightings[-1].face)
        if change is not None:
            details["flash_change"] = change
        if reflection is Reflection.MISSING:
            doubts.append(Reason.FLASH_NOT_REFLECTED)
    if model is not None:
        found = [sighting for sighting in seen.sightings if sighting.found]
        chosen = [found[len(found) * part // ATTACK_FRAMES] for part in range(ATTACK_FRAMES)]
        scores = [score for one in chosen if (score := model.attack_score(one.frame.image, one.face)) is not None]
        if scores:
            details["attack_score"] = sum(scores) / len(scores)
            if details["attack_score"] >= model.threshold:
                doubts.append(Reason.ATTACK_SUSPECTED)
    return tuple(doubts)


def _ms(started: float) -> int:
    return round((perf_counter() - started) * 1000)
