"""PostgreSQL is the truth of the queue: who may work on a capture or attempt, for how long, and how often it was tried.

A lease is short and renewed while the work goes on, so that a worker which died is missed within seconds and one which is only slow
keeps what it has. A worker whose token was replaced drops what it computed.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, TypeVar

import structlog
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet

from sessions_app.choices import AttemptState, CaptureState
from sessions_app.models import Attempt, Capture
from sessions_app.querysets import unheld

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=20)
"""How long the work of a killed worker waits at most before somebody else may take it."""

RENEWED_EVERY = timedelta(seconds=5)
"""Three renewals may fail, as they do while the database restarts, before the lease is lost."""

KEPT_AT_MOST = timedelta(seconds=100)
"""Longer than the hard time limit of a task (90 s). What hangs where nobody kills it is not kept for ever."""

POSTPONED = timedelta(seconds=10)
"""Until work is tried again that this machine, and not the picture, could not do."""

HANDED_OUT = timedelta(seconds=20)
"""Until work that was enqueued again and that nobody took is looked for once more: behind a long queue no heap of repetitions grows."""

MAX_TRIES = 3
"""After the third death the work is given up, and its checks are unclear."""

Work = TypeVar("Work", bound=Attempt | Capture)

OPEN_STATE: dict[type[Model], str] = {Capture: CaptureState.WAITING, Attempt: AttemptState.PROCESSING}


def claim(work: Work, *, now: datetime) -> bool:
    """Take the work for `LEASE`. False: another worker holds it, it is done, or used up. Counts the try before the work begins."""
    return _take(work, now=now, used_up=False)


def claim_used_up(work: Work, *, now: datetime) -> bool:
    """Take work that has killed as many workers as it may, to give it up: that is no try more. False: there is nothing to give up."""
    return _take(work, now=now, used_up=True)


def _take(work: Work, *, now: datetime, used_up: bool) -> bool:
    tries = {"tries__gte": MAX_TRIES} if used_up else {"tries__lt": MAX_TRIES}
    free = Q(lease_token=None) | unheld(now)  # what was only enqueued again is free to whoever gets it first
    waiting = type(work)._default_manager.filter(free, pk=work.pk, state=OPEN_STATE[type(work)], **tries)
    taken = waiting.update(lease_until=now + LEASE, lease_token=uuid.uuid4(), tries=F("tries") + (0 if used_up else 1))
    if taken:
        work.refresh_from_db(fields=["lease_until", "lease_token", "tries", "state"])
    return bool(taken)


@contextmanager
def kept(work: Work) -> Iterator[None]:
    """Renew the lease from a thread while the block runs. Short work pays for a sleeping thread and nothing else."""
    ended = Event()
    Thread(target=_renew, args=(work, ended), name="lease", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _renew(work: Work, ended: Event) -> None:
    """Runs in a thread of its own, and so on a database connection of its own, opened when the first renewal is due."""
    began, until = time.monotonic(), work.lease_until
    assert until is not None
    try:
        while not ended.wait(RENEWED_EVERY.total_seconds()):
            passed = timedelta(seconds=time.monotonic() - began)
            if passed > KEPT_AT_MOST or not _renewed(work, until + passed):
                return
    finally:
        connection.close()


def _renewed(work: Work, until: datetime) -> bool:
    """False: the lease is lost, or the work is done. A database that is away says neither."""
    try:
        return bool(_ours(work).update(lease_until=until))
    except DatabaseError as error:
        log.warning("lease_not_renewed", work=type(work).__name__, id=work.pk, error=type(error).__name__)
        connection.close()
        return True


def still_held(work: Work) -> bool:
    """Lock the row and tell whether it is still open and ours. Call inside a transaction, before results are written."""
    return _ours(work).select_for_update().first() is not None


def give_back(work: Work, *, now: datetime) -> None:
    """Put work down that this machine could not do. It costs no try, and the recovery finds it after `POSTPONED`."""
    _ours(work).update(lease_until=now + POSTPONED, lease_token=None, tries=F("tries") - 1)


def hand_out(waiting: QuerySet[Work], *, now: datetime, most: int) -> list[int]:
    """Return the ids of work that nobody holds, to be enqueued again. None of it is found once more before `HANDED_OUT` is over."""
    with transaction.atomic():
        lost = waiting.filter(unheld(now)).select_for_update(skip_locked=True).order_by("pk")
        ids = list(lost.values_list("pk", flat=True)[:most])
        waiting.model._default_manager.filter(pk__in=ids).update(lease_until=now + HANDED_OUT, lease_token=None)
    return ids


def _ours(work: Attempt | Capture) -> QuerySet[Any]:
    """The row of the work while it is open and ours; an empty token is no token."""
    held = type(work)._default_manager.filter(pk=work.pk, state=OPEN_STATE[type(work)])
    return held.filter(lease_token=work.lease_token) if work.lease_token else held.none()
