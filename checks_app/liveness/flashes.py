"""Whether a face takes on the colours that the screen shows (R34): light of the screen falls on what is before it, not on a recording.

The page shows the challenge's colours around the camera's picture, one after the other. The mean colour of the face against that of
the background, which is farther away, should follow them; the camera's exposure and white balance change both alike and cancel out.
Indoors a face changes by 8 to 36 %, outdoors by less than 0.5 %: "inconclusive" is a common and honest answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import FLASH_STEP, Challenge, Frame, phases

FloatArray = NDArray[np.float64]

LEAST_FRAMES, SETTLING_MS = 5, 100
"""Frames that are needed; those within this time of a change of colour may show the colour before and do not count."""

LEAST_CHANGE, FOLLOWS = 0.015, 0.7
"""Share of its own brightness by which a face follows at least, and the correlation with the colours from which it does."""

BRIGHT = 140.0
"""Mean grey 0..255 of a picture in which surroundings may drown the screen: there a face that does not follow says nothing."""

FACE_CORE, BESIDE = 0.25, 0.5  # left out at each side of the face's box; kept away from it by the background, in its widths
LEAST_BESIDE = 0.05  # share of the picture that the background needs


class Reflection(StrEnum):
    """What the face did while the screen changed its colours."""

    SEEN = "SEEN"
    MISSING = "MISSING"
    INCONCLUSIVE = "INCONCLUSIVE"


def find_reflection(frames: Sequence[Frame], challenge: Challenge, face: FaceBox) -> tuple[Reflection, float | None]:
    """Compare the frames of the flashes with their colours. face: where it was last; people hold still while they watch the colours.

    Returns with the answer by which share of its brightness the face followed; None when there was nothing to measure.
    """
    starts = {phase.step: phase.start_ms for phase in phases(challenge) if phase.step >= FLASH_STEP}
    lit = [frame for frame in frames if frame.step in starts and frame.at_ms - starts[frame.step] >= SETTLING_MS]
    against = [_against_background(frame.image, face) for frame in lit]
    if len(lit) < LEAST_FRAMES or any(ratio is None for ratio in against):
        return Reflection.INCONCLUSIVE, None
    shown = _centred([_channels(challenge.flashes[frame.step - FLASH_STEP]) for frame in lit])
    seen = _centred([ratio for ratio in against if ratio is not None])
    power = float((shown**2).sum())
    if power == 0:
        return Reflection.INCONCLUSIVE, None
    change = float((shown * seen).sum()) / power
    follows = change * np.sqrt(power / max(float((seen**2).sum()), 1e-12))
    if change >= LEAST_CHANGE and follows >= FOLLOWS:
        return Reflection.SEEN, change
    bright = float(np.mean([frame.image.mean() for frame in lit])) > BRIGHT
    return (Reflection.INCONCLUSIVE if bright else Reflection.MISSING), change


def _against_background(image: RgbImage, face: FaceBox) -> FloatArray | None:
    """Return the logarithm of the face's mean colour over the background's, per channel; None: there is no background."""
    height, width = image.shape[:2]
    rows = slice(max(0, int(face.top + FACE_CORE * face.height)), max(1, int(face.bottom - FACE_CORE * face.height)))
    core = image[rows, max(0, int(face.left + FACE_CORE * face.width)) : max(1, int(face.right - FACE_CORE * face.width))]
    left, right = max(0, int(face.left - BESIDE * face.width)), min(width, int(face.right + BESIDE * face.width))
    beside = np.concatenate([image[:, :left].reshape(-1, 3), image[:, right:].reshape(-1, 3)])
    if core.size == 0 or len(beside) < LEAST_BESIDE * height * width:
        return None
    return np.asarray(np.log((core.reshape(-1, 3).mean(axis=0) + 1) / (beside.mean(axis=0) + 1)), dtype=np.float64)


def _channels(colour: str) -> FloatArray:
    return np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def _centred(values: Sequence[FloatArray]) -> FloatArray:
    return np.asarray(np.array(values) - np.mean(values, axis=0), dtype=np.float64)
