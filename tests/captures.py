"""Sessions on their way: answered, with captures whose findings are built by hand, submitted. No file is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from checks_app import judging
from sessions_app import answers, challenges, findings, leases
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
from sessions_app.clients import ClientFacts
from sessions_app.findings import Findings
from sessions_app.models import Attempt, Capture, VerificationSession
from settings_app.choices import DocumentChoice
from tests import findings as drawn
from tests.factories import NOW, SessionFactory

CLIENT = ClientFacts(ip="203.0.113.7", device="Mobile", browser="Firefox 140", os="Android 16", model="Pixel 9")
GOOD: dict[str, dict[CaptureKind, Findings]] = {
    DocumentChoice.PASSPORT: {
        CaptureKind.DOCUMENT_FRONT: drawn.passport(),
        CaptureKind.SELFIE: drawn.selfie(),
        CaptureKind.LIVENESS: drawn.liveness(),
    },
    DocumentChoice.ID_CARD: {
        CaptureKind.DOCUMENT_FRONT: drawn.card_front(),
        CaptureKind.DOCUMENT_BACK: drawn.card_back(),
        CaptureKind.SELFIE: drawn.selfie(),
        CaptureKind.LIVENESS: drawn.liveness(),
    },
}
CHECKS_OF_A_PASSPORT = len(judging.required_checks(drawn.expectations(duplicates_sought=True)))
_numbers = count(1)


def answered_session(document: str = DocumentChoice.PASSPORT, *, now: datetime = NOW, **columns: Any) -> VerificationSession:
    """A session that waits for its first picture."""
    session: VerificationSession = SessionFactory(now=now, **columns)
    answers.open_link(session=session, client=CLIENT, now=now)
    answers.consent(session=session, version="1", language="en", now=now)
    answers.choose_document(session=session, country="GEO", document=document, now=now)
    session.refresh_from_db()
    return session


def add_capture(session: VerificationSession, kind: CaptureKind, found: Findings | None = None, **columns: Any) -> Capture:
    """The current capture of a kind; inspected when findings are given, else waiting."""
    session.captures.current().filter(kind=kind).update(replaced_at=NOW)
    challenge = challenges.issue(session=session, now=NOW) if kind == CaptureKind.LIVENESS else None
    usual: dict[str, Any] = {"source": CaptureSource.CAMERA, "upload_key": f"upload-{next(_numbers):012}", "created_at": NOW}
    capture = Capture(session=session, kind=kind, challenge=challenge, **(usual | columns))
    if found is not None:
        capture.state, capture.inspected_at = CaptureState.INSPECTED, NOW
        capture.problems = [problem.value for problem in found.problems]
        for name, value in findings.columns_of(capture, found).items():
            setattr(capture, name, value)
    capture.save(force_insert=True)
    return capture


def ready_session(
    document: str = DocumentChoice.PASSPORT, *, changed: dict[CaptureKind, Findings] | None = None, **columns: Any
) -> VerificationSession:
    """A session with everything its document needs, ready to be submitted; `changed` replaces some of the good findings."""
    session = answered_session(document, **columns)
    for kind, found in (GOOD[document] | (changed or {})).items():
        add_capture(session, kind, found)
    return session


def processing_attempt(session: VerificationSession | None = None, **columns: Any) -> Attempt:
    """An attempt with the workers, made without the queue."""
    session = session or ready_session()
    number = session.attempts.count() + 1
    attempt = session.attempts.create(
        **{"number": number, "max_retries": session.max_retries, "submitted_at": NOW + timedelta(minutes=1), **columns}
    )
    attempt.captures.set(session.captures.current())
    return attempt


def die_three_times(work: leases.Work) -> datetime:
    """Claim and vanish, as a killed worker does. Returns when the lease of the third has run out."""
    for turn in range(3):
        assert leases.claim(work, now=NOW + turn * leases.LEASE)
    return NOW + 3 * leases.LEASE
