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
INDENT_MM = 1.5  # the ends of the lines are left out
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
    """Tell whether the document lies upside down: the lines of a zone are full from end to end, those of other print are not."""
    below, above = (
        np.mean([(columns > LEAST_INK).mean() for _, columns in _lines(view[..., 0], flat.per_mm, kind)])
        for view in (flat.lab, np.rot90(flat.lab, 2))
    )
    return bool(above > below)


def _ink(lightness: NDArray[np.float32], per_mm: float) -> NDArray[np.float32]:
    """Return 1 where print is, 0 elsewhere."""
    brush = np.ones((2 * (round(STROKE_MM * per_mm) // 2) + 1,) * 2, np.uint8)
    strokes = cv2.morphologyEx(np.ascontiguousarray(lightness), cv2.MORPH_BLACKHAT, brush)
    paper = float(np.median(lightness[MARGIN:-MARGIN, MARGIN:-MARGIN]))
    return np.asarray(strokes > INK * paper, dtype=np.float32)


def _gaps(lightness: NDArray[np.float32], per_mm: float, kind: DocumentKind) -> list[Box]:
    """Return the stretches of the zone's lines that show no print between print: a zone that begins elsewhere has no gap."""
    first, half = _first_column(lightness, per_mm, kind), round(LINE_MM / 2 * per_mm)
    found = []
    for row, columns in _lines(lightness, per_mm, kind):
        usual = float(np.percentile(columns, 60))
        printed = np.flatnonzero(columns >= THIN * usual) if usual > LEAST_INK else np.zeros(0, int)
        wide = np.flatnonzero(np.diff(printed) > GAP_MM * per_mm)
        found += [(first + int(printed[one]), row - half, first + int(printed[one + 1]), row + half) for one in wide]
    return found


def _lines(lightness: NDArray[np.float32], per_mm: float, kind: DocumentKind) -> list[tuple[int, NDArray[np.float32]]]:
    """Return for each line of the zone, from the top, its row and the share of ink around each column of its usual length."""
    ink = _ink(lightness, per_mm)
    height, width = lightness.shape
    first = _first_column(lightness, per_mm, kind)
    half, reach = round(LINE_MM / 2 * per_mm), round(SEARCH_MM * per_mm)
    band = np.convolve(ink[:, first : width - first].mean(axis=1), np.ones(2 * half) / (2 * half), mode="same")
    lines = []
    for line in range(LINES[kind][0]):
        middle = height - MARGIN - round((ZONE_MM / 2 + ((LINES[kind][0] - 1) / 2 - line) * SPACING_MM) * per_mm)
        row = middle - reach + int(np.argmax(band[middle - reach : middle + reach + 1]))
        columns = ink[row - half : row + half, first : width - first].mean(axis=0)
        lines.append((row, np.asarray(cv2.blur(columns[None], (round(1.5 * PITCH_MM * per_mm), 1))[0], dtype=np.float32)))
    return lines


def _first_column(lightness: NDArray[np.float32], per_mm: float, kind: DocumentKind) -> int:
    margin = (lightness.shape[1] - 2 * MARGIN - LINES[kind][1] * PITCH_MM * per_mm) / 2
    return int(MARGIN + margin + INDENT_MM * per_mm)
