"""What the review's pages have in common: try, say what stood in the way, or show the form once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions_app import claims, corrections, review
from sessions_app.choices import Outcome, ReviewReason
from sessions_app.lifecycle import TransitionRefused
from sessions_app.models import VerificationSession
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.review_forms import CorrectionForm, DecisionForm
from sessions_app.panel.review_words import REFUSALS, refusal_text
from settings_app.access import PanelRequest
from verifyportal.web import render_page


@dataclass(frozen=True, slots=True)
class Question:
    """A form of the review: its title, its button, and the template between them."""

    title: type_of_text
    button: type_of_text
    tone: str
    part: str
    key: str


QUESTIONS = {
    Outcome.APPROVE.value: Question(
        gettext_lazy("Approve this session?"), gettext_lazy("Approve"), "primary", "panel/review/_decide.html", "approve"
    ),
    Outcome.DECLINE.value: Question(
        gettext_lazy("Decline this session?"), gettext_lazy("Decline"), "danger", "panel/review/_decide.html", "decline"
    ),
    "redo": Question(gettext_lazy("Ask to redo one step"), gettext_lazy("Ask again"), "primary", "panel/review/_redo.html", "redo"),
    "correct": Question(
        gettext_lazy("Correct what was read"), gettext_lazy("Save corrections"), "primary", "panel/sessions/_correct.html", "correct"
    ),
}


def attempt(request: PanelRequest, act: Callable[[], object], done: str) -> bool:
    """Do it, and say that it is done or why it is not."""
    try:
        act()
    except REFUSALS as refusal:
        messages.error(request, refusal_text(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def decide(request: PanelRequest, session: VerificationSession, form: DecisionForm, outcome: Outcome, *, now: datetime) -> bool:
    """Store a decision. False: the form says what is missing. A session that somebody else decided first is shown, with a word."""
    try:
        review.decide(session=session, outcome=outcome, actor=request.user, now=now, **form.values())
    except review.NoteMissing:
        form.add_error("note", _("Please say which reason it is."))
        return False
    except claims.ClaimedByAnother as refusal:
        form.add_error(None, refusal_text(refusal))
        return False
    except (TransitionRefused, review.SeenBefore) as refusal:
        messages.error(request, refusal_text(refusal))
        return True
    messages.success(request, _("Approved.") if outcome is Outcome.APPROVE else _("Declined."))
    return True


def correct(request: PanelRequest, session: VerificationSession, form: CorrectionForm, *, now: datetime) -> bool:
    """Store corrections. False: the form says what stood in the way."""
    try:
        changed = corrections.correct(session=session, shown=form.shown(), values=form.values(), actor=request.user, now=now)
    except corrections.NotAsShown as refusal:
        form.meet(refusal.current)
        return False
    except (claims.ClaimedByAnother, claims.NotInReview) as refusal:
        form.add_error(None, refusal_text(refusal))
        return False
    except ValidationError:
        form.add_error(None, _("This form is not one of ours. Please open it again."))
        return False
    messages.success(request, _("Corrected.") if changed else _("Nothing was changed."))
    return True


def is_complete(form: forms.Form) -> bool:
    """True when a decision for several sessions says everything that it must."""
    if not form.is_valid():
        return False
    if form.cleaned_data["reason"] == ReviewReason.OTHER and not form.cleaned_data["note"].strip():
        form.add_error("note", _("Please say which reason it is."))
    return form.is_valid()


def ask(request: PanelRequest, session: VerificationSession, form: forms.Form, *, act: str, now: datetime) -> HttpResponse:
    """Show a form of the review as a page or in the dialog; without its form when nothing can be done now."""
    context = {"session": session, "form": form, "question": QUESTIONS[act], "refusal": _refusal(request, session, act, now)}
    return render_page(
        request, "panel/review/act.html", context, fragment="panel/review/_act_dialog.html", status=422 if form.errors else 200
    )


def _refusal(request: PanelRequest, session: VerificationSession, act: str, now: datetime) -> str:
    if session.outcome != Outcome.REVIEW:
        return refusal_text(TransitionRefused(session, Outcome(session.outcome), Outcome.REVIEW))
    try:
        claims.require_not_anothers(session, actor=request.user, now=now)
        if act == "redo":
            review.require_attempt_left(session)
    except (claims.ClaimedByAnother, review.NoAttemptLeft) as refusal:
        return refusal_text(refusal)
    return ""
