"""Keeping of each decided attempt what a replay judges it from, unsealed and small: scores and levels, never who the person is (R43)."""

from __future__ import annotations

from datetime import datetime

from checks_app.decision import Verdict
from checks_app.rejudging import Essence
from sessions_app.models import Attempt, ReplayLine, VerificationSession

ESSENCE_COLUMNS = Essence._fields


def write(*, attempt: Attempt, session: VerificationSession, essence: Essence, verdict: Verdict, now: datetime) -> None:
    """Keep the line of an attempt whose verdict takes effect, within the transaction that stores it."""
    ReplayLine.objects.create(
        attempt=attempt,
        session=session,
        company_id=session.company_id,
        market=session.market,
        decided_at=now,
        verdict=verdict,
        **essence._asdict(),
    )
