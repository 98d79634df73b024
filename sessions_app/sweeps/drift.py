"""Watch for rates that leave their baseline (R44). Every hour, because the days of companies end at different hours."""

from __future__ import annotations

from datetime import datetime

from sessions_app.drift import mail, watch
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import Sweep
from settings_app.models import Company


def watch_for_drift(*, now: datetime, seconds: float = runs.SECONDS) -> int:
    """Look at every company, each in its own transaction, and tell its masters. Returns how many alerts are new."""

    def look(company: Company) -> int:
        raised = watch.look_at(company, now=now)
        if raised:
            mail.tell(company, number=raised)
        return raised

    with runs.begin(Sweep.DRIFT, now=now, seconds=seconds) as run:
        run.each(Company.objects.order_by("pk"), look)
    return run.handled
