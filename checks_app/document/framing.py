"""Is the whole document in the picture: are all corners inside, do its sides end there, does anything cover its border?"""

from __future__ import annotations

import math
import time

import cv2
import numpy as np

from checks_app.document.borders import CLEAR_EDGE, MARGIN, NEAR_MM, Flat, LabImage, flatten, read_sides
from checks_app.document.borders import Side as Border
from checks_app.document.covers import find_covers
from checks_app.document.hidden import carries_mrz, hidden_portrait, hidden_zone
from checks_app.document.rating import CARD_ASPECT, PASSPORT_ASPECT
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Engine, Measure, Quad, Reason, Side

ENGINE = Engine("framing", "2")

SHOWN = 0.05  # of the picture: half the side of what the evidence marks at a cut corner
BORDER = 0.006  # of the picture: a corner nearer to its border counts as cut
FOCAL_LENGTH = 0.85  # of the picture's longer side: between a phone's main camera and a webcam
ASPECT_BETWEEN = math.sqrt(CARD_ASPECT * PASSPORT_ASPECT)
ASPECT_MARGIN = 0.025  # of the logarithm: nearer to the middle the shape does not tell the kind
ASPECT_RANGE = (1.26, 1.80)  # outside it is neither kind
LONG_SIDE_MM = {DocumentKind.ID_CARD: 85.60, DocumentKind.PASSPORT: 125.0}
NEAR_BORDER, OWN_EDGE = 0.04, 0.8  # of the picture; share of a side there that must show an edge
CONTINUES = 0.6  # share of a prolonged side that shows an edge, less what shows one BESIDE_MM away: the document goes on
BESIDE_MM = 3.0
CUT_SCORE, CONTINUED_SCORE, HIDDEN_SCORE = 0.1, 0.3, 0.3  # all fail by default: what is asked for is not visible
FREE_MM, SCORE_PER_MM = 2.0, 0.1  # covered border: 5.5 mm is where approval ends by default, 8.5 mm where the check fails

FaceBox = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the picture."""


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


def judge_framing(
    image: RgbImage,
    quad: Quad | None,
    *,
    kind: DocumentKind | None = None,
    side: Side | None = None,
    mrz_read: bool = False,
    mrz_region: Quad | None = None,
    portrait_box: FaceBox | None = None,
) -> Measure:
    """Score how completely the document is visible: 1 whole, 0 not; None without a document.

    image: height x width x 3, RGB. kind and side: what the user shows; they tell where an MRZ and a portrait must be, and without them
    only the border is judged. mrz_read: its check digits hold, so nothing hides it. mrz_region: where a zone was seen, read or not.
    portrait_box: a face on the document (left, top, right, bottom as fractions of the picture).

    Reasons, most important first: CORNER_MISSING (outside the picture, or the document goes on beyond the quad), PORTRAIT_COVERED,
    MRZ_COVERED, COVERED (a stretch of border is lost under something of another colour). Details: covered_mm, the size of the largest
    such thing. Areas: the corners outside and what is covered, in the picture.
    """
    start = time.perf_counter()
    if quad is None:
        return Measure(None, ENGINE, _milliseconds(start))
    if corner_missing(quad):
        return Measure(CUT_SCORE, ENGINE, _milliseconds(start), (Reason.CORNER_MISSING,), areas=_outside(quad))
    size = image.shape[1], image.shape[0]
    shape = kind or kind_by_shape(quad, size) or DocumentKind.ID_CARD
    flat = flatten(image, quad, true_aspect(quad, size), LONG_SIDE_MM[shape])
    sides = read_sides(flat)
    covers = [cover for cover in find_covers(flat, sides) if cover.length_mm > FREE_MM]
    covered = max((cover.size_mm for cover in covers), default=0.0)
    score = min(1.0, max(0.05, 1 - SCORE_PER_MM * max(0.0, covered - FREE_MM)))
    reasons = [Reason.COVERED] if covers else []
    areas = [flat.place(*cover.box()) for cover in covers]
    zones = hidden_zone(flat, covers, shape, mrz_region) if carries_mrz(shape, side) and not mrz_read else []
    portraits = hidden_portrait(flat, covers, shape, _as_quad(portrait_box)) if side is Side.FRONT else []
    for reason, boxes in ((Reason.MRZ_COVERED, zones), (Reason.PORTRAIT_COVERED, portraits)):
        if boxes:
            score, reasons = min(score, HIDDEN_SCORE), [reason, *reasons]
            areas += [flat.place(*box) for box in boxes]
    if _goes_on(flat) or _cut_by_the_picture(quad, sides):
        score, reasons = min(score, CONTINUED_SCORE), [Reason.CORNER_MISSING, *reasons]
    return Measure(score, ENGINE, _milliseconds(start), tuple(reasons), {"covered_mm": round(covered, 1)}, tuple(areas))


def corner_missing(quad: Quad) -> bool:
    """Tell whether a corner lies outside the picture or on its border."""
    return any(not BORDER <= place <= 1 - BORDER for corner in quad.corners for place in corner)


def _cut_by_the_picture(quad: Quad, sides: list[Border]) -> bool:
    """Tell whether a side lies near the picture's border and shows no edge of its own: then it is print, and the real side is outside."""
    corners = np.array(quad.corners)
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    to_border = np.minimum(middles, 1 - middles).min(axis=1)
    return any(distance < NEAR_BORDER and side.edge.mean() < OWN_EDGE for distance, side in zip(to_border, sides, strict=True))


def _as_quad(box: FaceBox | None) -> Quad | None:
    if box is None:
        return None
    left, top, right, bottom = box
    return Quad(((left, top), (right, top), (right, bottom), (left, bottom)))


def _outside(quad: Quad) -> tuple[Quad, ...]:
    """Return what a picture shows beside each corner that lies outside it: squares at its border for the evidence overlay."""
    areas = []
    for corner in quad.corners:
        if any(not BORDER <= place <= 1 - BORDER for place in corner):
            x, y = (min(max(place, 0.0), 1.0) for place in corner)
            left, right, top, bottom = max(0.0, x - SHOWN), min(1.0, x + SHOWN), max(0.0, y - SHOWN), min(1.0, y + SHOWN)
            areas.append(Quad(((left, top), (right, top), (right, bottom), (left, bottom))))
    return tuple(areas)


def _goes_on(flat: Flat) -> bool:
    """Tell whether both long sides go on beyond a short side: then the quad shows a part of the document.

    Beyond the long sides nothing is asked, because an open passport goes on there.
    """
    for view in (flat.lab, flat.lab[:, ::-1]):
        shares = [_edge_beyond(view, row, flat.per_mm) for row in (MARGIN, view.shape[0] - MARGIN)]
        if min(shares) > CONTINUES:
            return True
    return False


def _edge_beyond(view: LabImage, row: int, per_mm: float) -> float:
    """Return the share of a side's prolongation to the left that shows an edge there and none beside it, as grain of wood does."""
    near, reach = max(3, round(NEAR_MM * per_mm) // 2), 3
    beside = round(BESIDE_MM * per_mm)
    clear = []
    for middle in (row, row - beside, row + beside):
        band = view[max(0, middle - near) : middle + near + 1, 4 : MARGIN - near]
        clear.append(np.linalg.norm(band[reach:] - band[:-reach], axis=2).max(axis=0) > CLEAR_EDGE)
    return float(clear[0].mean() - max(clear[1].mean(), clear[2].mean()))


def _milliseconds(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
