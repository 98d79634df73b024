"""R50: counting anew, on first use, in another time zone, and to see that all is well."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from checks_app.results import Check
from sessions_app.choices import Outcome
from sessions_app.metrics import reading, recount
from sessions_app.metrics.rates import CheckCounts
from sessions_app.metrics.reading import Scope
from sessions_app.models import DailyCount
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory, finished_session
from tests.histories import by_hand, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """With sessions that ended before anything was counted."""
    found: Company = CompanyFactory(name="Meridian", time_zone="Asia/Tbilisi")
    for outcome in Outcome:
        finished_session(outcome, company=found, judged_checks=["LIVENESS", "MRZ"], failed_checks=["MRZ"])
    finished_session(company=CompanyFactory())
    return found


def recounted(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("recount_metrics", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_first_look_counts_what_ended_before(company: Company) -> None:
    assert kept(company) == ({}, {})
    recount.ensure(company)
    assert kept(company)[0] == by_hand(company)[0]
    today = NOW.astimezone(company.zone).date()
    assert reading.checks(Scope(company, today, today)) == {Check.LIVENESS: CheckCounts(4, 0, 0), Check.MRZ: CheckCounts(4, 4, 0)}


def test_second_look_counts_nothing_again(company: Company, django_assert_num_queries: pytest.FixtureRequest) -> None:
    recount.ensure(company)
    with django_assert_num_queries(0):  # type: ignore[operator]
        recount.ensure(company)


def test_company_that_moves_is_counted_by_its_new_days(company: Company) -> None:
    """NOW is the 22nd in Tbilisi and the 23rd, for a moment more, on Kiritimati."""
    recount.ensure(company)
    company.time_zone = "Pacific/Kiritimati"
    company.save(update_fields=["time_zone"])
    recount.ensure(company)
    assert kept(company)[0] == by_hand(company)[0]
    day = NOW.astimezone(company.zone).date()
    assert {*reading.by_market_and_day(Scope(company, day.replace(day=1), day.replace(day=30)))[""]} == {day}


def test_company_without_a_session_is_counted_too() -> None:
    company = CompanyFactory()
    recount.ensure(company)
    assert (company.counted_zone, kept(company)) == ("UTC", ({}, {}))


def test_command_counts_every_company_and_then_finds_nothing_wrong(company: Company) -> None:
    assert recounted()[0] == "Meridian: 3 counts made: it was not counted in this time zone yet"
    assert recounted("--company", "Meridian") == ["Meridian: 0 counts were not right"]


def test_command_says_and_mends_what_was_changed_past_the_portal(company: Company) -> None:
    recount.ensure(company)
    DailyCount.objects.filter(company=company).update(abandoned=7, day="2020-02-02")
    assert recounted("--company", "Meridian") == ["Meridian: 2 counts were not right"]
    assert kept(company)[0] == by_hand(company)[0]


def test_command_knows_no_company_of_another_name(company: Company) -> None:
    with pytest.raises(CommandError):
        recounted("--company", "Nobody")
