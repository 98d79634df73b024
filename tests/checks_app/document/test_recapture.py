"""Screens: two kinds of evidence without a common innocent cause fail, one alone is doubt, ordinary pictures pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.displays import Cell, on_display
from checks_app.document.quad import find_quad, overlap
from checks_app.document.recapture import NOTHING, is_strong, judge_screen_replay
from checks_app.imaging import RgbImage
from checks_app.results import Quad, Reason, Status
from checks_app.thresholds import DEFAULTS
from tests.images import Scene, photograph

MIDDLE = Quad(((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)))


@pytest.mark.parametrize("seed", [71, 72, 73])
def test_an_ordinary_picture_passes(card_front: RgbImage, seed: int) -> None:
    """R31"""
    image = photograph(card_front, Scene(seed=seed)).image
    measure = judge_screen_replay(image, find_quad(image))
    assert DEFAULTS.screen_replay.status(measure.score) is Status.PASSED
    assert measure.reasons == ()


def framed(lattice: float, *, around: float = 0.0, surroundings: int = 12) -> RgbImage:
    """A bright page with noise, and a lattice of the given strengths in grey levels on and around it, in a frame on a grey ground."""
    chance = np.random.default_rng(74)
    rows, columns = np.mgrid[0:960, 0:1280]
    wave = np.cos(2 * np.pi * (0.21 * columns + 0.13 * rows))
    page = 200 + chance.normal(0, 3, (960, 1280)) + lattice * wave
    outside = (columns < 384) | (columns >= 896) | (rows < 288) | (rows >= 672)
    page[outside] = (surroundings + around * wave)[outside]
    page[(columns < 256) | (columns >= 1024) | (rows < 192) | (rows >= 768)] = 130
    return np.repeat(np.clip(page, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_lattice_and_frame_together_fail_and_the_frame_is_shown() -> None:
    """R31, R37"""
    measure = judge_screen_replay(framed(lattice=12), MIDDLE)
    assert DEFAULTS.screen_replay.status(measure.score) is Status.FAILED
    assert measure.reasons == (Reason.SHOWN_ON_SCREEN,)
    assert overlap(measure.areas[0], Quad(((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)))) > 0.9


@pytest.mark.parametrize(
    "image",
    [framed(lattice=0), framed(lattice=12, surroundings=130), framed(lattice=12, around=12, surroundings=130)],
    ids=["a frame, such as a dark folder", "a lattice, such as fine print", "a lattice that crosses the border"],
)
def test_one_kind_alone_is_doubt(image: RgbImage) -> None:
    """R22, R31"""
    measure = judge_screen_replay(image, MIDDLE)
    assert DEFAULTS.screen_replay.status(measure.score) is Status.UNCLEAR
    assert measure.reasons == (Reason.SCREEN_SUSPECTED,)


@pytest.mark.parametrize(
    ("seen", "strong"),
    [
        (("pattern", "crossing"), False),
        (("pattern", "moving"), False),  # fine print whose moire with the sensor moves
        (("pattern", "moving", "glowing"), False),  # the same on black velvet
        (("framed", "glowing"), False),  # a dark folder
        (("framed", "pattern"), True),
        (("framed", "crossing"), True),
        (("framed", "moving"), True),
        (("crossing", "moving"), True),
        (("crossing", "glowing"), True),
    ],
)
def test_strong_are_kinds_that_share_no_innocent_cause(seen: tuple[str, ...], *, strong: bool) -> None:
    """R22, R31"""
    assert is_strong(replace(NOTHING, **dict.fromkeys(seen, True))) is strong


def test_a_drawn_display_fails_with_its_burst_and_is_doubted_without(passport: RgbImage) -> None:
    """R31: how many such displays are caught stands in docs/recapture.md."""
    take = on_display(passport, Cell("monitor", "near", "leaning"), 5, size=(1120, 840), frames=4)
    alone = judge_screen_replay(take.image, take.quad)
    assert DEFAULTS.screen_replay.status(alone.score) is Status.UNCLEAR
    assert DEFAULTS.screen_replay.status(judge_screen_replay(take.image, take.quad, take.burst).score) is Status.FAILED


def test_frames_that_repeat_fail_even_where_the_document_was_not_found(passport: RgbImage) -> None:
    """R31: a file is played to the camera."""
    image = photograph(passport, Scene(seed=75, size=(640, 480))).image
    measure = judge_screen_replay(image, None, [image] * 5)
    assert DEFAULTS.screen_replay.status(measure.score) is Status.FAILED
    assert measure.reasons == (Reason.FRAMES_REPEATED,)


def test_a_burst_that_cannot_be_measured_changes_nothing(passport: RgbImage) -> None:
    """R22: older phones send few frames."""
    shot = photograph(passport, Scene(seed=76))
    with_frames = judge_screen_replay(shot.image, shot.quad, [shot.image])
    assert with_frames.score == judge_screen_replay(shot.image, shot.quad).score
    assert with_frames.details["unmeasured"] == 1


def test_a_small_picture_is_not_assessed(passport: RgbImage) -> None:
    """R22: it has lost the lattice, so its absence says nothing."""
    shot = photograph(passport, Scene(seed=83, size=(400, 300)))
    assert judge_screen_replay(shot.image, shot.quad).score is None
