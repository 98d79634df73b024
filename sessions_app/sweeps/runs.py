"""How every sweep runs: alone, within its time, item by item in transactions of their own, and with a row that tells that it works."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import structlog
from celery.exceptions import OperationalError as QueueAway
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Model, Q, QuerySet

from sessions_app.models import SweepRun

log = structlog.get_logger(__name__)

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Sweep(StrEnum):
    """The sweeps, as the schedule, the table of runs and the operators name them."""

    CLOSE = "close-overdue-sessions"
    RECOVER = "recover-overdue"
    TRANSFERS = "end-transfers"
    WATCH = "watch-for-stuck"
    LEFTOVERS = "drop-leftovers"
    OLD_PICTURES = "erase-old-pictures"
    DRIFT = "watch-for-drift"
    CATCH_UP = "catch-up"


LOCKS = 7302
"""Class of the advisory locks; each sweep has a key of its own in it."""

BATCH = 500
"""Rows that are looked up at a time."""

SECONDS = 40
"""Of one run: well within the soft time limit of its task (60 s). What is left then is for the next run. An operator may wait longer."""

NOTICE_A_DEAD_CLIENT = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
"""Otherwise the lock of a machine that lost its power would be kept for the two hours that the server's system waits."""

MORE = "more to do"
"""Stands where a failure stands when a run's time was over before its work."""


@dataclass(slots=True)
class Run:
    """One run of one sweep. `is_alone` is False while another process runs the same sweep: then there is nothing to do."""

    sweep: Sweep
    now: datetime
    is_alone: bool
    seconds: float
    began: float = field(default_factory=time.monotonic)
    handled: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def moment(self) -> datetime:
        """The time now, by the clock of whoever started the run."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def each(self, items: Iterable[Item], act: Callable[[Item], int]) -> None:
        """Let `act` handle every item, as far as the time goes, and add up what it returns: how much it did, or whether it did anything.

        Each act is a transaction of its own. An item that fails is counted and passed over, so that it never holds up the others.
        """
        for item in items if self.is_alone else ():
            if time.monotonic() - self.began > self.seconds:
                self.complain(MORE)
                return
            try:
                self.handled += act(item)
            except (SoftTimeLimitExceeded, QueueAway):
                raise
            except Exception as error:
                if connection.connection is None or connection.connection.closed:
                    raise  # the others would fail as well
                log.warning("sweep_failed_for_one", sweep=self.sweep, item=getattr(item, "pk", None), error=type(error).__name__)
                self.failures[type(error).__name__] += 1

    def complain(self, what: str, times: int = 1) -> None:
        """Put something that people should look at where a failure stands."""
        log.warning("sweep_complains", sweep=self.sweep, what=what, times=times)
        self.failures[what] += times


@contextmanager
def begin(sweep: Sweep, *, now: datetime, seconds: float) -> Iterator[Run]:
    """Run a sweep unless another process does, and write down how it went."""
    with _alone(sweep) as is_alone:
        run = Run(sweep, now, is_alone, seconds)
        if not is_alone:
            yield run
            return
        _write(run, started_at=now)
        try:
            yield run
        except Exception as error:
            run.failures[type(error).__name__] += 1
            with suppress(DatabaseError):
                _write(run, **_failure(run))
            raise
        _write(run, finished_at=run.moment, handled=run.handled, **_failure(run))


def in_batches(found: QuerySet[Row], *, by: str) -> Iterator[Row]:
    """Yield all rows in the order of an indexed column, a batch at a time: what fails or is skipped is passed only once."""
    found = found.order_by(by, "pk")
    batch = list(found[:BATCH])
    while batch:
        yield from batch
        place = getattr(batch[-1], by)
        after = Q(**{f"{by}__gt": place}) | Q(**{by: place, "pk__gt": batch[-1].pk})
        batch = list(found.filter(after, **{f"{by}__gte": place})[:BATCH])  # the second condition is one that the index understands


@contextmanager
def _alone(sweep: Sweep) -> Iterator[bool]:
    """Try to take the sweep's lock; True when we have it.

    It hangs on a transaction of a connection that does nothing else. Whatever happens to the work, closing it gives the lock back, also
    behind a pooler that lends a connection for one transaction only.
    """
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute(NOTICE_A_DEAD_CLIENT)
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, list(Sweep).index(sweep)])
            (is_alone,) = cursor.fetchone()
        yield bool(is_alone)
    finally:
        with suppress(DatabaseError):
            holder.rollback()  # the server learns of it now; of a connection that is closed only a moment later
        holder.close()


def _failure(run: Run) -> dict[str, object]:
    if not run.failures:
        return {}
    return {"failed_at": run.moment, "failure": ", ".join(f"{what} ({times})" for what, times in run.failures.most_common())[:80]}


def _write(run: Run, **columns: object) -> None:
    SweepRun.objects.update_or_create(name=run.sweep, defaults=columns, create_defaults={"started_at": run.now, **columns})
