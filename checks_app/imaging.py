"""The one image type that every check reads, and the few operations that all of them share."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
"""Height x width x 3, RGB, 0..255, upright as the camera's orientation tag says."""

GreyImage = NDArray[np.uint8]
"""Height x width, 0..255."""


def to_grey(image: RgbImage) -> GreyImage:
    """Return the ITU-R BT.601 luma of an RGB image."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def fit_within(image: RgbImage, longest_side: int) -> RgbImage:
    """Shrink an image so that its longer side is at most `longest_side` pixels; smaller images are returned as they are."""
    height, width = image.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
