"""Trying a change of thresholds on sessions of the past before it is saved: start, look after, cancel, and what came of it (R43)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from sessions_app import dispatch, tasks
from sessions_app.choices import ReplayState
from sessions_app.models import ReplayRun
from sessions_app.replay import slices
from sessions_app.replay.slices import NO_WORKER, QUEUE_AWAY, UNDERWAY, Progress
from sessions_app.replay.tally import Tally
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from settings_app.resolution import ThresholdsOf

NEWEST = (1_000, 10_000, 100_000)
"""How many of the newest sessions one may choose."""

USUAL = 10_000
"""Tried unasked before a change is saved: well under a second of work, and intervals that are narrow enough to decide by."""

PATIENCE = timedelta(seconds=15)
"""Without a word from a worker for so long, a replay that somebody watches is handed to the queue again."""

MOST_NUDGES = 8
"""After these, two minutes, there is no worker."""

QUIET = timedelta(seconds=5)
"""Without a word for so long, one who waits is told why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are replayed: so many of the newest, or those of some days in the company's time zone."""

    newest: int | None = None
    from_day: date | None = None
    to_day: date | None = None

    @property
    def words(self) -> str:
        """As the audit trail keeps it."""
        return f"newest {self.newest}" if self.newest else f"{self.from_day} to {self.to_day}"


def start(*, company: Company, market: str, values: Mapping[str, float | None], wanted: Wanted, actor: User, now: datetime) -> ReplayRun:
    """Begin a replay in the place of one that `actor` still has running. It is FAILED at once where there is no queue."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # pressed twice, the second replaces the first
        company.replay_runs.filter(started_by=actor, state__in=UNDERWAY).update(state=ReplayState.CANCELLED, finished_at=now)
        run: ReplayRun = company.replay_runs.create(
            market=market,
            values=dict(values),
            **asdict(wanted),
            result=asdict(slices.begin(company, now=now)),
            started_by=actor,
            created_at=now,
        )
        audit.record(company=company, kind=AuditKind.REPLAY_STARTED, actor=actor, now=now, market=market, sessions=wanted.words)
    if not dispatch.send(tasks.go_on_with_replay, run_id=run.pk):
        slices.unmoved(run).update(state=ReplayState.FAILED, finished_at=now, result={"failure": QUEUE_AWAY})
    run.refresh_from_db()
    return run


def look_after(run: ReplayRun, *, now: datetime) -> ReplayRun:
    """Called while somebody waits for it. What a lost message or a killed worker left lying is handed on again, and given up at last."""
    if run.state not in UNDERWAY:
        return run
    progress = Progress.read(run.result)
    if now - datetime.fromisoformat(progress.moved_at) < PATIENCE:
        return run
    if progress.nudges >= MOST_NUDGES:
        slices.unmoved(run).update(state=ReplayState.FAILED, finished_at=now, result={"failure": NO_WORKER})
    else:
        nudged = replace(progress, nudges=progress.nudges + 1, moved_at=now.isoformat())
        if slices.unmoved(run).update(result=asdict(nudged)):
            dispatch.send(tasks.go_on_with_replay, run_id=run.pk)
    run.refresh_from_db()
    return run


def silence(run: ReplayRun, *, now: datetime) -> timedelta:
    """How long no worker has said anything about a run that is under way."""
    progress = Progress.read(run.result)
    return progress.nudges * PATIENCE + (now - datetime.fromisoformat(progress.moved_at))


def cancel(*, run: ReplayRun, now: datetime) -> None:
    """A worker that is at it stores nothing more. A run that has ended stays as it is."""
    ReplayRun.objects.filter(pk=run.pk, state__in=UNDERWAY).update(state=ReplayState.CANCELLED, finished_at=now)


def is_current(run: ReplayRun) -> bool:
    """Whether what was found still holds: the company's thresholds are those that the candidate was compared with."""
    return bool(run.result.get("standing") == slices.standing_of(run.company))


def summary_for(*, company: Company, public_id: UUID, market: str, values: Mapping[str, float | None]) -> dict[str, Any] | None:
    """What the journal keeps of a replay: its counts, if it was done, of exactly this change, against the thresholds of today."""
    run = company.replay_runs.select_related("company").filter(public_id=public_id, state=ReplayState.DONE, market=market).first()
    if run is None or not is_current(run):
        return None
    if ThresholdsOf(company, (market, run.values)).everywhere() != ThresholdsOf(company, (market, values)).everywhere():
        return None
    tally = tally_of(run)
    moved = {ends: count for ends, count in tally.ends.items() if len(set(ends.split(">"))) > 1}
    words = {ends.replace(">", " → ").lower(): count for ends, count in sorted(moved.items())}
    return {"sessions": tally.sessions, "would end differently": sum(moved.values())} | words


def tally_of(run: ReplayRun) -> Tally:
    """The counts of a replay, as far as it is."""
    return Tally.read(run.result.get("tally") or {}, run.changed)
