"""R44: which rates of which places raise an alert, once, and what begins a new baseline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks_app.results import Check
from sessions_app import sweeps
from sessions_app.drift import alerts, restarts, watch
from sessions_app.models import DailyCount, DriftAlert, SweepRun
from sessions_app.sweeps import Sweep
from settings_app import thresholds
from settings_app.models import Company
from tests.concurrency import race
from tests.drifts import YESTERDAY, count, count_check, course
from tests.factories import NOW, CompanyFactory, MasterFactory, finished_session

pytestmark = pytest.mark.django_db
CALM, BAD = [3] * 40, [12] * 4
DAY = timedelta(days=1)
STRICT = {"liveness_decline": 0.5, "liveness_approve": 0.9}


@pytest.fixture
def company(db: None) -> Company:
    return counted()


def counted(**columns: str) -> Company:
    """A company whose days are given to it, not counted from sessions."""
    zone = columns.pop("time_zone", "UTC")
    return CompanyFactory(time_zone=zone, counted_zone=zone, **columns)


def raised(company: Company) -> set[tuple[str, str]]:
    return set(company.drift_alerts.values_list("market", "rate"))


def tune(company: Company, *, market: str = "", at: datetime) -> None:
    thresholds.change(company=company, market=market, values=STRICT, reason="Wanted", actor=None, now=at)


def test_rate_that_left_its_baseline_raises_an_alert_with_its_counts(company: Company) -> None:
    course(company, *CALM, *BAD)
    assert watch.look_at(company, now=NOW) == 2
    alert = company.drift_alerts.get(rate="rejection")
    assert (alert.market, alert.rising, alert.first_day, alert.last_day) == ("", True, date(2026, 11, 18), YESTERDAY)
    assert (alert.observed, alert.observed_of, alert.baseline, alert.baseline_of) == (48, 200, 84, 1400)
    assert alert.raised_at == NOW


def test_calm_company_raises_nothing(company: Company) -> None:
    course(company, *CALM)
    assert watch.look_at(company, now=NOW) == 0


def test_company_without_sessions_raises_nothing(company: Company) -> None:
    assert watch.look_at(company, now=NOW) == 0


def test_market_is_watched_for_itself(company: Company) -> None:
    """Twice as many in Georgia, fewer in Armenia: together nothing happened."""
    course(company, *CALM, *BAD)
    course(company, *[12] * 40, *[3] * 4, market="ARM")
    watch.look_at(company, now=NOW)
    assert raised(company) == {(market, rate) for market in ("GEO", "ARM") for rate in ("rejection", "approval")}


def test_only_market_is_not_reported_twice(company: Company) -> None:
    course(company, *CALM, *BAD)
    watch.look_at(company, now=NOW)
    assert {market for market, _ in raised(company)} == {""}


def test_sessions_that_wait_for_a_reviewer_are_no_drift(company: Company) -> None:
    """A fifth of the last two days is in review still; of earlier days everything is decided."""
    course(company, *CALM)
    DailyCount.objects.filter(company=company, day__gt=YESTERDAY - 2 * DAY).update(in_review=12)
    assert watch.look_at(company, now=NOW) == 0


def test_forced_retries_are_counted_of_all_sessions(company: Company) -> None:
    course(company, *CALM, *[3] * 4)
    DailyCount.objects.filter(company=company).update(retaken=5, in_review=50)
    DailyCount.objects.filter(company=company, day__gt=YESTERDAY - 4 * DAY).update(retaken=25)
    watch.look_at(company, now=NOW)
    alert = company.drift_alerts.get(rate="forced_retry")
    assert (alert.observed, alert.observed_of) == (100, 400)


def test_failures_of_a_check_are_watched(company: Company) -> None:
    course(company, *CALM, *[3] * 4)
    for back in range(44):
        count_check(company, YESTERDAY - back * DAY, failed=12 if back < 4 else 2, of=50, check=Check.PHOTOCOPY)
    watch.look_at(company, now=NOW)
    assert raised(company) == {("", "check:PHOTOCOPY")}


def test_day_that_is_not_over_is_not_tested(company: Company) -> None:
    """Today everybody was declined so far, and today is not counted."""
    course(company, *CALM)
    count(company, NOW.date(), declined=50, of=50)
    assert watch.look_at(company, now=NOW) == 0
    assert watch.look_at(company, now=NOW + DAY) > 0


def test_days_end_by_the_clock_of_the_company() -> None:
    """At 20:30 UTC on Saturday it is Sunday in Tbilisi, and Saturday can be tested."""
    company = counted(time_zone="Asia/Tbilisi")
    course(company, *CALM, 50)
    saturday = datetime(2026, 11, 21, tzinfo=UTC)
    assert watch.look_at(company, now=saturday.replace(hour=19, minute=30)) == 0
    assert watch.look_at(company, now=saturday.replace(hour=20, minute=30)) > 0


def test_open_alert_is_not_raised_again(company: Company) -> None:
    course(company, *CALM, *BAD)
    assert watch.look_at(company, now=NOW) == 2
    count(company, NOW.date(), declined=30, of=50)
    assert watch.look_at(company, now=NOW + DAY) == 0


def test_sweep_that_did_not_run_for_a_week_finds_the_same(company: Company) -> None:
    course(company, *CALM, *BAD, *[3] * 7, last=YESTERDAY + 7 * DAY)
    watch.look_at(company, now=NOW + 7 * DAY)
    assert company.drift_alerts.get(rate="rejection").first_day == date(2026, 11, 18)


def test_acknowledged_rate_gets_a_new_baseline(company: Company) -> None:
    """What was seen is not reported the next day; what happens after a week of the new level is."""
    course(company, *CALM, *BAD)
    watch.look_at(company, now=NOW)
    for alert in alerts.open_of(company):
        alerts.acknowledge(alert=alert, note="A new partner", actor=MasterFactory(company=company), now=NOW)
    course(company, *[12] * 12, *[30] * 2, last=YESTERDAY + 14 * DAY)
    assert [watch.look_at(company, now=NOW + day * DAY) for day in range(1, 13)] == [0] * 12
    assert watch.look_at(company, now=NOW + 13 * DAY) == 2


def test_wanted_change_of_thresholds_is_no_drift(company: Company) -> None:
    """R44: the baseline begins anew where thresholds were changed, for the rates and the check that they touch."""
    course(company, *CALM, *BAD)
    tune(company, at=NOW - 5 * DAY)
    for back in range(44):
        count_check(company, YESTERDAY - back * DAY, failed=15 if back < 4 else 2, of=50, check=Check.LIVENESS)
        count_check(company, YESTERDAY - back * DAY, failed=15 if back < 4 else 2, of=50, check=Check.PHOTOCOPY)
    watch.look_at(company, now=NOW)
    assert raised(company) == {("", "check:PHOTOCOPY")}


def test_change_in_one_market_restarts_that_market_and_all_together(company: Company) -> None:
    course(company, *CALM, *BAD)
    course(company, *CALM, *BAD, market="ARM")
    tune(company, market="GEO", at=NOW - 5 * DAY)
    watch.look_at(company, now=NOW)
    assert raised(company) == {("ARM", "rejection"), ("ARM", "approval")}


def test_change_of_the_company_leaves_markets_with_values_of_their_own(company: Company) -> None:
    tune(company, market="ARM", at=NOW - 200 * DAY)
    course(company, *CALM, *BAD)
    course(company, *CALM, *BAD, market="ARM")
    thresholds.change(
        company=company, market="", values={"liveness_decline": 0.6, "liveness_approve": 0.95}, reason="", actor=None, now=NOW - 5 * DAY
    )
    watch.look_at(company, now=NOW)
    assert raised(company) == {("ARM", "rejection"), ("ARM", "approval")}


def test_page_can_say_where_a_baseline_begins_anew(company: Company) -> None:
    tune(company, market="GEO", at=NOW - 2 * DAY)
    tune(company, market="ARM", at=NOW - 9 * DAY)
    assert restarts.anew(company, today=NOW.date()) == [restarts.Anew("GEO", date(2026, 11, 20), date(2026, 11, 29))]


@pytest.mark.parametrize(("early", "found"), [(1, False), (0, True)])
def test_first_day_of_a_verdict_is_the_one_that_was_promised(company: Company, early: int, found: bool) -> None:
    """Thresholds changed on the 1st: seven days of baseline, one that is tested, and the verdict on the morning of the 10th."""
    tune(company, at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    again = restarts.anew(company, today=date(2026, 11, 9))[0].again
    today = again - early * DAY
    course(company, *CALM, 50, last=today - DAY)
    assert (watch.look_at(company, now=datetime(2026, 11, today.day, tzinfo=UTC)) > 0) is found


def test_company_is_read_in_few_queries(company: Company) -> None:
    """Its counts in two, its alerts in one, its journal in two; however many markets it has."""
    for market in ("GEO", "ARM", "AZE", "TUR"):
        course(company, *CALM, *BAD, market=market)
    with CaptureQueriesContext(connection) as asked:
        watch.look_at(company, now=NOW)
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) == 5


def test_sweep_looks_at_every_company_and_writes_down_that_it_ran(company: Company) -> None:
    course(company, *CALM, *BAD)
    other = counted()
    course(other, *CALM, *BAD)
    assert sweeps.watch_for_drift(now=NOW) == 4
    assert SweepRun.objects.get(name=Sweep.DRIFT).handled == 4
    assert sweeps.watch_for_drift(now=NOW) == 0


def test_company_that_fails_holds_up_no_other(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    Company.objects.filter(pk=company.pk).update(time_zone="Nowhere/Atall")
    other = counted()
    course(other, *CALM, *BAD)
    assert sweeps.watch_for_drift(now=NOW) == 2
    assert SweepRun.objects.get(name=Sweep.DRIFT).failure


def test_counts_are_made_where_nobody_asked_for_them_yet() -> None:
    """A company that was there before the daily counts, and whose metrics nobody has opened."""
    company = CompanyFactory()
    finished_session(company=company, closed_at=NOW - DAY)
    Company.objects.filter(pk=company.pk).update(counted_zone="")
    company.refresh_from_db()
    watch.look_at(company, now=NOW)
    assert DailyCount.objects.get(company=company).day == YESTERDAY


@pytest.mark.django_db(transaction=True)
def test_two_watchers_at_once_raise_one_alert_each(transactional_db: None) -> None:
    company = counted()
    course(company, *CALM, *BAD)
    race(*[lambda: watch.look_at(Company.objects.get(pk=company.pk), now=NOW)] * 2)
    assert DriftAlert.objects.count() == 2
