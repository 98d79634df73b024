"""The drawn screens and cameras with which detectors are measured: light is kept, geometry is true, cells are held out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.displays import CELLS, GAMMA, HELD_OUT, KINDS, TUNED_ON, as_thing, emitted
from benchmarks.optics import Camera, Pose, Surface, corners_seen, take
from benchmarks.prints import halftoned
from checks_app.imaging import to_grey

SMALL = (320, 240)
DAYLIGHT = np.ones(3, np.float32)


def page(tone: int = 160) -> np.ndarray:
    return np.full((540, 856, 3), tone, np.uint8)


def test_what_was_tuned_on_is_never_measured() -> None:
    assert set(TUNED_ON) | set(HELD_OUT) == set(CELLS)
    assert not set(TUNED_ON) & set(HELD_OUT)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_pitch_distance_and_angle_is_in_both_halves(part: int) -> None:
    assert {cell[part] for cell in TUNED_ON} == {cell[part] for cell in HELD_OUT}


def test_corners_are_where_the_surface_ends() -> None:
    camera, pose, place = Camera(size=SMALL), Pose(150, tilt=15, azimuth=40, roll=5), (-50.0, -30.0, 50.0, 30.0)
    sheet = Surface(np.ones((60, 100, 3), np.float32), place)
    bright = to_grey(take([sheet], camera, pose, np.random.default_rng(1), balance=DAYLIGHT)) > 100
    told = np.zeros(bright.shape, np.uint8)
    cv2.fillConvexPoly(told, np.round(np.array(corners_seen(place, camera, pose).corners) * SMALL).astype(np.int32), 1)
    assert (bright == (told > 0)).mean() > 0.985


@pytest.mark.parametrize("kind", KINDS)
def test_a_display_sends_the_light_that_it_shows(kind: str) -> None:
    """Stripes and shared sub-pixels only split it up."""
    shown = np.random.default_rng(3).integers(0, 255, (40, 60, 3)).astype(np.uint8)
    sent = emitted(shown, KINDS[kind], np.random.default_rng(4))
    assert sent.mean(axis=(0, 1)) == pytest.approx(((shown / 255) ** GAMMA).mean(axis=(0, 1)), rel=0.02)


def test_one_seed_makes_one_picture_and_frames_of_a_burst_differ() -> None:
    shots = [as_thing(page(), CELLS[4], 6, size=SMALL, frames=2) for _ in range(2)]
    assert np.array_equal(shots[0].image, shots[1].image)
    first, second = shots[0].burst
    assert not np.array_equal(first, second)


def test_dots_cover_as_much_paper_as_the_tone_asks() -> None:
    printed = (halftoned(np.full((54, 86, 3), 188, np.uint8), 30) / 255.0) ** 2.2
    assert printed[..., 1].mean() == pytest.approx(188 / 255, abs=0.05)
