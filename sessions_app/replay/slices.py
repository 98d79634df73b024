"""The work of a replay, a second at a time, each slice handed on to whichever worker is free next (R43).

A replay of a hundred thousand sessions takes some seconds. In slices it never keeps a worker from a picture or a sweep for longer than
one of them, needs no queue of its own, shows how far it is, and is carried on by another worker when one dies: what is done and where to
go on stands in the row. Of two workers with the same slice one wins, by compare-and-set on the number of the slice.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from checks_app.thresholds import edges_of
from sessions_app import days
from sessions_app.choices import Outcome, ReplayState
from sessions_app.models import ReplayRun
from sessions_app.replay import reading
from sessions_app.replay.reading import Kind, Past, Place, Window
from sessions_app.replay.tally import Move, Tally, Trial, tried
from settings_app.models import Company
from settings_app.models.threshold_set import SCORES
from settings_app.resolution import ThresholdsOf

SECONDS = 1.0
"""Of one slice: as long as a picture's inspection, so nobody waits longer for a worker than behind another picture."""

CHUNK = 5_000
"""Sessions that are read and held at a time, and after which it is told how far a replay is."""

UNDERWAY = (ReplayState.WAITING, ReplayState.RUNNING)

QUEUE_AWAY, NO_WORKER, OVERTAKEN = "queue-away", "no-worker", "overtaken"
"""Why a replay failed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a replay stands; kept in its row between slices.

    standing: what the company's thresholds were at the start. moved_at: when a worker last said something. nudges: how often it was
    handed to the queue again since. place: None at the beginning of a phase.
    """

    standing: str
    moved_at: str
    slice: int = 0
    nudges: int = 0
    abandoned_now: bool = False
    place: tuple[str, int] | None = None
    since: str | None = None
    tally: dict[str, Any] | None = None

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Progress:
        return cls(**stored)


def begin(company: Company, *, now: datetime) -> Progress:
    return Progress(standing=standing_of(company), moved_at=now.isoformat())


def standing_of(company: Company) -> str:
    """A fingerprint of all thresholds of a company: what is compared with them means nothing any more once they have changed."""
    return hashlib.sha256(repr(ThresholdsOf(company).everywhere()).encode()).hexdigest()[:16]


def go_on(*, run_id: int, hand_on: Callable[[], bool], now: datetime) -> None:
    """Work one slice and hand on the rest; where the queue does not take it, carry on here. A run that has ended is left alone."""
    began = time.monotonic()
    while _work_slice(run_id, now + timedelta(seconds=time.monotonic() - began)):
        if hand_on():
            return


def _work_slice(run_id: int, now: datetime) -> bool:
    """True when there is more to do."""
    run = ReplayRun.objects.select_related("company").filter(pk=run_id, state__in=UNDERWAY).first()
    if run is None:
        return False
    if standing_of(run.company) != run.result["standing"]:
        return _fail(run, OVERTAKEN, now)
    work = _Slice(run)
    until = time.monotonic() + SECONDS
    work.chunk()
    while work.more and time.monotonic() < until:
        if not _tell(run, work):
            return False
        work.chunk()
    return _store(run, work, now) and work.more


class _Slice:
    """What one worker holds of a replay: its counts so far, and at most one chunk of sessions."""

    def __init__(self, run: ReplayRun) -> None:
        self.progress = Progress.read(run.result)
        self.tally = Tally.read(self.progress.tally or {}, run.changed)
        self.newest, self.more = run.newest, True
        self.today, self.candidate = ThresholdsOf(run.company), ThresholdsOf(run.company, (run.market, run.values))
        everywhere = [*self.today.everywhere().values(), *self.candidate.everywhere().values()]
        self.edges = {score: edges_of(getattr(each, score) for each in everywhere) for score in SCORES}
        self.trial = lru_cache(maxsize=CHUNK)(self._try)
        self.window = window_of(run)
        if self.progress.since:
            self.window = replace(self.window, since=datetime.fromisoformat(self.progress.since))
        self.total = run.total or reading.count(self.window, at_most=run.newest)

    def chunk(self) -> None:
        stored = self.progress.place
        place = Place(datetime.fromisoformat(stored[0]), stored[1]) if stored else None
        if self.progress.abandoned_now:
            found, after = reading.abandoned(self.window, place, edges=self.edges, many=CHUNK)
            self._count(found, self.tally.count_abandoned)
            self._move_to(after)
            self.more = after is not None
            if not self.more:
                self.tally.without_line = reading.without_line(self.window)
            return
        left = CHUNK if self.newest is None else min(CHUNK, self.newest - self.tally.sessions)
        found, after = reading.ended(self.window, place, edges=self.edges, many=left)
        self._count(found, self.tally.count_ended)
        self._move_to(after)
        if after is None or self.tally.sessions == self.newest:
            self._begin_abandoned(after)

    def _begin_abandoned(self, after: Place | None) -> None:
        """Those who gave up are looked for in the time that the others span."""
        since = after.at if after else self.window.since
        self.window = replace(self.window, since=since)
        self.progress = replace(self.progress, abandoned_now=True, place=None, since=since.isoformat() if since else None)

    def _move_to(self, place: Place | None) -> None:
        self.progress = replace(self.progress, place=(place.at.isoformat(), place.id) if place else None)

    def _try(self, kind: Kind) -> Trial:
        return tried(reading.lines_of(kind), self.today.in_market(kind.market), self.candidate.in_market(kind.market))

    def _count(self, found: list[Past], count: Callable[..., Move | None]) -> None:
        """Judge each kind of session once, count its sessions, and list those that change."""
        moves: dict[Kind, Move] = {}
        for kind, many in Counter(past.kind for past in found).items():
            move = count(self.trial(kind), many=many)
            if move is not None:
                moves[kind] = move
        changed = [past for past in found if past.kind in moves]
        listed = changed[: self.tally.room]
        names = reading.public_ids([past.session_id for past in listed])
        people = reading.decided_by_people([past.session_id for past in changed if len(self.trial(past.kind).recorded) == 1])
        for past in changed:
            if past.session_id in people:
                self.tally.count_person(moves[past.kind], people[past.session_id])
        for session_id, kind in listed:
            before = Outcome.ABANDONED if self.progress.abandoned_now else moves[kind].before
            self.tally.list_changed(names[session_id], before.value, moves[kind], people.get(session_id, ""))


def window_of(run: ReplayRun) -> Window:
    """The days as the company counts them; nothing that was decided after the start."""
    zone, until, since = run.company.zone, run.created_at, None
    if run.from_day and run.to_day:
        since = days.start_of(run.from_day, zone)
        until = min(until, days.start_of(run.to_day + timedelta(days=1), zone))
    return Window(run.company_id, run.market, since, until)


def _tell(run: ReplayRun, work: _Slice) -> bool:
    """Show how far a slice is. It counts once it is stored. False: there is nothing to go on with, see `_store`."""
    done, total = work.tally.sessions, max(work.total, work.tally.sessions)
    return bool(unmoved(run).update(state=ReplayState.RUNNING, done=done, total=total))


def _store(run: ReplayRun, work: _Slice, now: datetime) -> bool:
    """False: the run was cancelled meanwhile, or another worker has done this slice."""
    tally = work.tally.written()
    progress = replace(work.progress, tally=tally, slice=work.progress.slice + 1, nudges=0, moved_at=now.isoformat())
    columns: dict[str, Any] = {"done": work.tally.sessions, "changed": work.tally.changed}
    if work.more:
        columns |= {"state": ReplayState.RUNNING, "total": max(work.total, work.tally.sessions), "result": asdict(progress)}
    else:
        result = {"standing": progress.standing, "tally": tally}
        columns |= {"state": ReplayState.DONE, "total": work.tally.sessions, "result": result, "finished_at": now}
    return bool(unmoved(run).update(**columns))


def _fail(run: ReplayRun, why: str, now: datetime) -> bool:
    """Always False: there is nothing more to do."""
    unmoved(run).update(state=ReplayState.FAILED, finished_at=now, result={"failure": why})
    return False


def unmoved(run: ReplayRun) -> Any:
    """The row, as long as it stands as it was read."""
    return ReplayRun.objects.filter(pk=run.pk, state__in=UNDERWAY, result__slice=run.result["slice"])
