"""What reviewers are told: who people are, and why something was refused."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions_app import claims, review
from sessions_app.choices import Outcome
from sessions_app.lifecycle import TransitionRefused
from sessions_app.models import VerificationSession
from sessions_app.panel import facts
from sessions_app.panel.labels import type_of_text
from sessions_app.reasons import staff_text

REFUSALS = (
    TransitionRefused,
    claims.ClaimedByAnother,
    claims.NotInReview,
    review.SeenBefore,
    review.NoAttemptLeft,
    review.PicturesErased,
    review.UndoRefused,
)
"""What a reviewer may run into, and is told."""


def reasons_of(session: VerificationSession) -> list[type_of_text]:
    """Why a session is in review; there is always something to say."""
    return [staff_text(code) for code in session.reasons] or [gettext_lazy("A check could not settle it")]


def shown_value(field: str, value: str) -> str:
    """A corrected value as people read it."""
    return (facts.country(value) if field == "nationality" else value) or "–"


def refusal_text(refusal: Exception) -> str:
    """Say what stood in the way."""
    if isinstance(refusal, claims.ClaimedByAnother):
        return _("%(name)s is reviewing this session now. Nothing was changed.") % {"name": refusal.holder.shown_name}
    if isinstance(refusal, TransitionRefused):
        return what_happened(refusal.session)
    return {
        claims.NotInReview: _("This session is not in review any more. Nothing was changed."),
        review.SeenBefore: _("The person has sent new pictures since you opened this page. Please look at them first."),
        review.NoAttemptLeft: _("The person has used all attempts of this session, so no step can be asked again."),
        review.PicturesErased: _("The pictures of this session are erased, so one step alone cannot be asked again."),
        review.UndoRefused: _("This decision can no longer be undone."),
    }[type(refusal)]


def what_happened(session: VerificationSession) -> str:
    """Why a session is not in review any more, in words that name whoever was faster."""
    made = session.reviews.filter(undone_at=None).select_related("reviewer").first()
    if made is None and session.outcome == Outcome.PENDING:
        return _("A step was asked again meanwhile, so this session is not in review any more. Nothing was changed.")
    if made is None:
        return _("This session is not in review any more. Nothing was changed.")
    words = (
        _("%(name)s has approved this session already. Nothing was changed.")
        if made.outcome == Outcome.APPROVE
        else _("%(name)s has declined this session already. Nothing was changed.")
    )
    return words % {"name": made.reviewer.shown_name}
