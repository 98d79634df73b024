"""Close sessions whose time is over (R3, R8, R23). Every reader computes it; here it becomes an outcome with its event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sessions_app import lifecycle
from sessions_app.models import VerificationSession
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Sweep
from settings_app.models import Company


def close_overdue_sessions(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Close every session whose time is over, each in its own transaction. Returns how many."""

    def close(pk: int) -> bool:
        session = runs.locked_if_free(pk)
        if session is None:
            return False  # somebody works on it at this moment; the next run finds it again
        try:
            lifecycle.close_overdue(session=session, now=now)
        except lifecycle.TransitionRefused:
            return False  # the user or an agent was faster
        return True

    with runs.begin(Sweep.CLOSE, now=now, seconds=seconds) as run:
        run.each(overdue_ids(now), close)
    return run.handled


def overdue_ids(now: datetime) -> Iterator[int]:
    """Find them by indexes: the partial one of open sessions by expiry, then company by company where there is a limit of inactivity."""
    yield from runs.in_batches(VerificationSession.objects.expired(now), by="expires_at")
    for company in Company.objects.filter(inactivity_minutes__isnull=False).order_by("pk"):
        deadline = now - timedelta(minutes=company.inactivity_minutes or 0)
        yield from runs.in_batches(company.sessions.inactive_since(deadline), by="last_activity_at")
