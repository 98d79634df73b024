"""Whether the frames of a challenge are one uninterrupted recording of one face."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.faces import Embedding, distance
from checks_app.liveness.challenge import Frame
from checks_app.liveness.signals import Sighting

THUMBNAIL = (64, 48)  # width, height: averages the sensor's noise away, keeps every movement
STILL_BELOW = 0.35
"""Mean grey levels between two thumbnails. Sensor noise alone leaves 0.2; a head that holds still before a camera 1 and more."""

MIDDLE_GREY = 110.0  # every thumbnail is brought to this mean: a camera's exposure breathes

LONGEST_JUMP = 1.0
"""Widths of a face that its centre may move between two frames that are looked at, less than half a second apart."""

JUMP_WITHIN_MS = 600


def still_share(frames: Sequence[Frame]) -> float:
    """Return the share 0..1 of frames that repeat the one before or an earlier one exactly, or nearly so."""
    if len(frames) < 2:
        return 0.0
    thumbnails = [_thumbnail(frame) for frame in frames]
    still = [float(np.abs(one - other).mean()) < STILL_BELOW for one, other in pairwise(thumbnails)]
    exact = {thumbnail.tobytes() for thumbnail in thumbnails}
    return max(sum(still) / len(still), 1 - len(exact) / len(thumbnails))


def jumps(sightings: Sequence[Sighting]) -> int:
    """Count the places where the face is suddenly somewhere else, as when a picture is put in its place."""
    return sum(_jumped(one, other) for one, other in pairwise(sightings))


def farthest(reference: Embedding, others: Sequence[Embedding]) -> float:
    """Return the largest distance of a face to the reference face; 0 when there are no others."""
    return max((distance(reference, other) for other in others), default=0.0)


def _jumped(one: Sighting, other: Sighting) -> bool:
    if other.frame.at_ms - one.frame.at_ms > JUMP_WITHIN_MS:
        return False
    (x, y), (next_x, next_y) = one.face.centre, other.face.centre
    return hypot(next_x - x, next_y - y) > LONGEST_JUMP * max(one.face.width, other.face.width)


def _thumbnail(frame: Frame) -> NDArray[np.float32]:
    small = cv2.resize(frame.image, THUMBNAIL, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    return np.asarray(grey * np.float32(MIDDLE_GREY / max(1.0, float(grey.mean()))), dtype=np.float32)
