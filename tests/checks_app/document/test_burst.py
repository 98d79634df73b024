"""Bursts: repeated frames are a replay, a moving moire and pulses on the document are doubt, noise and a tripod are nothing."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from benchmarks.displays import Cell, Take, as_thing, on_display
from checks_app.document.burst import BAND_DEPTH, MOVING_PEAK, count_repeated, judge_burst
from checks_app.imaging import RgbImage
from checks_app.results import Reason

FRAMES = 4
SIZE = (1120, 840)  # of the still; frames are three quarters of it


@cache
def thing(*, still: bool = False) -> Take:
    return as_thing(specimen(), Cell("laptop", "middle", "leaning"), 3, size=SIZE, frames=FRAMES, still=still)


@cache
def display() -> Take:
    return on_display(specimen(), Cell("tablet", "middle", "leaning"), 3, size=SIZE, frames=FRAMES)


def specimen() -> RgbImage:
    """A page with enough corners to follow."""
    chance = np.random.default_rng(8)
    page = np.full((540, 856, 3), 225, np.uint8)
    for row in range(60, 520, 46):
        letters = "".join(chance.choice(list("ABCDEFGHKLMNPRST<0123456789"), 28))
        cv2.putText(page, letters, (40, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 40, 70), 2)
    return page


def jpeg(picture: RgbImage, quality: int) -> RgbImage:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR), np.uint8)


def noisy(seed: int) -> RgbImage:
    """A frame of a camera on a tripod: the same scene, other noise, pressed as the flow does."""
    scene = thing().burst[0]
    return jpeg(np.clip(scene + np.random.default_rng(seed).normal(0, 1.5, scene.shape), 0, 255).astype(np.uint8), 80)


def test_one_picture_again_and_again_is_a_replay() -> None:
    """R31"""
    measure = judge_burst([thing().burst[0]] * 6, thing().quad)
    assert measure.score == 0
    assert measure.reasons == (Reason.FRAMES_REPEATED,)


def test_pressing_a_picture_anew_does_not_make_it_another() -> None:
    """R31: a virtual camera hands a file on through the browser's encoder."""
    first = jpeg(thing().burst[0], 80)
    second = jpeg(first, 80)
    assert count_repeated([first, second, jpeg(second, 80)]) == (2, False)


def test_a_covered_lens_is_no_replay() -> None:
    """R22: its frames are black, and equal."""
    measure = judge_burst([np.zeros((480, 640, 3), np.uint8)] * 6, thing().quad)
    assert measure.score is None
    assert measure.reasons == ()


def test_a_picture_that_comes_back_is_a_loop() -> None:
    """R31: a file that is played twice."""
    frames = [noisy(seed) for seed in (1, 2, 3, 4, 1)]
    assert judge_burst(frames, thing().quad).reasons == (Reason.FRAMES_REPEATED,)


def test_a_slow_camera_may_give_a_frame_twice() -> None:
    """R22: in the dark, cameras are slower than the flow asks."""
    assert count_repeated([noisy(1), noisy(1), noisy(2), noisy(3), noisy(3), noisy(4)]) == (2, False)


def test_a_tripod_does_not_repeat_frames() -> None:
    """R22, R31: noise differs even where nothing moves."""
    take = thing(still=True)
    assert count_repeated(take.burst) == (0, False)


def test_print_does_not_move_on_a_document() -> None:
    """R31"""
    take = thing()
    measure = judge_burst(take.burst, take.quad)
    assert measure.score == 1
    assert measure.details["moving"] < MOVING_PEAK


def test_the_moire_of_a_display_moves() -> None:
    """R31"""
    measure = judge_burst(display().burst, display().quad)
    assert measure.reasons == (Reason.SCREEN_SUSPECTED,)
    assert measure.details["moving"] >= MOVING_PEAK


def pulsed(*, everywhere: bool) -> list[RgbImage]:
    """Frames with bands of brightness that wander, on the document or on all that is seen."""
    take = thing(still=True)
    height, width = take.burst[0].shape[:2]
    mask = np.ones((height, width, 1), np.float64)
    if not everywhere:
        corners = np.round(np.array(take.quad.corners) * (width, height)).astype(np.int32)
        mask = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), corners, 1)[..., None].astype(np.float64)
    bands = [0.05 * np.sin(2 * np.pi * 6 * np.arange(height) / height + phase)[:, None, None] for phase in range(FRAMES)]
    return [np.clip(frame * (1 + band * mask), 0, 255).astype(np.uint8) for frame, band in zip(take.burst, bands, strict=True)]


def test_light_that_pulses_on_the_document_alone_is_doubt() -> None:
    """R31"""
    measure = judge_burst(pulsed(everywhere=False), thing(still=True).quad)
    assert measure.details["pulsing"] >= BAND_DEPTH
    assert measure.reasons == (Reason.SCREEN_SUSPECTED,)


def test_room_light_that_pulses_says_nothing() -> None:
    """R22, R31: lamps on the mains do."""
    assert judge_burst(pulsed(everywhere=True), thing(still=True).quad).details["pulsing"] == 0


@pytest.mark.parametrize("case", ["too few", "sizes", "no document", "nothing to follow"])
def test_what_cannot_be_measured_has_no_score_and_a_reason(case: str) -> None:
    """R22"""
    take = thing()
    chance = np.random.default_rng(9)
    empty = [np.clip(128 + chance.normal(0, 0.4, (420, 560, 3)), 0, 255).astype(np.uint8) for _ in range(5)]
    frames, quad, why = {
        "too few": (take.burst[:2], take.quad, 1),
        "sizes": ([*take.burst[:3], take.image], take.quad, 1),
        "no document": (take.burst, None, 2),
        "nothing to follow": (empty, take.quad, 3),
    }[case]
    measure = judge_burst(frames, quad)
    assert measure.score is None
    assert measure.details["unmeasured"] == why
