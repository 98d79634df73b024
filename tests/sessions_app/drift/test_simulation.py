"""R44: the rates that docs/drift.md states hold, coarsely; `./run bench drift` measures them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.drift import DAILY, OF_COMPANY, OF_MARKET, SIGN, Watcher, days_until, watch
from benchmarks.drift_histories import Setting, history
from sessions_app.drift.detection import DAYS

QUARTER = 90


def alarms(watcher: Watcher, setting: Setting, *, series: int = 150) -> float:
    """Of one series in 90 days."""
    events = history(setting, series=series, days=DAYS + QUARTER, chance=np.random.default_rng(7_001))
    return float(watch(watcher, *events).alarms.mean())


def days_to_find(watcher: Watcher, setting: Setting) -> float:
    events = history(setting, series=800, days=DAYS + 60, chance=np.random.default_rng(7_002), doubled_from=DAYS)
    return float(np.median(days_until(watcher, *events)))


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize(("watcher", "most"), [(OF_COMPANY, 0.8), (SIGN, 0.8), (OF_MARKET, 0.15)])
def test_false_alarms_are_as_rare_as_stated(watcher: Watcher, most: float, uneven: bool) -> None:
    assert alarms(watcher, Setting(0.10, 50, uneven)) <= most


@pytest.mark.parametrize(("watcher", "rate"), [(OF_COMPANY, 0.05), (OF_MARKET, 0.10)])
def test_doubled_rate_at_50_sessions_a_day_is_found_in_five_days(watcher: Watcher, rate: float) -> None:
    assert days_to_find(watcher, Setting(rate, 50, uneven=False)) <= 5


def test_large_numbers_on_uneven_days_do_not_cry_wolf() -> None:
    """Where three standard deviations of the day cry several times in 90 days."""
    setting = Setting(0.30, 1_000, uneven=True)
    assert alarms(OF_COMPANY, setting) < 1 < 5 < alarms(DAILY, setting)
