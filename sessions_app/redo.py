"""Which pictures a failed check or a reviewer asks for again; the others stay, so that nothing is asked twice (R5, R22, R24)."""

from __future__ import annotations

from datetime import datetime

from checks_app.results import Check, Status
from sessions_app.choices import CaptureKind, RedoStep
from sessions_app.models import Attempt, VerificationSession

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
    Check.FACE_MATCH: LIVE_FACE,
    Check.LIVENESS: LIVE_FACE,
    Check.DUPLICATE_FACE: LIVE_FACE,
}

CAPTURES_OF_STEP: dict[RedoStep, frozenset[CaptureKind]] = {
    RedoStep.DOCUMENT: DOCUMENT_SIDES,
    RedoStep.SELFIE: frozenset({CaptureKind.SELFIE}),
    RedoStep.LIVENESS: frozenset({CaptureKind.LIVENESS}),
}


def drop_step(*, session: VerificationSession, step: RedoStep, now: datetime) -> None:
    """Mark as replaced what a step took. The pictures themselves are kept, with the attempts that they belong to."""
    session.captures.current().filter(kind__in=CAPTURES_OF_STEP[step]).update(replaced_at=now)


def drop_failed_captures(*, attempt: Attempt, now: datetime) -> None:
    """Mark as replaced what the failed checks of the attempt concern. The pictures themselves are kept."""
    failed = attempt.checks.filter(status=Status.FAILED).values_list("check_name", flat=True)
    kinds = {kind for name in failed for kind in CAPTURES_OF_CHECK[Check(name)]}
    attempt.session.captures.current().filter(kind__in=kinds).update(replaced_at=now)
