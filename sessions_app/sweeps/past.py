"""Make up for what older versions did not keep, and for a company that moved to another time zone: nobody need think of it (R43, R50)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Max

from sessions_app.metrics import recount
from sessions_app.models import Attempt, SweepRun
from sessions_app.replay import preparation
from sessions_app.replay.preparation import Made
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Run, Sweep
from settings_app.models import Company

OF_THE_TIME = 1 / 8
"""So much of a run goes to lines for replays: five seconds of each minute, since workers are for people first."""


def catch_up(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Count every company whose counts are missing or of another time zone, then make lines that replays miss. Returns how many."""
    with runs.begin(Sweep.CATCH_UP, now=now, seconds=seconds) as run:
        run.each(Company.objects.exclude(counted_zone=F("time_zone")).order_by("pk"), _count)
        run.each(_past(run), _make_line)
    return run.handled


def _count(company: Company) -> bool:
    recount.ensure(company)
    return True


def _past(run: Run) -> Iterator[Attempt]:
    """Go on where the last run stopped. Who can have no line is looked at once: his pictures do not come back."""
    until, own = time.monotonic() + OF_THE_TIME * run.seconds, SweepRun.objects.filter(name=run.sweep)
    newest = Attempt.objects.aggregate(newest=Max("pk"))["newest"]  # what is decided from now on keeps its line by itself
    for batch in preparation.without_line(after=own.get().place or 0):
        yield from batch
        own.update(place=batch[-1].pk)
        if time.monotonic() > until:
            return
    own.update(place=newest)


def _make_line(attempt: Attempt) -> bool:
    return preparation.make_line(attempt) is Made.LINE
