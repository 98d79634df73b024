"""The workers' doors: ids in, one domain call each. Every task may run twice; the lease makes the second run harmless."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from sessions_app import dispatch, sweeps, verification
from sessions_app.models import Attempt, Capture
from sessions_app.replay import slices

SOFT_SECONDS, HARD_SECONDS = 60, 90
LONG_SOFT_SECONDS, LONG_HARD_SECONDS = 240, 270  # within the broker's visibility timeout, so that nothing is given out twice


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
    sweeps.recover_overdue(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def close_overdue_sessions() -> None:
    """Set ABANDONED and EXPIRED."""
    sweeps.close_overdue_sessions(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def end_transfers() -> None:
    """End what phones no longer carry."""
    sweeps.end_transfers(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def watch_for_stuck() -> None:
    """Mend or report work that should have been done long ago."""
    sweeps.watch_for_stuck(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def erase_old_pictures() -> None:
    """Erase pictures that their company keeps no longer."""
    sweeps.erase_old_pictures(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def watch_for_drift() -> None:
    """Raise alerts for rates that left their baseline."""
    sweeps.watch_for_drift(now=timezone.now())


@shared_task(soft_time_limit=LONG_SOFT_SECONDS, time_limit=LONG_HARD_SECONDS)
def catch_up() -> None:
    """Make what older versions did not keep."""
    sweeps.catch_up(now=timezone.now())


@shared_task(soft_time_limit=LONG_SOFT_SECONDS, time_limit=LONG_HARD_SECONDS)
def drop_leftovers() -> None:
    """Remove files and codes that nothing refers to."""
    sweeps.drop_leftovers(now=timezone.now())


@shared_task(soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def go_on_with_replay(*, run_id: int) -> None:
    """Replay some sessions more."""
    slices.go_on(run_id=run_id, hand_on=lambda: dispatch.send(go_on_with_replay, run_id=run_id), now=timezone.now())
