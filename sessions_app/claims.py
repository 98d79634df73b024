"""Who works on which review: a claim keeps two people from deciding the same session, and ends by itself (R24)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sessions_app import lifecycle
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User

LASTS = timedelta(minutes=15)
"""From the last sign of work. Longer than one decision takes, short enough that a forgotten claim holds nobody up."""


class ClaimedByAnother(Exception):
    """Somebody else has a live claim; the message names him."""

    def __init__(self, holder: User) -> None:
        super().__init__(holder.shown_name)
        self.holder = holder


class NotInReview(Exception):
    """The session is not in review, or not any more."""


def unclaimed(now: datetime) -> Q:
    """The rule for sessions that nobody holds: no claim, one that has run out, or one of somebody who may no longer come in."""
    return Q(claimed_by=None) | Q(claimed_until__lte=now) | Q(claimed_by__is_active=False)


def holder_of(session: VerificationSession, *, now: datetime) -> User | None:
    """Who has a live claim on the session. Whoever is deactivated has none any more."""
    if session.claimed_until is None or session.claimed_until <= now:
        return None
    return session.claimed_by if session.claimed_by and session.claimed_by.is_active else None


def require_not_anothers(session: VerificationSession, *, actor: User, now: datetime) -> None:
    """Raise ClaimedByAnother while somebody else works on the session. Call with the session's row locked."""
    holder = holder_of(session, now=now)
    if holder is not None and holder != actor:
        raise ClaimedByAnother(holder)


@transaction.atomic
def claim(*, session: VerificationSession, actor: User, now: datetime, take_over: bool = False) -> None:
    """Keep a session in review for `actor`. take_over: also from somebody else, which only a master may.

    Raises NotInReview or ClaimedByAnother.
    """
    locked = lifecycle.lock(session.pk)
    if locked.outcome != Outcome.REVIEW:
        raise NotInReview(session.pk)
    holder = holder_of(locked, now=now)
    if holder is not None and holder != actor and not (take_over and actor.is_master):
        raise ClaimedByAnother(holder)
    _hold(locked, actor, now=now)
    if holder != actor:
        taken_from = {"taken_from": holder.pk} if holder else {}
        audit.record(company=locked.company, kind=AuditKind.REVIEW_CLAIMED, actor=actor, session_id=locked.public_id, now=now, **taken_from)


@transaction.atomic
def claim_next(*, company: Company, actor: User, now: datetime) -> VerificationSession | None:
    """Claim the session that has waited longest and that nobody holds; None: there is none. Two people never get the same one."""
    waiting = company.sessions.filter(unclaimed(now), outcome=Outcome.REVIEW).order_by("closed_at", "id")
    session: VerificationSession | None = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if session is not None:
        _hold(session, actor, now=now)
        audit.record(company=company, kind=AuditKind.REVIEW_CLAIMED, actor=actor, session_id=session.public_id, now=now)
    return session


def renew(*, session: VerificationSession, actor: User, now: datetime) -> bool:
    """Let a live claim of `actor` last longer, because he is at work. False: he has none."""
    own = VerificationSession.objects.filter(pk=session.pk, claimed_by=actor, claimed_until__gt=now)
    return bool(own.update(claimed_until=now + LASTS))


@transaction.atomic
def release(*, session: VerificationSession, actor: User, now: datetime) -> bool:
    """Give back a claim: one's own, or as a master anybody's. False: there was none. Raises ClaimedByAnother."""
    locked = lifecycle.lock(session.pk)
    holder = holder_of(locked, now=now)
    if holder is None:
        return False
    if holder != actor and not actor.is_master:
        raise ClaimedByAnother(holder)
    VerificationSession.objects.filter(pk=locked.pk).update(claimed_by=None, claimed_until=None)
    held_by = {} if holder == actor else {"taken_from": holder.pk}
    audit.record(company=locked.company, kind=AuditKind.REVIEW_RELEASED, actor=actor, session_id=locked.public_id, now=now, **held_by)
    return True


def _hold(session: VerificationSession, actor: User, *, now: datetime) -> None:
    session.claimed_by, session.claimed_until = actor, now + LASTS
    VerificationSession.objects.filter(pk=session.pk).update(claimed_by=actor, claimed_until=session.claimed_until)
