"""Is the document a copy on paper: colour that is missing on it though the scene has it, or the dots of a colour printer.

Dots are looked for only where the picture is fine enough to show them, and are doubt: old documents carry portraits made of dots.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.halftone import dot_directions
from checks_app.document.rectify import in_pixels, rectify, side_lengths
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Engine, Measure, Quad, Reason

ENGINE = Engine("photocopy", "2")

MIN_DOCUMENT_SIDE = 300  # pixels; below it colour noise and print cannot be told apart
STUDY_WIDTH = 400  # pixels of the document, and of the whole scene
SMOOTHING = 3.0  # pixels: colour noise and the false colours of a sensor's mosaic vanish
DARKEST, BRIGHTEST = 30, 250  # grey levels between which a pixel's colour can be trusted
NEIGHBOURS = 5  # pixels: colour leaks from a blown-out pixel into those around it
MIN_TRUSTED = 0.15  # of the document
GREY_SCENE = 0.10  # spread of colour (see `_colour_spread`) of a scene that cannot testify against a grey document
SPREADS = (0.03, 0.07, 0.13, 0.25)  # drawn copies reach 0.04, drawn originals start at 0.24
SCORES = (0.0, 0.1, 0.5, 1.0)  # default bands: below 0.1 fails, from 0.5 passes
DOUBT = 0.3  # what a grey document in a grey scene is given, and one made of dots
PRINTED_DIRECTIONS = 3  # see `halftone.dot_directions`; lines of fine print and displays have one or two


def judge_photocopy(image: RgbImage, quad: Quad | None) -> Measure:
    """Score whether the document is an original: 1 in colour, 0 a grey copy in a coloured scene; None when it cannot be told.

    image: height x width x 3, RGB. Light of one colour does not matter, because only differences of colour within the document
    count. Details: spread on the document and of the scene; dots (see `halftone`), left out when the picture is too coarse for them.
    """
    start = time.perf_counter()
    if quad is None or max(side_lengths(in_pixels(quad, image))) < MIN_DOCUMENT_SIDE:
        return Measure(None, ENGINE, _milliseconds(start))
    document = _colour_spread(rectify(image, quad, STUDY_WIDTH))
    scene = _colour_spread(fit_within(image, STUDY_WIDTH))
    if document is None or scene is None:
        return Measure(None, ENGINE, _milliseconds(start))
    score = float(np.interp(document, SPREADS, SCORES))
    details = {"spread": round(document, 3), "scene": round(scene, 3)}
    if score < DOUBT and scene < GREY_SCENE:
        score = DOUBT
    directions = dot_directions(image, quad)
    if directions is not None:
        details["dots"] = directions
        score = min(score, DOUBT) if directions >= PRINTED_DIRECTIONS else score
    reasons = () if score >= SCORES[2] else (Reason.PHOTOCOPY if score < SCORES[1] else Reason.PHOTOCOPY_SUSPECTED,)
    return Measure(score, ENGINE, _milliseconds(start), reasons, details)


def _colour_spread(picture: RgbImage) -> float | None:
    """Return how far colours differ: the range (3rd to 97th percentile) of log R/G or log B/G, whichever is wider.

    Light of another colour shifts these logarithms by a constant, and brightness does not change them. None when too little of
    the picture is neither dark nor blown out.
    """
    blown = cv2.dilate(np.asarray(picture.max(axis=2) > BRIGHTEST, dtype=np.uint8), np.ones((NEIGHBOURS, NEIGHBOURS), np.uint8))
    smooth = np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), SMOOTHING), dtype=np.float32) + 1
    trusted = np.asarray((smooth.min(axis=2) > DARKEST) & (blown == 0))
    if trusted.mean() < MIN_TRUSTED:
        return None
    red, green, blue = (np.log(smooth[..., channel][trusted]) for channel in range(3))
    return max(_range(red - green), _range(blue - green))


def _range(values: NDArray[np.float32]) -> float:
    low, high = np.percentile(values, (3, 97))
    return float(high - low)


def _milliseconds(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
