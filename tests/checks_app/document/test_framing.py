"""Framing: whole documents pass, cut and covered ones do not, and the shape tells cards from passports."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.framing import corner_missing, judge_framing, kind_by_shape
from checks_app.document.quad import find_quad
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Measure, Quad, Reason, Status
from checks_app.thresholds import DEFAULTS
from tests.images import Scene, photograph


def judged(document: RgbImage, scene: Scene) -> Measure:
    image = photograph(document, scene).image
    return judge_framing(image, find_quad(image))


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_a_whole_document_passes(card_front: RgbImage, seed: int) -> None:
    """R32"""
    measure = judged(card_front, Scene(seed=seed))
    assert DEFAULTS.full_document.status(measure.score) is Status.PASSED
    assert measure.reasons == ()


@pytest.mark.parametrize("cut", ["side", "corner"])
@pytest.mark.parametrize("seed", [44, 45])
def test_a_document_that_leaves_the_picture_fails(passport: RgbImage, cut: str, seed: int) -> None:
    """R32: where the finder takes a part of it for the whole, the reason may be COVERED."""
    measure = judged(passport, Scene(seed=seed, cut=cut))
    assert DEFAULTS.full_document.status(measure.score) is Status.FAILED
    assert measure.reasons


@pytest.mark.parametrize("finger", ["corner", "edge"])
@pytest.mark.parametrize("seed", [46, 47])
def test_a_finger_on_the_border_covers_the_document(card_back: RgbImage, finger: str, seed: int) -> None:
    """R32"""
    measure = judged(card_back, Scene(seed=seed, covered=finger))
    assert DEFAULTS.full_document.status(measure.score) is not Status.PASSED
    assert Reason.COVERED in measure.reasons


def test_a_part_of_a_document_is_not_the_whole(passport: RgbImage) -> None:
    """R32: where both long sides go on beyond the quad, the document does too."""
    shot = photograph(passport, Scene(seed=48, desk="dark"))
    top_left, top_right, bottom_right, bottom_left = np.array(shot.quad.corners)
    upper, lower = top_left + 0.7 * (top_right - top_left), bottom_left + 0.7 * (bottom_right - bottom_left)
    part = Quad(tuple((float(x), float(y)) for x, y in (top_left, upper, lower, bottom_left)))
    assert Reason.CORNER_MISSING in judge_framing(shot.image, part).reasons


def test_without_a_document_framing_is_not_measured(passport: RgbImage) -> None:
    """R22: and so it is unclear, never passed."""
    assert judge_framing(passport, None).score is None


@pytest.mark.parametrize(
    ("place", "missing"),
    [(-0.01, True), (0.0, True), (0.005, True), (0.007, False), (0.1, False)],
)
def test_a_corner_on_the_border_of_the_picture_is_missing(place: float, missing: bool) -> None:
    """R32"""
    assert corner_missing(Quad(((place, 0.2), (0.8, 0.2), (0.8, 0.7), (0.2, 0.7)))) is missing


@pytest.mark.parametrize("tilt", [0.0, 15.0])
def test_the_shape_tells_a_passport_from_a_card(passport: RgbImage, card_front: RgbImage, tilt: float) -> None:
    """R30"""
    for document, kind in ((passport, DocumentKind.PASSPORT), (card_front, DocumentKind.ID_CARD)):
        shot = photograph(document, Scene(seed=49, tilt=tilt))
        assert kind_by_shape(shot.quad, (1280, 960)) is kind


@pytest.mark.parametrize("aspect", [1.0, 1.2, 1.5, 1.9])
def test_a_shape_between_or_beyond_both_is_neither(aspect: float) -> None:
    """R30: the MRZ knows better."""
    quad = Quad(((0.5 - aspect / 4, 0.25), (0.5 + aspect / 4, 0.25), (0.5 + aspect / 4, 0.75), (0.5 - aspect / 4, 0.75)))
    assert kind_by_shape(quad, (1000, 1000)) is None
