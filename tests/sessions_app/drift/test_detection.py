"""R44: a rate against its own four weeks before, at the edges of the rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sessions_app.drift import detection
from sessions_app.drift.detection import BASELINE, DAYS, EARLY, LONGEST, SURE, Drift, drifts

CALM = 3
"""Of 50 on each day: 6 %."""


def days(*last: int, before: int = CALM) -> NDArray[np.int64]:
    """The last days as given, all others like the baseline."""
    return np.array([*[before] * (DAYS - len(last)), *last])


def look(events: NDArray[np.int64], of: NDArray[np.int64] | int = 50, *, limit: float = EARLY) -> Drift | None:
    (found,) = drifts(events[None, :], np.broadcast_to(of, events.shape)[None, :], limits=np.array([limit]))
    return found


def nats(events: NDArray[np.int64], of: NDArray[np.int64] | int = 50) -> float:
    return float(detection.strongest(events[None, :], np.broadcast_to(of, events.shape)[None, :])[0])


def test_a_rate_that_stays_is_no_drift() -> None:
    assert look(days()) is None


def test_a_rate_that_doubles_is_told_with_its_days_and_counts() -> None:
    found = look(days(6, 7, 6, 6, 7))
    assert found is not None
    assert replace(found, nats=0) == Drift(5, True, 32, 250, CALM * BASELINE, 50 * BASELINE, 0)


def test_a_rate_that_falls_is_found_as_well() -> None:
    """A check that stopped failing may have stopped looking."""
    found = look(days(0, 0, 0, 0))
    assert found is not None
    assert (found.rising, found.days, found.observed) == (False, 4, 0)


def test_tested_days_are_not_in_their_own_baseline() -> None:
    """Ten bad days: a baseline that held them would be higher than the 6 % of the days before."""
    found = look(days(*[7] * 10))
    assert found is not None
    assert (found.days, found.baseline, found.baseline_of) == (10, CALM * BASELINE, 50 * BASELINE)


def test_a_slow_rise_is_found_before_the_baseline_has_taken_it_in() -> None:
    assert look(days(*[4] * 7, *[5] * 7, *[6] * 7)) is not None


def test_the_most_likely_beginning_is_told() -> None:
    """Two weeks of a little more before it would be the surer one, since longer windows have less to spare."""
    found = look(days(*[3] * 14, *[6] * 3, before=2))
    assert found is not None
    assert (found.days, found.observed) == (3, 18)


def test_a_rare_failure_that_becomes_twice_as_frequent_is_found_in_weeks() -> None:
    """From three to seven sessions of 350 in a week: too few to see it in any week alone."""
    rare = np.resize([0, 0, 1, 0, 0, 2, 0], DAYS)
    rare[-LONGEST:] = np.resize([1, 1, 1, 2, 1, 1, 0], LONGEST)
    assert look(rare) is not None


def test_a_change_older_than_the_longest_window_is_a_baseline_of_its_own() -> None:
    assert look(days(*[7] * (LONGEST + BASELINE))) is None


def test_a_baseline_of_few_sessions_proves_less() -> None:
    """The same rates: 6 % before, 14 % now; before, a tenth of the sessions."""
    of = np.array([*[5] * (DAYS - 5), *[50] * 5])
    few = np.array([*[1, 0, 0] * 17, *[7] * 5])
    assert 0 < nats(few, of) < nats(days(*[7] * 5))


@pytest.mark.parametrize(("known", "found"), [(6, False), (7, True)])
def test_a_baseline_needs_seven_days_with_sessions(known: int, found: bool) -> None:
    of = np.array([*[0] * (DAYS - known - 3), *[50] * (known + 3)])
    assert (look(np.where(of > 0, days(20, 20, 20), 0), of) is not None) is found


def test_days_without_sessions_say_nothing() -> None:
    """A company that rests at the weekend has the evidence of its working days, and its counts."""
    week = np.array([1, 1, 1, 1, 1, 0, 0] * 8)
    found = look(days(7, 7, 7, 7, 7, 0, 0) * week, 50 * week)
    assert found is not None
    assert (found.observed, found.observed_of, found.baseline_of) == (35, 250, 50 * 20)


def test_a_rest_of_weeks_is_bridged_and_the_change_begins_with_a_session() -> None:
    """The baseline is then of the last days before the rest."""
    of = np.array([*[50] * 30, *[0] * 23, *[50] * 3])
    found = look(np.where(of > 0, days(20, 20, 20), 0), of)
    assert found is not None
    assert (found.days, found.observed_of) == (3, 150)


def test_no_sessions_at_all_are_no_drift() -> None:
    assert look(days(before=0), 0) is None


@pytest.mark.parametrize("rate", [0, 50])
def test_a_rate_at_its_end_is_no_drift(rate: int) -> None:
    """Nobody fails, or everybody: no logarithm of nothing."""
    assert look(days(before=rate)) is None


@pytest.mark.parametrize(("failed", "found"), [(3, False), (4, True)])
def test_fewer_than_four_sessions_call_nobody(failed: int, found: bool) -> None:
    """Nobody failed before, so every one is in excess; three of five would be proof enough for the ratio alone."""
    of = np.array([*[50] * (DAYS - 1), 5])
    assert (look(days(failed, before=0), of) is not None) is found


def test_a_fraction_of_a_point_is_no_drift_however_many_sessions_prove_it() -> None:
    """30.0 % to 30.9 %, odds times 1.043: certain, and nobody's business. 32 % is."""
    assert nats(days(*[30_900] * 7, before=30_000), 100_000) == 0
    assert nats(days(*[32_000] * 7, before=30_000), 100_000) > SURE


def test_days_that_scatter_prove_less_than_even_ones() -> None:
    """The same counts before and after; where days went up and down all along, a high week is one of them."""
    uneven = days(*[6] * 5)
    uneven[: DAYS - 5] = np.resize([0, 0, 0, 12, 3, 3, 3], DAYS - 5)
    assert uneven[-33:-5].sum() == CALM * BASELINE
    assert nats(uneven) < nats(days(*[6] * 5)) / 2


def test_weekends_of_every_week_are_no_drift() -> None:
    """Saturday and Sunday always fail twice as often."""
    assert look(np.array([3, 3, 3, 3, 3, 6, 6] * 8)) is None


def test_a_wanted_restart_forgets_what_was_before() -> None:
    """Days before it count as 0 of 0: after a change that doubled the rate on purpose nothing is reported."""
    events = days(*[7] * 20)
    of = np.where(np.arange(DAYS) < DAYS - 20, 0, 50)
    assert look(events) is not None
    assert look(np.where(of > 0, events, 0), of) is None


def test_each_series_has_its_own_limit() -> None:
    events = np.stack([days(7, 7, 7, 7)] * 2)
    strict = float(detection.strongest(events, np.full_like(events, 50))[0])
    assert drifts(events, np.full_like(events, 50), limits=np.array([strict, strict + 0.01]))[1] is None


def test_series_do_not_see_each_other() -> None:
    events = np.stack([days(), days(6, 7, 6, 6, 7), days(0, 0, 0, 0)])
    together = drifts(events, np.full_like(events, 50), limits=np.full(3, EARLY))
    assert together == [look(row) for row in events]
