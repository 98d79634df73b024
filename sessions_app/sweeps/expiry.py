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

    def close(session: VerificationSession) -> bool:
        try:
            lifecycle.close_overdue(session=session, now=now, wait=False)
        except (lifecycle.TransitionRefused, lifecycle.InUse):
            return False  # the user or an agent was faster, or works on it at this moment; the next run looks again
        return True

    with runs.begin(Sweep.CLOSE, now=now, seconds=seconds) as run:
        run.each(_overdue(now), close)
    return run.handled


def _overdue(now: datetime) -> Iterator[VerificationSession]:
    """Find them by indexes: the partial one of open sessions by expiry, then company by company where there is a limit of inactivity."""
    yield from runs.in_batches(VerificationSession.objects.expired(now).only("expires_at"), by="expires_at")
    for company in Company.objects.filter(inactivity_minutes__isnull=False).order_by("pk"):
        away = company.sessions.inactive_since(now - timedelta(minutes=company.inactivity_minutes or 0))
        yield from runs.in_batches(away.only("last_activity_at"), by="last_activity_at")
