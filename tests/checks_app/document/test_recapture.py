"""Screens: lattice and frame together fail, one alone is doubt, ordinary pictures pass."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.quad import find_quad
from checks_app.document.recapture import LATTICE_PEAK, frame_sides, judge_screen_replay, lattice_peak
from checks_app.imaging import RgbImage
from checks_app.results import Quad, Reason, Status
from checks_app.thresholds import DEFAULTS
from tests.forgeries import replay_on_screen
from tests.images import Scene, photograph

MIDDLE = Quad(((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)))


@pytest.mark.parametrize("seed", [71, 72, 73])
def test_an_ordinary_picture_passes(card_front: RgbImage, seed: int) -> None:
    """R31"""
    image = photograph(card_front, Scene(seed=seed)).image
    measure = judge_screen_replay(image, find_quad(image))
    assert DEFAULTS.screen_replay.status(measure.score) is Status.PASSED
    assert measure.reasons == ()


def framed(lattice: float, brightness: int = 200) -> RgbImage:
    """A bright page with noise, and a lattice of the given strength in grey levels, inside a black frame on a grey ground."""
    chance = np.random.default_rng(74)
    rows, columns = np.mgrid[0:960, 0:1280]
    page = brightness + chance.normal(0, 3, (960, 1280)) + lattice * np.cos(2 * np.pi * (0.21 * columns + 0.13 * rows))
    outside = (columns < 256) | (columns >= 1024) | (rows < 192) | (rows >= 768)
    page[outside] = 12
    page[(columns < 128) | (columns >= 1152) | (rows < 96) | (rows >= 864)] = 130
    return np.repeat(np.clip(page, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_lattice_and_frame_together_fail() -> None:
    """R31"""
    measure = judge_screen_replay(framed(lattice=12), MIDDLE)
    assert DEFAULTS.screen_replay.status(measure.score) is Status.FAILED
    assert measure.reasons == (Reason.SHOWN_ON_SCREEN,)


def test_a_frame_alone_is_doubt() -> None:
    """R22, R31: a document may lie on a dark folder."""
    measure = judge_screen_replay(framed(lattice=0), MIDDLE)
    assert DEFAULTS.screen_replay.status(measure.score) is Status.UNCLEAR
    assert measure.reasons == (Reason.SCREEN_SUSPECTED,)


def test_a_lattice_alone_is_doubt() -> None:
    """R22, R31: woven cloth has one too."""
    inside = framed(lattice=12)[192:768, 256:1024]
    measure = judge_screen_replay(inside, Quad(((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))))
    assert DEFAULTS.screen_replay.status(measure.score) is Status.UNCLEAR
    assert measure.reasons == (Reason.SCREEN_SUSPECTED,)


def test_most_drawn_screens_do_not_pass(passport: RgbImage) -> None:
    """R31: physically drawn stripes, matrix and mosaic; how many of them are caught stands in docs/documents.md."""
    statuses = []
    for seed in range(75, 78):
        image = replay_on_screen(passport, Scene(seed=seed)).image
        statuses.append(DEFAULTS.screen_replay.status(judge_screen_replay(image, find_quad(image)).score))
    assert statuses.count(Status.PASSED) <= 1


def test_noise_has_no_lattice() -> None:
    """R31"""
    noise = np.random.default_rng(81).integers(0, 255, (900, 1200, 3)).astype(np.uint8)
    peak = lattice_peak(noise, MIDDLE)
    assert peak is not None
    assert peak < LATTICE_PEAK


def test_a_document_on_a_plain_dark_desk_has_no_frame(passport: RgbImage) -> None:
    """R31"""
    shot = photograph(passport, Scene(seed=82, desk="dark"))
    assert frame_sides(shot.image, shot.quad) == 0


def test_a_small_picture_is_not_assessed(passport: RgbImage) -> None:
    """R22: it has lost the lattice, so its absence says nothing."""
    shot = photograph(passport, Scene(seed=83, size=(400, 300)))
    assert judge_screen_replay(shot.image, shot.quad).score is None
