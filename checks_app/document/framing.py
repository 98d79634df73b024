"""Is the whole document in the picture: are all corners inside, do its sides end there, does anything cover its border?"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rating import CARD_ASPECT, PASSPORT_ASPECT
from checks_app.document.rectify import in_pixels
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Engine, Measure, Quad, Reason

ENGINE = Engine("framing", "1")

LONG_SIDE = 640  # pixels of the document's longer side when its border is looked at
MARGIN = 0.08  # of the longer side: how far around the document we look
BORDER = 0.006  # of the picture: a corner nearer to its border counts as cut
FOCAL_LENGTH = 0.85  # of the picture's longer side: between a phone's main camera and a webcam
ASPECT_BETWEEN = math.sqrt(CARD_ASPECT * PASSPORT_ASPECT)
ASPECT_MARGIN = 0.025  # of the logarithm: nearer to the middle the shape does not tell the kind
ASPECT_RANGE = (1.26, 1.80)  # outside it is neither kind
LONG_SIDE_MM = {DocumentKind.ID_CARD: 85.60, DocumentKind.PASSPORT: 125.0}
NEAR_MM, FAR_MM = 1.2, 3.2  # the strips beside the border whose colour is looked at
CORNER_MM = 4.0  # rounded corners (ISO/IEC 7810: 3.18 mm) have no straight border
CLEAR_EDGE = 14  # LAB units across the border: an edge beyond doubt
STRANGE_COLOUR = 14  # LAB units from the border's usual colour: something else lies here
NEAR_BORDER, OWN_EDGE = 0.04, 0.8  # of the picture; share of a side there that must show an edge
MIN_SEEN = 0.3  # share of a side that must stand out from its ground before anything is concluded from gaps
CONTINUES = 0.7  # share of a prolonged side that shows an edge: the document goes on
CUT_SCORE, CONTINUED_SCORE = 0.1, 0.3  # both fail by default: a corner is not visible
FREE_MM, SCORE_PER_MM = 2.0, 0.1  # covered border: 5.5 mm is where approval ends by default, 8.5 mm where the check fails

Strip = NDArray[np.float32]
"""n x 3 LAB colours along one side, clockwise."""


@dataclass(frozen=True, slots=True)
class _Side:
    inside: Strip
    edge: NDArray[np.bool_]  # n: an edge lies on the border here


def kind_by_shape(quad: Quad, image_size: tuple[int, int]) -> DocumentKind | None:
    """Tell cards from passports by their proportions; None when the shape lies between them or is neither.

    image_size: (width, height) in pixels. A card seen at 20 degrees can look like a passport page; the MRZ knows better.
    """
    aspect = true_aspect(quad, image_size)
    if not ASPECT_RANGE[0] <= aspect <= ASPECT_RANGE[1] or abs(math.log(aspect / ASPECT_BETWEEN)) < ASPECT_MARGIN:
        return None
    return DocumentKind.ID_CARD if aspect > ASPECT_BETWEEN else DocumentKind.PASSPORT


def true_aspect(quad: Quad, image_size: tuple[int, int]) -> float:
    """Estimate the longer side over the shorter one of the flat document, corrected for perspective.

    image_size: (width, height). Source: plane homography under a pinhole camera of FOCAL_LENGTH (Zhang, PAMI 2000, 2.2).
    """
    width, height = image_size
    focal = FOCAL_LENGTH * max(width, height)
    corners = np.array([((x - 0.5) * width / focal, (y - 0.5) * height / focal) for x, y in quad.corners], dtype=np.float32)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float32)
    across, down, _ = cv2.getPerspectiveTransform(square, corners).T
    ratio = float(np.linalg.norm(across) / max(1e-9, float(np.linalg.norm(down))))
    return max(ratio, 1 / max(ratio, 1e-9))


def judge_framing(image: RgbImage, quad: Quad | None, *, kind: DocumentKind | None = None, side: object = None) -> Measure:
    """Score how completely the document is visible: 1 whole, 0 not; None without a document.

    image: height x width x 3, RGB. Reasons: CORNER_MISSING (outside the picture, or the document goes on beyond the quad) and COVERED
    (a stretch of border is lost under something of another colour). Details: covered_mm, the longest such stretch.
    """
    start = time.perf_counter()
    if quad is None:
        return Measure(None, ENGINE, _milliseconds(start))
    if corner_missing(quad):
        return Measure(CUT_SCORE, ENGINE, _milliseconds(start), (Reason.CORNER_MISSING,))
    kind = kind_by_shape(quad, (image.shape[1], image.shape[0])) or DocumentKind.ID_CARD
    flat, per_mm = _flattened(image, quad, LONG_SIDE_MM[kind])
    sides = _sides(flat, per_mm)
    covered = _longest_covered(sides, per_mm)
    score = min(1.0, max(0.05, 1 - SCORE_PER_MM * max(0.0, covered - FREE_MM)))
    reasons = (Reason.COVERED,) if covered > FREE_MM else ()
    if _goes_on(flat, per_mm) or _cut_by_the_picture(quad, sides):
        score, reasons = min(score, CONTINUED_SCORE), (Reason.CORNER_MISSING, *reasons)
    return Measure(score, ENGINE, _milliseconds(start), reasons, {"covered_mm": round(covered, 1)})


def corner_missing(quad: Quad) -> bool:
    """Tell whether a corner lies outside the picture or on its border."""
    return any(not BORDER <= place <= 1 - BORDER for corner in quad.corners for place in corner)


def _cut_by_the_picture(quad: Quad, sides: list[_Side]) -> bool:
    """Tell whether a side lies near the picture's border and shows no edge of its own: then it is print, and the real side is outside."""
    corners = np.array(quad.corners)
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    to_border = np.minimum(middles, 1 - middles).min(axis=1)
    return any(distance < NEAR_BORDER and side.edge.mean() < OWN_EDGE for distance, side in zip(to_border, sides, strict=True))


def _flattened(image: RgbImage, quad: Quad, long_side_mm: float) -> tuple[NDArray[np.float32], float]:
    """Return the document and what lies around it, flat, in LAB, with a margin of MARGIN; and its pixels per millimetre."""
    width, height = LONG_SIDE, round(LONG_SIDE / true_aspect(quad, (image.shape[1], image.shape[0])))
    margin = round(MARGIN * LONG_SIDE)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32) + margin
    warp = cv2.getPerspectiveTransform(in_pixels(quad, image), target)
    size = width + 2 * margin, height + 2 * margin
    flat = cv2.warpPerspective(image, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lab = cv2.cvtColor(np.asarray(cv2.blur(flat, (3, 3)), dtype=np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.asarray(lab, dtype=np.float32), LONG_SIDE / long_side_mm


def _sides(flat: NDArray[np.float32], per_mm: float) -> list[_Side]:
    """Read the four sides, each turned so that it is on top and runs clockwise."""
    margin = round(MARGIN * LONG_SIDE)
    skip = margin + round(CORNER_MM * per_mm)
    near, far = round(NEAR_MM * per_mm), round(FAR_MM * per_mm)
    sides = []
    for turn in range(4):
        view = np.rot90(flat, turn)[:, skip : -skip or None]  # a quarter turn anticlockwise brings the right side to the top
        inside = view[margin + near : margin + far]
        across = view[margin - near : margin + near + 1]
        reach = max(2, near // 2)
        jump = np.linalg.norm(across[reach:] - across[:-reach], axis=2).max(axis=0)
        sides.append(_Side(np.median(inside, axis=0), jump > CLEAR_EDGE))
    return sides


def _longest_covered(sides: list[_Side], per_mm: float) -> float:
    """Return the length in millimetres of the longest stretch of border that something strange covers, also around a corner."""
    covered = [_covered(side, per_mm) for side in sides]
    longest = max((end - start for runs in covered for start, end in runs), default=0) / per_mm
    for number, runs in enumerate(covered):
        following = covered[(number + 1) % 4]
        if runs and following and runs[-1][1] == len(sides[number].edge) and following[0][0] == 0:
            lengths = runs[-1][1] - runs[-1][0] + following[0][1]
            longest = max(longest, lengths / per_mm + CORNER_MM)
    return longest


def _covered(side: _Side, per_mm: float) -> list[tuple[int, int]]:
    """Return the runs where the edge is lost and the colour beside it is neither what the border shows before nor after."""
    seen = side.edge
    if seen.mean() < MIN_SEEN:
        return []  # the side is nowhere clearly darker or brighter than its ground: nothing can be said
    lost = cv2.morphologyEx((~seen).astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, round(1.5 * per_mm)), np.uint8))[0] > 0
    skip, reach = round(1.5 * per_mm), round(15 * per_mm)
    runs = []
    for start, end in _runs(np.asarray(lost)):
        colour = np.median(side.inside[start:end], axis=0)
        distances = []
        for around in (slice(max(0, start - reach), max(0, start - skip)), slice(end + skip, end + reach)):
            usual = side.inside[around][seen[around]]
            distances += [float(np.linalg.norm(colour - np.median(usual, axis=0)))] if len(usual) > skip else []
        if distances and min(distances) > STRANGE_COLOUR:
            runs.append((start, end))
    return runs


def _runs(marks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and end (exclusive) of each run of True."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in steps.reshape(-1, 2)]


def _goes_on(flat: NDArray[np.float32], per_mm: float) -> bool:
    """Tell whether both long sides go on beyond a short side: then the quad shows a part of the document.

    Beyond the long sides nothing is asked, because an open passport goes on there.
    """
    margin = round(MARGIN * LONG_SIDE)
    near, reach = round(NEAR_MM * per_mm), 3
    for view in (flat, flat[:, ::-1]):
        shares = []
        for row in (margin, flat.shape[0] - margin):
            band = view[row - near : row + near + 1, 4 : margin - round(NEAR_MM * per_mm)]
            jump = np.linalg.norm(band[reach:] - band[:-reach], axis=2).max(axis=0)
            shares.append(float(np.mean(jump > CLEAR_EDGE)))
        if min(shares) > CONTINUES:
            return True
    return False


def _milliseconds(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
