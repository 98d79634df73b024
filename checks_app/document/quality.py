"""Is a picture of a document good enough to be read: size, light, distance, sharpness, glare; answered at capture (R35)."""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.framing import corner_missing
from checks_app.document.rectify import in_pixels, rectify, side_lengths
from checks_app.imaging import RgbImage, to_grey
from checks_app.results import Engine, Measure, Quad, Reason

ENGINE = Engine("quality", "2")

MIN_LONG_SIDE, MIN_SHORT_SIDE = 640, 400  # pixels of the picture
MIN_DOCUMENT_SIDE = 480  # pixels of the document's longer side: 10 per character of a passport's MRZ (44 in 112 of 125 mm)
STUDY_WIDTH = 640  # pixels to which a document is brought, so that sharpness means the same at every resolution
RIM = 0.05  # of the document left out: desk and shadow may show there
DARK_MEDIAN, DARK_BRIGHTEST = 55, 70  # grey levels: of the document; the 95th percentile of a picture without one
BLOWN_LEVEL = 250  # grey level of the darkest colour channel: nothing is left to see
BLOWN_SHARE = 0.35  # of the document: too much light, not a reflection
GLARE_SHARE = 0.02  # of the document: one blown-out spot of about a portrait's eye region
GLARE_STEP = 18  # grey levels by which the spot outshines the paper (75th percentile of the rest); less is white paper
REBLUR_SIGMA = 1.5  # pixels
BLURRED_FROM, SHARP_BELOW = 0.72, 0.45  # see _blur; drawn shots in focus have 0.30-0.60, and from 0.74 on the MRZ gets lost

Plane = NDArray[np.float32]


def judge_quality(image: RgbImage, quad: Quad | None) -> tuple[tuple[Reason, ...], Measure]:
    """Say what the user must mend, most urgent first, and how good the picture is: 0 useless, 1 good; None without a document.

    image: height x width x 3, RGB. Details: median (grey level), blown, glare (shares of the document), blur (see `_blur`).
    """
    start = time.perf_counter()
    problems = []
    if max(image.shape[:2]) < MIN_LONG_SIDE or min(image.shape[:2]) < MIN_SHORT_SIDE:
        problems.append(Reason.TOO_SMALL)
    if quad is None:
        if np.percentile(to_grey(image), 95) < DARK_BRIGHTEST:
            problems.append(Reason.TOO_DARK)
        return (*problems, Reason.NO_DOCUMENT), Measure(None, ENGINE, _milliseconds(start))
    page = _inner(rectify(image, quad, STUDY_WIDTH))
    details = _details(page)
    if details["median"] < DARK_MEDIAN:
        problems.append(Reason.TOO_DARK)
    if details["blown"] > BLOWN_SHARE:
        problems.append(Reason.TOO_BRIGHT)
    if max(side_lengths(in_pixels(quad, image))) < MIN_DOCUMENT_SIDE:
        problems.append(Reason.DOCUMENT_TOO_FAR)
    if corner_missing(quad):
        problems.append(Reason.CORNER_MISSING)
    if details["blur"] > BLURRED_FROM:
        problems.append(Reason.BLURRED)
    if details["glare"] > GLARE_SHARE and Reason.TOO_BRIGHT not in problems:
        problems.append(Reason.GLARE)
    score = 0.0 if problems else _sharpness(details["blur"])
    return tuple(problems), Measure(score, ENGINE, _milliseconds(start), tuple(problems), details)


def _inner(page: RgbImage) -> RgbImage:
    rim_y, rim_x = round(RIM * page.shape[0]), round(RIM * page.shape[1])
    return page[rim_y : page.shape[0] - rim_y, rim_x : page.shape[1] - rim_x]


def _details(page: RgbImage) -> dict[str, float]:
    grey = to_grey(page)
    blown = np.asarray(page.min(axis=2) >= BLOWN_LEVEL, dtype=np.uint8)
    return {
        "median": float(np.median(grey)),
        "blown": round(float(blown.mean()), 4),
        "glare": round(_glare(grey, blown), 4),
        "blur": round(_blur(grey), 3),
    }


def _glare(grey: NDArray[np.uint8], blown: NDArray[np.uint8]) -> float:
    """Return the share of the largest blown-out spot that outshines the paper around it, 0 when there is none."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(blown)
    paper = grey[blown == 0]  # a large spot would itself be the brightest quarter
    if count < 2 or not paper.size or BLOWN_LEVEL - float(np.percentile(paper, 75)) < GLARE_STEP:
        return 0.0
    return float(stats[1:, cv2.CC_STAT_AREA].max()) / grey.size


def _blur(grey: NDArray[np.uint8]) -> float:
    """Return how much of the steepest edges survives another blur: 0 none, sharp; 1 all, it was blurred before.

    Source: the idea of Crete et al., "The blur effect", SPIE 6492, 2007; here the 99th percentile in place of the sum, so that a
    document with little print is not called blurred.
    """
    exact = grey.astype(np.float32)
    again = np.asarray(cv2.GaussianBlur(exact, (0, 0), REBLUR_SIGMA), dtype=np.float32)
    before, after = (np.percentile(_steepness(plane), 99) for plane in (exact, again))
    return float(after / before) if before > 0 else 1.0


def _steepness(grey: Plane) -> Plane:
    return np.maximum(np.abs(np.diff(grey, axis=1))[:-1], np.abs(np.diff(grey, axis=0))[:, :-1])


def _sharpness(blur: float) -> float:
    return float(np.interp(blur, (SHARP_BELOW, BLURRED_FROM), (1.0, 0.3)))


def _milliseconds(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
