"""Patterns that repeat at one frequency: the pixel lattice of a display, or its moire with the sensor's own lattice.

All spectra are natural logarithms of power over the median of their ring, so brightness, contrast and sharpness cancel out.
Windowed Fourier spectra of tiles at the picture's own resolution; resampling would make or unmake a lattice.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rectify import Points, in_pixels
from checks_app.imaging import RgbImage
from checks_app.results import Quad

TILE = 128  # pixels
MIN_TILES, MAX_TILES = 4, 40
BAND = (0.10, 0.48)  # cycles per pixel: below is print, above is the sensor's own mosaic
BLOCK = 8  # pixels of a JPEG block; blocks of 8 and 16 peak at multiples of 1/16 cycles per pixel, on the axes
NOISE_POWER = 0.02  # grey levels squared: keeps an even area, where only rounding is left, from showing peaks
BORDER_TILE = 64  # pixels: small, because little of the surroundings is in the picture
BORDER_GAP = 0.012  # of the document's width: its edge and its shadow belong to neither side
BORDER_BAND = (0.06, 0.48)
STREAK = 4  # cycles per tile to either side
MIN_BORDER_TILES = 4  # on each side of the border

Spectrum = NDArray[np.float64]


class Peaks(NamedTuple):
    """How high peaks stand on the document, in brightness or colour, whichever is higher (log over the ring's median)."""

    mean: float  # of the mean spectrum of all tiles: one frequency all over the document
    everywhere: float  # what three quarters of the tiles reach, each at a frequency of its own: perspective bends a moire


def lattice_peaks(image: RgbImage, quad: Quad) -> Peaks | None:
    """Return how regular the document's texture is; None when too few tiles fit.

    Print repeats in a tile or two; a display repeats in all of them.
    """
    places = _tiles_within(image, in_pixels(quad, image))
    if len(places) < MIN_TILES:
        return None
    spectra = tile_spectra(image, places, TILE)
    single = excess(spectra, BAND).max(axis=(2, 3))
    return Peaks(float(excess(spectra.mean(axis=0), BAND).max()), float(np.percentile(single, 25, axis=0).max()))


def crossing_peak(image: RgbImage, quad: Quad) -> float | None:
    """Return how high one and the same peak stands on the document and beside it: the highest, over its four sides.

    Print ends at the document's border and cloth begins there; only something before both, or behind both, crosses it.
    None when too little of the surroundings is in the picture.
    """
    corners = in_pixels(quad, image)
    best: float | None = None
    for side in range(4):
        places = _beside(image, corners, side)
        if min(map(len, places)) < MIN_BORDER_TILES:
            continue
        inner, outer = (_isolated(tile_spectra(image, one, BORDER_TILE).mean(axis=0)) for one in places)
        both = float(np.minimum(inner, outer).max())
        best = both if best is None else max(best, both)
    return best


def _isolated(spectra: Spectrum) -> Spectrum:
    """Return how far spectra stand above their rings and above both sides of a place: grain of wood makes streaks, no peaks."""
    streaks = [
        np.minimum(np.roll(spectra, (down, across), axis=(-2, -1)), np.roll(spectra, (-down, -across), axis=(-2, -1)))
        for down, across in ((STREAK, 0), (0, STREAK), (STREAK, STREAK), (STREAK, -STREAK))
    ]
    return np.asarray(np.minimum(excess(spectra, BORDER_BAND), spectra - np.max(streaks, axis=0)))


def tile_spectra(image: RgbImage | NDArray[np.float32], places: list[tuple[int, int]], side: int) -> NDArray[np.float64]:
    """Return the log power of tiles (row, column of their top left corners) in brightness, R-G and B-G: tiles x 3 x side x side/2+1."""
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    tiles = np.stack([image[row : row + side, column : column + side] for row, column in places]).astype(np.float32)
    red, green, blue = tiles[..., 0], tiles[..., 1], tiles[..., 2]
    planes = np.stack([0.3 * red + 0.59 * green + 0.11 * blue, red - green, blue - green], axis=1)
    planes -= planes.mean(axis=(2, 3), keepdims=True)
    power = np.abs(np.fft.rfft2(planes * window)) ** 2
    return np.asarray(np.log(power + NOISE_POWER * side * side), dtype=np.float64)


def excess(spectra: Spectrum, band: tuple[float, float]) -> Spectrum:
    """Return how far spectra (any number x side x side/2+1) stand above the medians of their rings; -inf where `_rings` leaves out."""
    rings, usable = _rings(spectra.shape[-2], band)
    flat = spectra.reshape(*spectra.shape[:-2], -1)
    above = np.full_like(flat, -np.inf)
    for ring in rings:
        above[..., ring] = flat[..., ring] - np.median(flat[..., ring], axis=-1, keepdims=True)
    return np.where(usable, above.reshape(spectra.shape), -np.inf)


@cache
def _rings(side: int, band: tuple[float, float]) -> tuple[list[NDArray[np.int64]], NDArray[np.bool_]]:
    """Return the places of the flattened spectrum by ring (whole cycles per tile), and where a peak means anything.

    That is within the band, and not on the axes of JPEG blocks.
    """
    down, across = np.meshgrid(np.abs(np.fft.fftfreq(side)) * side, np.fft.rfftfreq(side) * side, indexing="ij")
    ring = np.hypot(down, across).astype(np.int64)
    step = side // (2 * BLOCK)
    block = np.zeros_like(down, dtype=bool)
    for along, beside in ((down, across), (across, down)):
        block |= (beside <= 1) & (np.minimum(along % step, -along % step) <= 1)
    usable = (ring >= band[0] * side) & (ring <= band[1] * side) & ~block
    return [np.flatnonzero(ring == radius) for radius in np.unique(ring[usable])], np.asarray(usable)


def _tiles_within(image: RgbImage, corners: Points) -> list[tuple[int, int]]:
    """Return the top left corners (row, column) of at most MAX_TILES tiles that lie on the document."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 1)
    steps = range(0, height - TILE + 1, TILE * 3 // 4), range(0, width - TILE + 1, TILE * 3 // 4)
    places = [(row, column) for row in steps[0] for column in steps[1] if mask[row : row + TILE : 16, column : column + TILE : 16].all()]
    return places[:: max(1, -(-len(places) // MAX_TILES))]


def _beside(image: RgbImage, corners: Points, side: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return tiles along one side of the document: those just within it and those just outside, both wholly in the picture."""
    start, end = corners[side], corners[(side + 1) % 4]
    along = end - start
    length = float(np.linalg.norm(along))
    if length < 2 * BORDER_TILE:
        return [], []
    normal = np.array((along[1], -along[0])) / length  # outwards, for corners in clockwise order with y downwards
    clear = BORDER_GAP * length + BORDER_TILE / 2 * float(np.abs(normal).sum())  # so that no corner of a tile reaches the border
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for share in np.linspace(BORDER_TILE / length, 1 - BORDER_TILE / length, max(2, int(length / BORDER_TILE * 1.5))):
        pair = [np.round(start + share * along + sign * clear * normal - BORDER_TILE / 2).astype(int) for sign in (-1, 1)]
        if all(0 <= x <= image.shape[1] - BORDER_TILE and 0 <= y <= image.shape[0] - BORDER_TILE for x, y in pair):
            for places, (x, y) in zip(found, pair, strict=True):
                places.append((int(y), int(x)))
    return found
