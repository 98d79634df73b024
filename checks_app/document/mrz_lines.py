"""Finds groups of two or three long parallel lines of text: where a machine-readable zone may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import dist
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.mrz_strips import TextLine
from checks_app.imaging import GreyImage

STROKES = 9  # working pixels; side of the black-hat: wider than a stroke, narrower than a character's surroundings
JOIN = 17  # working pixels; wider than the gap between two characters, fillers included
_LIT_AROUND = 61  # working pixels; neighbourhood that decides what is dark print and what is paper
_FLATTEST, _TALLEST = 4, 40  # working pixels; height of a line of text
_SLENDER = 7.0  # a line is at least this many times longer than it is high
_SHORTEST = 0.15  # of the working picture's longer side
_RIM = 1.0  # working pixels; contours run through the middle of the outermost pixels
_PARALLEL = 0.06  # radians
_SPACING = (1.15, 4.0)  # distance of neighbouring lines in heights; 9303 prints 2.4, pictures from the side shorten it
_OVERLAP = 0.55  # share of the longer line that lies beside the shorter one
_MOST_LINES = 24


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Two or three lines that could be one zone, top to bottom as the picture stands; higher scores look more like a zone."""

    lines: tuple[TextLine, ...]
    score: float


def find_groups(grey: GreyImage, *, working_side: int, turn: float = 0.0) -> list[LineGroup]:
    """Find candidate zones whose text runs from left to right once the picture is turned, give or take 15 degrees, likeliest first.

    working_side: pixels to which the longer side is scaled for the search; text of 8 to 25 pixels is found best. turn: degrees,
    anticlockwise. Lines come in pixels of `grey`, unturned; the first one is the upper one in the turned picture.
    """
    scale = working_side / max(grey.shape)
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    turned, matrix = _turned(np.asarray(small, dtype=np.uint8), turn)
    lines = _find_lines(turned)
    groups = [*_triples(lines), *_pairs(lines)]
    groups.sort(key=lambda group: group.score, reverse=True)
    back = cv2.invertAffineTransform(matrix)
    return [LineGroup(tuple(_mapped(line, back, 1 / scale) for line in group.lines), group.score) for group in groups]


def _turned(small: GreyImage, turn: float) -> tuple[GreyImage, NDArray[Any]]:
    """Turn a picture about its middle on a sheet that holds all of it; also return the 2 x 3 matrix that did so."""
    height, width = small.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, 1.0)
    across, down = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * across + height * down), round(width * down + height * across)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    if turn == 0:
        return small, matrix
    turned = cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR, borderValue=float(np.median(small)))
    return np.asarray(turned, dtype=np.uint8), matrix


def _find_lines(small: GreyImage) -> list[TextLine]:
    """Find single lines of text, longest first, as smears of dark strokes."""
    strokes = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((STROKES, STROKES), np.uint8))
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, JOIN), np.uint8))
    surroundings = cv2.blur(joined, (_LIT_AROUND, _LIT_AROUND))
    dark = ((joined > surroundings * 1.15) & (joined > 12)).astype(np.uint8)
    smears = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, JOIN // 2), np.uint8))
    contours, _ = cv2.findContours(smears, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [line for contour in contours if (line := _as_line(np.asarray(contour), max(small.shape))) is not None]
    return sorted(found, key=lambda line: line.length, reverse=True)[:_MOST_LINES]


def _as_line(contour: NDArray[Any], longest_side: int) -> TextLine | None:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if width < height:
        width, height, angle = height, width, angle - 90
    angle = (angle + 90) % 180 - 90
    if abs(angle) > 30 or not _FLATTEST <= height <= _TALLEST or width < max(_SLENDER * height, _SHORTEST * longest_side):
        return None
    half_x, half_y = np.cos(np.radians(angle)) * width / 2, np.sin(np.radians(angle)) * width / 2
    return TextLine((float(x - half_x), float(y - half_y)), (float(x + half_x), float(y + half_y)), float(height + _RIM))


def _pairs(lines: Sequence[TextLine]) -> list[LineGroup]:
    return [group for one, other in combinations(lines, 2) if (group := _group(one, other)) is not None]


def _triples(lines: Sequence[TextLine]) -> list[LineGroup]:
    groups = []
    for three in combinations(lines[:12], 3):
        upper, middle, lower = _from_top(three)
        first, second = _group(upper, middle), _group(middle, lower)
        if first is None or second is None:
            continue
        gaps = _distance(upper, middle), _distance(middle, lower)
        if min(gaps) < 0.7 * max(gaps):
            continue
        groups.append(LineGroup(_to_common_ends((upper, middle, lower)), first.score + second.score))
    return groups


def _group(one: TextLine, other: TextLine) -> LineGroup | None:
    """Pair two lines if they are parallel, as far apart as lines of a zone, and beside each other."""
    turn = one.direction[0] * other.direction[1] - one.direction[1] * other.direction[0]
    height = (one.height + other.height) / 2
    distance = _distance(one, other)
    if abs(turn) > _PARALLEL or not _SPACING[0] * height <= distance <= _SPACING[1] * height:
        return None
    shared, whole = _extents(one, other)
    if shared < _OVERLAP * whole:
        return None
    upper, lower = _from_top((one, other))
    alike = min(one.height, other.height) / max(one.height, other.height)
    return LineGroup(_to_common_ends((upper, lower)), whole * (shared / whole) * alike)


def _from_top(lines: Sequence[TextLine]) -> list[TextLine]:
    """Order parallel lines as they are read; askew, the one whose middle is higher in the picture may be the lower one."""
    ux, uy = lines[0].direction
    return sorted(lines, key=lambda line: line.at(0.5)[1] * ux - line.at(0.5)[0] * uy)


def _distance(one: TextLine, other: TextLine) -> float:
    """Return how far the middle of one line lies from the other line, in pixels."""
    (x, y), (ux, uy) = other.at(0.5), one.direction
    return float(abs((x - one.left[0]) * uy - (y - one.left[1]) * ux))


def _along(line: TextLine, point: tuple[float, float]) -> float:
    """Return how far along a line a point lies, in pixels from its left end."""
    return (point[0] - line.left[0]) * line.direction[0] + (point[1] - line.left[1]) * line.direction[1]


def _extents(one: TextLine, other: TextLine) -> tuple[float, float]:
    """Return the length that two lines share and the length that they cover together, in pixels."""
    start, end = _along(one, other.left), _along(one, other.right)
    return min(one.length, end) - max(0.0, start), max(one.length, end) - min(0.0, start)


def _to_common_ends(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    """Lengthen every line to where the longest of them begin and end, and give all the same height and taper.

    A line that ends in faint fillers is found too short; its neighbours know better. Lines that part to the right are seen from
    the left, and taper as their distance does.
    """
    height = float(np.median([line.height for line in lines]))
    ends = []
    for line in lines:
        start = min(_along(line, neighbour.left) for neighbour in lines)
        end = max(_along(line, neighbour.right) for neighbour in lines)
        ends.append(TextLine(line.at(start / line.length), line.at(end / line.length), height))
    opening_left, opening_right = dist(ends[0].left, ends[-1].left), dist(ends[0].right, ends[-1].right)
    taper = 2 * (opening_right - opening_left) / (opening_right + opening_left)
    return tuple(replace(line, taper=taper) for line in ends)


def _mapped(line: TextLine, matrix: NDArray[Any], factor: float) -> TextLine:
    """Turn a line by a 2 x 3 matrix, then scale it."""
    (x0, y0), (x1, y1) = (matrix @ (*point, 1.0) * factor for point in (line.left, line.right))
    return replace(line, left=(float(x0), float(y0)), right=(float(x1), float(y1)), height=line.height * factor)
