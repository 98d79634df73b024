"""Does a rate differ from its own baseline? Counts of days in, a verdict out; no Django, no clock (R44).

A likelihood ratio over every possible beginning of a change (a windowed GLR test, after Lai 1995, JRSS-B 57:613-658): for each k from 1 to
LONGEST, the last k days are compared with the four weeks before *them*. So the days that are tested are never part of their own baseline,
and both sides enter with what they are worth: a baseline of few sessions proves little. The evidence is the binomial log-likelihood ratio
in nats; of k sessions of 20 it is a Chernoff bound of the exact test, therefore tiny numbers need no other rule. Four things temper it:

- Every length of window has the same share in the false alarms. Of short windows there are more that tell something new, LONGEST / k, and
  the logarithm of that is taken off before the limit is asked; else single bad days would use up what a rare rate needs, which shows
  itself only in weeks. The beginning that is told is the most likely one.
- Days differ more than coins do, by weekday and by chance. How much more is estimated from the baseline's own days (Pearson's chi-square
  per degree of freedom, never below 1) and divides the evidence; that estimate is itself uncertain, so beyond 1 the ratio is that of
  Student's t. Weekdays need no model of their own: some days of a week scatter less than days drawn at random would. Of one or two events
  a day the estimate is mostly noise, while what days differ by hardly shows itself: it counts as far as it can be more than noise.
- A change that nobody would act upon is none: the baseline's odds may move by MARGIN for nothing.
- Fewer than LEAST_EXCESS sessions more or less than expected call nobody.

Days without sessions say nothing, and a baseline needs BASELINE_AT_LEAST days with some; a day that must not count, because it lies before
a restart, is given as 0 of 0. Tuned with the seeds below 1,000 of benchmarks/drift.py; what is reported comes from other seeds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASELINE = 28
"""Days before the tested ones that they are compared with."""

LONGEST = 28
"""Days that are tested at most: a slower change is a baseline's own."""

DAYS = BASELINE + LONGEST
"""Days on which a verdict depends."""

BASELINE_AT_LEAST = 7
"""Days with sessions: a week, so that every weekday has its say."""

MARGIN = 1.05
"""Factor of the odds. Without it a thousand sessions a day would report a fraction of a point."""

LEAST_EXCESS = 4
"""Sessions."""

UNEVEN = 0.1
"""How much a day's own rate may well differ: variance in parts of the squared rate, so that a third more or less is usual."""

EARLY = 2.75
"""Nats that raise an alert of the company, whose own rates and checks are few and watched closely, and an early sign of one market."""

SURE = 5.75
"""Nats that raise an alert of one market. The series of all markets are a hundred and more: with the limit above they would report chance
every third day."""

FADED = 1.5
"""Nats below which an early sign is none any more; well below EARLY, or it would come and go. `./run bench drift` measures all three."""

Counts = NDArray[np.float64]
"""(series, windows) unless said otherwise."""

CHANCES = np.log(LONGEST / np.arange(1, LONGEST + 1))
"""Nats that each window has to spare, the shortest first: of how many the most telling one is taken."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The last `days` days against the four weeks before them."""

    days: int
    rising: bool
    observed: int
    observed_of: int
    baseline: int
    baseline_of: int
    nats: float


@dataclass(frozen=True, slots=True)
class Windows:
    """Sums over the last 1, 2 ... LONGEST days, and over the BASELINE days before each. scatter: of the baseline's days, 1 like coins."""

    observed: Counts
    observed_of: Counts
    baseline: Counts
    baseline_of: Counts
    baseline_days: Counts
    scatter: Counts


def drifts(events: NDArray[np.int64], of: NDArray[np.int64], *, limits: NDArray[np.float64]) -> list[Drift | None]:
    """Look at every series; None: no drift.

    events, of: (series, DAYS), how many of how many on each day, the last whole day last. limits: (series), nats.
    """
    windows = _windows(events, of)
    nats = evidence(windows)
    best, sure = nats.argmax(axis=1), (nats - CHANCES).max(axis=1)
    found: list[Drift | None] = [None] * len(events)
    for row in np.flatnonzero(sure >= limits):
        found[row] = _drift(windows, (int(row), int(best[row])), of[row], float(sure[row]))
    return found


def strongest(events: NDArray[np.int64], of: NDArray[np.int64]) -> NDArray[np.float64]:
    """What is compared with the limits, of each series; for those who compare limits."""
    found: NDArray[np.float64] = (evidence(_windows(events, of)) - CHANCES).max(axis=1)
    return found


def evidence(windows: Windows) -> Counts:
    """Nats for each window; 0 where nothing may be concluded."""
    before = _share(windows.baseline, windows.baseline_of)
    now = _share(windows.observed, windows.observed_of)
    tolerated = _moved(before, np.where(now > before, MARGIN, 1 / MARGIN))
    excess = np.abs(windows.observed - before * windows.observed_of)
    is_beyond = np.where(now > before, now > tolerated, now < tolerated)
    counts = is_beyond & (windows.baseline_days >= BASELINE_AT_LEAST) & (excess >= LEAST_EXCESS)
    ratio = _ratio(windows.observed, windows.observed_of, tolerated * windows.baseline_of, windows.baseline_of) / windows.scatter
    freedom = np.maximum(windows.baseline_days - 1, 1)
    doubted = (freedom + 1) / 2 * np.log1p(2 * np.maximum(ratio, 0) / freedom)
    return np.where(counts, np.where(windows.scatter > 1, doubted, ratio), 0.0)


def _windows(events: NDArray[np.int64], of: NDArray[np.int64]) -> Windows:
    observed, baseline = _sums(events)
    observed_of, baseline_of = _sums(of)
    _, days = _sums(of > 0)
    _, squares = _sums(np.divide(np.square(events, dtype=float), of, out=np.zeros(events.shape), where=of > 0))
    scatter = _scatter(baseline, baseline_of, days, squares)
    return Windows(observed, observed_of, baseline, baseline_of, days, scatter)


def _scatter(events: Counts, of: Counts, days: Counts, squares: Counts) -> Counts:
    """The baseline's chi-square per degree of freedom, drawn towards 1 by the part of it that is noise. squares: sums of events² / of."""
    share, freedom = _share(events, of), np.maximum(days - 1, 1)
    spread = squares - 2 * share * events + share**2 * of
    expected = share * (1 - share)
    raw = np.divide(spread, expected, out=np.ones_like(spread), where=expected > 0) / freedom
    a_day = np.maximum(np.minimum(events, of - events), 1) / np.maximum(days, 1)
    meant, noise = (UNEVEN * a_day) ** 2, (2 + 1 / a_day) / freedom
    return 1 + meant / (meant + noise) * np.maximum(raw - 1, 0)


def _sums(days: NDArray[np.generic]) -> tuple[Counts, Counts]:
    """days: (series, DAYS). The tested windows, shortest first, and their baselines."""
    running = np.zeros((len(days), DAYS + 1))
    np.cumsum(days, axis=1, out=running[:, 1:])
    begins = np.arange(DAYS - 1, DAYS - 1 - LONGEST, -1)
    return running[:, -1:] - running[:, begins], running[:, begins] - running[:, begins - BASELINE]


def _share(events: Counts, of: Counts) -> Counts:
    return np.divide(events, of, out=np.zeros_like(of), where=of > 0)


def _moved(share: Counts, factor: Counts) -> Counts:
    """A share whose odds are multiplied."""
    return share * factor / (1 - share + share * factor)


def _ratio(events: Counts, of: Counts, others: Counts, others_of: Counts) -> Counts:
    """Log-likelihood of two shares of their own over that of one common share."""
    common = _share(events + others, of + others_of)
    own = _likelihood(events, of, _share(events, of)) + _likelihood(others, others_of, _share(others, others_of))
    return own - _likelihood(events, of, common) - _likelihood(others, others_of, common)


def _likelihood(events: Counts, of: Counts, share: Counts) -> Counts:
    return _times_log(events, share) + _times_log(of - events, 1 - share)


def _times_log(times: Counts, share: Counts) -> Counts:
    """0 log 0 is 0. A remainder of rounding is none."""
    return times * np.log(share, out=np.zeros_like(share), where=(times > 1e-9) & (share > 0))


def _drift(windows: Windows, at: tuple[int, int], of: NDArray[np.int64], nats: float) -> Drift:
    """The days begin with one that has sessions: before it, nothing can have changed that anybody saw."""
    observed, observed_of = int(windows.observed[at]), int(windows.observed_of[at])
    baseline, baseline_of = int(windows.baseline[at]), int(windows.baseline_of[at])
    tested = of[DAYS - at[1] - 1 :]
    days = len(tested) - int(np.flatnonzero(tested)[0])
    return Drift(days, observed * baseline_of > baseline * observed_of, observed, observed_of, baseline, baseline_of, nats)
