"""R50: what the daily counts say, whole and cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks_app.results import Check
from sessions_app.metrics import reading
from sessions_app.metrics.rates import CheckCounts, Counts
from sessions_app.metrics.reading import Scope
from sessions_app.models import DailyCheckCount, DailyCount
from settings_app.models import Company
from tests.factories import CompanyFactory

MONDAY = date(2026, 11, 2)


@pytest.fixture
def scope(db: None) -> Scope:
    """Ten days of two markets: as many approvals a day as the day's number, one session retaken in each market."""
    company: Company = CompanyFactory()
    for number in range(10):
        for market, device in (("GEO", "PC"), ("", "Mobile")):
            where = {"company": company, "day": MONDAY + timedelta(days=number), "market": market, "document": "PASSPORT", "device": device}
            DailyCount.objects.create(**where, approved_by_checks=number, retaken=min(1, number))
            DailyCheckCount.objects.create(**where, check_name=Check.LIVENESS, judged=number, failed=number // 3)
    DailyCount.objects.create(company=CompanyFactory(), day=MONDAY, market="GEO", abandoned=9)
    return Scope(company, MONDAY, MONDAY + timedelta(days=9))


def test_totals_are_of_one_company_and_its_days(scope: Scope) -> None:
    assert reading.totals(scope) == Counts(approved_by_checks=90, retaken=18)
    assert reading.totals(replace(scope, first=scope.last, market="GEO")) == Counts(approved_by_checks=9, retaken=1)
    assert reading.totals(replace(scope, market="ESP")) == Counts()


def test_sessions_without_a_market_are_a_market_of_their_own(scope: Scope) -> None:
    assert reading.by_market(scope).keys() == {"", "GEO"}
    assert reading.totals(replace(scope, market="")).finished == 45


def test_days_without_a_session_are_left_out(scope: Scope) -> None:
    """The first of the ten has rows that came to nought."""
    days = {MONDAY + timedelta(days=number) for number in range(1, 10)}
    assert reading.by_market_and_day(scope)["GEO"].keys() == days
    assert reading.checks_by_market_and_day(scope)[Check.LIVENESS, "GEO"].keys() == days


def test_checks_are_counted_in_every_cut(scope: Scope) -> None:
    assert reading.checks(scope) == {Check.LIVENESS: CheckCounts(90, 24, 0)}
    assert reading.checks_by_market_and_day(scope)[Check.LIVENESS, "GEO"][scope.last] == CheckCounts(9, 3, 0)
    assert reading.checks(replace(scope, device="PC", document="PASSPORT")) == {Check.LIVENESS: CheckCounts(45, 12, 0)}
