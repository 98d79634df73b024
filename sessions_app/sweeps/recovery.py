"""Find work that was lost with a broker or a worker, and enqueue it again. PostgreSQL is the truth of the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from celery import current_app

from sessions_app import leases
from sessions_app.choices import AttemptState
from sessions_app.models import Attempt, Capture
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import BATCH, Sweep

GRACE = timedelta(seconds=8)
"""Fresh work is still on its way through the broker; only what is older is looked for."""

EXPIRES = 300
"""Seconds until a repetition that nobody took is dropped: while the workers of these queues stand still, no heap of them grows."""

INSPECT, VERIFY = "sessions_app.tasks.inspect_capture", "sessions_app.tasks.verify_attempt"
"""By name: the tasks' own module starts the sweeps."""


def recover_overdue(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Enqueue again what no worker holds. Returns how much."""
    with runs.begin(Sweep.RECOVER, now=now, seconds=seconds) as run:
        run.each(_lost(now), _enqueue)
    return run.handled


def _lost(now: datetime) -> Iterator[tuple[str, str, int]]:
    """Task, name of its argument, and id of whatever waits although nobody holds it."""
    captures = Capture.objects.waiting(now).filter(created_at__lte=now - GRACE)
    attempts = Attempt.objects.filter(state=AttemptState.PROCESSING, submitted_at__lte=now - GRACE)
    while ids := leases.hand_out(captures, now=now, most=BATCH):
        yield from ((INSPECT, "capture_id", pk) for pk in ids)
    while ids := leases.hand_out(attempts, now=now, most=BATCH):
        yield from ((VERIFY, "attempt_id", pk) for pk in ids)


def _enqueue(lost: tuple[str, str, int]) -> bool:
    task, argument, pk = lost
    current_app.send_task(task, kwargs={argument: pk}, expires=EXPIRES)
    return True
