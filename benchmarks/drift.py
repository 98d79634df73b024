"""The test for drift, simulated: `./run bench drift`.

For each base rate, number of sessions a day, and evenness of days: how often it cries for nothing in 90 days, and how many days pass until
it notices that the rate has doubled. In the same run, on the same histories: what people use in its place. The limits were tuned with seeds
below 1,000; the seed of this run is another.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.drift_histories import Days, Setting, Strength, history, of_the_day, of_the_week, ours
from sessions_app.drift import detection

RATES = (0.005, 0.02, 0.05, 0.10, 0.30, 0.60)
VOLUMES = (5, 20, 50, 200, 1_000)
QUARTER = 90
PATIENCE = 60
"""Days after which a doubled rate counts as not found."""

MARKETS = (0.4, 0.25, 0.15, 0.12, 0.08)
OF_RATES = (0.80, 0.06, 0.08, 0.12)
OF_CHECKS = (0.03, 0.03, 0.02, 0.02, 0.01, 0.005, 0.005, 0.01, 0.002, 0.002, 0.04, 0.06, 0.002)
"""The four rates and the thirteen checks of an example: a company with 200 sessions a day in five markets."""

SILENT = 8
"""Days without a second alarm of a rival's, as after an acknowledgement of ours."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks at the end of each day, and cries from `limit` on.

    restarts: what was cried is acknowledged on the next day and begins a new baseline; fades: it stands until there is less than that to
    show it. Neither: there is silence for a week.
    """

    name: str
    look: Callable[[Days, Days], Strength]
    limit: float
    restarts: bool = False
    fades: float | None = None


OF_COMPANY = Watcher("company, alert", ours, detection.EARLY, restarts=True)
SIGN = Watcher("market, early sign", ours, detection.EARLY, fades=detection.FADED)
OF_MARKET = Watcher("market, alert", ours, detection.SURE, restarts=True)
DAILY, WEEKLY = Watcher("day, 3 sigma", of_the_day, 3.0), Watcher("week, p<0.05", of_the_week, 1.959964)
WATCHERS = (OF_COMPANY, SIGN, OF_MARKET, DAILY, WEEKLY)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench drift", description=__doc__)
    parser.add_argument("--series", type=int, default=2_000, help="histories of each setting")
    parser.add_argument("--companies", type=int, default=200, help="examples of a company with five markets")
    parser.add_argument("--seed", type=int, default=2_026, help="1,000 or more; those below were tuned on")
    options = parser.parse_args()
    chance, began = np.random.default_rng(options.seed), time.process_time()
    print(f"seed {options.seed}; {options.series:,} histories of {detection.DAYS} + {QUARTER} days for each line")
    print("false: alarms of one series in 90 days without any change (95 % interval); days: median until a doubled rate is found (same)\n")
    for uneven in (False, True):
        print("days differ by weekday and by chance" if uneven else "days differ as coins do")
        print(" " * 14 + "".join(f"{watcher.name:^39}" for watcher in WATCHERS))
        print("rate  sessions" + f"{'false':>20}{'days':>19}" * len(WATCHERS))
        for rate in RATES:
            for volume in VOLUMES:
                print(f"{rate:6.1%}{volume:6} " + line(Setting(rate, volume, uneven), options.series, chance), flush=True)
        print()
    company(options.companies, chance)
    print(f"\n{time.process_time() - began:.0f} s of CPU")


def line(setting: Setting, series: int, chance: np.random.Generator) -> str:
    calm = history(setting, series=series, days=detection.DAYS + QUARTER, chance=chance)
    changed = history(setting, series=series, days=detection.DAYS + PATIENCE, chance=chance, doubled_from=detection.DAYS)
    cells = []
    for watcher in WATCHERS:
        alarms = int(watch(watcher, *calm).alarms.sum())
        low, high = poisson(alarms)
        middle, first, last = (found if found <= PATIENCE else math.inf for found in median(days_until(watcher, *changed)))
        false = f"{alarms / series:.3f} ({low / series:.3f}-{high / series:.3f})"
        cells.append(f"{false:>20}" + f"{_days(middle)} ({_days(first)}-{_days(last)})".rjust(19))
    return "".join(cells)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watcher did in the days after the first DAYS, by series. standing: on how many days an alarm of his stood that fades."""

    alarms: NDArray[np.int64]
    standing: NDArray[np.int64]


def watch(watcher: Watcher, events: Days, of: Days) -> Watched:
    alarms, standing, ready = (np.zeros(len(events), dtype=np.int64) for _ in range(3))
    stands, days = np.zeros(len(events), dtype=bool), np.arange(events.shape[1])
    for end in range(detection.DAYS + 1, events.shape[1] + 1):
        counted = (days[:end] >= ready[:, None]) if watcher.restarts else np.ones((1, end), dtype=bool)
        strength = watcher.look(events[:, :end] * counted, of[:, :end] * counted)
        cries = (strength >= watcher.limit) & ~stands
        if watcher.fades is not None:
            stands = cries | (stands & (strength >= watcher.fades))
        elif not watcher.restarts:
            cries &= end > ready
        alarms += cries
        standing += stands
        ready[cries] = end + 1 if watcher.restarts else end + SILENT
    return Watched(alarms, standing)


def days_until(watcher: Watcher, events: Days, of: Days) -> NDArray[np.int64]:
    """(series), from the first changed day on, which is 1; PATIENCE + 1: never."""
    found = np.full(len(events), PATIENCE + 1)
    for day in range(PATIENCE, 0, -1):
        end = detection.DAYS + day
        found[watcher.look(events[:, :end], of[:, :end]) >= watcher.limit] = day
    return found


def median(days: NDArray[np.int64]) -> tuple[float, float, float]:
    """The median, and the order statistics that hold it in 95 of 100 cases."""
    ordered, half = np.sort(days), 0.98 * math.sqrt(len(days))
    low, high = int(len(days) / 2 - half), math.ceil(len(days) / 2 + half)
    return float(np.median(ordered)), float(ordered[max(low, 0)]), float(ordered[min(high, len(days) - 1)])


def poisson(number: int) -> tuple[float, float]:
    """A 95 % interval for what a count expects (Byar's approximation)."""
    z = 1.959964
    low = number * (1 - 1 / (9 * number) - z / (3 * math.sqrt(number))) ** 3 if number else 0.0
    return low, (number + 1) * (1 - 1 / (9 * (number + 1)) + z / (3 * math.sqrt(number + 1))) ** 3


def company(companies: int, chance: np.random.Generator) -> None:
    """All series of the example together. Real ones hang together, so that alarms come in groups and are fewer."""
    print(f"a company with 200 sessions a day in 5 markets, {len(list(_series()))} series, in 90 days (n {companies})")
    for uneven in (False, True):
        alerts, signs, standing, daily, weekly = 0, 0, 0, 0, 0
        for rate, volume, is_market in _series():
            calm = history(Setting(rate, volume, uneven), series=companies, days=detection.DAYS + QUARTER, chance=chance)
            alerts += int(watch(OF_MARKET if is_market else OF_COMPANY, *calm).alarms.sum())
            daily += int(watch(DAILY, *calm).alarms.sum())
            weekly += int(watch(WEEKLY, *calm).alarms.sum())
            if is_market:
                seen = watch(SIGN, *calm)
                signs, standing = signs + int(seen.alarms.sum()), standing + int(seen.standing.sum())
        named = {"alerts": alerts, "early signs": signs, DAILY.name: daily, WEEKLY.name: weekly}
        print(f"  {'uneven days' if uneven else 'even days':12} " + "; ".join(_of_companies(*one, companies) for one in named.items()))
        print(f"  {'':12} early signs that stand on a day: {standing / companies / QUARTER:.1f}")


def _of_companies(name: str, number: int, companies: int) -> str:
    low, high = poisson(number)
    return f"{name} {number / companies:.1f} ({low / companies:.1f}-{high / companies:.1f})"


def _series() -> Iterator[tuple[float, float, bool]]:
    """Rate, sessions a day, and whether it is of a market."""
    for share in (1.0, *MARKETS):
        yield from ((rate, 200 * share, share < 1) for rate in (*OF_RATES, *OF_CHECKS))


def _days(number: float) -> str:
    return f">{PATIENCE}" if number == math.inf else f"{number:.0f}" if number == int(number) else f"{number:.1f}"


if __name__ == "__main__":
    main()
