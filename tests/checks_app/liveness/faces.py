"""Faces in numbers: where a head, or a picture of one, would be and how far its nose would stand out while it moves."""

from math import cos, radians, sin

import numpy as np

from checks_app.faces import FaceBox
from checks_app.liveness.challenge import Challenge, Frame, Move, step_at
from checks_app.liveness.relief import Shift
from checks_app.liveness.signals import Pose, Sighting

HEAD_RELIEF, FLAT_RELIEF = 0.28, 0.0
EYE_DISTANCE = 80.0
BLANK = np.zeros((2, 2, 3), np.uint8)


def face_at(yaw: float, *, relief: float = HEAD_RELIEF, at: tuple[float, float] = (320.0, 200.0)) -> FaceBox:
    """Place eyes and nose of a face turned by `yaw` degrees, + to the person's left. relief: of the nose, in eye distances."""
    x, y = at
    half = EYE_DISTANCE / 2 * cos(radians(yaw))
    nose = (x + relief * EYE_DISTANCE * sin(radians(yaw)), y + 0.75 * EYE_DISTANCE)
    left, right = (x + half, y), (x - half, y)
    return FaceBox(x - 90, y - 60, x + 90, y + 120, left, right, nose, (left, right, nose))


def shifted(move: Move | None, angle: float, *, relief: float = HEAD_RELIEF) -> Shift:
    """Say what a face shows that moved by so many degrees; closer: a hundredth of the distance for each."""
    way, narrowed = relief * sin(radians(angle)), cos(radians(angle))
    ways = {Move.LEFT: (way, 0.0), Move.RIGHT: (-way, 0.0), Move.UP: (0.0, -way), Move.DOWN: (0.0, way)}
    if move is Move.CLOSER:
        return Shift(0.0, 0.0, growth=1 + angle / 100)
    return Shift(*ways[move], foreshortening=narrowed) if move else Shift(0.0, 0.0)


def pose(move: Move | None, angle: float, at_ms: int, step: int, *, relief: float = HEAD_RELIEF) -> Pose:
    return Pose(Sighting(Frame(BLANK, step, at_ms), face_at(0)), shifted(move, angle, relief=relief))


def acted(challenge: Challenge, *, angle: float = 26.0, relief: float = HEAD_RELIEF, late_ms: int = 400) -> list[Pose]:
    """Act the challenge out, five frames a second: half the way at first, after a reaction."""
    poses = []
    before = 0
    for at_ms in range(0, challenge.duration_ms, 200):
        doing = step_at(challenge, at_ms - late_ms)
        move = challenge.moves[abs(doing) - 1] if doing else None
        reached = (angle if doing > 0 else 0.0) if doing == before else angle / 2
        poses.append(pose(move, reached, at_ms, step_at(challenge, at_ms), relief=relief))
        before = doing
    return poses
