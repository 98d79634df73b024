"""Erase the pictures of sessions that ended longer ago than their company keeps them (R47)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sessions_app import erasure, lifecycle
from sessions_app.models import VerificationSession
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Sweep
from settings_app.models import Company


def erase_old_pictures(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Erase the pictures of every session whose time is over, each in its own transaction. Returns of how many sessions."""

    def erase(session: VerificationSession) -> bool:
        try:
            return erasure.erase_when_old(session=session, now=now)
        except (lifecycle.InUse, erasure.PicturesStillNeeded):
            return False  # somebody works on it, or took it back into review; the next run looks again

    with runs.begin(Sweep.OLD_PICTURES, now=now, seconds=seconds) as run:
        run.each(_due(now), erase)
    return run.handled


def _due(now: datetime) -> Iterator[VerificationSession]:
    for company in Company.objects.filter(retention_days__isnull=False).order_by("pk"):
        ended = company.sessions.keeping_pictures(closed_by=now - timedelta(days=company.retention_days or 0))
        yield from runs.in_batches(ended.only("closed_at"), by="closed_at")
