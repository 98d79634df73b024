"""R23: the sweeps set ABANDONED and EXPIRED, find lost work, and may run twice or never."""

from datetime import timedelta

import pytest
from django.db import connection

from sessions_app import answers, leases, lifecycle, sweeps
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, EventKind, Outcome
from sessions_app.models import Attempt, Capture, VerificationSession
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt, ready_session
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


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_close_each_session_once() -> None:
    """R23: races end with one winner."""
    sessions = [answered_session() for _ in range(5)]
    closed = race(*[lambda: sweeps.close_overdue_sessions(now=EXPIRY)] * 3)
    assert sum(closed) == 5
    assert [session.events.filter(kind=EventKind.ABANDONED).count() for session in sessions] == [1] * 5


@pytest.mark.django_db(transaction=True)
def test_sweep_leaves_the_work_to_one_that_is_running() -> None:
    answered_session()
    with sweeps._alone() as alone:
        assert alone
        assert race(lambda: sweeps.close_overdue_sessions(now=EXPIRY)) == [0]
    assert race(lambda: sweeps.close_overdue_sessions(now=EXPIRY)) == [1]


def test_lock_of_a_sweep_that_failed_is_given_back() -> None:
    class Broken(Exception):
        pass

    with pytest.raises(Broken), sweeps._alone():
        raise Broken
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [sweeps.SWEEP_LOCK])
        assert cursor.fetchone() == (0,)


def unheld(at: timedelta) -> tuple[list[int], list[int]]:
    work = sweeps.unheld_work(now=NOW + at)
    return work.capture_ids, work.attempt_ids


def test_work_that_no_worker_took_is_found_after_a_grace() -> None:
    """What Redis lost, the database still knows."""
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    attempt = processing_attempt(submitted_at=NOW)
    assert unheld(sweeps.GRACE - timedelta(seconds=1)) == ([], [])
    assert unheld(sweeps.GRACE) == ([capture.pk], [attempt.pk])


def test_work_of_a_dead_worker_is_found_when_its_lease_ends() -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    attempt = processing_attempt(submitted_at=NOW)
    leases.claim(capture, now=NOW)
    leases.claim(attempt, now=NOW)
    assert unheld(leases.LEASE - timedelta(seconds=1)) == ([], [])
    assert unheld(leases.LEASE) == ([capture.pk], [attempt.pk])


def test_work_that_is_done_or_no_longer_wanted_is_not_looked_for() -> None:
    session = answered_session()
    replaced = add_capture(session, CaptureKind.DOCUMENT_FRONT)
    crashed = add_capture(session, CaptureKind.DOCUMENT_FRONT, state=CaptureState.CRASHED)
    done = processing_attempt()
    Attempt.objects.filter(pk=done.pk).update(state=AttemptState.DECIDED, verdict="REVIEW", decided_at=NOW)
    assert Capture.objects.get(pk=replaced.pk).replaced_at is not None
    assert crashed.state == CaptureState.CRASHED
    assert unheld(timedelta(days=1)) == ([], [])
