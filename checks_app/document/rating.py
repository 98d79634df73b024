"""Rates rectangles: how much each looks like a whole document, by edges, proportions, angles, size, and by where its sides end."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from checks_app.document.edges import Slopes
from checks_app.document.rectangles import MAX_AREA, MIN_AREA

CARD_ASPECT = 85.60 / 53.98  # ID-1, ISO/IEC 7810
PASSPORT_ASPECT = 125 / 88  # ID-3
MIN_SCORE = 0.35  # below it the best rectangle is hardly a document; tuned on drawn scenes and empty desks
FULL_SIZE, SMALL_SCORE = 0.28, 0.32  # share of the picture from which larger is not better; what the smallest still counts
ASPECT_TOLERANCE = 0.09  # of the logarithm of width / height: 20 degrees of tilt cost about 0.06
CUT_SHAPE = 0.7  # what the aspect of a document counts at least that the picture's border cuts: nobody knows how long it is
CLEAR_SLOPE = 12  # grey levels per pixel: an edge beyond doubt
BORDER_SUPPORT = 0.6  # what the picture's own border counts in place of an edge: a document may be cut by it
ROUNDS = ((8, 200), (40, 40))  # places per side looked at, and how many rectangles get on
BEYOND = np.linspace(0.03, 0.14, 8, dtype=np.float32)  # of a side: where it is followed beyond its end
ENDING = np.linspace(0.03, 0.17, 8, dtype=np.float32)  # of a side: what leads to a corner
GOES_ON_COSTS, LOOSE_ENDS_COST = 0.45, 0.35  # of the score, where sides go on beyond a corner, and where none leads to it

Rectangles = NDArray[np.float32]
"""n x 4 x 2 pixels."""


def rate(candidates: Rectangles, slopes: Slopes) -> NDArray[np.float32]:
    """Rate rectangles 0..1; those that cannot reach MIN_SCORE are 0."""
    bound = _proportions(candidates, slopes.shape[1], slopes.shape[0])
    hopeful = np.flatnonzero(bound > MIN_SCORE)  # looking for edges is the costly part, and support is at most 1
    for samples, kept in ROUNDS:
        support = _support(candidates[hopeful], samples, slopes)
        rated = bound[hopeful] * (support.mean(axis=1) + support.min(axis=1)) / 2
        best = np.argsort(-rated)[:kept]
        hopeful, rated = hopeful[best], rated[best]
    scores = np.zeros(len(candidates), dtype=np.float32)
    scores[hopeful] = rated * _corners(candidates[hopeful], slopes)
    return scores


def _proportions(candidates: Rectangles, width: int, height: int) -> NDArray[np.float32]:
    """Rate 0..1 by aspect, angles and size alone."""
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
    rated = (bulk > MIN_AREA) * (bulk < MAX_AREA) * (0.35 + 0.65 * shape) * np.sqrt(1 - np.minimum(skew, 1)) * size
    return np.asarray(rated, dtype=np.float32)


def _support(candidates: Rectangles, samples: int, slopes: Slopes) -> NDArray[np.float32]:
    """Return for each side (n x 4) the share of its length that lies on an edge across it; the picture's own border counts a little."""
    edge, inside = _edges(candidates, np.linspace(0.06, 0.94, samples, dtype=np.float32), slopes)
    share = inside.mean(axis=2)
    weakest = np.where(share > 0.5, edge.mean(axis=2) / np.maximum(share, 0.5), 1).min(axis=1)
    border = BORDER_SUPPORT * weakest[:, None] ** 3  # a document is cut only where its other sides are beyond doubt
    border = border * ((share > 0.5).sum(axis=1) >= 2)[:, None]  # and one side alone is no document
    return np.asarray(edge.mean(axis=2) + (1 - share) * border, dtype=np.float32)


def _corners(candidates: Rectangles, slopes: Slopes) -> NDArray[np.float32]:
    """Rate 0..1 how well the sides end where they meet.

    Beyond a line printed on the document its two neighbours go on, while those of its border end. And of a whole document at most one
    corner is covered: where two have no sides that lead to them, the rectangle reaches too far.
    """
    before, _ = _edges(candidates, -BEYOND, slopes)
    after, _ = _edges(candidates, 1 + BEYOND, slopes)
    leading, leading_seen = _edges(candidates, ENDING, slopes)
    ending, ending_seen = _edges(candidates, 1 - ENDING, slopes)
    starts, ends = before.mean(axis=2), after.mean(axis=2)  # how much side k goes on beyond corner k, and beyond corner k + 1
    one, other = np.roll(ends, 1, axis=1), np.roll(starts, -1, axis=1)  # what goes on beyond side k, at either of its ends
    onward = (0.6 * np.minimum(one, other) + 0.4 * np.maximum(one, other)).max(axis=1)
    loose = 1 - (leading + 1 - leading_seen + np.roll(ending + 1 - ending_seen, 1, axis=1)).mean(axis=2) / 2
    second = np.sort(loose, axis=1)[:, -2]
    return np.asarray((1 - GOES_ON_COSTS * onward) * (1 - LOOSE_ENDS_COST * second), dtype=np.float32)


def _edges(candidates: Rectangles, steps: NDArray[np.float32], slopes: Slopes) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return how clear an edge 0..1 lies along each side at each step (0 its start, 1 its end), and whether the place is in the picture."""
    height, width = slopes.shape[:2]
    starts, sides = candidates[:, :, None, :], (np.roll(candidates, -1, axis=1) - candidates)[:, :, None, :]
    normals = np.stack([-sides[..., 1], sides[..., 0]], axis=-1) / (np.linalg.norm(sides, axis=-1, keepdims=True) + 1e-6)
    steepest = np.zeros((*candidates.shape[:2], len(steps)), dtype=np.float32)
    for offset in (-1, 0, 1):
        places = np.round(starts + sides * steps[:, None] + normals * offset).astype(int)
        columns, rows = places[..., 0], places[..., 1]
        found = slopes[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
        steepest = np.maximum(steepest, np.abs((found * normals).sum(axis=-1)))
    inside = (columns >= 2) & (columns < width - 2) & (rows >= 2) & (rows < height - 2)
    return np.asarray(np.minimum(steepest / CLEAR_SLOPE, 1) * inside, dtype=np.float32), inside
