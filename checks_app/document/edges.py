"""Slopes of a picture, and the straight line that fits a document's side best."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rectify import Points
from checks_app.imaging import RgbImage

SIDE_SAMPLES = 60  # places per side looked at
FURTHEST_MOVE = 0.06  # of the picture's width; beyond it the fit found something else
AT_BORDER = 0.006  # of the picture's width
FAINT_SLOPE = 5  # grey levels per pixel: less is noise

CHANNEL_WEIGHTS = (1.0, 2.0, 2.0)  # of L, a, b: colour counts double because paper is pale

Slopes = NDArray[np.float32]
"""Height x width x 2: the steepest channel's slope (across, down) in grey levels per pixel."""


def slope_field(lab: RgbImage) -> Slopes:
    """Return at each pixel the slope of the steepest weighted channel."""
    across = np.zeros(lab.shape[:2], np.float32)
    down, strength = across.copy(), across.copy()
    for channel, weight in zip(cv2.split(lab), CHANNEL_WEIGHTS, strict=True):
        slope_x, slope_y = (cv2.Sobel(channel, cv2.CV_32F, *order, ksize=3, scale=weight / 4) for order in ((1, 0), (0, 1)))
        steep = cv2.magnitude(slope_x, slope_y)
        steeper = cv2.compare(steep, strength, cv2.CMP_GT)
        for source, target in ((slope_x, across), (slope_y, down), (steep, strength)):
            cv2.copyTo(source, steeper, target)
    return np.asarray(cv2.merge([across, down]), dtype=np.float32)


def refine(points: Points, lab: RgbImage) -> Points:
    """Fit each side of a quad (4 x 2 pixels) anew to the strongest slopes near it, in a picture in the LAB colour space.

    A quad whose corners would move by more than FURTHEST_MOVE comes back unchanged.
    """
    width = lab.shape[1]
    lines = [_fitted_side(start, end, lab) for start, end in zip(points, np.roll(points, -1, axis=0), strict=True)]
    corners = []
    for number in range(4):
        (one, along), (other, towards) = lines[number - 1], lines[number]
        cross = float(along[0] * towards[1] - along[1] * towards[0])
        if abs(cross) < 0.2:
            return points
        gap = other - one
        corners.append(one + along * (float(gap[0] * towards[1] - gap[1] * towards[0]) / cross))
    refined = np.array(corners, dtype=np.float32)
    moved = float(np.linalg.norm(refined - points, axis=1).max())
    return refined if moved < FURTHEST_MOVE * width else points


def _fitted_side(start: Points, end: Points, lab: RgbImage) -> tuple[Points, Points]:
    """Return a point and the direction of the line through the strongest slopes within 1.5 % of the picture's width."""
    height, width = lab.shape[:2]
    direction = (end - start) / (np.linalg.norm(end - start) + 1e-6)
    rim = AT_BORDER * width
    if any(max(start[axis], end[axis]) < rim or min(start[axis], end[axis]) > size - rim for axis, size in ((0, width), (1, height))):
        return start, direction  # cut by the picture: any edge found near would be print
    normal = np.array([-direction[1], direction[0]], dtype=np.float32)
    reach = max(4, round(0.015 * width))
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    along = start + (end - start) * np.linspace(0.08, 0.92, SIDE_SAMPLES, dtype=np.float32)[:, None]
    places = along[:, None, :] + normal * offsets[None, :, None]
    sampled = cv2.remap(lab, places[..., 0].copy(), places[..., 1].copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    change = cv2.blur(sampled.astype(np.float32), (1, 3))  # along the side, against noise
    change = np.abs(change[:, 2:] - change[:, :-2]) / 2 * np.array(CHANNEL_WEIGHTS, dtype=np.float32)
    profile = np.pad(change.max(axis=2), ((0, 0), (1, 1)))
    strongest = profile.argmax(axis=1)
    found = places[np.arange(SIDE_SAMPLES), strongest][profile.max(axis=1) > FAINT_SLOPE]
    if len(found) < SIDE_SAMPLES // 4:
        return start, direction
    for _ in range(2):  # the second fit leaves out what the first shows to be print, fingers or shadow
        dx, dy, x, y = cv2.fitLine(found, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        distance = np.abs((found[:, 0] - x) * dy - (found[:, 1] - y) * dx)
        near = found[distance <= max(1.5, float(np.median(distance)) * 1.5)]
        found = near if len(near) >= 8 else found
    return np.array([x, y], dtype=np.float32), np.array([dx, dy], dtype=np.float32)
