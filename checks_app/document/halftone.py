"""The dot screens of colour printers: four inks, each in a grid of dots of one fineness, turned by angles of their own.

A document's own printing is made of lines and solid inks. A display's pixels have one grid, so peaks of one fineness lie in two
directions, a right angle apart; the screens of a printer add more.
"""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.document.lattice import Spectrum, excess, tile_spectra
from checks_app.document.rectify import in_pixels, rectify, side_lengths
from checks_app.imaging import RgbImage
from checks_app.results import Quad

MIN_WIDTH = 1000  # pixels of the document: printers lay 85 to 150 lines per inch, which takes about 10 pixels per mm of a passport
TILE, MAX_TILES = 128, 32
BAND = (0.12, 0.46)  # cycles per pixel
PEAK = 3.0  # natural logarithm over the median of the ring, of the mean spectrum
ALIKE = 0.15  # by how much the fineness of dots may differ, relative
APART = 12.0  # degrees between directions that count as two


def dot_directions(image: RgbImage, quad: Quad) -> int | None:
    """Return in how many directions dots of one fineness repeat all over the document; None when the picture is too coarse to tell.

    The document is flattened first, so that the dots have one fineness from end to end.
    """
    width = round(side_lengths(in_pixels(quad, image))[0])
    if width < MIN_WIDTH:
        return None
    flat = rectify(image, quad, width)
    places = [(row, column) for row in range(0, flat.shape[0] - TILE + 1, TILE) for column in range(0, width - TILE + 1, TILE)]
    if not places:
        return None
    places = places[:: -(-len(places) // MAX_TILES)]
    return _directions(excess(tile_spectra(flat, places, TILE).mean(axis=0), BAND).max(axis=0))


def _directions(spectrum: Spectrum) -> int:
    """Count the directions of peaks of one fineness, for the fineness that has most."""
    finite = np.where(np.isfinite(spectrum), spectrum, 0).astype(np.float32)
    rows, columns = np.nonzero((finite >= PEAK) & (finite >= cv2.dilate(finite, np.ones((5, 5), np.uint8))))
    down, across = np.fft.fftfreq(TILE)[rows], np.fft.rfftfreq(TILE)[columns]
    fineness, angle = np.hypot(down, across), np.degrees(np.arctan2(down, across)) % 180
    most = 0
    for one in fineness:
        apart: list[float] = []
        for candidate in angle[np.abs(fineness / one - 1) < ALIKE]:
            if all(min(abs(candidate - other), 180 - abs(candidate - other)) > APART for other in apart):
                apart.append(float(candidate))
        most = max(most, len(apart))
    return most
