"""What the scheduler does again and again: close sessions whose time is over, find work that was lost. Safe to run twice, or never."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from sessions_app import lifecycle
from sessions_app.choices import AttemptState
from sessions_app.models import Attempt, Capture, VerificationSession
from sessions_app.querysets import unheld

BATCH = 500
SWEEP_LOCK = 7302
"""Key of the advisory lock: a sweep that finds another one at work leaves it alone."""

GRACE = timedelta(seconds=15)
"""Fresh work is still on its way through the broker; only what is older is looked for."""


@dataclass(frozen=True, slots=True)
class UnheldWork:
    """Ids of what waits although no worker holds it."""

    capture_ids: list[int]
    attempt_ids: list[int]


def close_overdue_sessions(*, now: datetime) -> int:
    """Close every session whose time is over, each in its own transaction. Returns how many."""
    closed = 0
    with _alone() as alone:
        if not alone:
            return 0
        for session in VerificationSession.objects.overdue(now).order_by("pk")[:BATCH]:
            try:
                lifecycle.close_overdue(session=session, now=now)
            except lifecycle.TransitionRefused:
                continue  # the user or an agent was faster
            closed += 1
    return closed


def unheld_work(*, now: datetime) -> UnheldWork:
    """Find captures and attempts whose task was lost or whose worker died."""
    captures = Capture.objects.waiting(now).filter(created_at__lte=now - GRACE)
    attempts = Attempt.objects.filter(unheld(now), state=AttemptState.PROCESSING, submitted_at__lte=now - GRACE)
    return UnheldWork(
        capture_ids=list(captures.order_by("pk").values_list("pk", flat=True)[:BATCH]),
        attempt_ids=list(attempts.order_by("pk").values_list("pk", flat=True)[:BATCH]),
    )


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
