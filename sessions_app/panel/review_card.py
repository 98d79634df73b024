"""The review on the details page: who has it, what may be done with it, what was decided, corrected and noted (R24, R26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessions_app import claims, corrections, notes, review
from sessions_app.choices import Outcome, ReviewReason
from sessions_app.models import Review, VerificationSession
from sessions_app.panel import labels
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.review_forms import NoteForm, field_label
from sessions_app.panel.review_words import reasons_of, shown_value
from settings_app.models import User


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has the session now; `holder` is '' when nobody has."""

    holder: str
    until: datetime | None
    is_mine: bool
    may_take_over: bool

    @property
    def is_free(self) -> bool:
        return not self.holder

    @property
    def may_decide(self) -> bool:
        return self.is_free or self.is_mine


@dataclass(frozen=True, slots=True)
class Decision:
    """A review in words."""

    badge: Badge
    reason: type_of_text
    note: str
    reviewer: str
    at: datetime
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """Everything that the card says. `standing`: the decision that holds; `may_undo`: by whoever looks, still."""

    in_review: bool
    since: datetime | None
    why: list[type_of_text]
    claim: Claim
    standing: Decision | None
    may_undo: bool
    undo_until: datetime | None
    undone: list[Decision]


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A corrected field in words."""

    field: type_of_text
    before: str
    after: str
    actor: str
    at: datetime


def context_of(*, session: VerificationSession, user: User, now: datetime) -> dict[str, Any]:
    """What `panel/sessions/_review.html`, `_corrections.html` and `_notes.html` print; `review`: None where nothing was ever reviewed."""
    return {
        "review": card_of(session, user=user, now=now),
        "corrections": correction_lines(session),
        "notes": notes.of_session(session),
        "note_form": NoteForm(),
    }


def card_of(session: VerificationSession, *, user: User, now: datetime) -> ReviewCard | None:
    decided = list(session.reviews.select_related("reviewer", "undone_by").order_by("at", "id"))
    in_review = session.outcome == Outcome.REVIEW
    if not (decided or in_review):
        return None
    standing = next((made for made in decided if made.undone_at is None), None)
    return ReviewCard(
        in_review=in_review,
        since=session.closed_at if in_review else None,
        why=reasons_of(session) if in_review else [],
        claim=claim_of(session, user=user, now=now),
        standing=_decision(standing, session) if standing else None,
        may_undo=standing is not None and review.may_undo(standing, actor=user, now=now),
        undo_until=standing.at + review.UNDO_WITHIN if standing else None,
        undone=[_decision(made, session) for made in decided if made.undone_at],
    )


def claim_of(session: VerificationSession, *, user: User, now: datetime) -> Claim:
    holder = claims.holder_of(session, now=now)
    is_mine = holder == user
    return Claim(
        holder=holder.shown_name if holder else "",
        until=session.claimed_until if holder else None,
        is_mine=is_mine,
        may_take_over=holder is not None and not is_mine and user.is_master,
    )


def correction_lines(session: VerificationSession) -> list[CorrectionLine]:
    """What was corrected, for the company's own people."""
    return [
        CorrectionLine(
            field=field_label(made.field),
            before=shown_value(made.field, made.before),
            after=shown_value(made.field, made.after),
            actor=made.actor.shown_name if made.actor else "",
            at=made.at,
        )
        for made in corrections.of_session(session)
    ]


def _decision(made: Review, session: VerificationSession) -> Decision:
    made.session = session  # read already, with its company
    return Decision(
        badge=labels.outcome_badge(made.outcome),
        reason=ReviewReason(made.reason).label,
        note=review.note_of(made, session.company),
        reviewer=made.reviewer.shown_name,
        at=made.at,
        undone_at=made.undone_at,
        undone_by=made.undone_by.shown_name if made.undone_by else "",
    )
