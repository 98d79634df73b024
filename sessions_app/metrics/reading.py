"""What the daily counts say about a company's finished sessions. Nothing here looks at a session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from checks_app.results import Check
from sessions_app.metrics.rates import COUNTED, COUNTED_OF_CHECKS, CheckCounts, Counts
from sessions_app.models import DailyCheckCount, DailyCount
from settings_app.models import Company

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


def totals(scope: Scope) -> Counts:
    return sum(_counts(scope).values(), Counts())


def by_market(scope: Scope) -> dict[str, Counts]:
    return {market: counts for (market,), counts in _counts(scope, "market").items()}


def by_market_and_day(scope: Scope) -> dict[str, dict[date, Counts]]:
    """Days without a finished session are left out."""
    found: dict[str, dict[date, Counts]] = {}
    for (market, day), counts in _counts(scope, "market", "day").items():
        found.setdefault(market, {})[day] = counts
    return found


def by_document_and_device(scope: Scope) -> dict[tuple[str, str], Counts]:
    return _counts(scope, "document", "device")


def checks(scope: Scope) -> dict[Check, CheckCounts]:
    """Checks that were judged in no session are left out."""
    return {Check(name): counts for (name,), counts in _check_counts(scope, "check_name").items()}


def checks_by_market_and_day(scope: Scope) -> dict[tuple[Check, str], dict[date, CheckCounts]]:
    found: dict[tuple[Check, str], dict[date, CheckCounts]] = {}
    for (name, market, day), counts in _check_counts(scope, "check_name", "market", "day").items():
        found.setdefault((Check(name), market), {})[day] = counts
    return found


def _counts(scope: Scope, *by: str) -> dict[tuple[Any, ...], Counts]:
    rows = _sums(DailyCount, scope, by, COUNTED)
    return {tuple(row[: len(by)]): counts for row in rows if (counts := Counts(*row[len(by) :])).finished}


def _check_counts(scope: Scope, *by: str) -> dict[tuple[Any, ...], CheckCounts]:
    rows = _sums(DailyCheckCount, scope, by, COUNTED_OF_CHECKS)
    return {tuple(row[: len(by)]): counts for row in rows if (counts := CheckCounts(*row[len(by) :])).judged}


def _sums(model: type[Model], scope: Scope, by: Sequence[str], columns: Iterable[str]) -> list[tuple[Any, ...]]:
    """Rows of the columns of `by`, each with its sums, in no order. All names are ours; written out, because Django takes longer to
    put such a query together than the database to answer it."""
    values: dict[str, Any] = {"company": scope.company.pk, "first": scope.first, "last": scope.last}
    values |= {name: value for name in SLICED if (value := getattr(scope, name)) is not None}
    narrowed = "".join(f" AND {name} = %({name})s" for name in SLICED if name in values)
    groups, sums = ", ".join(by), ", ".join(f"sum({name})" for name in columns)
    together = f"GROUP BY {groups}" if by else "HAVING count(*) > 0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {groups}{', ' if by else ''}{sums} FROM {model._meta.db_table}"  # noqa: S608  constants alone
            f" WHERE company_id = %(company)s AND day BETWEEN %(first)s AND %(last)s{narrowed} {together}",
            values,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
