"""Which pictures a failed check or a reviewer asks for again; the others stay, so that nothing is asked twice (R5, R22, R24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from checks_app.results import Check, DocumentFindings, Measure, Reason, Status
from sessions_app import findings
from sessions_app.choices import CaptureKind, RedoStep
from sessions_app.models import Attempt, CheckRecord, VerificationSession

DOCUMENT_SIDES = frozenset({CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK})
LIVE_FACE = frozenset({CaptureKind.SELFIE, CaptureKind.LIVENESS})

CAPTURES_OF_CHECK: dict[Check, frozenset[CaptureKind]] = {
    Check.DOCUMENT: DOCUMENT_SIDES,
    Check.MRZ: DOCUMENT_SIDES,
    Check.FULL_DOCUMENT: DOCUMENT_SIDES,
    Check.SCREEN_REPLAY: DOCUMENT_SIDES,
    Check.PHOTOCOPY: DOCUMENT_SIDES,
    Check.SIDES_AGREE: DOCUMENT_SIDES,
    Check.PRINT_AGREES: DOCUMENT_SIDES,
    Check.EXPIRY: DOCUMENT_SIDES,
    Check.MINIMUM_AGE: DOCUMENT_SIDES,
    Check.EXPECTED_PERSON: DOCUMENT_SIDES,
    Check.FACE_MATCH: frozenset({CaptureKind.SELFIE}),
    Check.LIVENESS: LIVE_FACE,
    Check.DUPLICATE_FACE: LIVE_FACE,
}
"""At most; `failed_pictures` leaves out those that were good."""

CAPTURES_OF_STEP: dict[RedoStep, frozenset[CaptureKind]] = {
    RedoStep.DOCUMENT: DOCUMENT_SIDES,
    RedoStep.SELFIE: frozenset({CaptureKind.SELFIE}),
    RedoStep.LIVENESS: frozenset({CaptureKind.LIVENESS}),
}

Failed = dict[CaptureKind, tuple[str, ...]]
"""Reasons by the picture that they are about."""


def drop_step(*, session: VerificationSession, step: RedoStep, now: datetime) -> None:
    """Mark as replaced what a step took. The pictures themselves are kept, with the attempts that they belong to."""
    session.captures.current().filter(kind__in=CAPTURES_OF_STEP[step]).update(replaced_at=now)


def drop_failed_captures(*, attempt: Attempt, now: datetime) -> None:
    """Mark as replaced what the failed checks of the attempt concern. The pictures themselves are kept."""
    attempt.session.captures.current().filter(kind__in=failed_pictures(attempt)).update(replaced_at=now)


def failed_pictures(attempt: Attempt) -> Failed:
    """Return which pictures of an attempt made its checks fail, and why: exactly these are taken again."""
    failed: Failed = {}
    sides: dict[CaptureKind, DocumentFindings] | None = None
    for record in attempt.checks.filter(status=Status.FAILED).order_by("pk"):
        if sides is None:
            sides = _sides(attempt)
        for kind, reasons in _concerned(record, sides).items():
            failed[kind] = tuple(dict.fromkeys([*failed.get(kind, ()), *reasons]))
    return failed


def _concerned(record: CheckRecord, sides: Mapping[CaptureKind, DocumentFindings]) -> Failed:
    check, reasons = Check(record.check_name), tuple(record.reasons)
    poor: Failed = {}
    for kind, found in sides.items():
        measure = _measure(check, found)
        if measure is not None and measure.score is not None and record.decline_below and measure.score < record.decline_below:
            poor[kind] = tuple(reason.value for reason in measure.reasons) or reasons
    if poor:
        return poor
    kinds = CAPTURES_OF_CHECK[check]
    if check is Check.LIVENESS and reasons and Reason.FACE_CHANGED not in reasons:
        kinds = frozenset({CaptureKind.LIVENESS})  # the moves alone went wrong: the selfie is not to blame
    return dict.fromkeys(kinds, reasons)


def _measure(check: Check, found: DocumentFindings) -> Measure | None:
    """Return what was measured on each side for itself; None for a check that looks at the document as a whole."""
    if check is Check.FULL_DOCUMENT:
        return found.full_document
    if check is Check.SCREEN_REPLAY:
        return found.screen_replay
    return found.photocopy if check is Check.PHOTOCOPY else None


def _sides(attempt: Attempt) -> dict[CaptureKind, DocumentFindings]:
    captures = attempt.captures.filter(kind__in=DOCUMENT_SIDES).select_related("session__company")
    read = {CaptureKind(capture.kind): findings.read(capture) for capture in captures}
    return {kind: found for kind, found in read.items() if isinstance(found, DocumentFindings)}
