"""R50: each outcome counts at once, once, on its day and in its slice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from checks_app.decision import Decision, Verdict
from checks_app.results import Check, CheckResult, Reason, Status
from sessions_app import answers, leases, lifecycle, review, verification
from sessions_app.choices import CaptureKind, Outcome, RedoStep
from sessions_app.metrics import reading, recount
from sessions_app.metrics.rates import CheckCounts, Counts
from sessions_app.metrics.reading import Scope
from sessions_app.models import DailyCount, VerificationSession
from settings_app.models import Company
from tests import findings
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt
from tests.concurrency import PATIENCE, race
from tests.factories import NOW, CompanyFactory, SessionFactory
from tests.histories import by_hand, kept
from tests.reviews import colleague, decide

DAY = timedelta(days=1)
A_MOMENT = 0.5  # seconds in which somebody who does not wait is through


@pytest.fixture
def company(db: None) -> Company:
    """One that is counted already."""
    found: Company = CompanyFactory(time_zone="Asia/Tbilisi")
    recount.ensure(found)
    return found


def result(check: Check, status: Status) -> CheckResult:
    return CheckResult(check, status, None, None, None, (), findings.ENGINE, 1)


def end(session: VerificationSession, verdict: Verdict, *results: CheckResult, now: datetime = NOW) -> VerificationSession:
    attempt = processing_attempt(session)
    leases.claim(attempt, now=now)
    lifecycle.record_decision(attempt=attempt, results=results, decision=Decision(verdict), columns={}, now=now)
    return VerificationSession.objects.select_related("company").get(pk=session.pk)


def of_day(company: Company, moment: datetime = NOW) -> Counts:
    day = moment.astimezone(company.zone).date()
    return reading.totals(Scope(company, day, day))


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.APPROVE, Counts(approved_by_checks=1)),
        (Verdict.REVIEW, Counts(in_review=1)),
        (Verdict.DECLINE, Counts(declined_by_checks=1)),
        (Verdict.RETRY, Counts()),
    ],
)
def test_verdict_counts_at_once_in_its_column(company: Company, verdict: Verdict, expected: Counts) -> None:
    end(answered_session(company=company), verdict)
    assert of_day(company) == expected


def test_session_that_was_abandoned_counts_and_one_that_nobody_opened_does_not(company: Company) -> None:
    """R8: EXPIRED is outside every rate."""
    left, unopened = answered_session(company=company), SessionFactory(company=company)
    for session in (left, unopened):
        lifecycle.close_overdue(session=session, now=session.expires_at)
    assert of_day(company, left.expires_at) == Counts(abandoned=1)


def test_review_counts_by_hand_on_the_day_of_the_decision(company: Company) -> None:
    session = end(answered_session(company=company), Verdict.REVIEW)
    decide(session, colleague(session), Outcome.DECLINE, now=NOW + 2 * DAY)
    assert (of_day(company), of_day(company, NOW + 2 * DAY)) == (Counts(), Counts(declined_by_hand=1))


def test_undone_review_counts_as_it_did_before(company: Company) -> None:
    """R26."""
    session = end(answered_session(company=company), Verdict.REVIEW)
    actor = colleague(session)
    decide(session, actor, now=NOW + DAY)
    review.undo(session=session, actor=actor, now=NOW + DAY)
    assert (of_day(company), of_day(company, NOW + DAY)) == (Counts(in_review=1), Counts())


def test_session_that_goes_back_to_its_user_counts_nowhere(company: Company) -> None:
    """R24."""
    session = end(answered_session(company=company), Verdict.REVIEW)
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
    assert kept(company) == ({}, {})


def test_check_that_failed_once_is_not_unclear_any_more(company: Company) -> None:
    """R50: over all attempts, and each check once."""
    session = answered_session(company=company)
    end(session, Verdict.RETRY, result(Check.LIVENESS, Status.FAILED), result(Check.MRZ, Status.UNCLEAR))
    end(session, Verdict.APPROVE, result(Check.LIVENESS, Status.UNCLEAR), result(Check.EXPIRY, Status.PASSED))
    today = NOW.astimezone(company.zone).date()
    assert reading.checks(Scope(company, today, today)) == {
        Check.EXPIRY: CheckCounts(1, 0, 0),
        Check.LIVENESS: CheckCounts(1, 1, 0),
        Check.MRZ: CheckCounts(1, 0, 1),
    }


def test_outcome_that_is_rolled_back_was_never_counted(company: Company) -> None:
    with transaction.atomic():
        end(answered_session(company=company), Verdict.APPROVE)
        transaction.set_rollback(True)
    assert not DailyCount.objects.filter(company=company).exists()


@pytest.mark.parametrize("moved", ["picture", "device"])
def test_what_comes_after_the_end_changes_no_session_that_is_counted(company: Company, monkeypatch: pytest.MonkeyPatch, moved: str) -> None:
    """A worker that was behind asks nobody to take a picture again, and a late phone was not the device."""
    monkeypatch.setattr(verification, "_inspect", lambda _: findings.passport(problems=(Reason.GLARE,)))
    session = answered_session(company=company)
    capture = add_capture(session, CaptureKind.DOCUMENT_FRONT)
    lifecycle.close_overdue(session=session, now=session.expires_at)
    if moved == "picture":
        verification.inspect(capture=capture, now=session.expires_at)
    else:
        answers.record_client(session=session, client=CLIENT.__class__(ip="", device="PC", browser="", os="", model=""))
    session.refresh_from_db()
    assert (session.forced_retries, session.device) == (0, CLIENT.device)
    assert kept(company) == by_hand(company)


MIDNIGHTS = [
    ("Pacific/Kiritimati", datetime(2026, 11, 21, 10, tzinfo=UTC), date(2026, 11, 22)),
    ("Pacific/Pago_Pago", datetime(2026, 11, 22, 11, tzinfo=UTC), date(2026, 11, 22)),
    ("Europe/Madrid", datetime(2026, 10, 24, 22, tzinfo=UTC), date(2026, 10, 25)),  # 25 hours long
    ("Europe/Madrid", datetime(2026, 10, 25, 23, tzinfo=UTC), date(2026, 10, 26)),
    ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC), date(2026, 9, 6)),  # begins at one o'clock
    ("America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC), date(2026, 11, 1)),  # midnight comes twice
]


@pytest.mark.parametrize(("zone", "midnight", "day"), MIDNIGHTS)
@pytest.mark.parametrize("counted", ["as they end", "from scratch"])
@pytest.mark.django_db
def test_day_begins_at_midnight_in_the_companys_time_zone(zone: str, midnight: datetime, day: date, counted: str) -> None:
    """R50: on days that are longer or shorter too, and at both ends of the world."""
    company = CompanyFactory(time_zone=zone)
    if counted == "as they end":
        recount.ensure(company)
    for moment in (midnight - timedelta(microseconds=1), midnight):
        end(answered_session(company=company, now=moment - DAY), Verdict.APPROVE, now=moment)
    recount.ensure(company)
    assert {*reading.by_market_and_day(Scope(company, day - 9 * DAY, day + 9 * DAY))[""]} == {day - DAY, day}


def test_cancelling_costs_no_query_more(company: Company) -> None:
    """What is outside every rate does not even look at the counts."""
    session = SessionFactory(company=company)
    with CaptureQueriesContext(connection) as queries:
        lifecycle.cancel(session=session, actor=colleague(session), now=NOW)
    assert not [query for query in queries if "dailycount" in query["sql"] or "7303" in query["sql"]]


@pytest.mark.django_db(transaction=True)
def test_sessions_that_end_together_are_all_counted() -> None:
    """Many outcomes in one slice, and one that leaves it, at the same moment: nobody waits in a circle, nobody is lost."""
    company = CompanyFactory()
    recount.ensure(company)
    sessions = [answered_session(company=company) for _ in range(6)]
    waiting = end(answered_session(company=company), Verdict.REVIEW, result(Check.MRZ, Status.UNCLEAR))
    actor = colleague(waiting)
    checks = [result(check, Status.PASSED) for check in Check]
    outcomes = race(
        *[lambda session=session: end(session, Verdict.APPROVE, *checks).outcome for session in sessions],
        lambda: decide(waiting, actor, now=NOW + DAY).outcome,
    )
    assert outcomes == ["APPROVE"] * 7
    assert kept(company) == by_hand(company)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["outcome", "recount"])
def test_recount_loses_no_session_that_ends_at_that_moment(first: str) -> None:
    """After an upgrade the first look counts everything while outcomes go on: whoever is second waits for the first one's commit."""
    company = CompanyFactory()
    session, begun, second_is_through = answered_session(company=company), Event(), Event()
    acts: dict[str, Callable[[], object]] = {
        "outcome": lambda: end(session, Verdict.APPROVE, result(Check.MRZ, Status.PASSED)),
        "recount": lambda: recount.ensure(Company.objects.get(pk=company.pk)),
    }
    second = next(name for name in acts if name != first)

    def keep_open() -> bool:
        with transaction.atomic():
            acts[first]()
            begun.set()
            return second_is_through.wait(A_MOMENT)

    def follow() -> None:
        begun.wait(PATIENCE)
        acts[second]()
        second_is_through.set()

    assert race(keep_open, follow) == [False, None]
    assert kept(company) == by_hand(company)
    assert recount.recount(company=company) == 0
