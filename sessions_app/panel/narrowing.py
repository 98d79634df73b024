"""What search and filters ask of the database: once as a rule for each row, and once more in the words of the index."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sessions_app import search
from sessions_app.indexed import facets
from sessions_app.models import VerificationSession

Sessions = QuerySet[VerificationSession]

FACETS = facets()
EVERYTHING = Q()


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The wish to see some sessions of a company.

    days: read from the order by date itself. outcomes: None for all; each has an index in that order. sieve: the other filters, row by row.
    wanted: the filters again, each as the facets of which a session has one. patterns: of the search; None when there is nothing to find.
    """

    company_id: int
    days: Q = EVERYTHING
    outcomes: tuple[str, ...] | None = None
    sieve: Q = EVERYTHING
    wanted: tuple[tuple[str, ...], ...] = ()
    patterns: tuple[str, ...] | None = ()

    @property
    def is_impossible(self) -> bool:
        return self.patterns is None or self.outcomes == ()

    @property
    def is_sifted(self) -> bool:
        """True when rows have to be looked at one by one, because even the order by date does not hold all matches side by side."""
        return bool(self.sieve or self.patterns)

    def is_in_order(self, *, by_date: bool) -> bool:
        """True when every session of the sources matches."""
        return not self.is_sifted and (by_date or (not self.days and self.outcomes is None))

    def sources(self, *, by_date: bool) -> list[Q]:
        """Conditions under which an index holds the sessions in order: together they cover every match, none overlaps another."""
        if not by_date:
            return [EVERYTHING]
        if self.outcomes is None or (len(self.outcomes) > 1 and self.is_sifted):
            return [self.days]
        return [self.days & Q(outcome=outcome) for outcome in self.outcomes]

    def matching(self, sessions: Sessions) -> Sessions:
        """The rule: a session is listed if and only if it passes this."""
        if self.is_impossible:
            return sessions.none()
        outcomes = Q() if self.outcomes is None else Q(outcome__in=self.outcomes)
        return sessions.filter(self.days, outcomes, self.sieve, search.rule(self.patterns or ()))

    def looked_up(self, sessions: Sessions) -> Sessions:
        """The same sessions, with every condition repeated in the words of the inverted index: quick when few match."""
        found = self.matching(sessions)
        groups = [*self.wanted, *([tuple(f"outcome {outcome}" for outcome in self.outcomes)] if self.outcomes else [])]
        if not groups and not self.patterns:
            return found
        alone = [f"company {self.company_id}", *(words[0] for words in groups if len(words) == 1)]
        several = (("facets__overlap", list(words)) for words in groups if len(words) > 1)
        return found.alias(facets=FACETS).filter(Q(("facets__contains", alone), *several), search.lookup(self.patterns or ()))
