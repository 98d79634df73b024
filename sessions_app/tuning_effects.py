"""Seven days later: what the rates were before a change of thresholds and after it (R42, R44).

The day of the change belongs to neither side, since it has sessions of both. Sessions count on the day of their outcome, as in all metrics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, Sum

from checks_app.results import Check
from sessions_app.days import day_of
from sessions_app.metrics.differences import Difference, difference
from sessions_app.metrics.rates import COUNTED, COUNTED_OF_CHECKS, CheckCounts, Counts, Rate, Share
from sessions_app.models import DailyCheckCount, DailyCount
from settings_app.journal import Direction, Entry, Line
from settings_app.models import Company
from settings_app.thresholds import PARTS

DAYS = 7

TOUCHES = {edge: Check(part.upper()) for part, edges in PARTS.items() for edge in edges}
"""The check that each threshold belongs to."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A rate, or the failures of a check, before and after."""

    what: Rate | Check
    before: Share
    after: Share

    @property
    def difference(self) -> Difference | None:
        """None while one side has no sessions."""
        return difference(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Effect:
    """What followed a save. days: whole ones since, DAYS at most; others: saves within the same days, which mix with it.

    waiting: sessions in review, of all finished ones, before and after; they are approved or declined only later, on another day.
    """

    days: int
    moved: tuple[Moved, ...]
    waiting: tuple[Share, Share]
    others: tuple[Entry, ...]

    @property
    def is_whole(self) -> bool:
        return self.days == DAYS


@dataclass(frozen=True, slots=True)
class _Windows:
    """Both ends included; `after` is empty while its first day is not over."""

    before: tuple[date, date]
    after: tuple[date, date]

    @property
    def days(self) -> int:
        return (self.after[1] - self.after[0]).days + 1

    def cover(self, day: date) -> bool:
        return self.before[0] <= day <= self.after[1]


@dataclass(frozen=True, slots=True)
class _Row:
    """The counts of a market on a day. what: a check; None: of the rates."""

    market: str
    day: date
    what: Check | None
    counts: Any


def touched(entry: Entry, *, market: str | None = None) -> frozenset[Check]:
    """The checks that a save judges differently, in one market ('': sessions without one) or anywhere.

    Where only the origin of a value changed, nothing is judged differently.
    """
    changed = (line for line in entry.lines if line.direction is not Direction.UNCHANGED)
    return frozenset(TOUCHES[line.name] for line in changed if market is None or _reaches(entry, line, market))


def effects_of(company: Company, *, entries: Sequence[Entry], every: Sequence[Entry], now: datetime) -> dict[int, Effect]:
    """The effects of some saves, by their number, in two queries. every: all saves of the company, which may be others within the days."""
    today, zone = day_of(now, company.zone), company.zone
    windows = {entry.number: _windows(day_of(entry.at, zone), today=today) for entry in entries if touched(entry)}
    if not windows:
        return {}
    checks = frozenset[Check]().union(*(touched(entry) for entry in entries))
    rows = _read(company, windows.values(), checks)
    dated = [(day_of(other.at, zone), other) for other in every if touched(other)]
    return {entry.number: _effect(entry, windows[entry.number], rows, dated) for entry in entries if entry.number in windows}


def _reaches(entry: Entry, line: Line, market: str) -> bool:
    return entry.market == market or (not entry.market and market not in line.overridden_in)


def _windows(day: date, *, today: date) -> _Windows:
    one = timedelta(days=1)
    return _Windows((day - DAYS * one, day - one), (day + one, min(day + DAYS * one, today - one)))


def _effect(entry: Entry, windows: _Windows, rows: list[_Row], dated: list[tuple[date, Entry]]) -> Effect:
    reached = {market: touched(entry, market=market) for market in {row.market for row in rows}}
    meant = [row for row in rows if windows.cover(row.day) and reached[row.market]]
    before, after = ([row for row in meant if first <= row.day <= last] for first, last in (windows.before, windows.after))
    rates = (Moved(rate, _share(before, rate), _share(after, rate)) for rate in Rate)
    concerned = [check for check in Check if check in touched(entry)]
    checks = (Moved(check, _share_of(before, check, reached), _share_of(after, check, reached)) for check in concerned)
    others = tuple(other for day, other in dated if other.number != entry.number and windows.cover(day) and _meet(entry, other))
    return Effect(max(0, windows.days), (*rates, *checks), (_waiting(before), _waiting(after)), others)


def _meet(entry: Entry, other: Entry) -> bool:
    """Whether some session may be judged by both."""
    if not entry.market or not other.market:
        return bool(touched(entry, market=other.market or None)) and bool(touched(other, market=entry.market or None))
    return entry.market == other.market


def _share(rows: Iterable[_Row], rate: Rate) -> Share:
    return _finished(rows).share_of(rate)


def _waiting(rows: Iterable[_Row]) -> Share:
    counts = _finished(rows)
    return Share(counts.in_review, counts.finished)


def _finished(rows: Iterable[_Row]) -> Counts:
    return Counts.total(row.counts for row in rows if row.what is None)


def _share_of(rows: Iterable[_Row], check: Check, reached: Mapping[str, frozenset[Check]]) -> Share:
    """Only of markets in which this very check was touched."""
    meant = (row.counts for row in rows if row.what is check and check in reached[row.market])
    return sum(meant, CheckCounts()).failing


def _read(company: Company, windows: Iterable[_Windows], checks: Iterable[Check]) -> list[_Row]:
    """The days of all windows at once."""
    days = reduce(or_, (Q(day__range=ends) for one in windows for ends in (one.before, one.after)))
    of_rates = _sums(DailyCount, Q(company=company) & days, ("market", "day"), COUNTED)
    of_checks = _sums(DailyCheckCount, Q(company=company, check_name__in=checks) & days, ("market", "day", "check_name"), COUNTED_OF_CHECKS)
    rows = [_Row(market, day, None, Counts(*counts)) for market, day, *counts in of_rates]
    return rows + [_Row(market, day, Check(name), CheckCounts(*counts)) for market, day, name, *counts in of_checks]


def _sums(model: type[Model], meant: Q, by: tuple[str, ...], columns: Iterable[str]) -> list[tuple[Any, ...]]:
    sums = {f"{name}_sum": Sum(name) for name in columns}
    return list(model._default_manager.filter(meant).values(*by).annotate(**sums).values_list(*by, *sums).order_by(*by))
