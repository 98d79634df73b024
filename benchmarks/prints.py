"""Colour printouts, physically: four inks in screens of dots at the usual angles, as laser and offset printers lay them on paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.displays import Cell, Take, as_thing
from checks_app.imaging import RgbImage
from verifyportal.dev.specimens import CARD_MM, PASSPORT_MM

ANGLES = (15.0, 75.0, 0.0, 45.0)  # degrees: cyan, magenta, yellow, black, so that their moire is a fine rosette
SAMPLES = 5  # across a dot's cell
INKS = np.array([(0.10, 0.62, 0.85), (0.82, 0.16, 0.48), (0.95, 0.88, 0.12), (0.09, 0.09, 0.10)], dtype=np.float32)  # what they let through
MM_PER_INCH = 25.4


def halftoned(document: RgbImage, lines_per_inch: float) -> RgbImage:
    """Print a document in colour at SAMPLES samples per dot. Laser printers lay 100 to 150 lines per inch, magazines 133 to 175."""
    width_mm = CARD_MM[0] if document.shape[1] / document.shape[0] > 1.5 else PASSPORT_MM[0]
    columns = round(width_mm / MM_PER_INCH * lines_per_inch * SAMPLES)
    rows = round(columns * document.shape[0] / document.shape[1])
    fine = cv2.resize(document, (columns, rows), interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255
    black = 1 - fine.max(axis=2)
    left = np.maximum(1 - black, 1e-3)
    coverage = [*((1 - fine[..., channel] - black) / left for channel in range(3)), black]
    paper = np.ones_like(fine)
    for angle, ink, share in zip(ANGLES, INKS, coverage, strict=True):
        dots = np.asarray(_screen(rows, columns, angle) < share, dtype=np.float32)[..., None]
        paper *= 1 - dots * (1 - ink)
    return np.asarray(np.clip(paper ** (1 / 2.2) * 255, 0, 255), dtype=np.uint8)


def _screen(rows: int, columns: int, angle: float) -> NDArray[np.float32]:
    """Return thresholds 0..1 of round dots in a square grid, turned by an angle."""
    turn = np.radians(angle)
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32) * np.float32(2 * np.pi / SAMPLES)
    first, second = across * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - across * np.sin(turn)
    order = (np.cos(first) + np.cos(second)).astype(np.float32)
    return _ranks(-order)


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread values evenly over 0..1, so that a tone of 30 % covers 30 % of the paper."""
    sample = np.sort(values[::7, ::5].ravel())
    return np.asarray(np.interp(values, sample, np.linspace(0, 1, len(sample))), dtype=np.float32)


def printout(document: RgbImage, cell: Cell, seed: int, *, lines_per_inch: float, size: tuple[int, int] = (1600, 1200)) -> Take:
    """Take a picture of a colour printout on a desk."""
    return as_thing(halftoned(document, lines_per_inch), cell, seed, size=size)
