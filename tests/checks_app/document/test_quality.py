"""Quality at capture: each fault is named, ordinary pictures are not disturbed, the most urgent comes first."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from checks_app.document.quad import find_quad
from checks_app.document.quality import judge_quality
from checks_app.imaging import RgbImage
from checks_app.results import Quad, Reason
from tests.images import Scene, photograph


def problems(image: RgbImage) -> tuple[Reason, ...]:
    return judge_quality(image, find_quad(image))[0]


@pytest.mark.parametrize("size", [(1280, 960), (1280, 720), (1920, 1080)])
def test_an_ordinary_picture_is_good(passport: RgbImage, size: tuple[int, int]) -> None:
    """R35"""
    image = photograph(passport, Scene(seed=51, size=size)).image
    found, measure = judge_quality(image, find_quad(image))
    assert found == ()
    assert measure.score is not None
    assert measure.score > 0.5


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (Scene(seed=52, blur=2.4), Reason.BLURRED),
        (Scene(seed=53, glare=0.1), Reason.GLARE),
        (Scene(seed=54, exposure=0.2), Reason.TOO_DARK),
        (Scene(seed=55, exposure=2.4, desk="dark"), Reason.TOO_BRIGHT),
        (Scene(seed=56, fill=0.33), Reason.DOCUMENT_TOO_FAR),
    ],
)
def test_each_fault_is_named(card_front: RgbImage, scene: Scene, reason: Reason) -> None:
    """R35"""
    assert problems(photograph(card_front, scene).image) == (reason,)


def test_a_cut_document_misses_a_corner(card_front: RgbImage) -> None:
    """R35"""
    shot = photograph(card_front, Scene(seed=57, cut="corner"))
    assert Reason.CORNER_MISSING in judge_quality(shot.image, shot.quad)[0]


def test_a_picture_without_a_document_says_so() -> None:
    """R35"""
    found, measure = judge_quality(np.full((720, 1280, 3), 160, np.uint8), None)
    assert found == (Reason.NO_DOCUMENT,)
    assert measure.score is None


def test_darkness_is_mended_before_the_document_is_looked_for() -> None:
    """R35: the most urgent problem comes first."""
    assert judge_quality(np.full((720, 1280, 3), 12, np.uint8), None)[0] == (Reason.TOO_DARK, Reason.NO_DOCUMENT)


@pytest.mark.parametrize(("size", "small"), [((639, 480), True), ((640, 399), True), ((640, 400), False)])
def test_small_pictures_are_refused(size: tuple[int, int], small: bool) -> None:
    """R35"""
    picture = np.full((size[1], size[0], 3), 160, np.uint8)
    assert (Reason.TOO_SMALL in judge_quality(picture, None)[0]) is small


def test_sharpness_does_not_depend_on_resolution(passport: RgbImage) -> None:
    """R35: a picture of twice the pixels is as sharp."""
    image = photograph(passport, Scene(seed=58)).image
    double = np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    quad = find_quad(image)
    blurs = [judge_quality(picture, quad)[1].details["blur"] for picture in (image, double)]
    assert blurs[0] == pytest.approx(blurs[1], abs=0.06)


def test_white_paper_is_no_glare() -> None:
    """R35: a sheet that is bright all over outshines nothing."""
    page = np.full((800, 1200, 3), 120, np.uint8)
    page[100:700, 150:1050] = 246
    page[200:240, 200:900] = 30
    page[300:420, 300:600] = 252
    quad = Quad(((0.125, 0.125), (0.875, 0.125), (0.875, 0.875), (0.125, 0.875)))
    assert Reason.GLARE not in judge_quality(page, quad)[0]


@pytest.mark.parametrize("share", [0.03, 0.15, 0.25])
def test_a_large_reflection_is_glare_as_a_small_one_is(share: float) -> None:
    """R35: it must not count as the paper that it outshines."""
    page = np.full((800, 1200, 3), 120, np.uint8)
    page[100:700, 150:1050] = 200
    page[150:650, 200 : 200 + round(share * 600 * 900 / 500)] = 255
    quad = Quad(((0.125, 0.125), (0.875, 0.125), (0.875, 0.875), (0.125, 0.875)))
    assert Reason.GLARE in judge_quality(page, quad)[0]
