"""Ratings of rectangles: what is printed on a document, and what reaches beyond it, is rated lower than the document."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from checks_app.document.edges import Slopes, slope_field
from checks_app.document.rating import rate

CARD = np.array([(100, 100), (300, 100), (300, 226), (100, 226)], dtype=np.float32)


@pytest.fixture(scope="module")
def slopes() -> Slopes:
    """A pale card with a dark line across it at 60 % of its length, on dark ground."""
    picture = np.full((330, 400, 3), 60, np.uint8)
    picture[100:226, 100:300] = 220
    picture[100:226, 219:222] = 40
    return slope_field(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), dtype=np.uint8))


def scaled(right: float, bottom: float) -> np.ndarray:
    """The card with its right and its lower side elsewhere."""
    return np.array([(100, 100), (right, 100), (right, bottom), (100, bottom)], dtype=np.float32)


@pytest.mark.parametrize(("right", "bottom"), [(220, 226), (300, 190), (340, 226), (300, 270)])
def test_a_rectangle_that_ends_elsewhere_than_the_card_rates_lower(slopes: Slopes, right: float, bottom: float) -> None:
    """R32: sides that go on, or that nothing is seen of, give it away."""
    whole, other = rate(np.array([CARD, scaled(right, bottom)]), slopes)
    assert whole > 0.5
    assert other < 0.75 * whole


def test_one_real_side_is_no_document(slopes: Slopes) -> None:
    """R32: the picture's border cannot stand in for three others."""
    picture = np.array([(1, 100), (398, 100), (398, 328), (1, 328)], dtype=np.float32)
    assert rate(picture[None], slopes)[0] < 0.35


def test_no_rectangles_have_no_ratings(slopes: Slopes) -> None:
    """R35: an empty desk."""
    assert len(rate(np.zeros((0, 4, 2), np.float32), slopes)) == 0
