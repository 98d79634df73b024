"""What each step of the flow shows. One page per step; the step itself is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checks_app.liveness import challenge
from sessions_app import challenges, creation, findings, reasons, steps, submission
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, Outcome, OutcomeReason
from sessions_app.flow import cameras, defects, drawings, endings, language, retries, words
from sessions_app.flow.access import FlowRequest, Place, page_url
from sessions_app.flow.forms import DocumentForm, ExtraFieldsForm
from sessions_app.models import Capture, CaptureImage, LivenessChallenge
from sessions_app.steps import CAPTURE_STEPS, Step

CONSENT_VERSION = "2026-11-22"
"""Names the wording of `flow/welcome.html`; change both together."""

PHASE_OF_PERSON = (_("About you"), {Step.CONSENT, Step.EXTRA_FIELDS})
PHASE_OF_DOCUMENT = (_("Document"), {Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK})
PHASE_OF_FACE = (_("Face"), set(steps.FACE_STEPS))
PHASE_OF_END = (_("Finish"), {Step.OVERVIEW, Step.CHECKING, Step.DONE})

MAY_CHANGE_DOCUMENT = frozenset({Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK, Step.OVERVIEW})

MOST_REASONS = 3
"""What is told at once; more would be read by nobody."""

RESULTS = frozenset({Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE})
"""Ends after which the page goes on to the company by itself."""

ONWARD_SECONDS = 10
"""Long enough to read the result and to stop."""

Page = tuple[str, dict[str, Any]]


def show(request: FlowRequest, step: Step, *, status: int = 200, form: Form | None = None, error: str = "") -> HttpResponse:
    """Render the page of a step. form: a form that was refused. error: a sentence that says why a picture was not taken."""
    changes = request.GET.get("change") == "document" and step in MAY_CHANGE_DOCUMENT
    shown = Step.DOCUMENT_CHOICE if changes else step
    template, context = _BUILDERS[shown](request, shown, form)
    around = frame(request, shown) | {"step": step, "error": error}
    return render(request, f"flow/{template}.html", around | context, status=status)


def show_current(request: FlowRequest, *, status: int, error: str) -> HttpResponse:
    return show(request, steps.step_of(request.verification), status=status, error=error)


def show_elsewhere(request: FlowRequest, place: Place) -> HttpResponse:
    """Tell a device that it has not got the session: the link's holder sees where the phone is, a phone of before what to do."""
    if place is Place.HANDOVER:
        return redirect("flow:handover", request.handle)
    template = "taken_back" if place is Place.TAKEN_BACK else "phone_over"
    return render(request, f"flow/{template}.html", frame(request, steps.step_of(request.verification)) | {"step": place})


def capture_state(capture: Capture, *, handle: str) -> dict[str, Any]:
    """What the page's scripts learn about one picture."""
    is_dropped = capture.replaced_at is not None and capture.state == CaptureState.WAITING  # nobody will look at it any more
    return {
        "state": "REPLACED" if is_dropped else capture.state,
        "usable": capture.is_usable,
        "problems": [{"code": code, "text": str(reasons.user_text(code))} for code in capture.problems],
        "url": reverse("flow:capture", args=[handle, capture.public_id]),
        "next": page_url(handle),
    }


def challenge_state(issued: LivenessChallenge, *, now: datetime) -> dict[str, Any]:
    """What the page's scripts learn about a challenge."""
    start_within = issued.issued_at + challenges.START_WITHIN - now
    return {
        "nonce": issued.nonce,
        "moves": issued.moves,
        "schedule": schedule(issued),
        "start_within_ms": start_within // timedelta(milliseconds=1),
    }


def schedule(issued: LivenessChallenge) -> dict[str, Any]:
    """Return what the page shows until which millisecond after the camera's first frame, and how often it takes a frame.

    show: a move, STRAIGHT before the first, BACK after each, or LIGHT with the colour that fills the page.
    """
    phases = [{"step": phase.step, "until_ms": phase.end_ms} | _shown(issued, phase.step) for phase in challenge.phases(issued.asked)]
    return {"phases": phases, "frames_per_second": challenge.FRAMES_PER_SECOND}


def _shown(issued: LivenessChallenge, step: int) -> dict[str, str]:
    if step >= challenge.FLASH_STEP:
        return {"show": "LIGHT", "colour": issued.flashes[step - challenge.FLASH_STEP]}
    if step > 0:
        return {"show": issued.moves[step - 1]}
    return {"show": "BACK" if step < 0 else "STRAIGHT"}


def shown_image(capture: Capture) -> CaptureImage:
    return capture.images.select_related("capture__session__company").earliest("position")


def frame(request: FlowRequest, step: Step) -> dict[str, Any]:
    """What every page of the flow shows around its step."""
    session = request.verification
    middle = (PHASE_OF_FACE, PHASE_OF_DOCUMENT) if session.company.face_first else (PHASE_OF_DOCUMENT, PHASE_OF_FACE)
    phases = (PHASE_OF_PERSON, *middle, PHASE_OF_END)  # the four quiet dots
    return {
        "session": session,
        "company": session.company,
        "handle": request.handle,
        "transfer": request.transfer,
        "step": step,
        "page_url": page_url(request.handle),
        "phase": next(number for number, (_name, phase) in enumerate(phases, start=1) if step in phase),
        "phases": [name for name, _phase in phases],
        "languages": language.offered(session.company),
        "note": words.note(request.GET.get("note", "")),
    }


def _texts(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(reasons.user_text(code)) for code in codes))


def _welcome(request: FlowRequest, step: Step, form: Form | None) -> Page:
    refused = request.verification.consent_refused_at is not None and "again" not in request.GET
    return ("refused" if refused else "welcome"), {"return_url": _way_back(request)}


def _extra(request: FlowRequest, step: Step, form: Form | None) -> Page:
    return "extra", {"form": form or ExtraFieldsForm(session=request.verification)}


def _document(request: FlowRequest, step: Step, form: Form | None) -> Page:
    return "document", {"form": form or DocumentForm(session=request.verification)}


def _capture(request: FlowRequest, step: Step, form: Form | None) -> Page:
    """The camera; or, when a picture was sent, that it is being looked at, or what is wrong with it; or why it is asked once more."""
    session, kind = request.verification, CAPTURE_STEPS[step]
    sent = session.captures.current().filter(kind=kind).first()
    context = words.of_capture(kind, session.chosen_document) | {"kind": kind, "upload_key": uuid4().hex, "capture": sent}
    if sent is not None and sent.state == CaptureState.WAITING:
        return "looking", context | {"words": words.LOOKING}
    lesson = retries.lesson_of(session, kind) if sent is None else None
    if sent is not None and sent.problems and "again" not in request.GET:
        return "problem", context | _told(sent, sent.problems) | {"may_keep": submission.may_keep(sent)}
    if lesson is not None and "again" not in request.GET:
        tries = words.tries(lesson.number, left=lesson.left)
        return "problem", context | _told(lesson.capture, lesson.reasons) | {"lesson": lesson, "tries": tries}
    return ("liveness" if kind == CaptureKind.LIVENESS else "capture"), context | cameras.around(request, kind)


def _told(capture: Capture, codes: Sequence[str]) -> dict[str, Any]:
    """A picture with its defects and what to do about them."""
    image = capture.images.order_by("position").first()
    view = defects.view_of(findings.read(capture), codes, width=image.width, height=image.height) if image else None
    problems = _texts(codes)[:MOST_REASONS]
    return {"capture": capture, "codes": codes, "problems": problems, "view": view, "drawing": drawings.drawing(codes)}


def _overview(request: FlowRequest, step: Step, form: Form | None) -> Page:
    session = request.verification
    current = {capture.kind: capture for capture in session.captures.current()}
    asked = steps.capture_steps(session.chosen_document, face_first=session.company.face_first)
    kinds = [CAPTURE_STEPS[wanted] for wanted in asked]
    pictures = [(current[kind], words.of_capture(kind, session.chosen_document)["short"]) for kind in kinds if kind in current]
    return "overview", {"pictures": pictures, "submit_key": uuid4().hex}


def _checking(request: FlowRequest, step: Step, form: Form | None) -> Page:
    attempt = request.verification.attempts.filter(state=AttemptState.PROCESSING).first()
    return "checking", {"waited": (request.now - attempt.submitted_at) // timedelta(seconds=1) if attempt else 0}


def _done(request: FlowRequest, step: Step, form: Form | None) -> Page:
    session, return_url = request.verification, _way_back(request)
    if session.outcome not in RESULTS:
        return "closed", {"ending": endings.ending(session), "return_url": return_url}
    declined = session.outcome == Outcome.DECLINE
    used_up = OutcomeReason.RETRIES_EXHAUSTED in session.reasons
    codes = [code for code in session.reasons if code != OutcomeReason.RETRIES_EXHAUSTED]
    told = _texts(codes)[:MOST_REASONS] if declined else []
    return "done", {"outcome": session.outcome, "reasons": told, "used_up": used_up, "return_url": return_url, "onward_s": ONWARD_SECONDS}


def _way_back(request: FlowRequest) -> str:
    """The return address belongs to the browser in which the person began: a phone that helped out is put away."""
    return "" if request.transfer else creation.return_address(request.verification)


_BUILDERS: dict[Step, Callable[[FlowRequest, Step, Form | None], Page]] = {
    Step.CONSENT: _welcome,
    Step.EXTRA_FIELDS: _extra,
    Step.DOCUMENT_CHOICE: _document,
    Step.DOCUMENT_FRONT: _capture,
    Step.DOCUMENT_BACK: _capture,
    Step.SELFIE: _capture,
    Step.LIVENESS: _capture,
    Step.OVERVIEW: _overview,
    Step.CHECKING: _checking,
    Step.DONE: _done,
}
