"""What a head that turns does to its picture, and a turned picture of a head does not.

The nose stands out of the face. When a head turns, the nose moves off the middle between the eyes before the eyes come much
closer together; on a flat picture that is turned, the eyes come together and the nose stays between them. All values are
relative to the same person's own frontal frames, because no face is symmetrical.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from checks_app.faces import FaceBox, FaceEngine
from checks_app.liveness.challenge import Frame, Move

MAX_FRAMES = 48
"""Frames that are looked at, spread evenly over what came: about four a second."""

MAX_SEARCHES = 8
"""Searches of a whole frame: a lost face costs no more than these, however many frames show none."""

TURNED_FROM, STRAIGHT_BELOW = 0.06, 0.03
"""Nose offset in eye distances at which a turn begins and ends. Real photographs of faces held still scatter by 0.02."""

LEAST_NARROWING, CLEAR_RELIEF = 0.8, 0.17
"""Eye distance over nose height, against the frontal value. A flat picture turned so far that it looks narrower moves its nose as
well (real prints: 0.08 to 0.10 beyond 30 degrees), so narrower frames count only with the relief of a head."""

RELIEF_NARROWING = 0.93
"""A face must have narrowed to this before its relief can be told from noise: a turn of about 22 degrees."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The face in one frame."""

    frame: Frame
    face: FaceBox


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen in all frames that were looked at, in order, and the most faces that were in one of them."""

    looked_at: tuple[Frame, ...]
    sightings: tuple[Sighting, ...]
    most_faces: int


@dataclass(frozen=True, slots=True)
class Pose:
    """A sighting against the frontal frames. offset: of the nose, eye distances, + to the left. narrowing: 1 = as wide as frontal."""

    sighting: Sighting
    offset: float
    narrowing: float

    @property
    def relief(self) -> float | None:
        """How far the nose stands out, in eye distances: about 0.25 on heads and 0.06 on flat pictures; None: hardly turned."""
        if self.narrowing > RELIEF_NARROWING:
            return None
        return abs(self.offset) / sqrt(1 / self.narrowing**2 - 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the head away from straight and back. strength: nose offset that at least two usable frames reach."""

    move: Move
    poses: tuple[Pose, ...]

    @property
    def strength(self) -> float:
        offsets = sorted(abs(pose.offset) for pose in self.usable)
        return offsets[-2] if len(offsets) > 1 else 0.0

    @property
    def usable(self) -> tuple[Pose, ...]:
        """The poses in which a head can be told from a picture, and a face be described."""
        return tuple(pose for pose in self.poses if pose.narrowing >= LEAST_NARROWING or (pose.relief or 0.0) >= CLEAR_RELIEF)

    @property
    def middle_ms(self) -> float:
        return (self.poses[0].sighting.frame.at_ms + self.poses[-1].sighting.frame.at_ms) / 2

    @property
    def extreme(self) -> Sighting:
        """The usable frame of the furthest turn, or the furthest of all when none is usable."""
        return max(self.usable or self.poses, key=lambda pose: abs(pose.offset)).sighting


def observe(frames: Sequence[Frame], engine: FaceEngine) -> Observation:
    """Follow the face through the frames: whole frames are searched at the start, in each move and where the face was lost."""
    looked_at = _spread(frames)
    sightings: list[Sighting] = []
    last: FaceBox | None = None
    most_faces, searches, last_step = 0, 0, None
    for frame in looked_at:
        face = engine.track(frame.image, last) if last else None
        new_move = frame.step > 0 and frame.step != last_step
        if (face is None or new_move) and searches < MAX_SEARCHES:
            searches += 1
            found = engine.detect(frame.image)
            most_faces = max(most_faces, _count(found))
            face = face or (found[0] if found else None)
        if face:
            sightings.append(Sighting(frame, face))
            last = face
        last_step = frame.step
    return Observation(looked_at, tuple(sightings), most_faces)


def measure_poses(sightings: Sequence[Sighting]) -> tuple[Pose, ...]:
    """Measure each sighting against the median of those before the first move. Empty when there are none of these."""
    frontal = [sighting.face for sighting in sightings if sighting.frame.step == 0]
    if not frontal:
        return ()
    offset, shape = median(face.nose_offset for face in frontal), median(_shape(face) for face in frontal)
    return tuple(Pose(one, one.face.nose_offset - offset, _shape(one.face) / shape) for one in sightings)


def find_turns(poses: Sequence[Pose]) -> tuple[Turn, ...]:
    """Find the turns in order. One begins where the nose is clearly off and ends where it is back in the middle."""
    turns: list[Turn] = []
    current: list[Pose] = []
    for pose in poses:
        if current and pose.offset * _sign(current[0].offset) < STRAIGHT_BELOW:
            turns.append(_turn(current))
            current = []
        if current or abs(pose.offset) >= TURNED_FROM:
            current.append(pose)
    if current:
        turns.append(_turn(current))
    return tuple(turn for turn in turns if len(turn.poses) > 1)


def _turn(poses: list[Pose]) -> Turn:
    return Turn(Move.LEFT if poses[0].offset > 0 else Move.RIGHT, tuple(poses))


def _sign(value: float) -> int:
    return 1 if value > 0 else -1


def _shape(face: FaceBox) -> float:
    return 1 / max(face.nose_height, 1e-3)


def _count(faces: Sequence[FaceBox]) -> int:
    return sum(face.width >= faces[0].width / 2 for face in faces)


def _spread(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    if len(frames) <= MAX_FRAMES:
        return tuple(frames)
    return tuple(frames[round(number * (len(frames) - 1) / (MAX_FRAMES - 1))] for number in range(MAX_FRAMES))
