"""Made-up histories of daily counts for `./run bench drift`, and what people use in the place of a test for drift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions_app.drift import detection

Days = NDArray[np.int64]
"""(series, days)."""

Strength = NDArray[np.float64]
"""(series), how much the last day says that something changed."""

WEEK = np.array([1.15, 1.15, 1.15, 1.15, 1.15, 0.75, 0.5])
"""Sessions by weekday, Monday first, in parts of the mean day."""

WEEKDAY_SCATTER = 0.15
"""Standard deviation, in log odds, of a weekday's own rate: kept for the whole history."""

DAY_SCATTER = 0.15
"""Standard deviation of a day's rate (beta), in parts of it; above a half, in parts of what is missing to 1."""

VOLUME_SHAPE = 16
"""Of a gamma distribution: days differ by a quarter in how many come."""


@dataclass(frozen=True, slots=True)
class Setting:
    """rate: 0..1; volume: sessions a day; uneven: with weekdays, and with days that differ more than coins do."""

    rate: float
    volume: float
    uneven: bool


def doubled(rate: float) -> float:
    """Twice as often; where that cannot be, the others become half as many."""
    return 2 * rate if rate <= 0.5 else 1 - (1 - rate) / 2


def history(setting: Setting, *, series: int, days: int, chance: np.random.Generator, doubled_from: int | None = None) -> tuple[Days, Days]:
    """How many of how many on each day. doubled_from: the first day of the doubled rate."""
    weekdays = (np.arange(days) + chance.integers(0, 7, (series, 1))) % 7
    rates = np.full((series, days), setting.rate)
    if doubled_from is not None:
        rates[:, doubled_from:] = doubled(setting.rate)
    volumes = np.full((series, days), float(setting.volume))
    if setting.uneven:
        volumes *= (WEEK / WEEK.mean())[weekdays] * chance.gamma(VOLUME_SHAPE, 1 / VOLUME_SHAPE, (series, days))
        rates = _scattered(rates, weekdays, chance)
    of = chance.poisson(volumes)
    return chance.binomial(of, rates), of


def _scattered(rates: NDArray[np.float64], weekdays: Days, chance: np.random.Generator) -> NDArray[np.float64]:
    own = np.take_along_axis(chance.normal(0, WEEKDAY_SCATTER, (len(rates), 7)), weekdays, axis=1)
    means = 1 / (1 + np.exp(-np.log(rates / (1 - rates)) - own))
    deviations = DAY_SCATTER * np.minimum(means, 1 - means)
    weight = means * (1 - means) / deviations**2 - 1
    return chance.beta(means * weight, (1 - means) * weight)


def ours(events: Days, of: Days) -> Strength:
    """The product's test at the end of the last day, in nats."""
    return detection.strongest(events[:, -detection.DAYS :], of[:, -detection.DAYS :])


def of_the_day(events: Days, of: Days) -> Strength:
    """The last day against the mean of the seven days before it, in standard deviations."""
    n, total = events[:, -1], of[:, -1]
    before, before_of = events[:, -8:-1].sum(axis=1), of[:, -8:-1].sum(axis=1)
    mean = before / np.maximum(before_of, 1)
    apart = np.where((total > 0) & (before_of > 0), np.abs(n - mean * total), 0)
    return _in_deviations(apart, np.sqrt(np.maximum(mean * (1 - mean) * total, 0)))


def of_the_week(events: Days, of: Days) -> Strength:
    """The last seven days against the four weeks before them, looked at every day, in standard errors."""
    n, total = events[:, -7:].sum(axis=1), of[:, -7:].sum(axis=1)
    before, before_of = events[:, -35:-7].sum(axis=1), of[:, -35:-7].sum(axis=1)
    together = (n + before) / np.maximum(total + before_of, 1)
    error = np.sqrt(np.maximum(together * (1 - together), 0) * (1 / np.maximum(total, 1) + 1 / np.maximum(before_of, 1)))
    apart = np.abs(n / np.maximum(total, 1) - before / np.maximum(before_of, 1))
    return _in_deviations(np.where((total > 0) & (before_of > 0), apart, 0), error)


def _in_deviations(apart: Strength, deviation: Strength) -> Strength:
    """Where nothing ever varied, everything is infinitely far."""
    return np.divide(apart, deviation, out=np.where(apart > 0, np.inf, 0.0), where=deviation > 0)
