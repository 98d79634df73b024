"""Daily counts and alerts as drift meets them, without the sessions behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from checks_app.results import Check
from sessions_app.models import DailyCheckCount, DailyCount, DriftAlert
from settings_app.models import Company
from tests.factories import NOW

YESTERDAY = date(2026, 11, 21)
"""The last whole day of `NOW`."""


def count(company: Company, day: date, *, declined: int, of: int, market: str = "GEO") -> None:
    """A day on which `of` sessions finished; all that were not declined were approved."""
    DailyCount.objects.create(company=company, day=day, market=market, declined_by_checks=declined, approved_by_checks=of - declined)


def count_check(company: Company, day: date, *, failed: int, of: int, market: str = "GEO", check: Check = Check.LIVENESS) -> None:
    DailyCheckCount.objects.create(company=company, day=day, market=market, check_name=check, judged=of, failed=failed)


def course(company: Company, *declined: int, of: int = 50, market: str = "GEO", last: date = YESTERDAY) -> None:
    """One number of declined sessions for each day up to `last`."""
    for back, number in enumerate(reversed(declined)):
        count(company, last - timedelta(days=back), declined=number, of=of, market=market)


def alert_of(company: Company, **columns: Any) -> DriftAlert:
    """Rejections of Georgia went up on Wednesday."""
    given = {"market": "GEO", "rate": "rejection", "rising": True, "first_day": date(2026, 11, 18), "last_day": YESTERDAY}
    counts = {"observed": 14, "observed_of": 62, "baseline": 38, "baseline_of": 812}
    return DriftAlert.objects.create(**{"company": company, "raised_at": NOW, **given, **counts, **columns})
