"""Finds the four corners of a document: of all rectangles in the picture the best by edges, aspect, angles and size, then refined."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.edges import Slopes, refine, slope_field
from checks_app.document.rectangles import MAX_AREA, MIN_AREA, propose
from checks_app.document.rectify import Points, side_lengths
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Engine, Quad

ENGINE = Engine("quad", "1")

CARD_ASPECT = 85.60 / 53.98  # ID-1, ISO/IEC 7810
PASSPORT_ASPECT = 125 / 88  # ID-3
SEARCH_SIDE = 480  # pixels of the longer side while searching; the document's texture vanishes, its border stays
REFINE_SIDE = 1280  # pixels while refining
MIN_SCORE = 0.35  # below it the best rectangle is hardly a document; tuned on drawn scenes and empty desks
FULL_SIZE, SMALL_SCORE = 0.28, 0.32  # share of the picture from which larger is not better; what the smallest still counts
ASPECT_TOLERANCE = 0.09  # of the logarithm of width / height: 20 degrees of tilt cost about 0.06
CUT_SHAPE = 0.7  # what the aspect of a document counts at least that the picture's border cuts: nobody knows how long it is
CLEAR_SLOPE = 12  # grey levels per pixel: an edge beyond doubt
BORDER_SUPPORT = 0.6  # what the picture's own border counts in place of an edge: a document may be cut by it
SAMPLES = 40  # places per side looked at


def find_quad(image: RgbImage) -> Quad | None:
    """Find the document in a picture (height x width x 3, RGB).

    Returns its corners, clockwise from the top left of the document held upright within 90 degrees; corners may lie a little
    outside 0..1 when a side leaves the picture. None when nothing looks like a document.
    """
    small = fit_within(image, SEARCH_SIDE)
    height, width = small.shape[:2]
    lab = np.asarray(cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), 3), dtype=np.uint8)
    candidates = propose(lab)
    scores = _scores(candidates, slope_field(lab))
    if not len(scores) or scores.max() < MIN_SCORE:
        return None
    refined = refine(candidates[scores.argmax()] / np.array([width, height], dtype=np.float32), fit_within(image, REFINE_SIDE))
    return Quad(tuple((float(x), float(y)) for x, y in _upright(refined, width / height)))


def overlap(one: Quad, other: Quad) -> float:
    """Return the intersection over union of two quads, 0..1, in fractions of the same picture."""
    first, second = (cv2.convexHull(np.array(quad.corners, dtype=np.float32)) for quad in (one, other))
    shared = float(cv2.intersectConvexConvex(first, second)[0])
    return shared / (cv2.contourArea(first) + cv2.contourArea(second) - shared)


def _scores(candidates: NDArray[np.float32], slopes: Slopes) -> NDArray[np.float32]:
    """Rate rectangles (n x 4 x 2 pixels) 0..1 by their edges, their aspect, their angles and their size."""
    height, width = slopes.shape[:2]
    sides = np.roll(candidates, -1, axis=1) - candidates
    lengths = np.linalg.norm(sides, axis=2) + 1e-6
    across, down = (lengths[:, 0] + lengths[:, 2]) / 2, (lengths[:, 1] + lengths[:, 3]) / 2
    aspect = np.abs(np.log(across / down))
    misfit = np.min([np.abs(aspect - math.log(known)) for known in (CARD_ASPECT, PASSPORT_ASPECT)], axis=0)
    shape = np.exp(-0.5 * (misfit / ASPECT_TOLERANCE) ** 2)
    at_border = ((candidates < 3) | (candidates > np.array([width, height]) - 3)).any(axis=2).sum(axis=1) >= 2
    shape = np.where(at_border, np.maximum(shape, CUT_SHAPE), shape)
    units = sides / lengths[..., None]
    skew = np.abs(np.sum(units * np.roll(units, -1, axis=1), axis=2)).max(axis=1)
    bulk = across * down / (width * height)
    size = SMALL_SCORE + (1 - SMALL_SCORE) * np.minimum(1, bulk / FULL_SIZE)
    bound = (bulk > MIN_AREA) * (bulk < MAX_AREA) * (0.35 + 0.65 * shape) * np.sqrt(1 - np.minimum(skew, 1)) * size
    hopeful = np.flatnonzero(bound > MIN_SCORE)  # looking for edges is the costly part, and support is at most 1
    support = _support(candidates[hopeful], slopes)
    scores = np.zeros(len(candidates), dtype=np.float32)
    scores[hopeful] = bound[hopeful] * (support.mean(axis=1) + support.min(axis=1)) / 2
    return scores


def _support(candidates: NDArray[np.float32], slopes: Slopes) -> NDArray[np.float32]:
    """Return for each side (n x 4) the share of its length that lies on an edge across it; the picture's own border counts a little."""
    height, width = slopes.shape[:2]
    steps = np.linspace(0.06, 0.94, SAMPLES, dtype=np.float32)[:, None]
    starts, sides = candidates[:, :, None, :], (np.roll(candidates, -1, axis=1) - candidates)[:, :, None, :]
    normals = np.stack([-sides[..., 1], sides[..., 0]], axis=-1) / (np.linalg.norm(sides, axis=-1, keepdims=True) + 1e-6)
    steepest = np.zeros((*candidates.shape[:2], SAMPLES), dtype=np.float32)
    for offset in (-1, 0, 1):
        places = np.round(starts + sides * steps + normals * offset).astype(int)
        columns, rows = places[..., 0], places[..., 1]
        found = slopes[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
        steepest = np.maximum(steepest, np.abs((found * normals).sum(axis=-1)))
    inside = (columns >= 2) & (columns < width - 2) & (rows >= 2) & (rows < height - 2)
    edge = np.minimum(steepest / CLEAR_SLOPE, 1) * inside
    share = inside.mean(axis=2)
    weakest = np.where(share > 0.5, edge.mean(axis=2) / np.maximum(share, 0.5), 1).min(axis=1)
    border = BORDER_SUPPORT * weakest[:, None] ** 3  # a document is cut only where its other sides are beyond doubt
    return np.asarray(edge.mean(axis=2) + (1 - share) * border, dtype=np.float32)


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
