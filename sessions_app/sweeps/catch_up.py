"""Make up for what older versions did not keep, and for a company that moved to another time zone: nobody need think of it (R50)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from sessions_app.metrics import recount
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Sweep
from settings_app.models import Company


def catch_up(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Count the sessions of every company whose counts are missing or of another time zone. Returns of how many companies."""

    def count(company: Company) -> bool:
        recount.ensure(company)
        return True

    with runs.begin(Sweep.CATCH_UP, now=now, seconds=seconds) as run:
        run.each(Company.objects.exclude(counted_zone=F("time_zone")).order_by("pk"), count)
    return run.handled
