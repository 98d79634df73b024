"""R26: one door for every change of outcome, compare-and-set, one final event each."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from checks_app.decision import Decision, Verdict
from sessions_app import leases, lifecycle
from sessions_app.choices import CaptureKind, EventKind, Outcome
from sessions_app.models import Attempt, SessionEvent, VerificationSession
from settings_app.choices import AuditKind
from tests.captures import processing_attempt
from tests.factories import NOW, SessionFactory, UserFactory, finished_session

pytestmark = pytest.mark.django_db

FINAL = [Outcome.APPROVE, Outcome.DECLINE, Outcome.ABANDONED, Outcome.EXPIRED, Outcome.CANCELLED]


def claimed() -> Attempt:
    attempt = processing_attempt()
    leases.claim(attempt, now=NOW)
    return attempt


def record(attempt: Attempt, verdict: Verdict, **columns: Any) -> VerificationSession:
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(verdict), columns=columns, now=NOW)
    return VerificationSession.objects.get(pk=attempt.session_id)


@pytest.mark.parametrize(
    ("verdict", "outcome", "event"),
    [
        (Verdict.APPROVE, Outcome.APPROVE, EventKind.APPROVED),
        (Verdict.REVIEW, Outcome.REVIEW, EventKind.SENT_TO_REVIEW),
        (Verdict.DECLINE, Outcome.DECLINE, EventKind.DECLINED),
        (Verdict.RETRY, Outcome.PENDING, EventKind.RETRY_ASKED),
    ],
)
def test_each_verdict_has_its_outcome_and_its_event(verdict: Verdict, outcome: Outcome, event: EventKind) -> None:
    """R20: exactly this spelling."""
    attempt = claimed()
    session = record(attempt, verdict, first_name="NINO")
    assert (session.outcome, session.first_name, session.result_attempt) == (outcome, "NINO", 1)
    assert session.events.order_by("-pk")[0].kind == event
    assert Attempt.objects.get(pk=attempt.pk).verdict == verdict


def test_retry_keeps_the_session_alive() -> None:
    """R23: a user who waited for slow checks is not abandoned for it."""
    attempt = claimed()
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(Verdict.RETRY), columns={}, now=NOW + timedelta(minutes=40))
    assert VerificationSession.objects.get(pk=attempt.session_id).last_activity_at == NOW + timedelta(minutes=40)


def test_attempt_that_nobody_holds_is_not_decided() -> None:
    attempt = processing_attempt()
    with pytest.raises(lifecycle.LeaseLost):
        record(attempt, Verdict.APPROVE)
    assert VerificationSession.objects.get(pk=attempt.session_id).is_open


def test_session_cancelled_during_the_checks_stays_cancelled() -> None:
    """R8: the results are kept with the attempt."""
    attempt = claimed()
    lifecycle.cancel(session=attempt.session, actor=UserFactory(company=attempt.session.company), now=NOW)
    session = record(attempt, Verdict.APPROVE, first_name="NINO")
    assert (session.outcome, session.first_name) == (Outcome.CANCELLED, "")
    assert Attempt.objects.get(pk=attempt.pk).verdict == Verdict.APPROVE


def test_decision_that_cannot_be_stored_leaves_no_half_of_itself() -> None:
    attempt = claimed()
    with pytest.raises(IntegrityError), transaction.atomic():
        record(attempt, Verdict.APPROVE, match_level=8)
    attempt.refresh_from_db()
    assert (attempt.verdict, attempt.session.events.filter(kind=EventKind.APPROVED).count()) == ("", 0)


def test_cancelling_names_who_did_it() -> None:
    session = SessionFactory()
    agent = UserFactory(company=session.company)
    lifecycle.cancel(session=session, actor=agent, now=NOW)
    assert session.events.get(kind=EventKind.CANCELLED).actor == agent
    assert session.company.audit_events.get(kind=AuditKind.SESSION_CANCELLED).actor == agent


def test_refused_cancel_is_not_audited() -> None:
    session = finished_session(Outcome.APPROVE)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.cancel(session=session, actor=UserFactory(company=session.company), now=NOW)
    assert not session.company.audit_events.filter(kind=AuditKind.SESSION_CANCELLED).exists()


def test_stale_copy_of_a_session_moves_nothing() -> None:
    """Losing a race is an error, not a silent overwrite."""
    session = SessionFactory()
    stale, agent = VerificationSession.objects.get(pk=session.pk), UserFactory(company=session.company)
    lifecycle.cancel(session=session, actor=agent, now=NOW)
    with pytest.raises(lifecycle.TransitionRefused):
        lifecycle.cancel(session=stale, actor=agent, now=NOW + timedelta(hours=1))
    assert VerificationSession.objects.get(pk=session.pk).closed_at == NOW
    assert session.events.filter(kind=EventKind.CANCELLED).count() == 1


@pytest.mark.parametrize("first", FINAL)
@pytest.mark.parametrize("second", FINAL)
def test_database_refuses_a_second_final_event(first: Outcome, second: Outcome) -> None:
    """R26: exactly one final outcome event per session."""
    session = SessionFactory()
    SessionEvent.objects.create(session=session, kind=EventKind.for_outcome(first), at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionEvent.objects.create(session=session, kind=EventKind.for_outcome(second), at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": Outcome.APPROVE},
        {"closed_at": NOW},
        {"outcome": "SUCCESS", "closed_at": NOW},
        {"outcome": Outcome.ABANDONED, "closed_at": NOW},
        {"outcome": Outcome.EXPIRED, "closed_at": NOW, "opened_at": NOW},
        {"expires_at": NOW},
        {"match_level": 8},
    ],
)
def test_database_refuses_a_session_that_contradicts_itself(wrong: dict[str, Any]) -> None:
    """R8, R20, R33: what must never be false is a constraint."""
    session = SessionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        VerificationSession.objects.filter(pk=session.pk).update(**wrong)


@pytest.mark.parametrize(("late", "works"), [(-1, True), (0, False), (1, False)])
def test_link_works_for_exactly_seven_days(late: int, works: bool) -> None:
    """R3: computed when read, so a dead scheduler never lets an expired link work."""
    session = SessionFactory()
    moment = NOW + timedelta(days=7, seconds=late)
    assert session.link_works(moment) is works
    if works:
        lifecycle.require_open(session, now=moment)
    else:
        with pytest.raises(lifecycle.SessionClosed):
            lifecycle.require_open(session, now=moment)


def test_every_kind_of_capture_can_be_asked_for_again() -> None:
    """R22: a retry that dropped nothing would let the same pictures be judged again."""
    from checks_app.results import Check
    from sessions_app.redo import CAPTURES_OF_CHECK

    assert set(CAPTURES_OF_CHECK) == set(Check)
    assert {kind for kinds in CAPTURES_OF_CHECK.values() for kind in kinds} == set(CaptureKind)
