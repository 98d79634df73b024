"""The workers' doors: ids in, one domain call each. Every task may run twice; the lease makes the second run harmless."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from sessions_app import sweeps, verification
from sessions_app.models import Attempt, Capture

SOFT_SECONDS, HARD_SECONDS = 60, 90

RECOVERY_EXPIRES = 60
"""Seconds until a recovery nobody took is dropped: the sweep enqueues it again, and behind a long queue no heap of repetitions grows."""


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def inspect_capture(*, capture_id: int) -> None:
    """Inspect one capture and store its findings."""
    verification.inspect(capture=Capture.objects.select_related("session__company").get(pk=capture_id), now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def verify_attempt(*, attempt_id: int) -> None:
    """Judge one attempt and decide it."""
    verification.verify(attempt=Attempt.objects.select_related("session__company").get(pk=attempt_id), now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def recover_overdue() -> None:
    """Enqueue again what no worker holds."""
    work = sweeps.unheld_work(now=timezone.now())
    for capture_id in work.capture_ids:
        inspect_capture.apply_async(kwargs={"capture_id": capture_id}, expires=RECOVERY_EXPIRES)
    for attempt_id in work.attempt_ids:
        verify_attempt.apply_async(kwargs={"attempt_id": attempt_id}, expires=RECOVERY_EXPIRES)


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def close_overdue_sessions() -> None:
    """Set ABANDONED and EXPIRED."""
    sweeps.close_overdue_sessions(now=timezone.now())
