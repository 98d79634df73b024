"""R23: the sweep sets ABANDONED and EXPIRED, and may run twice or never."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app import answers, lifecycle, sweeps
from sessions_app.choices import AttemptState, EventKind, Outcome
from sessions_app.models import Transfer, VerificationSession
from tests.captures import CLIENT, answered_session, processing_attempt, ready_session
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, SessionFactory, finished_session

pytestmark = pytest.mark.django_db
EXPIRY = NOW + timedelta(days=7)


def outcome_of(session: VerificationSession) -> str:
    return VerificationSession.objects.get(pk=session.pk).outcome


@pytest.mark.parametrize(("late", "closed"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize(("opened", "end"), [(False, Outcome.EXPIRED), (True, Outcome.ABANDONED)])
def test_link_that_expires_closes_the_session(late: int, closed: bool, opened: bool, end: Outcome) -> None:
    """R3, R8, R23: never opened is EXPIRED, started and not completed is ABANDONED; 7 d - 1 s, 7 d, 7 d + 1 s."""
    session = answered_session() if opened else SessionFactory()
    assert sweeps.close_overdue_sessions(now=EXPIRY + timedelta(seconds=late)) == int(closed)
    assert outcome_of(session) == (end if closed else Outcome.PENDING)


@pytest.mark.parametrize(("late", "closed"), [(-1, False), (0, True), (1, True)])
def test_company_with_an_inactivity_limit_closes_at_exactly_it(late: int, closed: bool) -> None:
    """R47: inactivity limit."""
    session = answered_session(company=CompanyFactory(inactivity_minutes=30))
    sweeps.close_overdue_sessions(now=NOW + timedelta(minutes=30, seconds=late))
    assert (outcome_of(session) == Outcome.ABANDONED) is closed


def test_inactivity_counts_from_the_last_sign_of_life_and_not_before_the_link_was_opened() -> None:
    company = CompanyFactory(inactivity_minutes=30)
    unopened, active = SessionFactory(company=company), answered_session(company=company)
    answers.open_link(session=active, client=CLIENT, now=NOW + timedelta(minutes=29))
    assert sweeps.close_overdue_sessions(now=NOW + timedelta(minutes=58)) == 0
    assert (outcome_of(unopened), outcome_of(active)) == (Outcome.PENDING, Outcome.PENDING)


def test_second_sweep_changes_nothing() -> None:
    """R23: idempotent; R26: exactly one final event."""
    session = answered_session()
    assert [sweeps.close_overdue_sessions(now=EXPIRY) for _ in range(3)] == [1, 0, 0]
    assert session.events.filter(kind=EventKind.ABANDONED).count() == 1
    assert VerificationSession.objects.get(pk=session.pk).closed_at == EXPIRY


def test_session_being_checked_is_never_touched() -> None:
    """R23: however long it takes."""
    attempt = processing_attempt()
    assert sweeps.close_overdue_sessions(now=EXPIRY + timedelta(days=30)) == 0
    assert outcome_of(attempt.session) == Outcome.PENDING
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.close_overdue(session=attempt.session, now=EXPIRY)


def test_session_waiting_for_a_retry_is_abandoned() -> None:
    session = ready_session()
    processing_attempt(session, state=AttemptState.DECIDED, verdict="RETRY", decided_at=NOW)
    sweeps.close_overdue_sessions(now=EXPIRY)
    assert outcome_of(session) == Outcome.ABANDONED


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.PENDING])
def test_finished_session_is_left_alone(outcome: Outcome) -> None:
    session = finished_session(outcome)
    assert sweeps.close_overdue_sessions(now=EXPIRY) == 0
    assert outcome_of(session) == outcome


def test_session_that_came_alive_meanwhile_is_left_alone() -> None:
    """R23: what the sweep saw a moment ago is looked at again under the lock."""
    session = answered_session(company=CompanyFactory(inactivity_minutes=30))
    stale = VerificationSession.objects.get(pk=session.pk)
    moment = NOW + timedelta(minutes=31)
    answers.open_link(session=session, client=CLIENT, now=moment)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.close_overdue(session=stale, now=moment)


def test_ordinary_run_asks_two_questions_about_sessions() -> None:
    """Nothing is over, and no company has a limit of inactivity; the rest is the sweep's own row."""
    SessionFactory()
    sweeps.close_overdue_sessions(now=NOW)
    with CaptureQueriesContext(connection) as asked:
        sweeps.close_overdue_sessions(now=NOW)
    about = [table for query in asked for table in ("verificationsession", "company") if f'_{table}" WHERE' in query["sql"]]
    assert about == ["verificationsession", "company"]


@pytest.mark.parametrize(
    ("found", "index"),
    [
        (VerificationSession.objects.expired(NOW).order_by("expires_at", "pk"), "session_open_by_expiry"),
        (Transfer.objects.filter(ended_at=None, expires_at__lte=NOW).order_by("expires_at", "pk"), "transfer_running_by_expiry"),
    ],
)
def test_what_is_over_is_found_by_an_index(found: Any, index: str) -> None:
    """Among a million sessions; on a table this small PostgreSQL has to be told."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in found[:500].explain()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_close_each_session_once() -> None:
    """R23: races end with one winner."""
    sessions = [answered_session() for _ in range(5)]
    closed = race(*[lambda: sweeps.close_overdue_sessions(now=EXPIRY)] * 3)
    assert sum(closed) == 5
    assert [session.events.filter(kind=EventKind.ABANDONED).count() for session in sessions] == [1] * 5
