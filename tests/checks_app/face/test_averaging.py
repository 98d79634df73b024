"""Several pictures of one face make one description of the same kind as each of them."""

import math

import pytest

from checks_app.face.averaging import mean_embedding


def test_mean_of_unit_vectors_has_length_one() -> None:
    """R33: a shorter one would lie closer to strangers than the calibration knows."""
    half = math.sqrt(0.5)
    assert mean_embedding([(0.0, 1.0), (1.0, 0.0)]) == pytest.approx((half, half))


def test_mean_keeps_the_length_that_another_engine_gives() -> None:
    """R33."""
    assert mean_embedding([(0.0, 2.0), (0.0, 4.0)]) == pytest.approx((0.0, 3.0))


def test_mean_of_one_is_that_one() -> None:
    """R33."""
    assert mean_embedding([(0.25, -0.5)]) == pytest.approx((0.25, -0.5))
