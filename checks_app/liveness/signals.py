"""Where the face is in the frames of a challenge, and which moves of a head its way shows.

Every frame is compared with the person's own frontal face. A turn is seen by the nose, which moves farther than the face around it
(`relief`), and coming closer by the size; both are brought to one scale, on which a threshold means the same for every move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from checks_app.faces import FaceBox, FaceEngine
from checks_app.liveness.challenge import FLASH_STEP, Frame, Move
from checks_app.liveness.relief import FrontalFace, Shift

_Item = TypeVar("_Item")

MAX_FRAMES = 30
"""Frames that are looked at, spread evenly over what came: about two and a half a second."""

MAX_SEARCHES = 6
"""Searches of a whole frame: a lost face costs no more than these, however many frames show none."""

MOVES_FROM, STRAIGHT_BELOW = 0.04, 0.025
"""Strength at which a move begins and ends. Sheets turned by 20 to 45 degrees stay below 0.025, heads reach 0.04 at 8 degrees."""

CLEAR = 0.05
"""Strength of a move that nobody mistakes; embeddings of a face that is turned farther are less and less alike."""

CLOSER_SHARE = 0.25
"""Strength of a face that is seen twice as large: an eye distance that grows to 1.2 times is as clear as a nose that moves by 0.05."""

ON_THE_WAY, NEIGHBOUR_MS = (0.2, 0.8), 600
"""Shares of a move's strength between which a head is on its way, and how far from the move's own frames that is looked for."""

COUNTED_SHARE = 0.5
"""A further face counts when it is at least so wide, against the first: people in the background do not stop anybody."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The face in one frame. found: False where the detector lost it, and `face` is where it was last."""

    frame: Frame
    face: FaceBox
    found: bool = True


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen in all frames that were looked at, in order, and the most faces that were in one of them."""

    looked_at: tuple[Frame, ...]
    sightings: tuple[Sighting, ...]
    most_faces: int


@dataclass(frozen=True, slots=True)
class Pose:
    """A sighting against the frontal face."""

    sighting: Sighting
    shift: Shift

    @property
    def strengths(self) -> dict[Move, float]:
        """How clearly the pose shows each move, in eye distances of the nose's way; negative for the opposite."""
        along, down = self.shift.along, self.shift.down
        closer = CLOSER_SHARE * (self.shift.growth - 1)
        return {Move.LEFT: along, Move.RIGHT: -along, Move.UP: -down, Move.DOWN: down, Move.CLOSER: closer}


@dataclass(frozen=True, slots=True)
class Act:
    """A move away from straight and back."""

    move: Move
    poses: tuple[Pose, ...]

    @property
    def strength(self) -> float:
        """What at least two frames reach."""
        return sorted(pose.strengths[self.move] for pose in self.poses)[-2]

    @property
    def middle_ms(self) -> float:
        return (self.poses[0].sighting.frame.at_ms + self.poses[-1].sighting.frame.at_ms) / 2

    @property
    def describable(self) -> Sighting | None:
        """The frame of a clear move in which the face is turned least, so that it can be compared; None: the detector lost it."""
        found = [pose for pose in self.poses if pose.sighting.found]
        clear = [pose for pose in found if pose.strengths[self.move] >= CLEAR] or found
        return min(clear, key=lambda pose: pose.strengths[self.move]).sighting if clear else None


def spread(items: Sequence[_Item]) -> tuple[_Item, ...]:
    """Choose at most MAX_FRAMES, evenly, the first and the last among them."""
    if len(items) <= MAX_FRAMES:
        return tuple(items)
    return tuple(items[round(number * (len(items) - 1) / (MAX_FRAMES - 1))] for number in range(MAX_FRAMES))


def observe(frames: Sequence[Frame], engine: FaceEngine) -> Observation:
    """Follow the face through the moves: whole frames are searched at the start, in each move and where the face was lost."""
    looked_at = spread([frame for frame in frames if frame.step < FLASH_STEP])
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
        last = face or last
        if last:
            sightings.append(Sighting(frame, last, found=face is not None))
        last_step = frame.step
    return Observation(looked_at, tuple(sightings), most_faces)


def frontal(sightings: Sequence[Sighting]) -> Sighting | None:
    """Choose the most usual of the sightings before the first move, so that one early turn does no harm; None: there are none."""
    straight = [sighting for sighting in sightings if sighting.frame.step == 0 and sighting.found]
    if not straight:
        return None
    offset, height = median(one.face.nose_offset for one in straight), median(one.face.nose_height for one in straight)
    return min(straight, key=lambda one: abs(one.face.nose_offset - offset) + abs(one.face.nose_height - height))


def measure_poses(sightings: Sequence[Sighting], reference: Sighting) -> tuple[Pose, ...]:
    """Compare each sighting with the frontal one. Those in which too little of it is found again are left out.

    A head that looks down is lost by detectors early, but its points are still there, near the face's last place.
    """
    face = FrontalFace(reference.frame.image, reference.face)
    if not face.usable:
        return ()
    poses: list[Pose] = []
    for sighting in sightings:
        shift = face.shift(sighting.frame.image, sighting.face, poses[-1].shift if poses else None)
        if shift is not None:
            poses.append(Pose(sighting, shift))
    return tuple(poses)


def on_the_way(acts: Sequence[Act], poses: Sequence[Pose]) -> int:
    """Count the poses between straight and the furthest of a move: a head passes through them, stills shown in turn do not."""
    return sum(_between(act, pose) for act in acts for pose in poses if _around(act, pose))


def find_acts(poses: Sequence[Pose]) -> tuple[Act, ...]:
    """Find the moves in order. One begins where a move is clear and ends where it is no longer; one frame alone is none."""
    acts: list[list[Pose]] = []
    leading: Move | None = None
    for pose in poses:
        if leading is not None and pose.strengths[leading] < STRAIGHT_BELOW:
            leading = None
        if leading is not None:
            acts[-1].append(pose)
        elif max(pose.strengths.values()) >= MOVES_FROM:
            leading = _clearest([pose])
            acts.append([pose])
    return tuple(Act(_clearest(act), tuple(act)) for act in acts if len(act) > 1)


def _around(act: Act, pose: Pose) -> bool:
    at_ms = pose.sighting.frame.at_ms
    return act.poses[0].sighting.frame.at_ms - NEIGHBOUR_MS <= at_ms <= act.poses[-1].sighting.frame.at_ms + NEIGHBOUR_MS


def _between(act: Act, pose: Pose) -> bool:
    least, most = ON_THE_WAY
    return least * act.strength < pose.strengths[act.move] < most * act.strength


def _clearest(poses: Sequence[Pose]) -> Move:
    return max(Move, key=lambda move: sum(pose.strengths[move] for pose in poses))


def _count(faces: Sequence[FaceBox]) -> int:
    return sum(face.width >= COUNTED_SHARE * faces[0].width for face in faces)
