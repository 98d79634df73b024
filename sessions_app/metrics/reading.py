"""What the daily counts say about a company's finished sessions. Nothing here looks at a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model

from checks_app.results import Check
from sessions_app.metrics.rates import COUNTED, COUNTED_OF_CHECKS, CheckCounts, Counts
from sessions_app.models import DailyCheckCount, DailyCount
from settings_app.models import Company

WEEK = timedelta(days=7)
SLICED = ("market", "document", "device")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which sessions are meant: of days of the outcome, both included, in the company's time zone.

    market, document, device: None for all together; '' for those sessions that have none.
    """

    company: Company
    first: date
    last: date
    market: str | None = None
    document: str | None = None
    device: str | None = None

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> Scope:
        """The same over the days just before, as many."""
        return replace(self, first=self.first - timedelta(days=len(self.days)), last=self.first - timedelta(days=1))


def totals(scope: Scope) -> Counts:
    return sum(_counts(scope).values(), Counts())


def by_day(scope: Scope) -> dict[date, Counts]:
    """Days without a finished session are left out."""
    return {day: counts for (day,), counts in _counts(scope, "day").items()}


def by_week(scope: Scope) -> dict[date, Counts]:
    """By the Monday of each week; the first and the last may have fewer days than seven."""
    return summed(by_day(scope), monday, Counts())


def by_month(scope: Scope) -> dict[date, Counts]:
    """By the first day of each month; the first and the last may have fewer days."""
    return summed(by_day(scope), first_of_month, Counts())


def by_market(scope: Scope) -> dict[str, Counts]:
    return {market: counts for (market,), counts in _counts(scope, "market").items()}


def by_market_and_day(scope: Scope) -> dict[str, dict[date, Counts]]:
    return _nested(_counts(scope, "market", "day"), str)


def by_document(scope: Scope) -> dict[str, Counts]:
    return {document: counts for (document,), counts in _counts(scope, "document").items()}


def by_device(scope: Scope) -> dict[str, Counts]:
    return {device: counts for (device,), counts in _counts(scope, "device").items()}


def by_document_and_device(scope: Scope) -> dict[tuple[str, str], Counts]:
    return _counts(scope, "document", "device")


def checks(scope: Scope) -> dict[Check, CheckCounts]:
    """Checks that were judged in no session are left out."""
    return {Check(name): counts for (name,), counts in _check_counts(scope, "check_name").items()}


def checks_by_day(scope: Scope) -> dict[Check, dict[date, CheckCounts]]:
    return _nested(_check_counts(scope, "check_name", "day"), Check)


def checks_by_market(scope: Scope) -> dict[Check, dict[str, CheckCounts]]:
    return _nested(_check_counts(scope, "check_name", "market"), Check)


def checks_by_market_and_day(scope: Scope) -> dict[tuple[Check, str], dict[date, CheckCounts]]:
    found: dict[tuple[Check, str], dict[date, CheckCounts]] = {}
    for (name, market, day), counts in _check_counts(scope, "check_name", "market", "day").items():
        found.setdefault((Check(name), market), {})[day] = counts
    return found


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def summed(by_days: dict[date, Any], period: Callable[[date], date], nothing: Any) -> dict[date, Any]:
    """Sum counts of days into longer periods, each named by its first day, oldest first."""
    found: dict[date, Any] = {}
    for day in sorted(by_days):
        found[period(day)] = found.get(period(day), nothing) + by_days[day]
    return found


def _counts(scope: Scope, *by: str) -> dict[tuple[Any, ...], Counts]:
    rows = _sums(DailyCount, scope, by, COUNTED)
    return {tuple(row[: len(by)]): counts for row in rows if (counts := Counts(*row[len(by) :])).finished}


def _check_counts(scope: Scope, *by: str) -> dict[tuple[Any, ...], CheckCounts]:
    rows = _sums(DailyCheckCount, scope, by, COUNTED_OF_CHECKS)
    return {tuple(row[: len(by)]): counts for row in rows if (counts := CheckCounts(*row[len(by) :])).judged}


def _sums(model: type[Model], scope: Scope, by: Sequence[str], columns: Iterable[str]) -> list[tuple[Any, ...]]:
    """Rows of the columns of `by` in their order, each with its sums. All names are ours; written out, because Django takes longer to
    put such a query together than the database to answer it."""
    values: dict[str, Any] = {"company": scope.company.pk, "first": scope.first, "last": scope.last}
    values |= {name: value for name in SLICED if (value := getattr(scope, name)) is not None}
    narrowed = "".join(f" AND {name} = %({name})s" for name in SLICED if name in values)
    groups, sums = ", ".join(by), ", ".join(f"sum({name})" for name in columns)
    together = f"GROUP BY {groups} ORDER BY {groups}" if by else "HAVING count(*) > 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {groups}{', ' if by else ''}{sums} FROM {model._meta.db_table}"  # noqa: S608  constants alone
            f" WHERE company_id = %(company)s AND day BETWEEN %(first)s AND %(last)s{narrowed} {together}",
            values,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _nested(found: dict[tuple[Any, ...], Any], outer: Callable[[str], Any]) -> dict[Any, dict[Any, Any]]:
    nested: dict[Any, dict[Any, Any]] = {}
    for (first, second), counts in found.items():
        nested.setdefault(outer(first), {})[second] = counts
    return nested
