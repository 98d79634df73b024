"""Finds what lies over a document: things that come in across its border, and how far they reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.borders import CORNER_MM, FAR_MM, MARGIN, NEAR_MM, Flat, LabImage, Mask, Side, Strip, first_place

ALIKE_ACROSS, SAME_ACROSS = 5.0, 3.0  # LAB units between both sides of a border that one thing lies across, and surely does
SHADING = 0.35  # what its roundness does to L counts less
STRANGE_INSIDE, STRANGE_OUTSIDE = 12.0, 5.0  # LAB units from the usual colours beside the border; hands and wood are much alike
MIN_SEEN = 0.3  # share of a side that must show its edge, else its own parts do not tell what is usual
ALL_LOST, LONG_MM = 0.15, 10.0  # share so small, or stretch so long, that a hand may hide the side
SURE_MM = 4.0  # of covered border from which the size of the thing counts
GAP_MM, AROUND_MM = 1.5, 7.0  # edges shorter than that do not end a cover; how far beside it the usual colour is looked for
SEED_MM = 2.0  # along a covered stretch: how far apart growing starts
ALIKE = (14.0, 7.0, 7.0)  # L, a, b: colours that belong to the thing; its shading is seen in L
MOST_OF_DOCUMENT = 0.5  # a thing that has grown beyond this share has leaked into the paper

Run = tuple[int, int]
"""Start and end (exclusive) along a side."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A thing over the border. length_mm: of the border that it hides; mask: where it lies on the document, in pixels of the flat one."""

    length_mm: float
    mask: Mask
    per_mm: float

    @property
    def size_mm(self) -> float:
        """The stretch of border, or the side of a square as large as the thing, because a fingertip on a corner hides little border."""
        side = math.sqrt(float(self.mask.sum())) / self.per_mm
        return max(self.length_mm, side) if self.length_mm >= SURE_MM else self.length_mm

    def box(self) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in pixels of the flat document."""
        left, top, width, height = cv2.boundingRect(self.mask)
        return left, top, left + width, top + height


def find_covers(flat: Flat, sides: list[Side]) -> list[Cover]:
    """Find things over the border of a document, the longest stretch first; what goes round a corner is one thing."""
    runs = [(side, run) for side in sides for run in _covered(side, sides, flat.per_mm)]
    things = list(range(len(runs)))  # which thing each run belongs to
    for one, (side, run) in enumerate(runs):
        for other, (following, at) in enumerate(runs):
            if following.turn == (side.turn + 1) % 4 and run[1] == len(side.edge) and at[0] == 0:
                things = [things[one] if thing == things[other] else thing for thing in things]
    groups = [[run for run, thing in zip(runs, things, strict=True) if thing == number] for number in sorted(set(things))]
    if not runs:
        return []
    smooth = np.asarray(cv2.medianBlur(flat.lab, 5), dtype=np.float32)
    covers = []
    for group in groups:
        length = sum(end - start for _, (start, end) in group) / flat.per_mm + CORNER_MM * (len(group) - 1)
        covers.append(Cover(length, _grown(smooth, [_strip(flat, side, run) for side, run in group], flat), flat.per_mm))
    return sorted(covers, key=lambda cover: -cover.length_mm)


def _covered(side: Side, sides: list[Side], per_mm: float) -> list[Run]:
    """Return the runs where the edge is lost, and what shows instead is neither the document nor its ground."""
    lost = cv2.morphologyEx((~side.edge).astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, round(GAP_MM * per_mm)), np.uint8))[0] > 0
    opposite = sides[(side.turn + 2) % 4]
    runs = []
    for start, end in _runs(np.asarray(lost)):
        if end - start < GAP_MM * per_mm:
            continue
        across = np.median(side.inside[start:end] - side.outside[start:end], axis=0)
        if np.linalg.norm(across * (SHADING, 1, 1)) > ALIKE_ACROSS:
            continue
        alone = side.edge.mean() < ALL_LOST or (end - start > LONG_MM * per_mm and np.linalg.norm(across) < SAME_ACROSS)
        strips = ((side.inside, opposite.inside[opposite.edge]), (side.outside, opposite.outside[opposite.edge]))
        inside, outside = (_strangeness(strip, side.edge, (start, end), other if alone else other[:0], per_mm) for strip, other in strips)
        if inside > STRANGE_INSIDE and outside > STRANGE_OUTSIDE:
            runs.append((start, end))
    return runs


def _strangeness(strip: Strip, edge: NDArray[np.bool_], run: Run, other: Strip, per_mm: float) -> float:
    """Return how far, in LAB units, a run's colour is from what the strip shows before and after it; 0 when that is not known.

    other: colours of the opposite side, looked at when this side shows too little of its border.
    """
    usual = _usual(strip, edge, run, per_mm) if edge.mean() >= MIN_SEEN else [other] if len(other) else []
    colour = np.median(strip[slice(*run)], axis=0)
    return min((float(np.linalg.norm(colour - np.median(known, axis=0))) for known in usual), default=0.0)


def _usual(strip: Strip, edge: NDArray[np.bool_], run: Run, per_mm: float) -> list[Strip]:
    """Return the colours before and after a run where the border shows."""
    skip, reach = round(GAP_MM * per_mm), round(AROUND_MM * per_mm)
    start, end = run
    around = (slice(max(0, start - reach), max(0, start - skip)), slice(end + skip, end + reach))
    return [known for place in around if len(known := strip[place][edge[place]]) > skip]


def _strip(flat: Flat, side: Side, run: Run) -> Mask:
    """Return the inner strip of a run as a mask over the flat document."""
    near, far, first = round(NEAR_MM * flat.per_mm), round(FAR_MM * flat.per_mm), first_place(flat)
    turned = np.zeros(np.rot90(flat.lab[..., 0], side.turn).shape, np.uint8)
    turned[MARGIN + near : MARGIN + far, first + run[0] : first + run[1]] = 1
    return np.ascontiguousarray(np.rot90(turned, -side.turn))


def _grown(smooth: LabImage, strips: list[Mask], flat: Flat) -> Mask:
    """Grow a thing from its strips over the colours that are like it and hang together with them."""
    strip = np.maximum.reduce(strips)
    barrier = np.ones((smooth.shape[0] + 2, smooth.shape[1] + 2), np.uint8)
    barrier[MARGIN + 1 : -MARGIN - 1, MARGIN + 1 : -MARGIN - 1] = 0
    rows, columns = np.nonzero(strip)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (2 << 8)
    step = max(1, round(SEED_MM * flat.per_mm) ** 2)
    for row, column in list(zip(rows.tolist(), columns.tolist(), strict=True))[::step]:
        if not barrier[row + 1, column + 1]:
            cv2.floodFill(smooth, barrier, (column, row), 0, ALIKE, ALIKE, flags)
    grown = np.asarray(barrier[1:-1, 1:-1] == 2, dtype=np.uint8)
    return strip if grown.sum() > MOST_OF_DOCUMENT * flat.size[0] * flat.size[1] else np.maximum(grown, strip)


def _runs(marks: NDArray[np.bool_]) -> list[Run]:
    """Return start and end (exclusive) of each run of True."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in steps.reshape(-1, 2)]
