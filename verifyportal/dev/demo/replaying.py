"""A change that the demo bank tried, for whoever looks at the pages of a replay."""

from __future__ import annotations

from datetime import datetime

from sessions_app.models import ReplayRun
from sessions_app.replay import runs, slices
from sessions_app.replay.runs import Wanted
from settings_app.models import Company

STRICTER = {"face_review_level": 4, "face_match_level": 6, "liveness_decline": 0.3, "liveness_approve": 0.5}


def tried(company: Company, *, now: datetime) -> ReplayRun:
    """A replay that is done."""
    run = _start(company, now)
    slices.go_on(run_id=run.pk, hand_on=lambda: False, now=now)
    return run


def cancelled(company: Company, *, now: datetime) -> ReplayRun:
    run = _start(company, now)
    runs.cancel(run=run, now=now)
    return run


def _start(company: Company, now: datetime) -> ReplayRun:
    master = company.users.filter(role="MASTER").earliest("pk")
    return runs.start(company=company, market="", values=STRICTER, wanted=Wanted(newest=1_000), actor=master, now=now)
