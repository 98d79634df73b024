"""What the people of the demo companies did about sessions in review: through the same doors as in the panel."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sessions_app import claims, corrections, notes, review
from sessions_app.choices import Outcome, ReviewReason
from sessions_app.models import VerificationSession
from settings_app.models import Company, User

LEFT_WAITING = timedelta(days=30)  # what came into review later still waits
NOTES = (
    "Called the customer: she has a new haircut and sent a second photo by post.",
    "Same printer pattern as in two cases of last month.",
    "Compared with the file of the branch. Everything agrees.",
)


def play(company: Company, staff: list[User], *, seed: int, now: datetime) -> None:
    """Decide what has waited long, undo one decision, correct and note, and leave one session in somebody's hands."""
    chance = random.Random(seed)
    queue = list(company.sessions.filter(outcome=Outcome.REVIEW).order_by("closed_at", "id"))
    agents = [user for user in staff if not user.is_master] or staff
    for session in queue:
        if session.closed_at and session.closed_at < now - LEFT_WAITING:
            _decide(session, chance.choice(agents), chance, at=session.closed_at + timedelta(hours=chance.uniform(0.5, 30)))
    waiting = [session for session in queue if session.closed_at and session.closed_at >= now - LEFT_WAITING]
    if waiting:
        _at_work_on(waiting[0], agents[0], now=now)
    for session, text in zip(waiting[1:3], NOTES, strict=False):
        notes.add(session=session, text=text, author=chance.choice(agents), now=now - timedelta(minutes=chance.randint(20, 300)))


def _decide(session: VerificationSession, actor: User, chance: random.Random, *, at: datetime) -> None:
    outcome = Outcome.APPROVE if chance.random() < 0.6 else Outcome.DECLINE
    reason = chance.choice([reason for reason in review.REASONS[outcome] if reason is not ReviewReason.OTHER])
    note = chance.choice(NOTES) if chance.random() < 0.3 else ""
    review.decide(session=session, outcome=outcome, reason=reason, note=note, attempt=session.result_attempt, actor=actor, now=at)


def _at_work_on(session: VerificationSession, actor: User, *, now: datetime) -> None:
    """One session as it looks while somebody is busy with it: approved too fast, taken back, corrected, noted."""
    claims.claim(session=session, actor=actor, now=now - timedelta(minutes=9))
    review.decide(
        session=session,
        outcome=Outcome.APPROVE,
        reason=ReviewReason.SAME_PERSON,
        note="",
        attempt=session.result_attempt,
        actor=actor,
        now=now - timedelta(minutes=8),
    )
    review.undo(session=session, actor=actor, now=now - timedelta(minutes=7))
    shown = corrections.fields_of(session)
    if session.last_name:
        corrected = shown | {"last_name": session.last_name.title()}
        corrections.correct(session=session, shown=shown, values=corrected, actor=actor, now=now - timedelta(minutes=5))
    notes.add(session=session, text="Too fast: the spelling of the name first.", author=actor, now=now - timedelta(minutes=4))
