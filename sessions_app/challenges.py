"""Liveness challenges of a session: drawn by the server, answered once, within a time limit (R34)."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from checks_app.liveness import challenge
from sessions_app import lifecycle
from sessions_app.models import LivenessChallenge, VerificationSession

ANSWER_WITHIN = timedelta(minutes=3)
"""Long enough to read the page and get ready, too short to stage another person's video."""


class ChallengeNotValid(Exception):
    """The challenge is unknown, was answered already, or its time is over; the user starts a new one."""


def issue(*, session: VerificationSession, now: datetime) -> LivenessChallenge:
    """Draw a new challenge for the session. Raises SessionClosed."""
    lifecycle.require_open(session, now=now)
    drawn = challenge.draw(random.SystemRandom())
    return session.challenges.create(
        nonce=drawn.nonce, moves=[move.value for move in drawn.moves], issued_at=now, expires_at=now + ANSWER_WITHIN
    )


def find_valid(*, session: VerificationSession, nonce: str, now: datetime) -> LivenessChallenge:
    """Return the session's open challenge with this nonce. Raises ChallengeNotValid."""
    found = session.challenges.filter(nonce=nonce, expires_at__gt=now, capture=None).first()
    if found is None:
        raise ChallengeNotValid(session.pk)
    return found
