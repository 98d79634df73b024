"""Two shares compared."""

from __future__ import annotations

import pytest

from sessions_app.metrics.differences import difference
from sessions_app.metrics.rates import Share


def test_difference_agrees_with_the_published_examples() -> None:
    """R50. Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80, and 9 of 10 against 3 of 10."""
    large, small = difference(Share(56, 70), Share(48, 80)), difference(Share(9, 10), Share(3, 10))
    assert large
    assert (large.interval.low, large.interval.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert small
    assert (small.interval.low, small.interval.high) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_difference_stays_within_what_is_possible() -> None:
    """R50: at the ends of the scale too."""
    found = difference(Share(10, 10), Share(0, 10))
    assert found
    assert found.change == 1.0
    assert 0 < found.interval.low < found.interval.high <= 1.0


def test_difference_is_not_clear_when_none_is_as_plausible() -> None:
    """R50."""
    found = difference(Share(8, 10), Share(7, 10))
    assert found
    assert not found.is_clear


def test_difference_is_clear_in_both_directions() -> None:
    """R50."""
    up, down = difference(Share(90, 100), Share(60, 100)), difference(Share(60, 100), Share(90, 100))
    assert up
    assert down
    assert up.is_clear
    assert down.is_clear
    assert up.change == pytest.approx(-down.change)


@pytest.mark.parametrize(("now", "before"), [(Share(0, 0), Share(1, 2)), (Share(1, 2), Share(0, 0))])
def test_shares_of_nothing_have_no_difference(now: Share, before: Share) -> None:
    """R50."""
    assert difference(now, before) is None
