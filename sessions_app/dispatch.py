"""Hand stored work to the queue. Nobody waits for a queue that is away: the recovery sweep finds the work in the database."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.exceptions import OperationalError as QueueAway

log = structlog.get_logger(__name__)

LEFT_ALONE = 5.0
"""Seconds for which a queue that did not answer is not asked again: each asking may take as long, and pages wait behind it."""

STALE = 1.0
"""Seconds within which a connection that the server has closed meanwhile fails; a new one is tried then. Silence takes longer."""

_not_before = 0.0


def send(task: Any, **ids: int) -> bool:
    """Enqueue a task, or leave it to the sweep. A queue that is down is no error. Returns whether the queue has it."""
    global _not_before
    began = time.monotonic()
    if began < _not_before:
        return False
    try:
        try:
            task.apply_async(kwargs=ids, retry=False)
        except QueueAway:
            if time.monotonic() - began >= STALE:
                raise
            task.apply_async(kwargs=ids, retry=False)
    except QueueAway as error:
        _not_before = time.monotonic() + LEFT_ALONE
        log.warning("queue_away", task=task.name, error=type(error).__name__)
        return False
    return True
