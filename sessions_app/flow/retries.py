"""What somebody sees first who does a step again: his own earlier picture, and what to do better this time (R25)."""

from __future__ import annotations

from dataclasses import dataclass

from checks_app.decision import Verdict
from sessions_app import redo
from sessions_app.choices import CaptureKind, EventKind, RedoStep
from sessions_app.models import Attempt, Capture, VerificationSession


@dataclass(frozen=True, slots=True)
class Lesson:
    """An earlier picture and why it is taken again. reasons: none when a reviewer asked, because what he doubts is not told.

    number: of the attempt that is being prepared. left: how many could still follow it.
    """

    capture: Capture
    reasons: tuple[str, ...]
    number: int
    left: int


def lesson_of(session: VerificationSession, kind: CaptureKind) -> Lesson | None:
    """Return what an open session has to tell before a picture of this kind; None when it has nothing, or told it already.

    It is told until a new picture was sent, or another document chosen.
    """
    attempt = session.attempts.order_by("-number").first()
    capture = attempt.captures.filter(kind=kind).select_related("session__company").first() if attempt else None
    if attempt is None or capture is None or capture.replaced_at is None:
        return None
    reasons = _reasons(attempt, kind)
    if reasons is None or session.captures.filter(kind=kind, pk__gt=capture.pk).exists() or _another_document(attempt, kind):
        return None
    number = attempt.number + 1
    return Lesson(capture=capture, reasons=reasons, number=number, left=session.max_retries + 1 - number)


def is_shown_again(capture: Capture) -> bool:
    """True for a picture that was replaced, while its owner is asked to do it better."""
    lesson = lesson_of(capture.session, CaptureKind(capture.kind))
    return lesson is not None and lesson.capture == capture


def _reasons(attempt: Attempt, kind: CaptureKind) -> tuple[str, ...] | None:
    """None: nobody asks for this picture again."""
    if attempt.verdict == Verdict.RETRY:
        return redo.failed_pictures(attempt).get(kind)
    asked = attempt.session.events.filter(kind=EventKind.REDO_ASKED).order_by("-pk").first()
    if attempt.verdict != Verdict.REVIEW or asked is None:
        return None
    return () if kind in redo.CAPTURES_OF_STEP[RedoStep(asked.details["step"])] else None


def _another_document(attempt: Attempt, kind: CaptureKind) -> bool:
    if kind not in redo.DOCUMENT_SIDES:
        return False
    return attempt.session.events.filter(kind=EventKind.DOCUMENT_CHOSEN, at__gt=attempt.decided_at).exists()
