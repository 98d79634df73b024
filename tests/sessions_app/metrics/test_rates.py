"""R50: what stands over and what under the line of each rate."""

from __future__ import annotations

import pytest

from sessions_app.metrics.rates import CheckCounts, Counts, Rate, Share

COUNTS = Counts(approved_by_checks=50, approved_by_hand=7, in_review=5, declined_by_checks=11, declined_by_hand=3, abandoned=24, retaken=31)


@pytest.mark.parametrize(("rate", "n"), [(Rate.APPROVAL, 57), (Rate.REJECTION, 11), (Rate.ABANDONMENT, 24), (Rate.FORCED_RETRY, 31)])
def test_every_rate_is_a_share_of_the_finished_sessions(rate: Rate, n: int) -> None:
    """Manual approvals count as approvals, manual declines are no rejections."""
    assert COUNTS.share_of(rate) == Share(n, 100)


def test_counts_add_up() -> None:
    twice = COUNTS + COUNTS
    assert (twice.finished, twice.in_review, twice.retaken) == (200, 10, 62)


def test_share_of_nothing_is_no_number() -> None:
    assert (Share(0, 0).share, Share(0, 0).interval) == (None, None)


def test_share_has_wilsons_interval() -> None:
    interval = Share(15, 148).interval
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)


def test_check_fails_in_a_share_of_the_sessions_that_it_judged() -> None:
    counts = CheckCounts(judged=40, failed=6, unclear=4)
    assert (counts.failing, counts.doubtful) == (Share(6, 40), Share(4, 40))
