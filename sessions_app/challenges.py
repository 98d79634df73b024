"""Liveness challenges of a session: drawn by the server, answered once, within a time limit (R34).

Whoever could ask until the moves fit a recording would need no live person. So an open challenge stays the session's challenge for
as long as it can still be answered, whatever is reloaded, lost or opened twice, and an attempt has only so many of them.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction

from checks_app.liveness import challenge
from sessions_app import lifecycle, transfers
from sessions_app.models import LivenessChallenge, Transfer, VerificationSession

ANSWER_WITHIN = timedelta(minutes=3)
"""Long enough to read the page, get ready and send the frames on a slow line, too short to stage another person's video."""

START_WITHIN = timedelta(seconds=90)
"""Of these three minutes; the rest is for the moves (15 s) and for sending them. Later the page starts with a new challenge."""

MOST_DRAWN = 8
"""For each attempt. The four that a patient person on a poor line may need, twice; the one photo instead stays possible."""

FLASHES = 4


class ChallengeNotValid(Exception):
    """The challenge is unknown, was answered already, or its time is over; the user starts a new one."""


class ChallengesUsedUp(Exception):
    """So many challenges were drawn for this attempt that only the one photo is left."""


@transaction.atomic
def issue(*, session: VerificationSession, now: datetime, via: Transfer | None = None) -> LivenessChallenge:
    """Return the challenge that the session has open, or draw one. Raises ChallengesUsedUp, UsedElsewhere or SessionClosed."""
    locked = lifecycle.lock(session.pk)
    lifecycle.require_open(locked, now=now)
    transfers.require_hand(locked, via=via, now=now)
    lifecycle.count_activity(locked, now=now)
    waiting = _open(locked, until=now + ANSWER_WITHIN - START_WITHIN)
    if waiting is not None:
        return waiting
    if _drawn_for_this_attempt(locked) >= MOST_DRAWN:
        raise ChallengesUsedUp(locked.pk)
    return _draw(locked, now=now)


@transaction.atomic
def for_one_photo(*, session: VerificationSession, now: datetime, via: Transfer | None = None) -> LivenessChallenge:
    """Return a challenge for somebody who cannot follow any: his one photo answers it and proves nothing.

    Raises UsedElsewhere or SessionClosed, never ChallengesUsedUp.
    """
    locked = lifecycle.lock(session.pk)
    lifecycle.require_open(locked, now=now)
    transfers.require_hand(locked, via=via, now=now)
    return _open(locked, until=now) or _draw(locked, now=now)


def find_valid(*, session: VerificationSession, nonce: str, now: datetime) -> LivenessChallenge:
    """Return the session's open challenge with this nonce. Raises ChallengeNotValid."""
    found = session.challenges.filter(nonce=nonce, expires_at__gt=now, capture=None).first()
    if found is None:
        raise ChallengeNotValid(session.pk)
    return found


def _open(session: VerificationSession, *, until: datetime) -> LivenessChallenge | None:
    return session.challenges.filter(expires_at__gt=until, capture=None).order_by("-pk").first()


def _draw(session: VerificationSession, *, now: datetime) -> LivenessChallenge:
    drawn = challenge.draw(random.SystemRandom(), flashes=FLASHES if session.company.liveness_flash else 0)
    return session.challenges.create(
        nonce=drawn.nonce,
        moves=[move.value for move in drawn.moves],
        flashes=list(drawn.flashes),
        issued_at=now,
        expires_at=now + ANSWER_WITHIN,
    )


def _drawn_for_this_attempt(session: VerificationSession) -> int:
    last = session.attempts.order_by("-number").first()
    return session.challenges.filter(issued_at__gt=last.submitted_at).count() if last else session.challenges.count()
