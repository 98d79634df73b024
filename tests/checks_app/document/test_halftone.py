"""Colour printouts: dots in many directions; lines, grids and coarse pictures are none."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.displays import Cell
from benchmarks.prints import printout
from checks_app.document.halftone import dot_directions
from checks_app.document.photocopy import PRINTED_DIRECTIONS, judge_photocopy
from checks_app.imaging import RgbImage
from checks_app.results import Quad, Reason, Status
from checks_app.thresholds import DEFAULTS
from tests.images import Scene, photograph

NEARLY_WHOLE = Quad(((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)))


def waves(*directions: float, fineness: float = 0.25) -> RgbImage:
    """Noise with a wave in each direction (degrees)."""
    rows, columns = np.mgrid[0:800, 0:1200]
    grey = 150 + np.random.default_rng(5).normal(0, 3, (800, 1200))
    for direction in np.radians(directions):
        grey += 5 * np.cos(2 * np.pi * fineness * (columns * np.cos(direction) + rows * np.sin(direction)))
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(("directions", "counted"), [((), 0), ((20,), 1), ((20, 110), 2), ((15, 45, 75, 105), 4), ((20, 25), 1)])
def test_directions_are_counted(directions: tuple[float, ...], counted: int) -> None:
    """R31: fine print has one, the grid of a display two, the screens of a printer more."""
    assert dot_directions(waves(*directions), NEARLY_WHOLE) == counted


def test_a_colour_printout_is_doubted(card_front: RgbImage) -> None:
    """R31"""
    take = printout(card_front, Cell("monitor", "near", "leaning"), 21, lines_per_inch=90, size=(1280, 960))
    measure = judge_photocopy(take.image, take.quad)
    assert measure.details["dots"] >= PRINTED_DIRECTIONS
    assert DEFAULTS.photocopy.status(measure.score) is Status.UNCLEAR
    assert measure.reasons == (Reason.PHOTOCOPY_SUSPECTED,)


def test_an_original_has_no_dots(card_front: RgbImage) -> None:
    """R31"""
    shot = photograph(card_front, Scene(seed=66, size=(1600, 1200), fill=0.85))
    measure = judge_photocopy(shot.image, shot.quad)
    assert measure.details["dots"] < PRINTED_DIRECTIONS
    assert DEFAULTS.photocopy.status(measure.score) is Status.PASSED


def test_a_picture_too_coarse_for_dots_is_judged_by_colour_alone(card_front: RgbImage) -> None:
    """R22: not assessed is not passed off as good, and does not block either."""
    shot = photograph(card_front, Scene(seed=67, size=(800, 600)))
    assert dot_directions(shot.image, shot.quad) is None
    assert "dots" not in judge_photocopy(shot.image, shot.quad).details
