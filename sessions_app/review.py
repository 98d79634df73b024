"""What a person decides about a session in review: approve, decline, ask for one step again, and take a decision back (R24, R26)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sessions_app import claims, lifecycle
from sessions_app.choices import CaptureState, Outcome, RedoStep, ReviewReason
from sessions_app.models import Review, VerificationSession
from sessions_app.redo import CAPTURES_OF_STEP
from settings_app import audit, keys
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from verifyportal import crypto

UNDO_WITHIN = timedelta(minutes=15)
NOTE_LENGTH = 2000

REASONS: dict[Outcome, tuple[ReviewReason, ...]] = {
    Outcome.APPROVE: (
        ReviewReason.DOCUMENT_GENUINE,
        ReviewReason.SAME_PERSON,
        ReviewReason.LIVE_PERSON,
        ReviewReason.CONFIRMED_OTHERWISE,
        ReviewReason.OTHER,
    ),
    Outcome.DECLINE: (
        ReviewReason.DOCUMENT_FORGED,
        ReviewReason.DOCUMENT_NOT_ACCEPTED,
        ReviewReason.DOCUMENT_UNREADABLE,
        ReviewReason.OTHER_PERSON,
        ReviewReason.NOT_LIVE,
        ReviewReason.DUPLICATE,
        ReviewReason.OTHER,
    ),
}
"""Which reasons fit which decision, in the order in which they are offered."""


class ReasonDoesNotFit(ValueError):
    """An approval with a reason for declining, or the reverse."""


class NoteMissing(ValueError):
    """The reason says nothing by itself, so it needs words."""


class SeenBefore(Exception):
    """The person has sent another attempt since the reviewer opened the page: he has not seen what he would decide about."""


class UndoRefused(Exception):
    """No standing review, too late, or somebody else's."""


class NoAttemptLeft(Exception):
    """The session has used all its attempts (R4), so nothing can be asked again."""


class PicturesErased(Exception):
    """The other steps' pictures are gone: one step alone makes no attempt."""


@transaction.atomic
def decide(
    *, session: VerificationSession, outcome: Outcome, reason: ReviewReason, note: str, attempt: int, actor: User, now: datetime
) -> Review:
    """Approve or decline a session in review. attempt: the number of the one that the reviewer saw.

    Raises ReasonDoesNotFit, NoteMissing, SeenBefore, claims.ClaimedByAnother or lifecycle.TransitionRefused; then nothing changes.
    """
    if reason not in REASONS[outcome]:
        raise ReasonDoesNotFit(reason)
    if reason is ReviewReason.OTHER and not note.strip():
        raise NoteMissing(reason)
    locked = _lock(session, outcome, actor=actor, now=now)
    if locked.result_attempt != attempt:
        raise SeenBefore(locked.pk)
    review = Review(
        session=locked,
        reviewer=actor,
        outcome=outcome,
        reason=reason,
        reasons_before=list(locked.reasons),
        in_review_since=locked.closed_at or now,  # a session in review has one
        at=now,
    )
    if note := note.strip():
        review.note_sealed = crypto.seal(keys.key_of(locked.company), note.encode(), context=_context(review))
    lifecycle.settle_review(session=locked, outcome=outcome, reason=reason, actor=actor, now=now)
    review.save(force_insert=True)
    audit.record(
        company=locked.company,
        kind=AuditKind.SESSION_REVIEWED,
        actor=actor,
        session_id=locked.public_id,
        now=now,
        review=review.pk,
        decision=outcome.value,
        reason=reason.value,
    )
    return review


def note_of(review: Review, company: Company) -> str:
    """The reviewer's words; '' when he wrote none. Raises crypto.DoesNotOpen."""
    if review.note_sealed is None:
        return ""
    return crypto.unseal(keys.key_of(company), bytes(review.note_sealed), context=_context(review)).decode()


def may_undo(review: Review, *, actor: User, now: datetime) -> bool:
    """R26: a standing review, for a short while, by the one who decided or by a master."""
    is_fresh = review.undone_at is None and now < review.at + UNDO_WITHIN
    return is_fresh and (review.reviewer_id == actor.pk or actor.is_master)


@transaction.atomic
def undo(*, session: VerificationSession, actor: User, now: datetime) -> Review:
    """Take back the standing review of a session, which waits again as before, kept for `actor`. Raises UndoRefused.

    What the checks decided by themselves has no review and is never undone.
    """
    locked = lifecycle.lock(session.pk)
    review: Review | None = locked.reviews.filter(undone_at=None).first()
    if review is None or review.outcome != locked.outcome or not may_undo(review, actor=actor, now=now):
        raise UndoRefused(locked.pk)
    lifecycle.withdraw_review(session=locked, review=review, actor=actor, now=now)
    review.undone_at, review.undone_by = now, actor
    review.save(update_fields=["undone_at", "undone_by"])
    audit.record(company=locked.company, kind=AuditKind.REVIEW_UNDONE, actor=actor, session_id=locked.public_id, now=now, review=review.pk)
    claims.claim(session=locked, actor=actor, now=now)
    return review


@transaction.atomic
def ask_again(*, session: VerificationSession, step: RedoStep, actor: User, now: datetime) -> None:
    """Ask the person to do one step again: the link works again and leads exactly there.

    Raises NoAttemptLeft, PicturesErased, claims.ClaimedByAnother or lifecycle.TransitionRefused; then nothing changes.
    """
    locked = _lock(session, Outcome.PENDING, actor=actor, now=now)
    require_attempt_left(locked)
    kept = locked.captures.current().exclude(kind__in=CAPTURES_OF_STEP[step])
    if kept.filter(state=CaptureState.ERASED).exists():
        raise PicturesErased(locked.pk)
    expires_at = max(locked.expires_at, now + timedelta(days=locked.company.link_days))
    lifecycle.reopen(session=locked, step=step, expires_at=expires_at, actor=actor, now=now)
    audit.record(company=locked.company, kind=AuditKind.REDO_ASKED, actor=actor, session_id=locked.public_id, now=now, step=step.value)


def require_attempt_left(session: VerificationSession) -> None:
    """Raise NoAttemptLeft when whatever is asked again could not be submitted any more."""
    if session.attempts.count() > session.max_retries:
        raise NoAttemptLeft(session.pk)


def _lock(session: VerificationSession, wanted: Outcome, *, actor: User, now: datetime) -> VerificationSession:
    """Lock a session of which `actor` may decide now."""
    locked = lifecycle.lock(session.pk)
    if locked.outcome != Outcome.REVIEW:
        raise lifecycle.TransitionRefused(locked, Outcome(locked.outcome), wanted)
    claims.require_not_anothers(locked, actor=actor, now=now)
    return locked


def _context(review: Review) -> str:
    return f"review:{review.session.public_id}:{review.reviewer_id}:{review.at.timestamp()}"
