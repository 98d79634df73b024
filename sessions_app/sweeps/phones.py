"""Write down that the time of a hand-over is over. Every reader knows it already; the timeline and the record learn it here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sessions_app import lifecycle, transfers
from sessions_app.models import Transfer
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Sweep


def end_transfers(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """End every transfer whose time is over. Returns how many."""
    overdue = Transfer.objects.filter(ended_at=None, expires_at__lte=now)

    @transaction.atomic
    def end(transfer: Transfer) -> bool:
        try:
            lifecycle.lock(transfer.session_id, wait=False)
        except lifecycle.InUse:
            return False  # the next run looks again
        return transfers.end_overdue(transfer=transfer, now=now)

    with runs.begin(Sweep.TRANSFERS, now=now, seconds=seconds) as run:
        run.each(runs.in_batches(overdue, by="expires_at"), end)
    return run.handled
