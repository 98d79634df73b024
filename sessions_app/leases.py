"""PostgreSQL is the truth of the queue: who may work on a capture or attempt, for how long, and how often it was tried.

A task that dies leaves its lease to run out; the recovery sweep enqueues the work again. A worker that was only slow finds its
token replaced and drops what it computed.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F

from sessions_app.choices import AttemptState, CaptureState
from sessions_app.models import Attempt, Capture
from sessions_app.querysets import unheld

LEASE = timedelta(seconds=100)
"""Longer than the hard time limit of a task (90 s), so that a lease never runs out under a living worker."""

MAX_TRIES = 3
"""After the third death the work is given up, and its checks are unclear."""

Work = TypeVar("Work", Attempt, Capture)

OPEN_STATE = {Capture: CaptureState.WAITING, Attempt: AttemptState.PROCESSING}


def claim(work: Work, *, now: datetime) -> bool:
    """Take the work for `LEASE`. False: another worker holds it, or it is done. Counts the try before the work begins."""
    token = uuid.uuid4()
    claimed = (
        type(work)
        ._default_manager.filter(unheld(now), pk=work.pk, state=OPEN_STATE[type(work)])
        .update(lease_until=now + LEASE, lease_token=token, tries=F("tries") + 1)
    )
    if claimed:
        work.refresh_from_db(fields=["lease_until", "lease_token", "tries", "state"])
    return bool(claimed)


def still_held(work: Work) -> bool:
    """Lock the row and tell whether it is still open and ours. Call inside a transaction, before results are written."""
    if work.lease_token is None:
        return False
    ours = type(work)._default_manager.select_for_update().filter(pk=work.pk, lease_token=work.lease_token, state=OPEN_STATE[type(work)])
    return ours.first() is not None


def is_last_straw(work: Work) -> bool:
    """True when the work has already killed as many workers as it may."""
    return work.tries > MAX_TRIES
