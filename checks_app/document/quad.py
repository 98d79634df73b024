"""Finds the four corners of a document: of all rectangles in the picture the best by edges, aspect, angles and size, then refined."""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.document.edges import refine, slope_field
from checks_app.document.rating import MIN_SCORE, rate
from checks_app.document.rectangles import propose
from checks_app.document.rectify import Points, side_lengths
from checks_app.document.spread import data_page
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Engine, Quad

ENGINE = Engine("quad", "3")

SEARCH_SIDE = 480  # pixels of the longer side while searching; the document's texture vanishes, its border stays
REFINE_SIDE = 1280  # pixels while refining

EXACT = 1000.0  # OpenCV loses intersections of nearly equal quads whose corners are fractions


def find_quad(image: RgbImage) -> Quad | None:
    """Find the document in a picture (height x width x 3, RGB).

    Of an open passport it is the page with the MRZ. Returns its corners, clockwise from the top left of the document held upright
    within 90 degrees; corners may lie a little outside 0..1 when a side leaves the picture. None: nothing looks like a document.
    """
    small = _lab(fit_within(image, SEARCH_SIDE))
    small = np.asarray(cv2.medianBlur(small, 3), dtype=np.uint8)
    candidates = propose(small)
    scores = rate(candidates, slope_field(small))
    if not len(scores) or scores.max() < MIN_SCORE:
        return None
    closer = fit_within(image, REFINE_SIDE)
    scale = closer.shape[1] / small.shape[1]
    page = data_page(_upright(refine(candidates[scores.argmax()] * scale, _lab(closer))), closer)
    size = closer.shape[1], closer.shape[0]
    return Quad(tuple((float(x / size[0]), float(y / size[1])) for x, y in _upright(page)))


def overlap(one: Quad, other: Quad) -> float:
    """Return the intersection over union of two quads, 0..1, in fractions of the same picture."""
    first, second = (cv2.convexHull(np.array(quad.corners, dtype=np.float32) * EXACT) for quad in (one, other))
    shared = float(cv2.intersectConvexConvex(first, second)[0])
    return shared / (cv2.contourArea(first) + cv2.contourArea(second) - shared)


def _lab(image: RgbImage) -> RgbImage:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2LAB), dtype=np.uint8)


def _upright(points: Points) -> Points:
    """Order corners (in pixels) clockwise so that the first side is a long one and points right, at most 90 degrees off."""
    if cv2.contourArea(points, True) < 0:
        points = points[::-1]
    if (lengths := side_lengths(points))[0] < lengths[1]:
        points = np.roll(points, -1, axis=0)
    return np.roll(points, -2, axis=0) if points[1][0] < points[0][0] else points
