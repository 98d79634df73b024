"""What a replay counts: how each session ends before and after a change, and which checks moved (R43). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
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

    def count_ended(self, trial: Trial, *, many: int = 1) -> Move | None:
        """Count sessions that had an automatic outcome. Returns how they moved, None: they end as before."""
        old, new = trial.before.end, trial.after.end
        self.sessions += many
        self.ends[f"{old.settled}>{new.settled}"] += many
        self.tried_again["before"] += many * (old is End.AGAIN)
        self.tried_again["after"] += many * (new is End.AGAIN)
        self.differing += many * (old.settled != trial.recorded[0])
        checks = self._count_checks(trial, many)
        return Move(old, new, checks) if old.settled is not new.settled else None

    def count_abandoned(self, trial: Trial, *, many: int = 1) -> Move | None:
        """Count sessions whose users gave up after failed attempts. Returns how they moved, None: still asked to try again."""
        old, new = trial.before.end, trial.after.end
        self.abandoned += many
        self.abandoned_ends[f"{old}>{new}"] += many
        return Move(old, new, ()) if old is not new else None

    def count_person(self, move: Move, decided: str) -> None:
        """Count what a reviewer had decided about a session that changes."""
        self.people[f"{move.before.settled}>{move.after.settled}>{decided}"] += 1

    @property
    def room(self) -> int:
        """How many changed sessions more are listed."""
        return MOST_LISTED - len(self.changed)

    def list_changed(self, public_id: UUID, before: str, move: Move, person: str) -> None:
        """Name a session that changes. before: its outcome so far; person: what a reviewer decided, '' for nobody."""
        self.changed.append([str(public_id), before, move.after.value, person, list(move.checks)])

    def _count_checks(self, trial: Trial, many: int) -> tuple[str, ...]:
        """Compare attempt by attempt as far as both courses go: what only one of them reaches has nothing to be compared with."""
        self.attempts += many * max(len(trial.before.judged), len(trial.after.judged))
        moved: dict[str, None] = {}
        for old, new in zip(trial.before.judged, trial.after.judged, strict=False):
            for check, was, becomes in zip(MOVED, old.statuses, new.statuses, strict=True):
                if was is not becomes:
                    self.checks[f"{check}>{was}>{becomes}"] += many
                    moved[check.value] = None
        return tuple(moved)


class Course(NamedTuple):
    """The attempts of a session as far as they are needed, judged again, and how it ends."""

    end: End
    judged: tuple[Again, ...]


class Trial(NamedTuple):
    """A session judged twice. recorded: the verdicts that ended it; several when a reviewer asked for a step again."""

    recorded: tuple[str, ...]
    before: Course
    after: Course


def tried(lines: Sequence[Line], today: Thresholds, candidate: Thresholds) -> Trial:
    """Judge all attempts of a session, oldest first, under both thresholds."""
    before = course(lines, today)
    after = before if candidate == today else course(lines, candidate)
    return Trial(tuple(line.recorded for line in lines if line.recorded != Verdict.RETRY), before, after)


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
