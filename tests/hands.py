"""A camera in a hand: one picture as a film whose frames differ a little, as no two moments are the same."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from checks_app.imaging import RgbImage

SWAY, TURN, NEARER = 0.004, 0.4, 0.005  # of the picture's width; degrees; of its size
GRAIN = 1.5  # grey levels of noise that each moment has of its own
CYCLES = (1, 2, 3)  # swings in one film, so that its end meets its beginning


def held(image: RgbImage, count: int, *, seed: int = 0) -> list[RgbImage]:
    """Return `count` moments of a picture (height x width x 3), the camera swaying by a few pixels."""
    chance = np.random.default_rng(seed)
    height, width = image.shape[:2]
    paths = [_path(count, chance) for _ in range(4)]
    moments = []
    for across, down, turn, nearer in zip(*paths, strict=True):
        move = cv2.getRotationMatrix2D((width / 2, height / 2), TURN * turn, 1 + NEARER * nearer)
        move[:, 2] += SWAY * width * np.array([across, down])
        moved = cv2.warpAffine(image, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        grain = chance.standard_normal(moved.shape, dtype=np.float32) * GRAIN
        moments.append(np.clip(moved + grain, 0, 255).astype(np.uint8))
    return moments


def _path(count: int, chance: Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One coordinate of the hand over time, between -1 and 1."""
    times = np.arange(count) / count * 2 * np.pi
    swings = [chance.normal() * np.sin(cycle * times + chance.uniform(0, 2 * np.pi)) / cycle for cycle in CYCLES]
    path = np.sum(swings, axis=0)
    return np.asarray(path / max(1e-6, float(np.abs(path).max())))
