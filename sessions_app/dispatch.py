"""Hand stored work to the queue. Nobody waits for a queue that is away: the recovery sweep finds the work in the database."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.exceptions import OperationalError as QueueAway

log = structlog.get_logger(__name__)

LEFT_ALONE = 5.0
"""Seconds for which a queue that did not answer is not asked again: each asking may take as long, and pages wait behind it."""

_not_before = 0.0


def send(task: Any, **ids: int) -> None:
    """Enqueue a task, or leave it to the sweep. A queue that is down is no error."""
    global _not_before
    if time.monotonic() < _not_before:
        return
    try:
        task.delay(**ids)
    except QueueAway as error:
        _not_before = time.monotonic() + LEFT_ALONE
        log.warning("queue_away", task=task.name, error=type(error).__name__)
