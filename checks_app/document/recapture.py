"""Is the document shown on a screen: the lattice of a display's pixels (or its moire) and the frame of a device around it.

Texture of one photograph is weak evidence: it may send a session to a person. Only lattice and frame together are strong.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.framing import true_aspect
from checks_app.document.rectify import in_pixels, side_lengths
from checks_app.imaging import RgbImage
from checks_app.results import Engine, Measure, Quad, Reason

ENGINE = Engine("recapture", "1")

MIN_DOCUMENT_SIDE = 400  # pixels of the longer side; a smaller picture has lost the lattice
TILE = 128  # pixels at the picture's own resolution: resampling would make or unmake a lattice
MAX_TILES = 80
BAND = (0.10, 0.48)  # cycles per pixel: below is print, above is the sensor's own mosaic
BLOCK_BINS = 8  # JPEG blocks of 8 and 16 pixels peak at multiples of 8/128 cycles per pixel, on the axes
NOISE_POWER = 0.02  # grey levels squared: keeps an even area, where only rounding is left, from showing peaks
ORDINARY_PEAK, LATTICE_PEAK, STRONG_PEAK = 1.5, 4.9, 6.0  # natural logarithm over the median of the ring
FLAT_WIDTH, FLAT_MARGIN = 400, 0.45  # pixels of the document; how far around it a frame is looked for, share of its width
FRAME_EDGE, FRAME_STRAIGHT = 9, 0.85  # LAB units of a step; share of a side along which it runs
FRAME_DARK = 30  # CIE lightness of a device's frame, 0 black to 100
FRAME_REACH = 4  # rows across which a step is measured
FRAME_THICKNESS, FRAME_APART, FRAME_INWARD = 0.025, 0.03, 0.12  # of the document's width: band, its distance from the side, search inwards
FRAME_SIDES = 3  # of four: one may lie outside the picture
ORDINARY_SCORE, LATTICE_SCORE, STRONG_SCORE, FRAME_SCORE, BOTH_SCORE = 0.7, 0.45, 0.2, 0.3, 0.05
"""Default bands: below 0.10 fails, from 0.50 passes; so only both together fail."""

Plane = NDArray[np.float32]


def judge_screen_replay(image: RgbImage, quad: Quad | None) -> Measure:
    """Score whether the document is a thing and not a display: 1 no sign, 0 sure; None when the picture is too small to tell.

    image: height x width x 3, RGB, as sharp as the camera gave it. Details: lattice (see `lattice_peak`), frame_sides (0..4).
    """
    start = time.perf_counter()
    if quad is None or max(side_lengths(in_pixels(quad, image))) < MIN_DOCUMENT_SIDE:
        return Measure(None, ENGINE, _milliseconds(start))
    peak = lattice_peak(image, quad)
    if peak is None:
        return Measure(None, ENGINE, _milliseconds(start))
    frame = frame_sides(image, quad)
    score = _score(peak, framed=frame >= FRAME_SIDES)
    reasons = () if score > LATTICE_SCORE else (Reason.SHOWN_ON_SCREEN if score <= BOTH_SCORE else Reason.SCREEN_SUSPECTED,)
    return Measure(score, ENGINE, _milliseconds(start), reasons, {"lattice": round(peak, 2), "frame_sides": frame})


def _score(peak: float, *, framed: bool) -> float:
    if framed and peak >= LATTICE_PEAK:
        return BOTH_SCORE
    if framed:
        return FRAME_SCORE
    if peak >= LATTICE_PEAK:
        return float(np.interp(peak, (LATTICE_PEAK, STRONG_PEAK), (LATTICE_SCORE, STRONG_SCORE)))
    return float(np.interp(peak, (ORDINARY_PEAK, LATTICE_PEAK), (1.0, ORDINARY_SCORE)))


def lattice_peak(image: RgbImage, quad: Quad) -> float | None:
    """Return the highest peak of the mean spectrum of the document's tiles, in brightness or colour, over its ring's median (log).

    Print repeats in a tile or two; a display repeats in all of them at the same frequency. None when no tile fits.
    """
    places = _tile_places(image, quad)
    if not places:
        return None
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    totals = np.zeros((3, TILE, TILE // 2 + 1), dtype=np.float64)
    for row, column in places:
        tile = image[row : row + TILE, column : column + TILE].astype(np.float32)
        red, green, blue = tile[..., 0], tile[..., 1], tile[..., 2]
        planes = np.stack([0.3 * red + 0.59 * green + 0.11 * blue, red - green, blue - green])
        planes -= planes.mean(axis=(1, 2), keepdims=True)
        totals += np.log(np.abs(np.fft.rfft2(planes * window)) ** 2 + NOISE_POWER * TILE * TILE)
    return max(_highest_peak(total / len(places)) for total in totals)


def _tile_places(image: RgbImage, quad: Quad) -> list[tuple[int, int]]:
    """Return the top left corners (row, column) of at most MAX_TILES tiles that lie on the document."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.round(in_pixels(quad, image)).astype(np.int32), 1)
    steps = range(0, height - TILE + 1, TILE * 3 // 4), range(0, width - TILE + 1, TILE * 3 // 4)
    places = [(row, column) for row in steps[0] for column in steps[1] if mask[row : row + TILE : 16, column : column + TILE : 16].all()]
    return places[:: max(1, -(-len(places) // MAX_TILES))]


def _highest_peak(spectrum: NDArray[np.float64]) -> float:
    """Return how far the highest peak within BAND stands above the median of its ring; the axes of JPEG blocks are left out."""
    down, across = np.meshgrid(np.abs(np.fft.fftfreq(TILE)) * TILE, np.fft.rfftfreq(TILE) * TILE, indexing="ij")
    ring = np.hypot(down, across).astype(int)
    medians = np.array([np.median(spectrum[ring == radius]) for radius in range(ring.max() + 1)])
    block = np.zeros_like(down, dtype=bool)
    for along, beside in ((down, across), (across, down)):
        block |= (beside <= 1) & (np.minimum(along % BLOCK_BINS, -along % BLOCK_BINS) <= 1)
    usable = (ring >= BAND[0] * TILE) & (ring <= BAND[1] * TILE) & ~block
    return float((spectrum - medians[ring])[usable].max())


def frame_sides(image: RgbImage, quad: Quad) -> int:
    """Count the sides of the document along which the straight border of a device's dark frame runs."""
    margin = round(FLAT_MARGIN * FLAT_WIDTH)
    height = round(FLAT_WIDTH / true_aspect(quad, (image.shape[1], image.shape[0])))
    target = np.array([(0, 0), (FLAT_WIDTH, 0), (FLAT_WIDTH, height), (0, height)], dtype=np.float32) + margin
    warp = cv2.getPerspectiveTransform(in_pixels(quad, image), target)
    size = FLAT_WIDTH + 2 * margin, height + 2 * margin
    flat = cv2.warpPerspective(np.asarray(cv2.blur(image, (3, 3)), dtype=np.float32) / 255, warp, size)
    inside = cv2.warpPerspective(np.ones(image.shape[:2], np.uint8), warp, size, flags=cv2.INTER_NEAREST)
    lab = np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), dtype=np.float32)
    return sum(_has_frame(np.rot90(lab, turn), np.rot90(inside, turn), margin) for turn in range(4))


def _has_frame(lab: Plane, inside: NDArray[np.uint8], margin: int) -> bool:
    """Look along the top side of a flattened quad, above it and a little below, for a straight border of an even dark band.

    Below it, too, because the quad may be the display's own. At the side itself nothing counts: there any dark desk begins.
    """
    width = lab.shape[1]
    columns = slice(margin + width // 20, width - margin - width // 20)
    rows = slice(0, margin + round(FRAME_INWARD * FLAT_WIDTH))
    strip, valid = lab[rows, columns], np.asarray(inside[rows, columns].all(axis=1))
    dark = np.asarray((np.percentile(strip[..., 0], 90, axis=1) < FRAME_DARK) & valid)
    step = np.linalg.norm(strip[FRAME_REACH:] - strip[:-FRAME_REACH], axis=2)
    straight = np.asarray((step > FRAME_EDGE).mean(axis=1) > FRAME_STRAIGHT) & valid[:-FRAME_REACH]
    thick, apart = round(FRAME_THICKNESS * FLAT_WIDTH), round(FRAME_APART * FLAT_WIDTH)
    for row in np.flatnonzero(straight):
        if abs(row + FRAME_REACH // 2 - margin) < apart:
            continue
        above, below = dark[max(0, row - thick) : row + 1], dark[row + FRAME_REACH : row + FRAME_REACH + thick]
        if (above.all() and len(above) > thick) or (below.all() and len(below) == thick):
            return True
    return False


def _milliseconds(start: float) -> int:
    return round((time.perf_counter() - start) * 1000)
