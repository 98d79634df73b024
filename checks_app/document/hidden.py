"""Is the part of a document that matters most hidden: gaps in the print of its MRZ, things over the zone or over the portrait."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.borders import MARGIN, Flat
from checks_app.document.covers import Cover
from checks_app.results import DocumentKind, Quad, Side

ZONE_MM, SPACING_MM, PITCH_MM = 23.2, 6.35, 2.54  # ICAO 9303-3, 4.1 and 4.2: 10 characters per inch
LINES = {DocumentKind.PASSPORT: (2, 44), DocumentKind.ID_CARD: (3, 30)}
PORTRAITS = {DocumentKind.PASSPORT: (0.04, 0.18, 0.34, 0.74), DocumentKind.ID_CARD: (0.04, 0.2, 0.36, 0.85)}
"""Left, top, right, bottom as shares of the document: where 9303-4 wants the portrait, and where most cards have it."""

INK = 0.25  # share of the paper's lightness by which print is darker
STROKE_MM = 1.3  # wider than a stroke, narrower than anything that covers
LINE_MM, SEARCH_MM = 2.6, 2.5  # height of a line of text; how far from its place it may be printed
LEAST_INK = 0.04  # share of a line's area; less is no print, or none that can be seen
THIN = 0.3  # of a line's usual ink: less is a gap
GAP_MM = 5.0  # two characters: no print is so far apart in a zone, whose blanks are printed as "<"
COVERED_ZONE_MM2 = 12.0  # of a thing over the zone: a character and more
COVERED_SHARE = 0.05  # of the portrait

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the flat document."""


def carries_mrz(kind: DocumentKind, side: Side | None) -> bool:
    """Tell whether this side must have an MRZ: the front of a passport, the back of a card."""
    return side is not None and (kind is DocumentKind.PASSPORT) == (side is Side.FRONT)


def hidden_zone(flat: Flat, covers: Sequence[Cover], kind: DocumentKind, region: Quad | None) -> list[Box]:
    """Return where the MRZ is hidden: things that reach into it, and gaps in its print. region: where a zone was seen in the picture."""
    upside_down = _lies_above(flat, kind) if region is None else sum(flat.box(region)[1::2]) < flat.lab.shape[0]
    height, width = flat.lab.shape[:2]
    turned = np.rot90(flat.lab, 2) if upside_down else flat.lab
    found = _gaps(turned[..., 0], flat.per_mm, kind)
    top = height - MARGIN - round(ZONE_MM * flat.per_mm)
    for cover in covers:
        mask = np.rot90(cover.mask, 2) if upside_down else cover.mask
        if mask[top + round(3 * flat.per_mm) :].sum() > COVERED_ZONE_MM2 * flat.per_mm**2:
            left, above, across, down = cv2.boundingRect(np.ascontiguousarray(mask[top:]))
            found.append((left, top + above, left + across, top + above + down))
    return (
        [(width - right, height - bottom, width - left, height - above) for left, above, right, bottom in found] if upside_down else found
    )


def hidden_portrait(flat: Flat, covers: Sequence[Cover], kind: DocumentKind, face: Quad | None) -> list[Box]:
    """Return where things lie over the portrait. face: the face that was found, else the usual place of portraits is looked at."""
    width, height = flat.size
    left, top, right, bottom = PORTRAITS[kind]
    usual = tuple(MARGIN + round(place) for place in (left * width, top * height, right * width, bottom * height))
    left_px, top_px, right_px, bottom_px = flat.box(face) if face else usual
    places = slice(max(0, top_px), bottom_px), slice(max(0, left_px), right_px)
    found = []
    for cover in covers:
        if cover.mask[places].size and cover.mask[places].mean() > COVERED_SHARE:
            found.append((left_px, top_px, right_px, bottom_px))
    return found[:1]


def _lies_above(flat: Flat, kind: DocumentKind) -> bool:
    """Tell whether the document lies upside down: its zone has much more ink than any other stripe along a long side."""
    below, above = (_ink(view[..., 0], flat.per_mm)[_zone_rows(flat, kind)].mean() for view in (flat.lab, np.rot90(flat.lab, 2)))
    return bool(above > 1.5 * below)


def _zone_rows(flat: Flat, kind: DocumentKind) -> slice:
    height = flat.lab.shape[0]
    return slice(height - MARGIN - round(ZONE_MM * flat.per_mm), height - MARGIN - round(2 * flat.per_mm))


def _ink(lightness: NDArray[np.float32], per_mm: float) -> NDArray[np.float32]:
    """Return 1 where print is, 0 elsewhere."""
    brush = np.ones((2 * (round(STROKE_MM * per_mm) // 2) + 1,) * 2, np.uint8)
    strokes = cv2.morphologyEx(np.ascontiguousarray(lightness), cv2.MORPH_BLACKHAT, brush)
    paper = float(np.median(lightness[MARGIN:-MARGIN, MARGIN:-MARGIN]))
    return np.asarray(strokes > INK * paper, dtype=np.float32)


def _gaps(lightness: NDArray[np.float32], per_mm: float, kind: DocumentKind) -> list[Box]:
    """Return the stretches of the zone's lines that show no print; none when the lines as a whole show none."""
    ink = _ink(lightness, per_mm)
    lines, characters = LINES[kind]
    height, width = lightness.shape
    margin = (width - 2 * MARGIN - characters * PITCH_MM * per_mm) / 2
    first, last = round(MARGIN + margin + 1.5 * per_mm), round(width - MARGIN - margin - 1.5 * per_mm)
    half, reach = round(LINE_MM / 2 * per_mm), round(SEARCH_MM * per_mm)
    rows = ink[:, first:last].mean(axis=1)
    band = np.convolve(rows, np.ones(2 * half) / (2 * half), mode="same")
    found = []
    for line in range(lines):
        middle = height - MARGIN - round((ZONE_MM / 2 + ((lines - 1) / 2 - line) * SPACING_MM) * per_mm)
        row = middle - reach + int(np.argmax(band[middle - reach : middle + reach + 1]))
        columns = cv2.blur(ink[row - half : row + half, first:last].mean(axis=0)[None], (round(1.5 * PITCH_MM * per_mm), 1))[0]
        usual = float(np.percentile(columns, 60))
        if usual < LEAST_INK:
            continue
        printed = np.flatnonzero(columns >= THIN * usual)
        ends = printed[1:][np.diff(printed) > GAP_MM * per_mm]  # print on both sides, so a zone that begins elsewhere has no gap
        starts = printed[:-1][np.diff(printed) > GAP_MM * per_mm]
        found += [(first + int(start), row - half, first + int(end), row + half) for start, end in zip(starts, ends, strict=True)]
    return found
