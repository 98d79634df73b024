"""Turns a document's quad into pixels, lengths and an upright picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.imaging import RgbImage
from checks_app.results import Quad

Points = NDArray[np.float32]
"""n x 2 positions (x, y), in pixels unless said otherwise."""


def side_lengths(points: Points) -> tuple[float, float]:
    """Return the mean length of the first and third side, and of the second and fourth, in the unit of the points."""
    sides = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2


def in_pixels(quad: Quad, image: RgbImage) -> Points:
    """Return the corners of a quad in pixels of `image`."""
    height, width = image.shape[:2]
    return np.array(quad.corners, dtype=np.float32) * np.array([width, height], dtype=np.float32)


def rectify(image: RgbImage, quad: Quad, width: int, *, height: int | None = None, interpolation: int = cv2.INTER_AREA) -> RgbImage:
    """Warp the document to an upright rectangle `width` pixels wide; without `height` its sides' mean ratio is kept."""
    points = in_pixels(quad, image)
    across, down = side_lengths(points)
    height = height or max(1, round(width * down / max(across, 1.0)))
    reduction = min(1.0, width / max(across, 1.0))
    if reduction < 0.7:  # warping samples single pixels: shrink first, or fine print turns into noise
        size = max(1, round(image.shape[1] * reduction)), max(1, round(image.shape[0] * reduction))
        image = np.asarray(cv2.resize(image, size, interpolation=interpolation), dtype=np.uint8)
        points = in_pixels(quad, image)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(points, target)
    return np.asarray(cv2.warpPerspective(image, warp, (width, height), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
