"""What one would build first: the head's angle by solvePnP from five landmarks, and a threshold. Only to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, atan2, degrees
from statistics import median

import cv2
import numpy as np

from checks_app.faces import FaceBox, FaceEngine
from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import Challenge, Frame, Move
from checks_app.liveness.signals import Sighting, observe

HEAD_MM = np.array([(45.0, 0.0, 12.0), (17.0, 0.0, 5.0), (-45.0, 0.0, 12.0), (-17.0, 0.0, 5.0), (0.0, 46.0, -16.0)])
"""Outer and inner corner of the person's left eye, of the right eye, and the nose's base; x to the left, y down, z away."""

AWAY_MM = 500.0
LEAST_DEGREES, LEAST_GROWTH, FRAMES_NEEDED = 6.0, 1.2, 2


def passes(frames: Sequence[Frame], challenge: Challenge, engine: FaceEngine) -> bool:
    """Say whether in every step the landmarks' angle, against the frontal frames, goes far enough in the asked direction."""
    seen = observe(frames, engine).sightings
    frontal = [_angles(one.frame.image, one.face) for one in seen if one.frame.step == 0]
    if not frontal:
        return False
    yaw, pitch = median(angle[0] for angle in frontal), median(angle[1] for angle in frontal)
    size = median(one.face.eye_distance for one in seen if one.frame.step == 0)
    for step, move in enumerate(challenge.moves, start=1):
        shown = [_shown(one, move, yaw, pitch, size) for one in seen if abs(one.frame.step) == step]
        if sum(shown) < FRAMES_NEEDED:
            return False
    return True


def _shown(one: Sighting, move: Move, yaw: float, pitch: float, size: float) -> bool:
    if move is Move.CLOSER:
        return one.face.eye_distance >= LEAST_GROWTH * size
    seen_yaw, seen_pitch = _angles(one.frame.image, one.face)
    ways = {Move.LEFT: seen_yaw - yaw, Move.RIGHT: yaw - seen_yaw, Move.UP: seen_pitch - pitch, Move.DOWN: pitch - seen_pitch}
    return ways[move] >= LEAST_DEGREES


def _angles(image: RgbImage, face: FaceBox) -> tuple[float, float]:
    """Return yaw, + to the person's left, and pitch, + upwards, in degrees."""
    height, width = image.shape[:2]
    camera = np.array([(width, 0.0, width / 2), (0.0, width, height / 2), (0.0, 0.0, 1.0)])
    points = np.array(face.landmarks, dtype=np.float64)
    straight, away = np.zeros((3, 1)), np.array([[0.0], [0.0], [AWAY_MM]])
    _, turn, _ = cv2.solvePnP(HEAD_MM, points, camera, None, straight, away, True, cv2.SOLVEPNP_ITERATIVE)
    forward = cv2.Rodrigues(turn)[0] @ np.array([0.0, 0.0, -1.0])
    return degrees(atan2(forward[0], -forward[2])), degrees(asin(-float(np.clip(forward[1], -1, 1))))
