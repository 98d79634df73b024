"""Every limit of time one second before it, at it, and one second after it. Counts are beside what they count: tests/sessions_app."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from sessions_app import answers, challenges, claims, leases, lifecycle, review, submission, sweeps, transfers
from sessions_app.choices import CaptureKind
from sessions_app.models import Attempt, Transfer, VerificationSession
from tests.captures import CLIENT, answered_session, processing_attempt
from tests.factories import NOW, CompanyFactory, SessionFactory
from tests.reviews import colleague, decide, judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_files")]

SECOND = timedelta(seconds=1)
Works = Callable[[datetime], bool]
"""Tells whether something still works at a moment."""


@dataclass(frozen=True)
class Limit:
    """requirement: which one sets it. begin: makes what is limited, and returns when its time is over and what tells so."""

    name: str
    requirement: str
    begin: Callable[[], tuple[datetime, Works]]


def does(call: Callable[[datetime], Any], *refusals: type[Exception]) -> Works:
    """Whether a call is refused, and by nothing else than these refusals."""

    def works(now: datetime) -> bool:
        try:
            answer = call(now)
        except refusals:
            return False
        return answer is not False

    return works


def link() -> tuple[datetime, Works]:
    session = SessionFactory()
    call = answers.open_link
    return NOW + timedelta(days=7), does(lambda now: call(session=session, client=CLIENT, now=now), lifecycle.SessionClosed)


def inactivity() -> tuple[datetime, Works]:
    answered_session(company=CompanyFactory(inactivity_minutes=10))
    return NOW + timedelta(minutes=10), lambda now: sweeps.close_overdue_sessions(now=now) == 0


def shown_code() -> tuple[datetime, Works]:
    session = answered_session()
    code = transfers.issue_code(session=session, now=NOW)
    return NOW + timedelta(minutes=5), does(lambda now: transfers.find_code(typed=code.typed, now=now), transfers.CodeNotValid)


def connected(session: VerificationSession, now: datetime) -> Transfer:
    code = transfers.issue_code(session=session, now=now)
    return transfers.connect(code=transfers.find_code(typed=code.typed, now=now), phone_key="phone", client=CLIENT, now=now)[0]


def phone() -> tuple[datetime, Works]:
    session = answered_session()
    transfer = connected(session, NOW)
    return NOW + timedelta(hours=1), acts(session, transfer)


def phone_near_the_end_of_its_session() -> tuple[datetime, Works]:
    """Half an hour is left of the session: the phone has no more either."""
    session = answered_session()
    transfer = connected(session, session.expires_at - timedelta(minutes=30))
    return session.expires_at, acts(session, transfer)


def acts(session: VerificationSession, via: Transfer) -> Works:
    refusals = (transfers.UsedElsewhere, lifecycle.SessionClosed)
    return does(lambda now: submission.retake(session=session, kind=CaptureKind.SELFIE, via=via, now=now), *refusals)


def drawn_challenge() -> tuple[datetime, Works]:
    session = answered_session()
    nonce = challenges.issue(session=session, now=NOW).nonce
    call = challenges.find_valid
    return NOW + timedelta(minutes=3), does(lambda now: call(session=session, nonce=nonce, now=now), challenges.ChallengeNotValid)


def lease() -> tuple[datetime, Works]:
    attempt = processing_attempt()
    leases.claim(attempt, now=NOW)
    return NOW + leases.LEASE, lambda now: not leases.claim(Attempt.objects.get(pk=attempt.pk), now=now)


def claim() -> tuple[datetime, Works]:
    session = judged()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    other = colleague(session)

    def keeps_others_off(now: datetime) -> bool:
        with suppress(claims.ClaimedByAnother):
            claims.claim(session=session, actor=other, now=now)
            return False
        return True

    return NOW + timedelta(minutes=15), keeps_others_off


def undo() -> tuple[datetime, Works]:
    session = judged()
    actor = colleague(session)
    decide(session, actor)
    return NOW + timedelta(minutes=15), does(lambda now: review.undo(session=session, actor=actor, now=now), review.UndoRefused)


LIMITS = [
    Limit("a link lasts seven days", "R3", link),
    Limit("a user may be away for as long as the company allows", "R23", inactivity),
    Limit("a code for the phone lasts five minutes", "R11", shown_code),
    Limit("a phone has the session for an hour from the scan", "R11", phone),
    Limit("a phone has it no longer than the session lasts", "R11", phone_near_the_end_of_its_session),
    Limit("a challenge is answered within three minutes", "R34", drawn_challenge),
    Limit("a worker holds a lease", "R23", lease),
    Limit("a claim keeps others off for fifteen minutes", "R24", claim),
    Limit("a review is undone within fifteen minutes", "R26", undo),
]


@pytest.mark.parametrize(("late", "expected"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.requirement}: {limit.name}")
def test_time_is_over_at_its_very_moment(limit: Limit, late: int, expected: bool) -> None:
    """R3, R11, R23, R24, R26, R34: a second before it still holds; from the moment itself on it does not."""
    over, works = limit.begin()
    assert works(over + late * SECOND) is expected
