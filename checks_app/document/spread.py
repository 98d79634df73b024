"""An open passport lies in the picture as one rectangle of two pages: finds the fold between them, and the page of data."""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.document.rectify import Points
from checks_app.imaging import GreyImage, RgbImage, to_grey

LENGTH, WIDTH = 480, 341  # pixels of the flattened spread, the fold across its middle
FOLD_FROM, FOLD_TO = 0.46, 0.54  # of the length: a fold lies in the middle
FOLD_STEP = 4.0  # grey levels between a pixel and the one two further on
FOLD_SHARE = 0.8  # of the width that must show it; no print runs across a whole page there
FOLD_ALONE, AROUND = 0.5, 60  # how much more than the usual column within so many pixels shows it
ALONG = 31  # pixels along the fold that are averaged: the pattern of the paper vanishes, the fold stays
MRZ_FROM, MRZ_TO = 0.012, 0.12  # of the length: 2 to 21 mm from the edge that lies opposite to the fold (ICAO 9303-4, 4.1)
STROKE, INK = 7, 0.25  # pixels, wider than a stroke of the MRZ; share of the paper's brightness by which ink is darker
MORE_INK, LEAST_INK = 1.5, 0.05  # how much more ink the zone has than the other page has there; share of its area


def data_page(points: Points, image: RgbImage) -> Points:
    """Return the corners (4 x 2 pixels, any order) of the page with the MRZ when the rectangle is an open passport, else the rectangle.

    points: 4 x 2 pixels of `image`, its first side a long one.
    """
    flat_corners = np.array([(0, 0), (LENGTH, 0), (LENGTH, WIDTH), (0, WIDTH)], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(points, flat_corners)
    flat = to_grey(np.asarray(cv2.warpPerspective(image, warp, (LENGTH, WIDTH), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8))
    fold = _fold(flat)
    if fold is None:
        return points
    strokes = cv2.morphologyEx(flat, cv2.MORPH_BLACKHAT, np.ones((STROKE, STROKE), np.uint8))
    ink = (strokes > INK * np.median(flat)).mean(axis=0)
    near, far = round(MRZ_FROM * LENGTH), round(MRZ_TO * LENGTH)
    first, last = float(ink[near:far].mean()), float(ink[LENGTH - far : LENGTH - near].mean())
    if max(first, last) < max(LEAST_INK, MORE_INK * min(first, last)):
        return points
    left, right = (0, fold) if first > last else (fold, LENGTH)
    page = np.array([[(left, 0), (right, 0), (right, WIDTH), (left, WIDTH)]], dtype=np.float32)
    return np.asarray(cv2.perspectiveTransform(page, np.linalg.inv(warp))[0], dtype=np.float32)


def _fold(flat: GreyImage) -> int | None:
    """Return the column of a line across the whole width near the middle, or None."""
    smooth = cv2.blur(flat, (3, ALONG)).astype(np.float32)
    steps = np.abs(smooth[:, 2:] - smooth[:, :-2])
    shares = np.array([(steps[:, column - 3 : column + 2].max(axis=1) > FOLD_STEP).mean() for column in range(AROUND, LENGTH - AROUND)])
    start, end = round(FOLD_FROM * LENGTH) - AROUND, round(FOLD_TO * LENGTH) - AROUND
    best = start + int(np.argmax(shares[start:end]))
    around = np.concatenate([shares[best - AROUND : best - 6], shares[best + 7 : best + AROUND]])
    return best + AROUND if shares[best] > FOLD_SHARE and shares[best] - np.median(around) > FOLD_ALONE else None
