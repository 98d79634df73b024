"""The quad finder on drawn photographs: on every ground, turned, far, held, and without any document."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.quad import find_quad, overlap
from checks_app.document.rectify import rectify
from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests.images import Scene, photograph
from tests.textures import SURROUNDINGS, desk


@pytest.mark.parametrize("ground", SURROUNDINGS)
def test_a_passport_is_found_on_every_ground(passport: RgbImage, ground: str) -> None:
    """R32"""
    shot = photograph(passport, Scene(seed=31, desk=ground))
    found = find_quad(shot.image)
    assert found is not None
    assert overlap(found, shot.quad) > 0.95


@pytest.mark.parametrize("seed", [50, 74, 75, 78, 84])
def test_a_pale_card_is_found_among_printed_sheets(card_back: RgbImage, seed: int) -> None:
    """R32: rows of print are straight, parallel and clearer than the sides of a pale document, but none of them is a side."""
    shot = photograph(card_back, Scene(seed=seed, desk="papers"))
    found = find_quad(shot.image)
    assert found is not None
    assert overlap(found, shot.quad) > 0.95


@pytest.mark.parametrize("rotation", [-100.0, -40.0, 30.0, 90.0, 180.0])
def test_a_card_is_found_however_it_is_turned(card_back: RgbImage, rotation: float) -> None:
    """R32"""
    shot = photograph(card_back, Scene(seed=32, rotation=rotation))
    found = find_quad(shot.image)
    assert found is not None
    assert overlap(found, shot.quad) > 0.9


def test_a_card_that_a_finger_covers_is_found_whole(card_front: RgbImage) -> None:
    """R32: where its corner is hidden, its sides still tell it."""
    shot = photograph(card_front, Scene(seed=33, covered="corner"))
    found = find_quad(shot.image)
    assert found is not None
    assert overlap(found, shot.quad) > 0.9


@pytest.mark.parametrize("ground", ["plain", "cloth", "dark"])
def test_an_empty_desk_holds_no_document(ground: str) -> None:
    """R35"""
    picture = desk(ground, (1280, 960), np.random.default_rng(34))
    assert find_quad(picture) is None


def test_a_black_picture_holds_no_document() -> None:
    """R35"""
    assert find_quad(np.zeros((480, 640, 3), np.uint8)) is None


def test_corners_run_clockwise_from_the_top_left_of_an_upright_document(passport: RgbImage) -> None:
    """R37: evidence is drawn along them."""
    shot = photograph(passport, Scene(seed=35, rotation=-12))
    found = find_quad(shot.image)
    assert found is not None
    assert np.allclose(found.corners, shot.quad.corners, atol=0.02)


def test_a_rectified_document_looks_like_its_drawing(card_front: RgbImage) -> None:
    """R30: OCR and evidence start from it."""
    shot = photograph(card_front, Scene(seed=36, exposure=1.0, warmth=0.0))
    flat = rectify(shot.image, shot.quad, 674, height=425)
    drawn = card_front[::2, ::2][:425, :674]
    assert np.corrcoef(flat.mean(axis=2).ravel(), drawn.mean(axis=2).ravel())[0, 1] > 0.9


@pytest.mark.parametrize(
    ("shift", "expected"),
    [(0.0, 1.0), (0.25, 1 / 3), (0.5, 0.0), (0.75, 0.0)],
)
def test_overlap_of_a_square_with_itself_shifted(shift: float, expected: float) -> None:
    """R32: half of it away shares a third of the union."""
    square = Quad(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5)))
    moved = Quad(tuple((x + shift, y) for x, y in square.corners))
    assert overlap(square, moved) == pytest.approx(expected, abs=1e-5)


def test_nearly_equal_quads_overlap_nearly_wholly() -> None:
    """R32: a measurement must not lose documents that were found."""
    one = Quad(((0.1070711, 0.1162795), (0.9035758, 0.0529438), (0.9255825, 0.7422439), (0.1289595, 0.7692557)))
    other = Quad(((0.1078228, 0.117485), (0.904092, 0.0528982), (0.9265059, 0.742405), (0.1291035, 0.7700533)))
    assert overlap(one, other) > 0.99
