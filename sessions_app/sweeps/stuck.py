"""The watchdog: work that should have been done long ago. It mends what needs no worker, and says the rest aloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet

from sessions_app import leases, verification
from sessions_app.choices import AttemptState, CaptureState, Outcome
from sessions_app.models import Attempt, Capture
from sessions_app.querysets import unheld
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Run, Sweep

log = structlog.get_logger(__name__)

STUCK_AFTER = timedelta(minutes=10)
"""Longer than all tries of one piece of work can take together, and longer than a person goes on waiting."""

WRONG_CLOCK = timedelta(minutes=5)
"""A lease that ends so far ahead was written by a machine whose clock is wrong; nobody could take the work until then."""


def watch_for_stuck(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Give up work that used up its tries, free work from leases of wrong clocks, and warn of what waits on. Returns how much it mended."""
    with runs.begin(Sweep.WATCH, now=now, seconds=seconds) as run:
        run.each(_leased_too_far(now), _free)
        run.each(_used_up(now), lambda work: _give_up(work, now))
        if run.is_alone:
            _say(run, now)
    return run.handled


def attempts(now: datetime) -> QuerySet[Attempt]:
    """Attempts that wait for their decision for too long, oldest first."""
    return Attempt.objects.filter(state=AttemptState.PROCESSING, submitted_at__lte=now - STUCK_AFTER).order_by("submitted_at")


def captures(now: datetime) -> QuerySet[Capture]:
    """Captures of open sessions that wait for their inspection for too long, oldest first."""
    waiting = Capture.objects.current().filter(state=CaptureState.WAITING, session__outcome=Outcome.PENDING)
    return waiting.filter(created_at__lte=now - STUCK_AFTER).order_by("created_at")


def _leased_too_far(now: datetime) -> Iterator[Attempt | Capture]:
    yield from Attempt.objects.filter(state=AttemptState.PROCESSING, lease_until__gt=now + WRONG_CLOCK)
    yield from Capture.objects.current().filter(state=CaptureState.WAITING, lease_until__gt=now + WRONG_CLOCK)


def _free(work: Attempt | Capture) -> int:
    log.warning("lease_of_a_wrong_clock", work=type(work).__name__, id=work.pk)
    same = type(work)._default_manager.filter(pk=work.pk, lease_token=work.lease_token)
    return same.update(lease_until=None, lease_token=None)


def _used_up(now: datetime) -> Iterator[Attempt | Capture]:
    """The recovery sends such work to a worker, which gives it up; when none does, it is done here. No picture is opened for it."""
    for found in (attempts(now), captures(now)):
        yield from found.filter(unheld(now), tries__gte=leases.MAX_TRIES).select_related("session__company")


def _give_up(work: Attempt | Capture, now: datetime) -> bool:
    verification.give_up(work=work, now=now)
    return not type(work)._default_manager.filter(pk=work.pk, state=leases.OPEN_STATE[type(work)]).exists()


def _say(run: Run, now: datetime) -> None:
    for what, found in (("attempt", attempts(now)), ("capture", captures(now))):
        ids = list(found.values_list("pk", flat=True)[: runs.BATCH])
        if ids:
            log.warning("work_is_stuck", work=what, count=len(ids), oldest=ids[:10])
            run.complain(f"{what}s stuck", len(ids))
