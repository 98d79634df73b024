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


FACE_STEPS = (Step.SELFIE, Step.LIVENESS)


def document_steps(document: str) -> tuple[Step, ...]:
    """The pictures that a document needs."""
    return (Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK) if document == DocumentChoice.ID_CARD else (Step.DOCUMENT_FRONT,)


def capture_steps(document: str, *, face_first: bool) -> tuple[Step, ...]:
    """The pictures of a session with this document, in the order of its company (R47)."""
    of_document = document_steps(document)
    return (*FACE_STEPS, *of_document) if face_first else (*of_document, *FACE_STEPS)


def next_step(
    session: VerificationSession,
    *,
    captures: Iterable[Capture],
    being_checked: bool,
    asks_extra_fields: bool,
    face_first: bool = False,
    accepts_choice: bool = True,
) -> Step:
    """Return the step at which the user goes on.

    captures: the current ones of the session. being_checked: an attempt is with the workers. asks_extra_fields: the company has some
    to which it did not give the values itself. face_first: it wants the face before the document; whatever is there already stays.
    accepts_choice: False when the document that was chosen is accepted no more, so that another must be chosen.
    """
    if session.outcome != Outcome.PENDING:
        return Step.DONE
    if being_checked:
        return Step.CHECKING
    if session.consented_at is None:
        return Step.CONSENT
    if asks_extra_fields and session.extra_filled_at is None:
        return Step.EXTRA_FIELDS
    usable = {capture.kind for capture in captures if capture.is_usable}
    document = session.chosen_document if accepts_choice else ""
    missing = [step for step in capture_steps(document, face_first=face_first) if CAPTURE_STEPS[step] not in usable]
    if document or (face_first and missing and missing[0] in FACE_STEPS):
        return missing[0] if missing else Step.OVERVIEW
    return Step.DOCUMENT_CHOICE


def step_of(session: VerificationSession) -> Step:
    """Read what `next_step` needs from the database and return the user's current step.

    Whoever has sent a picture is not led back to fields that were added since.
    """
    captures = list(session.captures.current())
    return next_step(
        session,
        captures=captures,
        being_checked=session.attempts.filter(verdict="").exists(),
        asks_extra_fields=not captures and session.company.extra_fields.asked().exclude(key__in=session.extra_values).exists(),
        face_first=session.company.face_first,
        accepts_choice=session.chosen_document in session.company.allowed_documents,
    )
