"""How the commands that measure faces write rates down: tables for people, and in words where a level misses what it promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks_app.face.match_level import GroupRates, Interval, LevelRates

FACTOR = 2
"""A level misses clearly when strangers are accepted more than so many times as often as it promises, or so many times less often."""

HEADER = "level  at most  promised    strangers accepted (interval)                     same person accepted (interval)"


@dataclass(frozen=True, slots=True)
class Miss:
    """A level that does not keep its promise on these people. `times`: measured over promised false acceptance."""

    level: int
    group: str  # "" for everybody
    too_soft: bool  # more strangers are accepted than promised; else fewer
    times: float
    beyond_factor: bool
    interval_excludes: bool
    says: str


def rates_table(levels: Iterable[LevelRates]) -> list[str]:
    """Write one line a level."""
    return [HEADER, *(_line(row) for row in levels)]


def group_tables(groups: Iterable[GroupRates]) -> list[str]:
    """Write a table for each group."""
    lines: list[str] = []
    for group in groups:
        pairs = f"{group.impostor_pairs:,} pairs of strangers, {group.genuine_pairs:,} of the same person"
        lines += ["", f"Group {group.group}: {group.people:,} people, {pairs}", *rates_table(group.levels)]
    return lines


def misses(levels: Iterable[LevelRates], group: str = "") -> list[Miss]:
    """Find the levels whose interval excludes the promised rate, or whose rate, where the data can show it, is off by `FACTOR`."""
    return [miss for row in levels if (miss := _miss(row, group))]


def share(rate: float, interval: Interval) -> str:
    """Write a rate with its interval, such as 0.2 % (0.1 to 0.4 %)."""
    return f"{rate:.1%} ({interval.low:.1%} to {interval.high:.1%})"


def _miss(row: LevelRates, group: str) -> Miss | None:
    promised = 1 / row.nominal_one_in
    times = row.false_acceptance / promised
    excluded = not row.false_interval.low <= promised <= row.false_interval.high
    beyond = not 1 / FACTOR <= times <= FACTOR
    if not excluded and not (beyond and row.evidenced):
        return None
    too_soft = row.false_acceptance > promised
    often = f"{times:.1f} times as often as promised" if too_soft else f"only {times:.2f} times as often as promised"
    verdict = "misses" if beyond else "is off, but within a factor of two"
    who = f" in group {group}" if group else ""
    measured = f"{_one_in(row.false_acceptance)} ({_between(row.false_interval)}) for 1/{row.nominal_one_in:,}"
    return Miss(
        level=row.level,
        group=group,
        too_soft=too_soft,
        times=times,
        beyond_factor=beyond,
        interval_excludes=excluded,
        says=f"Level {row.level}{who} {verdict}: strangers are accepted {often}, {measured}",
    )


def _line(row: LevelRates) -> str:
    wrong = f"{row.false_accepted:,} = {_one_in(row.false_acceptance)}"
    between = f"({_between(row.false_interval)})"
    note = "" if row.evidenced else "  not evidenced: too few pairs"
    right = share(row.true_acceptance, row.true_interval)
    return f"{row.level:>5}  {row.distance:.4f}  1/{row.nominal_one_in:<9,} {wrong:<20} {between:<28} {right}{note}"


def _between(rates: Interval) -> str:
    return f"{_one_in(rates.high)} to {_one_in(rates.low)}"


def _one_in(rate: float) -> str:
    return f"1/{1 / rate:,.0f}" if rate else "none"
