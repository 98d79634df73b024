"""Lattices: one frequency all over a document, and across its border."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from checks_app.document.lattice import crossing_peak, lattice_peaks
from checks_app.imaging import RgbImage
from checks_app.results import Quad

MIDDLE = Quad(((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)))
ORDINARY, REGULAR = 4.0, 5.0


def picture(inside: float, outside: float, *, bend: float = 0.0) -> RgbImage:
    """Grey noise of 3 levels with a lattice of the given strengths in grey levels on and around MIDDLE; bend: drift of its frequency."""
    chance = np.random.default_rng(91)
    rows, columns = np.mgrid[0:800, 0:1000].astype(np.float64)
    strength = np.full(rows.shape, outside)
    strength[160:640, 200:800] = inside
    wave = np.cos(2 * np.pi * (0.2 * columns + 0.11 * rows + bend * columns * rows / 1000))
    grey = 140 + chance.normal(0, 3, rows.shape) + strength * wave
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_noise_has_no_lattice() -> None:
    """R31"""
    peaks = lattice_peaks(picture(0, 0), MIDDLE)
    assert peaks is not None
    assert max(peaks) < ORDINARY


def test_an_even_lattice_stands_out_of_the_mean() -> None:
    """R31"""
    peaks = lattice_peaks(picture(3, 3), MIDDLE)
    assert peaks is not None
    assert peaks.mean > REGULAR


def test_a_lattice_that_perspective_bends_is_seen_in_single_tiles() -> None:
    """R31: its frequency drifts over the document, so it vanishes from the mean."""
    peaks = lattice_peaks(picture(6, 6, bend=0.14), MIDDLE)
    assert peaks is not None
    assert peaks.mean < REGULAR < peaks.everywhere


@pytest.mark.parametrize(("inside", "outside"), [(8, 0), (0, 8), (0, 0)])
def test_what_ends_at_the_border_does_not_cross_it(inside: float, outside: float) -> None:
    """R31: fine print ends there, and cloth begins there."""
    peak = crossing_peak(picture(inside, outside), MIDDLE)
    assert peak is not None
    assert peak < ORDINARY


def test_a_lattice_before_document_and_surroundings_crosses_the_border() -> None:
    """R31"""
    peak = crossing_peak(picture(8, 8), MIDDLE)
    assert peak is not None
    assert peak > REGULAR


def test_without_surroundings_nothing_can_cross() -> None:
    """R22: not measurable is None."""
    assert crossing_peak(picture(8, 8), Quad(((0, 0), (1, 0), (1, 1), (0, 1)))) is None


def test_blocks_of_a_hard_pressed_jpeg_are_no_lattice() -> None:
    """R31: they repeat all over a picture, too."""
    smooth = cv2.GaussianBlur(picture(0, 0), (0, 0), 3) + np.linspace(0, 60, 1000).astype(np.uint8)[None, :, None]
    pressed = cv2.imdecode(cv2.imencode(".jpg", smooth, [cv2.IMWRITE_JPEG_QUALITY, 20])[1], cv2.IMREAD_COLOR)
    peaks = lattice_peaks(np.asarray(pressed, dtype=np.uint8), MIDDLE)
    assert peaks is not None
    assert peaks.mean < REGULAR


def test_a_document_of_few_pixels_is_not_assessed() -> None:
    """R22"""
    assert lattice_peaks(picture(8, 8)[::4, ::4], MIDDLE) is None
