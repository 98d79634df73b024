"""One door for every change of outcome: compare-and-set, one event each, losing a race is an error (R20, R23, R26)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from checks_app.decision import Decision, Verdict
from checks_app.rejudging import Essence
from checks_app.results import CheckResult
from sessions_app import leases, redo, result_columns
from sessions_app.choices import AttemptState, EventKind, Outcome, OutcomeReason, RedoStep, ReviewReason, TransferEnd
from sessions_app.metrics import rollup
from sessions_app.metrics.rollup import Ending
from sessions_app.models import Attempt, CheckRecord, Review, SessionEvent, VerificationSession
from sessions_app.replay import lines
from sessions_app.transitions import ALLOWED_MOVES, UNDONE_MOVES
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import User


class SessionClosed(Exception):
    """The session has its outcome, or its link has expired: nothing more can be done in it."""


class BeingChecked(SessionClosed):
    """The session is with the checks: what they judge must not change under them."""


class InUse(Exception):
    """Somebody works on the session at this moment, and whoever asked did not want to wait."""


class TransitionRefused(Exception):
    """The move is not allowed, or somebody else moved the session first."""

    def __init__(self, session: VerificationSession, old: Outcome, new: Outcome) -> None:
        super().__init__(f"Session {session.pk} cannot move from {old} to {new}")
        self.session = session


class LeaseLost(Exception):
    """The worker came back after its lease had passed to another one; its results are dropped."""


def require_open(session: VerificationSession, *, now: datetime) -> None:
    """Raise SessionClosed unless the user may still act in the session."""
    if not session.is_open or not session.link_works(now):
        raise SessionClosed(session.pk)


def require_unchecked(session: VerificationSession) -> None:
    """Raise BeingChecked while an attempt is with the workers. Call with the session's row locked."""
    if session.attempts.filter(state=AttemptState.PROCESSING).exists():
        raise BeingChecked(session.pk)


def lock(session_id: int, *, wait: bool = True) -> VerificationSession:
    """Lock a session's row until the transaction ends and return it afresh.

    Whoever changes a session together with its captures or attempts takes this lock first, so that nobody waits in a circle.
    wait: until it is free; otherwise raise InUse when somebody else has it at this moment.
    """
    rows = VerificationSession.objects.select_for_update(of=("self",), no_key=True, skip_locked=not wait).select_related("company")
    try:
        return rows.get(pk=session_id)
    except VerificationSession.DoesNotExist:
        if wait:
            raise
        raise InUse(session_id) from None


def count_activity(session: VerificationSession, *, now: datetime) -> None:
    """The user did something: the time that he may be away begins anew."""
    VerificationSession.objects.filter(pk=session.pk).update(last_activity_at=now)


def note(*, session: VerificationSession, kind: EventKind, now: datetime, actor: User | None = None, **details: str | int) -> SessionEvent:
    """Put one line on the session's timeline. Details are codes and counts."""
    return SessionEvent.objects.create(session=session, kind=kind, actor=actor, at=now, details=details)


@transaction.atomic
def record_decision(
    *,
    attempt: Attempt,
    results: Iterable[CheckResult],
    decision: Decision,
    columns: Mapping[str, Any],
    now: datetime,
    essence: Essence | None = None,
) -> None:
    """Store what the checks of an attempt concluded, end the attempt, and end the session unless a retry follows.

    columns: values for the result columns of the session. essence: what replays judge it from; None: they leave it out.
    Raises LeaseLost when another worker holds the attempt.
    """
    session = lock(attempt.session_id)
    if not leases.still_held(attempt):
        raise LeaseLost(attempt.pk)
    reasons, results = [reason.value for reason in decision.reasons], list(results)
    CheckRecord.objects.bulk_create(record_of(attempt, result) for result in results)
    Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.DECIDED, verdict=decision.verdict, reasons=reasons, decided_at=now)
    if not session.is_open:
        return  # cancelled while it was being checked: the results are kept with the attempt, the outcome stands
    checks = result_columns.of_all_attempts(session, results)
    VerificationSession.objects.filter(pk=session.pk).update(**columns, **checks, result_attempt=attempt.number, last_activity_at=now)
    if essence is not None:
        lines.write(attempt=attempt, session=session, essence=essence, verdict=decision.verdict, now=now)
    if decision.verdict is Verdict.RETRY:
        redo.drop_failed_captures(attempt=attempt, now=now)
        note(session=session, kind=EventKind.RETRY_ASKED, now=now, attempt=attempt.number)
        return
    if decision.retries_exhausted:
        reasons.insert(0, OutcomeReason.RETRIES_EXHAUSTED)
    _move(session, Outcome(decision.verdict), now=now, reasons=reasons)


@transaction.atomic
def cancel(*, session: VerificationSession, actor: User, now: datetime) -> None:
    """Close an open session on the company's wish (R8). Raises TransitionRefused when it is not open any more."""
    _move(session, Outcome.CANCELLED, now=now, actor=actor)
    audit.record(company=session.company, kind=AuditKind.SESSION_CANCELLED, actor=actor, session_id=session.public_id, now=now)


@transaction.atomic
def close_overdue(*, session: VerificationSession, now: datetime, wait: bool = True) -> Outcome:
    """End a session whose time is over: EXPIRED when nobody opened it, else ABANDONED (R8, R23).

    Raises TransitionRefused when the session is being checked, was closed meanwhile, or is not overdue any more, and InUse as `lock` does.
    """
    locked = lock(session.pk, wait=wait)
    new = Outcome.ABANDONED if locked.opened_at else Outcome.EXPIRED
    if not VerificationSession.objects.filter(pk=session.pk).overdue(now).exists():
        raise TransitionRefused(session, Outcome(locked.outcome), new)
    _move(locked, new, now=now)
    return new


def settle_review(*, session: VerificationSession, outcome: Outcome, reason: ReviewReason, actor: User, now: datetime) -> None:
    """End a session in review as a person decided. Call with the session's row locked. Raises TransitionRefused."""
    if session.outcome != Outcome.REVIEW:
        raise TransitionRefused(session, Outcome(session.outcome), outcome)
    _move(session, outcome, now=now, actor=actor, reasons=[reason.value])


def withdraw_review(*, session: VerificationSession, review: Review, actor: User, now: datetime) -> None:
    """Take a session back into review, with its reasons and its waiting time as they were (R26). Call with its row locked."""
    end = EventKind.for_outcome(Outcome(session.outcome))
    _change(session, Outcome.REVIEW, UNDONE_MOVES, closed_at=review.in_review_since, reasons=review.reasons_before)
    session.events.filter(kind=end, withdrawn_at=None).update(withdrawn_at=now)
    note(session=session, kind=EventKind.REVIEW_UNDONE, actor=actor, now=now)


def reopen(*, session: VerificationSession, step: RedoStep, expires_at: datetime, actor: User, now: datetime) -> None:
    """Give a session in review back to its user, who does one step again (R24). Call with the session's row locked.

    A limit of inactivity counts from the moment when the user comes back: until then he may not even know.
    """
    redo.drop_step(session=session, step=step, now=now)
    VerificationSession.objects.filter(pk=session.pk).update(expires_at=expires_at, last_activity_at=None)
    session.expires_at, session.last_activity_at = expires_at, None
    _move(session, Outcome.PENDING, now=now, actor=actor, step=step.value)


def _move(
    session: VerificationSession, new: Outcome, *, now: datetime, actor: User | None = None, reasons: Iterable[str] = (), **details: str
) -> None:
    """Move `session` to `new`, or raise TransitionRefused if the move is not allowed or somebody moved it first."""
    _change(session, new, ALLOWED_MOVES, closed_at=None if new is Outcome.PENDING else now, reasons=list(reasons))
    note(session=session, kind=EventKind.for_outcome(new), actor=actor, now=now, **details)


def _change(
    session: VerificationSession,
    new: Outcome,
    allowed: Mapping[Outcome, frozenset[Outcome]],
    *,
    closed_at: datetime | None,
    reasons: list[str],
) -> None:
    """Compare and set. Whoever had claimed the session has it no longer."""
    old = Outcome(session.outcome)
    if new not in allowed[old]:
        raise TransitionRefused(session, old, new)
    before = Ending(old, session.closed_at, session.decided_by_hand)
    by_hand = old is Outcome.REVIEW and new in (Outcome.APPROVE, Outcome.DECLINE)
    unmoved = VerificationSession.objects.filter(pk=session.pk, outcome=old, closed_at=session.closed_at)
    if not unmoved.update(outcome=new, closed_at=closed_at, reasons=reasons, decided_by_hand=by_hand, claimed_by=None, claimed_until=None):
        raise TransitionRefused(session, old, new)
    rollup.count_move(session, old=before, new=Ending(new, closed_at, by_hand))
    if old is Outcome.PENDING:
        _release_phone(session, closed_at)
    session.outcome, session.closed_at, session.reasons = new, closed_at, reasons
    session.decided_by_hand, session.claimed_by, session.claimed_until = by_hand, None, None


def _release_phone(session: VerificationSession, closed_at: datetime | None) -> None:
    """End the transfer together with the session, in one transaction, and forget its codes (R11, R13)."""
    unended = session.transfers.filter(ended_at=None)
    unended.filter(expires_at__lte=closed_at).update(ended_at=F("expires_at"), end=TransferEnd.EXPIRED)  # it was over before
    unended.update(ended_at=closed_at, end=TransferEnd.COMPLETED)
    session.transfer_codes.all().delete()


def record_of(attempt: Attempt, result: CheckResult) -> CheckRecord:
    return CheckRecord(
        attempt=attempt,
        check_name=result.check,
        status=result.status,
        score=result.score,
        decline_below=result.decline_below,
        approve_from=result.approve_from,
        reasons=[reason.value for reason in result.reasons],
        engine=result.engine.name,
        engine_version=result.engine.version,
        took_ms=result.took_ms,
        details=result.details,
    )
