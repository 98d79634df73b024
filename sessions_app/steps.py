"""Where the user is: one pure function, and nothing else knows the order of steps (R5, R12)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sessions_app.choices import CaptureKind, Outcome
from sessions_app.models import Capture, VerificationSession
from settings_app.choices import DocumentChoice


class Step(StrEnum):
    """The pages of the hosted flow."""

    CONSENT = "consent"
    EXTRA_FIELDS = "extra"
    DOCUMENT_CHOICE = "document"
    DOCUMENT_FRONT = "front"
    DOCUMENT_BACK = "back"
    SELFIE = "selfie"
    LIVENESS = "liveness"
    OVERVIEW = "overview"
    CHECKING = "checking"
    DONE = "done"


CAPTURE_STEPS = {
    Step.DOCUMENT_FRONT: CaptureKind.DOCUMENT_FRONT,
    Step.DOCUMENT_BACK: CaptureKind.DOCUMENT_BACK,
    Step.SELFIE: CaptureKind.SELFIE,
    Step.LIVENESS: CaptureKind.LIVENESS,
}


def capture_steps(document: str) -> tuple[Step, ...]:
    """The pictures that a document needs, in their order."""
    back = (Step.DOCUMENT_BACK,) if document == DocumentChoice.ID_CARD else ()
    return (Step.DOCUMENT_FRONT, *back, Step.SELFIE, Step.LIVENESS)


def next_step(session: VerificationSession, *, captures: Iterable[Capture], being_checked: bool, asks_extra_fields: bool) -> Step:
    """Return the step at which the user goes on.

    captures: the current ones of the session. being_checked: an attempt is with the workers. asks_extra_fields: the company has some
    to which it did not give the values itself.
    """
    if session.outcome != Outcome.PENDING:
        return Step.DONE
    if being_checked:
        return Step.CHECKING
    if session.consented_at is None:
        return Step.CONSENT
    if asks_extra_fields and session.extra_filled_at is None:
        return Step.EXTRA_FIELDS
    if not session.chosen_document:
        return Step.DOCUMENT_CHOICE
    usable = {capture.kind for capture in captures if capture.is_usable}
    for step in capture_steps(session.chosen_document):
        if CAPTURE_STEPS[step] not in usable:
            return step
    return Step.OVERVIEW


def step_of(session: VerificationSession) -> Step:
    """Read what `next_step` needs from the database and return the user's current step."""
    return next_step(
        session,
        captures=session.captures.current(),
        being_checked=session.attempts.filter(verdict="").exists(),
        asks_extra_fields=session.company.extra_fields.exclude(key__in=session.extra_values).exists(),
    )
