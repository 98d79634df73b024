"""Faces in numbers: eyes and nose as a turned head, or a turned picture of one, would show them."""

from math import cos, radians, sin

import numpy as np

from checks_app.faces import FaceBox
from checks_app.liveness.challenge import Challenge, Frame, Move, phases, step_at
from checks_app.liveness.signals import Sighting

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


def sighting(yaw: float, at_ms: int, step: int, *, relief: float = HEAD_RELIEF) -> Sighting:
    return Sighting(Frame(BLANK, step, at_ms), face_at(yaw, relief=relief))


def acted(challenge: Challenge, *, yaw: float = 26.0, relief: float = HEAD_RELIEF, late_ms: int = 400) -> list[Sighting]:
    """Act the challenge out, five frames a second, with sudden turns after a reaction."""
    signs = {Move.LEFT: 1, Move.RIGHT: -1}
    sightings = []
    for at_ms in range(0, challenge.duration_ms, 200):
        doing = step_at(challenge, at_ms - late_ms)
        angle = yaw * signs[challenge.moves[doing - 1]] if doing > 0 else 0.0
        sightings.append(sighting(angle, at_ms, step_at(challenge, at_ms), relief=relief))
    assert len(phases(challenge)) == 2 * len(challenge.moves) + 1
    return sightings
