"""Sessions in review, and people who look at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checks_app.decision import Decision, Verdict
from checks_app.results import Reason
from sessions_app import leases, lifecycle, review
from sessions_app.choices import Outcome, ReviewReason
from sessions_app.models import Review, VerificationSession
from settings_app.models import User
from tests.captures import processing_attempt, ready_session
from tests.factories import NOW, UserFactory, finished_session

WHY = [Reason.FACES_BARELY_ALIKE.value]


def waiting(**columns: Any) -> VerificationSession:
    """A session in review as the queue meets it, without the captures that led there."""
    return finished_session(Outcome.REVIEW, **{"reasons": WHY, **columns})


def judged(document: str = "PASSPORT", *, attempts: int = 1, **born: Any) -> VerificationSession:
    """A session in review with everything that was sent; `attempts`: how many it took."""
    session = ready_session(document, **born)
    for number in range(1, attempts + 1):
        attempt = processing_attempt(session)
        leases.claim(attempt, now=NOW)
        verdict = Verdict.REVIEW if number == attempts else Verdict.RETRY
        decision = Decision(verdict, reasons=(Reason.FACES_BARELY_ALIKE,))
        lifecycle.record_decision(attempt=attempt, results=(), decision=decision, columns={}, now=NOW)
    session.refresh_from_db()
    return session


def colleague(session: VerificationSession, **fields: Any) -> User:
    """Somebody of the session's company."""
    user: User = UserFactory(company=session.company, **fields)
    return user


def decide(session: VerificationSession, actor: User, outcome: Outcome = Outcome.APPROVE, *, now: datetime = NOW, **given: Any) -> Review:
    """Decide with the first reason that fits."""
    usual: dict[str, Any] = {"reason": review.REASONS[outcome][0], "note": "", "attempt": session.result_attempt}
    return review.decide(session=session, outcome=outcome, actor=actor, now=now, **(usual | given))


def load(session: VerificationSession) -> VerificationSession:
    return VerificationSession.objects.select_related("company").get(pk=session.pk)


def fitting() -> list[tuple[Outcome, ReviewReason]]:
    return [(outcome, reason) for outcome, reasons in review.REASONS.items() for reason in reasons]
