"""Framing: whole documents pass, cut and covered ones do not, and the shape tells cards from passports."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.framing import corner_missing, judge_framing, kind_by_shape
from checks_app.document.quad import find_quad
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Measure, Quad, Reason, Side, Status
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


@pytest.mark.parametrize("cut", ["side", "corner", "tip"])
@pytest.mark.parametrize("seed", [44, 45])
def test_a_document_that_leaves_the_picture_fails(passport: RgbImage, cut: str, seed: int) -> None:
    """R32: where the finder takes a part of it for the whole, the reason may be COVERED."""
    measure = judged(passport, Scene(seed=seed, cut=cut))
    assert DEFAULTS.full_document.status(measure.score) is Status.FAILED
    assert measure.reasons


@pytest.mark.parametrize("place", ["corner", "edge"])
@pytest.mark.parametrize(("seed", "thing"), [(46, "finger"), (47, "finger"), (48, "hand"), (60, "pen"), (50, "coin"), (51, "note")])
def test_what_lies_on_the_border_covers_the_document(card_back: RgbImage, place: str, thing: str, seed: int) -> None:
    """R32"""
    shot = photograph(card_back, Scene(seed=seed, desk="plain", covered=place, thing=thing))
    measure = judge_framing(shot.image, shot.quad)
    assert DEFAULTS.full_document.status(measure.score) is not Status.PASSED
    assert Reason.COVERED in measure.reasons
    assert measure.areas


@pytest.mark.parametrize("thing", ["finger", "pen", "coin", "note"])
def test_what_lies_on_the_zone_is_told_as_such(passport: RgbImage, thing: str) -> None:
    """R32: a coin in the middle of the zone touches no border, but the print has a gap."""
    shot = photograph(passport, Scene(seed=52, covered="mrz", thing=thing))
    measure = judge_framing(shot.image, shot.quad, kind=DocumentKind.PASSPORT, side=Side.FRONT)
    assert measure.reasons[0] is Reason.MRZ_COVERED
    assert DEFAULTS.full_document.status(measure.score) is Status.FAILED


def test_the_zone_is_looked_at_where_it_was_seen(card_back: RgbImage) -> None:
    """R32: upside down, too."""
    shot = photograph(card_back, Scene(seed=53, covered="mrz", thing="coin", rotation=180))
    top_left, top_right, bottom_right, bottom_left = np.array(shot.quad.corners)
    zone = (top_left * 0.4 + bottom_left * 0.6, top_right * 0.4 + bottom_right * 0.6, bottom_right, bottom_left)
    region = Quad(tuple((float(x), float(y)) for x, y in zone))
    turned = Quad(shot.quad.corners[2:] + shot.quad.corners[:2])
    for seen in (region, None):
        measure = judge_framing(shot.image, turned, kind=DocumentKind.ID_CARD, side=Side.BACK, mrz_region=seen)
        assert Reason.MRZ_COVERED in measure.reasons
        found = np.mean(measure.areas[0].corners, axis=0)
        assert np.linalg.norm(found - np.mean(region.corners, axis=0)) < 0.3


def test_a_zone_that_was_read_is_not_covered(passport: RgbImage) -> None:
    """R32: its check digits prove it, whatever its layout."""
    shot = photograph(passport, Scene(seed=52, covered="mrz", thing="coin"))
    read = judge_framing(shot.image, shot.quad, kind=DocumentKind.PASSPORT, side=Side.FRONT, mrz_read=True)
    assert Reason.MRZ_COVERED not in read.reasons


def test_without_a_zone_on_this_side_its_gaps_are_no_matter(card_front: RgbImage) -> None:
    """R32: a front has no MRZ."""
    shot = photograph(card_front, Scene(seed=54))
    assert judge_framing(shot.image, shot.quad, kind=DocumentKind.ID_CARD, side=Side.FRONT).reasons == ()


@pytest.mark.parametrize("box", [None, "face"])
def test_a_hand_over_the_portrait_is_told_as_such(card_front: RgbImage, box: str | None) -> None:
    """R32: whether a face was found below it or not."""
    shot = photograph(card_front, Scene(seed=55, desk="plain", covered="portrait", thing="finger"))
    (left, top), _, (right, bottom), _ = shot.quad.corners
    face = (left + 0.08 * (right - left), top + 0.3 * (bottom - top), left + 0.32 * (right - left), top + 0.7 * (bottom - top))
    measure = judge_framing(shot.image, shot.quad, kind=DocumentKind.ID_CARD, side=Side.FRONT, portrait_box=face if box else None)
    assert measure.reasons[0] is Reason.PORTRAIT_COVERED


@pytest.mark.parametrize("scene", [Scene(seed=56, held=True), Scene(seed=57, desk="room", held=True), Scene(seed=58, shadow=0.35)])
def test_hands_behind_a_document_and_shadows_on_it_cover_nothing(passport: RgbImage, scene: Scene) -> None:
    """R32"""
    assert judged(passport, scene).reasons == ()


def test_a_corner_outside_is_marked_where_it_should_be(passport: RgbImage) -> None:
    """R37: the evidence shows the border of the picture beside it."""
    measure = judge_framing(passport, Quad(((-0.02, 0.2), (0.8, 0.2), (0.8, 0.7), (0.2, 0.7))))
    (area,) = measure.areas
    assert np.allclose(area.corners, ((0.0, 0.15), (0.05, 0.15), (0.05, 0.25), (0.0, 0.25)))


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
