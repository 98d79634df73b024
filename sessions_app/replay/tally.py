"""What a replay counts: how each session ends before and after a change, and which checks moved (R43). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any, NamedTuple
from uuid import UUID

from checks_app.decision import Verdict
from checks_app.rejudging import MOVED, Again, Essence, judge_again
from checks_app.thresholds import Thresholds

MOST_LISTED = 2_000
"""Sessions that are listed by name; all are counted. A list that nobody reads to its end would only make the row heavy."""


class End(StrEnum):
    """How a session ends in a replay. AGAIN: asked to try again, and there is no later attempt on record; it counts as declined."""

    APPROVE = "APPROVE"
    REVIEW = "REVIEW"
    DECLINE = "DECLINE"
    AGAIN = "AGAIN"

    @property
    def settled(self) -> End:
        return End.DECLINE if self is End.AGAIN else self


class Line(NamedTuple):
    """One attempt on record."""

    session_id: int
    recorded: str
    essence: Essence


class Move(NamedTuple):
    """A session that would end differently. checks: those that differ in some attempt."""

    before: End
    after: End
    checks: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The counts of one replay. Keys are codes joined by '>': before, after."""

    sessions: int = 0
    ends: Counter[str] = field(default_factory=Counter)  # settled ends of the sessions that had an outcome
    tried_again: Counter[str] = field(default_factory=Counter)  # "before" and "after": sessions whose end is AGAIN
    attempts: int = 0
    checks: Counter[str] = field(default_factory=Counter)  # "LIVENESS>PASSED>UNCLEAR": attempts
    differing: int = 0  # sessions that today's thresholds end otherwise than is on record
    people: Counter[str] = field(default_factory=Counter)  # "REVIEW>APPROVE>DECLINE": before, after, and what a person decided
    abandoned: int = 0
    abandoned_ends: Counter[str] = field(default_factory=Counter)  # ends, not settled
    without_line: int = 0  # sessions of the same time about which nothing is stored
    changed: list[list[Any]] = field(default_factory=list)

    @classmethod
    def read(cls, stored: dict[str, Any], changed: list[list[Any]]) -> Tally:
        """The counts so far; without any, a tally that begins."""
        counters = {name: Counter(value) for name, value in stored.items() if isinstance(value, dict)}
        return cls(**(stored | counters), changed=changed)

    def written(self) -> dict[str, Any]:
        """All counts, as JSON holds them; the changed sessions have a place of their own."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "changed"}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}

    def count_ended(self, lines: Sequence[Line], today: Thresholds, candidate: Thresholds) -> Move | None:
        """Replay a session that had an automatic outcome. Returns how it moved, None: it ends as before."""
        before, after = judged(lines, today, candidate)
        old, new = before.end, after.end
        self.sessions += 1
        self.ends[f"{old.settled}>{new.settled}"] += 1
        self.tried_again["before"] += old is End.AGAIN
        self.tried_again["after"] += new is End.AGAIN
        recorded = next(line.recorded for line in lines if line.recorded != Verdict.RETRY)
        self.differing += old.settled != recorded
        checks = self._count_checks(before, after)
        return Move(old, new, checks) if old.settled is not new.settled else None

    def count_abandoned(self, lines: Sequence[Line], today: Thresholds, candidate: Thresholds) -> Move | None:
        """Replay a session whose user gave up after failed attempts. Returns how it moved, None: he would still be asked to try again."""
        before, after = judged(lines, today, candidate)
        self.abandoned += 1
        self.abandoned_ends[f"{before.end}>{after.end}"] += 1
        return Move(before.end, after.end, ()) if before.end is not after.end else None

    def list_changed(self, public_id: UUID, before: str, move: Move, person: str) -> None:
        """Name a session that changes. before: its outcome so far; person: what a reviewer decided, '' for nobody."""
        if person:
            self.people[f"{move.before.settled}>{move.after.settled}>{person}"] += 1
        if len(self.changed) < MOST_LISTED:
            self.changed.append([str(public_id), before, move.after.value, person, list(move.checks)])

    def _count_checks(self, before: Course, after: Course) -> tuple[str, ...]:
        """Compare attempt by attempt as far as both courses go: what only one of them reaches has nothing to be compared with."""
        self.attempts += max(len(before.judged), len(after.judged))
        moved: dict[str, None] = {}
        for old, new in zip_longest(before.judged, after.judged):
            if old is None or new is None or old.statuses == new.statuses:
                continue
            for check, was, becomes in zip(MOVED, old.statuses, new.statuses, strict=True):
                if was is not becomes:
                    self.checks[f"{check}>{was}>{becomes}"] += 1
                    moved[check.value] = None
        return tuple(moved)


class Course(NamedTuple):
    """The attempts of a session as far as they are needed, judged again, and how it ends."""

    end: End
    judged: tuple[Again, ...]


def judged(lines: Sequence[Line], today: Thresholds, candidate: Thresholds) -> tuple[Course, Course]:
    before = course(lines, today)
    return before, before if candidate == today else course(lines, candidate)


def course(lines: Sequence[Line], thresholds: Thresholds) -> Course:
    """Judge attempt by attempt until one ends the session."""
    judged = tuple(_until_ended(lines, thresholds))
    last = judged[-1].verdict
    return Course(End.AGAIN if last is Verdict.RETRY else End(last), judged)


def _until_ended(lines: Sequence[Line], thresholds: Thresholds) -> Iterator[Again]:
    for line in lines:
        again = judge_again(line.essence, thresholds)
        yield again
        if again.verdict is not Verdict.RETRY:
            return
