"""Possible duplicates of a session as the details page names them: sessions that it found, and later ones that found it (R36, R70)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sessions_app.models import PossibleDuplicate, VerificationSession
from sessions_app.panel import labels
from sessions_app.panel.labels import Badge
from sessions_app.panel.likeness import level_text, likeness_text

PREFETCHED = ("attempts__possible_duplicates__other", "named_as_duplicate__attempt__session")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another session of the company with its names as the list shows them."""

    public_id: UUID
    first_name: str
    last_name: str
    badge: Badge
    level: str
    likeness: str


def duplicates_of(session: VerificationSession) -> list[Duplicate]:
    """Every other session that is named, once, the most alike first. The session was read with `PREFETCHED`."""
    named: dict[int, tuple[PossibleDuplicate, VerificationSession]] = {}
    pairs = [(found, found.other) for attempt in session.attempts.all() for found in attempt.possible_duplicates.all()]
    pairs += [(found, found.attempt.session) for found in session.named_as_duplicate.all()]
    for found, other in sorted(pairs, key=lambda pair: (pair[0].one_in, pair[0].pk)):
        named[other.pk] = found, other
    return [_duplicate(found, other) for found, other in reversed(named.values()) if other.company_id == session.company_id]


def _duplicate(found: PossibleDuplicate, other: VerificationSession) -> Duplicate:
    return Duplicate(
        public_id=other.public_id,
        first_name=other.first_name or labels.UNIDENTIFIED,
        last_name=other.last_name or labels.UNIDENTIFIED,
        badge=labels.outcome_badge(other.outcome),
        level=level_text(found.level),
        likeness=likeness_text(found.level, found.one_in),
    )
