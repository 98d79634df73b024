"""R50: days cut into days, weeks and months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.panel.metrics_periods import DAY, Step, Stretch, cut, fitting

TODAY = date(2026, 11, 22)  # a Sunday
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(first=days, length=st.integers(1, 400), step=st.sampled_from(Step))
def test_every_day_lies_in_exactly_one_bucket(first: date, length: int, step: Step) -> None:
    """R50."""
    stretch = Stretch(first, first + timedelta(days=length - 1))
    buckets = cut(stretch, step, today=TODAY)
    inside = [bucket.first + number * DAY for bucket in buckets for number in range((bucket.last - bucket.first).days + 1)]
    assert inside == [first + number * DAY for number in range(length)]


@given(first=days, length=st.integers(1, 400))
def test_previous_days_are_as_many_and_end_right_before(first: date, length: int) -> None:
    """R50."""
    stretch = Stretch(first, first + timedelta(days=length - 1))
    assert (stretch.before.days, stretch.before.last + DAY) == (length, first)


def test_weeks_begin_on_monday_and_say_when_they_are_cut() -> None:
    """R50."""
    found = cut(Stretch(date(2026, 11, 11), date(2026, 11, 24)), Step.WEEK, today=TODAY)
    assert [(bucket.words, bucket.is_cut) for bucket in found] == [
        ("11 Nov – 15 Nov", True),
        ("16 Nov – 22 Nov", False),
        ("23 Nov – 24 Nov", True),
    ]


def test_months_end_with_their_last_day() -> None:
    """R50."""
    found = cut(Stretch(date(2026, 1, 15), date(2026, 3, 31)), Step.MONTH, today=TODAY)
    assert [(bucket.words, bucket.is_cut) for bucket in found] == [("15 Jan – 31 Jan", True), ("Feb 2026", False), ("Mar 2026", False)]


def test_only_the_bucket_of_today_is_open() -> None:
    """R50: the days that are over stand still."""
    found = cut(Stretch(date(2026, 11, 2), TODAY), Step.WEEK, today=TODAY)
    assert [bucket.is_open for bucket in found] == [False, False, True]


@pytest.mark.parametrize(("length", "step"), [(1, Step.DAY), (45, Step.DAY), (46, Step.WEEK), (200, Step.WEEK), (201, Step.MONTH)])
def test_step_fits_the_number_of_days(length: int, step: Step) -> None:
    """R50."""
    assert fitting(Stretch(TODAY - timedelta(days=length - 1), TODAY)) is step
