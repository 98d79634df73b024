"""Finds the four corners of a document: of all rectangles in the picture the best by edges, aspect, angles and size, then refined."""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.document.edges import refine, slope_field
from checks_app.document.rating import MIN_SCORE, rate
from checks_app.document.rectangles import propose
from checks_app.document.rectify import Points, side_lengths
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Engine, Quad

ENGINE = Engine("quad", "2")

SEARCH_SIDE = 480  # pixels of the longer side while searching; the document's texture vanishes, its border stays
REFINE_SIDE = 1280  # pixels while refining


def find_quad(image: RgbImage) -> Quad | None:
    """Find the document in a picture (height x width x 3, RGB).

    Returns its corners, clockwise from the top left of the document held upright within 90 degrees; corners may lie a little
    outside 0..1 when a side leaves the picture. None when nothing looks like a document.
    """
    small = fit_within(image, SEARCH_SIDE)
    height, width = small.shape[:2]
    lab = np.asarray(cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), 3), dtype=np.uint8)
    candidates = propose(lab)
    scores = rate(candidates, slope_field(lab))
    if not len(scores) or scores.max() < MIN_SCORE:
        return None
    refined = refine(candidates[scores.argmax()] / np.array([width, height], dtype=np.float32), fit_within(image, REFINE_SIDE))
    return Quad(tuple((float(x), float(y)) for x, y in _upright(refined, width / height)))


def overlap(one: Quad, other: Quad) -> float:
    """Return the intersection over union of two quads, 0..1, in fractions of the same picture."""
    first, second = (cv2.convexHull(np.array(quad.corners, dtype=np.float32)) for quad in (one, other))
    shared = float(cv2.intersectConvexConvex(first, second)[0])
    return shared / (cv2.contourArea(first) + cv2.contourArea(second) - shared)


def _upright(fractions: Points, aspect: float) -> Points:
    """Order corners clockwise so that the first side is a long one and points right, at most 90 degrees off."""
    points = fractions * np.array([aspect, 1], dtype=np.float32)
    if cv2.contourArea(points, True) < 0:
        fractions, points = fractions[::-1], points[::-1]
    if (lengths := side_lengths(points))[0] < lengths[1]:
        fractions, points = np.roll(fractions, -1, axis=0), np.roll(points, -1, axis=0)
    if points[1][0] < points[0][0]:
        fractions = np.roll(fractions, -2, axis=0)
    return fractions
