"""Proposes rectangles that might be a document: hulls of regions and edges, and what long straight lines enclose."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rectify import Points
from checks_app.imaging import RgbImage

MIN_AREA, MAX_AREA = 0.03, 0.97  # of the picture
EDGE_SHARES = (0.8, 0.3)  # of a channel's contrast: what Canny calls an edge, strict and lenient
PARALLEL = math.radians(22)  # opposite sides seen in perspective differ less
LINES_PER_DIRECTION = 8

CHANNEL_GAINS = (1.0, 3.5, 3.5)  # for the line detector: the colour channels of LAB use little of their range
STROKE = 5  # pixels: a median this wide takes away rows of print, which are straight and long, too, but no edge of paper
FAINTEST = 1.4  # grey levels of noise that the line detector expects: paper on paper has a faint edge
DETECTOR = (cv2.LSD_REFINE_STD, 0.8, 0.6, FAINTEST)  # with OpenCV's own scale and smoothing
SHORTEST_PIECE = 18  # pixels of a line worth counting, at the size of the search
MOST_LINES = 60

Line = tuple[float, float]
"""Distance from the origin in pixels and angle of the normal: x cos + y sin = distance."""

Piece = tuple[float, float, float, float]
"""From x, y to x, y in pixels."""

Mask = NDArray[np.uint8]


def propose(lab: RgbImage) -> NDArray[np.float32]:
    """Return rectangles (n x 4 x 2 pixels, n may be 0, either winding) of a small picture in the LAB colour space."""
    edges = [_edges(lab[..., channel], share) for channel in range(3) for share in EDGE_SHARES]
    found = [np.array(list(_rectangles(edges + _regions(lab))), dtype=np.float32).reshape(-1, 4, 2), *_line_rectangles(lab)]
    return np.concatenate(found)


def _edges(channel: Mask, share: float) -> Mask:
    """Return the Canny edges of a channel at a share of its contrast."""
    contrast = max(12.0, float(np.percentile(channel, 97) - np.percentile(channel, 3)))
    return np.asarray(cv2.Canny(channel, share * contrast * 0.4, share * contrast), dtype=np.uint8)


def _regions(lab: RgbImage) -> list[Mask]:
    """Return the brighter part of each channel, split by Otsu, and the brightest part of that."""
    brush = np.ones((3, 3), np.uint8)
    regions = []
    for channel in cv2.split(lab):
        level, region = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        regions.append(np.asarray(cv2.morphologyEx(region, cv2.MORPH_OPEN, brush, iterations=2), dtype=np.uint8))
        brightest = cv2.threshold(channel, (level + float(np.percentile(channel, 95))) / 2, 255, cv2.THRESH_BINARY)[1]
        regions.append(np.asarray(cv2.morphologyEx(brightest, cv2.MORPH_CLOSE, brush, iterations=2), dtype=np.uint8))
    return regions


def _rectangles(masks: list[Mask]) -> Iterator[Points]:
    """Yield the hulls that four sides describe well: documents that nothing touches."""
    area = masks[0].size
    for mask in masks:
        contours, _ = cv2.findContours(cv2.dilate(mask, np.ones((3, 3), np.uint8)), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            if len(contour) < 4:
                continue
            hull = np.asarray(cv2.convexHull(contour), dtype=np.int32)
            if not MIN_AREA * area < cv2.contourArea(hull) < MAX_AREA * area:
                continue
            corners = _four_corners(hull)
            if corners is not None and cv2.contourArea(hull) > 0.85 * cv2.contourArea(corners):
                yield corners


def _line_rectangles(lab: RgbImage) -> Iterator[NDArray[np.float32]]:
    """Yield (n x 4 x 2) what two pairs of long straight edges enclose: documents that touch papers, fingers or the picture's border."""
    height, width = lab.shape[:2]
    lines = _long_lines(lab)
    border = [(1.0, 0.0), (width - 2.0, 0.0), (1.0, np.pi / 2), (height - 2.0, np.pi / 2)]
    seeds: list[float] = []
    for _, angle in lines:
        if len(seeds) < 2 and all(PARALLEL < _turn(angle, seed) < np.pi / 2 - PARALLEL for seed in seeds):
            seeds.append(angle)
    for seed in seeds:
        pairs = []
        for direction in (seed, seed + np.pi / 2):
            group = [line for line in lines if _turn(line[1], direction) <= PARALLEL][:LINES_PER_DIRECTION]
            group += [line for line in border if _turn(line[1], direction) <= PARALLEL]
            pairs.append(np.array(list(combinations(group, 2)), dtype=np.float64).reshape(-1, 2, 2))
        first, second = np.repeat(pairs[0], len(pairs[1]), axis=0), np.tile(pairs[1], (len(pairs[0]), 1, 1))
        meetings = ((0, 0), (0, 1), (1, 1), (1, 0))  # top left, top right, bottom right, bottom left
        yield np.stack([_intersections(first[:, one], second[:, other]) for one, other in meetings], axis=1)


def _long_lines(lab: RgbImage) -> list[Line]:
    """Return the straight lines of a picture that are no strokes, those first whose pieces add up to most."""
    pieces: list[Piece] = []
    detector = cv2.createLineSegmentDetector(*DETECTOR)
    for channel, gain in zip(cv2.split(cv2.medianBlur(lab, STROKE)), CHANNEL_GAINS, strict=True):
        found = detector.detect(cv2.convertScaleAbs(channel, alpha=gain, beta=128 * (1 - gain)))[0]
        pieces += [] if found is None else [(x, y, to_x, to_y) for x, y, to_x, to_y in found.reshape(-1, 4).tolist()]
    lines: list[tuple[float, Line, list[Piece]]] = []
    for piece in sorted(pieces, key=_length, reverse=True):
        if _length(piece) < SHORTEST_PIECE:
            break
        x, y, to_x, to_y = piece
        theta = math.atan2(to_x - x, y - to_y) % math.pi
        middle = (x + to_x) / 2, (y + to_y) / 2
        for number, (total, (rho, angle), known) in enumerate(lines):
            off_line = abs(middle[0] * math.cos(angle) + middle[1] * math.sin(angle) - rho)
            if off_line < 3 and _turn(theta, angle) < 0.06:
                lines[number] = (total + _length(piece), (rho, angle), [*known, piece])
                break
        else:
            rho = middle[0] * math.cos(theta) + middle[1] * math.sin(theta)
            lines.append((_length(piece), (rho, theta), [piece]))
    lines.sort(key=lambda line: -line[0])
    return [_through(known) for _, _, known in lines[:MOST_LINES]]


def _through(pieces: list[Piece]) -> Line:
    """Fit one line through pieces: the longest alone tells the angle less well."""
    ends = np.array(pieces, dtype=np.float32).reshape(-1, 2)
    along_x, along_y, x, y = (float(number) for number in cv2.fitLine(ends, cv2.DIST_L2, 0, 0.01, 0.01).ravel())
    theta = math.atan2(along_x, -along_y) % math.pi
    return x * math.cos(theta) + y * math.sin(theta), theta


def _length(piece: Piece) -> float:
    return math.hypot(piece[2] - piece[0], piece[3] - piece[1])


def _turn(angle: float, other: float) -> float:
    """Return the angle between two undirected lines, 0..pi/2."""
    difference = abs(angle - other) % np.pi
    return float(min(difference, np.pi - difference))


def _intersections(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return where n lines meet n others (each n x (distance, angle)), n x 2 pixels."""
    (rho, theta), (distance, angle) = one.T, other.T
    cross = np.sin(angle - theta)
    x = (rho * np.sin(angle) - distance * np.sin(theta)) / cross
    y = (distance * np.cos(theta) - rho * np.cos(angle)) / cross
    return np.stack([x, y], axis=1).astype(np.float32)


def _four_corners(hull: NDArray[np.int32]) -> Points | None:
    """Reduce a convex hull to four sides by removing, again and again, the side whose removal adds the least area."""
    simple = cv2.approxPolyDP(hull, 0.01 * cv2.arcLength(hull, True), True)
    polygon = [(float(x), float(y)) for x, y in simple[:, 0]]
    if len(polygon) < 4:
        return None
    while len(polygon) > 4:
        removals = [_without_side(polygon, side) for side in range(len(polygon))]
        possible = [removal for removal in removals if removal is not None]
        if not possible:
            return None
        polygon = min(possible, key=lambda removal: removal[0])[1]
    points = np.array(polygon, dtype=np.float32)
    return points if cv2.isContourConvex(points) else None


Polygon = list[tuple[float, float]]


def _without_side(polygon: Polygon, side: int) -> tuple[float, Polygon] | None:
    """Prolong the neighbours of a side until they meet. Returns the area added and the polygon; None if they part."""
    before, start, end, after = (polygon[(side + step) % len(polygon)] for step in (-1, 0, 1, 2))
    meeting = _crossing(before, start, after, end)
    if meeting is None:
        return None
    added = abs((start[0] - meeting[0]) * (end[1] - meeting[1]) - (end[0] - meeting[0]) * (start[1] - meeting[1])) / 2
    kept = [point for place, point in enumerate(polygon) if place not in (side, (side + 1) % len(polygon))]
    kept.insert(side if side + 1 < len(polygon) else len(kept), meeting)
    return added, kept


def _crossing(
    before: tuple[float, float], start: tuple[float, float], after: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float] | None:
    """Return where before→start and after→end meet beyond start and end, or None."""
    ax, ay, bx, by = start[0] - before[0], start[1] - before[1], end[0] - after[0], end[1] - after[1]
    cross = ax * by - ay * bx
    if abs(cross) < 1e-6:
        return None
    along = ((after[0] - before[0]) * by - (after[1] - before[1]) * bx) / cross
    back = ((after[0] - before[0]) * ay - (after[1] - before[1]) * ax) / cross
    return (before[0] + along * ax, before[1] + along * ay) if along >= 1 and back >= 1 else None
