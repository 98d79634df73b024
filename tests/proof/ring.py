"""Where two meet at the same moment, five hundred times, and what may be found afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from sessions_app.models import SessionEvent, VerificationSession
from settings_app import audit
from tests.concurrency import duels
from tests.proof.clones import clones
from tests.proof.life import FINAL

ROUNDS = 500
Side = Callable[[VerificationSession], Any]


@dataclass(frozen=True)
class Met:
    """The sessions after all rounds, and for each round what every side was answered."""

    sessions: list[VerificationSession]
    answers: list[tuple[Any, ...]]

    def each(self, told: Callable[..., bool]) -> None:
        """Every round must satisfy `told(session, *answers)`."""
        wrong = Counter(str([session.outcome, *answers]) for session, answers in self._pairs() if not told(session, *answers))
        assert not wrong, wrong.most_common(3)

    def count_each(self, relation: str, expected: int, **which: Any) -> None:
        """Every session must have so many rows in a relation."""
        counted = VerificationSession.objects.filter(pk__in=[session.pk for session in self.sessions])
        found = counted.annotate(rows=Count(relation, filter=Q(**{f"{relation}__{name}": value for name, value in which.items()})))
        assert set(found.values_list("rows", flat=True)) == {expected}

    def wins(self, kind: type) -> list[int]:
        """How often each side was answered with this kind of thing."""
        return [sum(isinstance(answer, kind) for answer in side) for side in zip(*self.answers, strict=True)]

    def _pairs(self) -> list[tuple[VerificationSession, tuple[Any, ...]]]:
        return list(zip(self.sessions, self.answers, strict=True))


def meet(template: VerificationSession, *sides: Side, refusals: tuple[type[Exception], ...] = ()) -> Met:
    """Let the sides act on copies of a session, each copy once. Whatever is raised beyond `refusals` is a fault.

    What must hold after every race is looked at here: one standing end for each final outcome and none for the others, and an
    unbroken chain of the audit trail.
    """
    ring = clones(template, ROUNDS)
    VerificationSession.objects.filter(pk=template.pk).update(expires_at=template.expires_at + timedelta(days=365))  # no sweep meets it
    answered = duels(ROUNDS, *[lambda number, side=side: side(ring[number]) for side in sides])
    faults = Counter(repr(one) for both in answered for one in both if isinstance(one, Exception) and not isinstance(one, refusals))
    assert not faults, faults.most_common(3)
    found = VerificationSession.objects.select_related("company").in_bulk([session.pk for session in ring])
    after = [found[session.pk] for session in ring]
    _one_end_each(after)
    assert audit.first_broken(template.company) is None
    return Met(after, answered)


def _one_end_each(sessions: list[VerificationSession]) -> None:
    standing = SessionEvent.objects.filter(session__in=sessions, withdrawn_at=None, kind__in=FINAL.values())
    ends = Counter(standing.values_list("session_id", "kind"))
    wanted = Counter((session.pk, FINAL[session.outcome]) for session in sessions if session.outcome in FINAL)
    assert ends == wanted, "R26: exactly one final event for a final outcome"
