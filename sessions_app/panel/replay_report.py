"""A replay as its pages print it: progress, the table of three by three, what moved, and the sessions that would change (R43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from checks_app.rejudging import MOVED
from checks_app.results import Status
from sessions_app.choices import ReplayState
from sessions_app.metrics.rates import Share
from sessions_app.models import ReplayRun, VerificationSession
from sessions_app.panel import replay_words
from sessions_app.panel.check_words import TITLES
from sessions_app.panel.labels import Badge, status_badge, type_of_text
from sessions_app.panel.shares import in_hundred
from sessions_app.panel.threshold_words import place_of
from sessions_app.replay import runs
from sessions_app.replay.slices import UNDERWAY
from sessions_app.replay.tally import MOST_LISTED, End, Tally
from settings_app import journal, thresholds
from settings_app.access import PanelRequest
from settings_app.resolution import ThresholdsOf

ROWS = 25


@dataclass(frozen=True, slots=True)
class Part:
    """A number of sessions with its share of all that were tried."""

    share: Share

    @property
    def n(self) -> int:
        return self.share.n

    @property
    def percent(self) -> str:
        return in_hundred(self.share.share or 0.0)

    @property
    def interval(self) -> tuple[str, str] | None:
        found = self.share.interval
        return (in_hundred(found.low), in_hundred(found.high)) if found else None


@dataclass(frozen=True, slots=True)
class Cell:
    """before ended so under today's thresholds, after with the change. name: for the address of its sessions; '' on the diagonal."""

    after: type_of_text
    part: Part
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: how sessions end today, and what becomes of them."""

    before: Badge
    cells: list[Cell]
    total: Part


@dataclass(frozen=True, slots=True)
class Tried:
    """One threshold of the change, as it stands now and as it was tried."""

    label: str
    now: str
    tried: str


@dataclass(frozen=True, slots=True)
class CheckMove:
    """So many attempts in which a check says something else."""

    title: type_of_text
    before: Badge
    after: Badge
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a replay that is done."""

    tally: Tally
    sentence: str
    changed: Part
    lines: list[Line]
    totals: list[Cell]
    checks: list[CheckMove]
    people: list[str]
    abandoned: str
    reservations: list[str]
    is_current: bool

    @property
    def heads(self) -> list[Badge]:
        return [replay_words.end_badge(end) for end in replay_words.SHOWN]

    @property
    def everybody(self) -> Part:
        return Part(Share(self.tally.sessions, self.tally.sessions))


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A session that would end differently. session: None when it is gone."""

    session: VerificationSession | None
    before: Badge
    after: Badge
    person: Badge | None
    checks: str

    @property
    def name(self) -> str:
        found = self.session
        return (f"{found.first_name} {found.last_name}".strip() or found.reference) if found else ""


def context_of(run: ReplayRun, *, now: datetime) -> dict[str, Any]:
    """What `_replay.html` prints. A failed run says why, one that is under way how far it is."""
    underway = run.state in UNDERWAY
    return {
        "run": run,
        "underway": underway,
        "quiet": replay_words.quiet(run, now=now) if underway else "",
        "place": place_of(run.market),
        "percent": min(100, 100 * run.done // run.total) if run.total else 0,
        "failure": replay_words.FAILURES.get(run.result.get("failure", ""), ""),
        "report": report_of(run) if run.state == ReplayState.DONE else None,
    }


def report_of(run: ReplayRun) -> Report:
    tally = runs.tally_of(run)
    by_end = {(before, after): tally.ends[f"{before}>{after}"] for before in replay_words.SHOWN for after in replay_words.SHOWN}
    return Report(
        tally=tally,
        sentence=replay_words.sentence(tally),
        changed=_part(replay_words.changed_in(tally), tally),
        lines=[_line(before, by_end, tally) for before in replay_words.SHOWN],
        totals=[_total(after, by_end, tally) for after in replay_words.SHOWN],
        checks=list(_check_moves(tally)),
        people=replay_words.people_sentences(tally),
        abandoned=replay_words.abandoned_sentence(tally),
        reservations=replay_words.reservations(tally),
        is_current=runs.is_current(run),
    )


def _line(before: End, by_end: dict[tuple[End, End], int], tally: Tally) -> Line:
    cells = [
        Cell(replay_words.ENDS[after], _part(by_end[before, after], tally), "" if before is after else f"{before}-{after}".lower())
        for after in replay_words.SHOWN
    ]
    return Line(replay_words.end_badge(before), cells, _part(sum(cell.part.n for cell in cells), tally))


def _total(after: End, by_end: dict[tuple[End, End], int], tally: Tally) -> Cell:
    together = sum(by_end[before, after] for before in replay_words.SHOWN)
    return Cell(replay_words.ENDS[after], _part(together, tally), "")


def _part(count: int, tally: Tally) -> Part:
    return Part(Share(count, tally.sessions))


def _check_moves(tally: Tally) -> list[CheckMove]:
    return [
        CheckMove(TITLES[check], status_badge(before.value), status_badge(after.value), count)
        for check in MOVED
        for before in Status
        for after in Status
        if (count := tally.checks[f"{check}>{before}>{after}"])
    ]


def tried_of(run: ReplayRun) -> list[Tried]:
    """What was tried, where it differs from what is stored now."""
    standing = thresholds.standing(company=run.company, market=run.market)
    applies = thresholds.applied(ThresholdsOf(run.company, (run.market, run.values)).in_market(run.market))
    return [
        Tried(
            label=journal.label_of(name),
            now=journal.shown(name, standing[name][0], inherited=standing[name][1]),
            tried=journal.shown(name, run.values[name], inherited=applies[name]),
        )
        for name in thresholds.NAMES
        if name in run.values and run.values[name] != standing[name][0]
    ]


def changed_page(request: PanelRequest, run: ReplayRun, *, move: str = "") -> dict[str, Any]:
    """One page of the sessions that would end differently. move: of one cell of the table alone, such as approve-review."""
    wanted = [row for row in run.changed if not move or _cell_of(row) == move]
    page: Page[Any] = Paginator(wanted, ROWS).get_page(request.GET.get("page"))
    found = {str(session.public_id): session for session in request.company.sessions.filter(public_id__in=[row[0] for row in page])}
    return {
        "page": page,
        "rows": [_changed_row(row, found.get(row[0])) for row in page],
        "move": move,
        "cut": len(run.changed) >= MOST_LISTED,
        "most": MOST_LISTED,
    }


def _cell_of(row: list[Any]) -> str:
    """Settled, as the cells of the table are."""
    before, after = (End(end).settled if end in set(End) else end for end in row[1:3])
    return f"{before}-{after}".lower()


def _changed_row(row: list[Any], session: VerificationSession | None) -> ChangedRow:
    _public_id, before, after, person, checks = row
    return ChangedRow(
        session=session,
        before=replay_words.end_badge(before),
        after=replay_words.end_badge(after),
        person=replay_words.end_badge(person) if person else None,
        checks=", ".join(str(TITLES[check]) for check in checks),
    )
