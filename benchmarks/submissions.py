"""Sessions through the product's own queue and worker, timed by the clock on the wall."""

from __future__ import annotations

import io
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone
from PIL import Image

from benchmarks import material
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, SessionFindings
from sessions_app import answers, creation, findings, storage, submission, tasks, verification
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, CaptureState
from sessions_app.clients import ClientFacts
from sessions_app.findings import Findings
from sessions_app.ingest import Picture
from sessions_app.models import Attempt, Capture, CaptureImage, VerificationSession
from settings_app import keys
from settings_app.models import Company

LOOK_EVERY = 0.005  # seconds
GIVE_UP_AFTER = 120  # seconds
CLIENT = ClientFacts(ip=None, device="PC", browser="", os="", model="")


class NotFinished(TimeoutError):
    """The worker did not answer; its log stands in var/bench/log."""


@dataclass(frozen=True)
class Pictures:
    """What one person sends: single pictures, those of documents followed by their burst. frames: (picture, step, milliseconds)."""

    kind: DocumentKind
    singles: dict[CaptureKind, list[Picture]]
    frames: list[tuple[Picture, int, int]]
    moves: list[str]


def pictures_of(kind: DocumentKind, number: int = 0) -> Pictures:
    frames, challenge = material.challenge(number)
    singles = {CaptureKind.SELFIE: [encoded(material.selfie(number))]}
    draws = {CaptureKind.DOCUMENT_FRONT: material.passport}
    if kind is DocumentKind.ID_CARD:
        draws = {CaptureKind.DOCUMENT_FRONT: material.card_front, CaptureKind.DOCUMENT_BACK: material.card_back}
    for side, draw in draws.items():
        singles[side] = [encoded(draw(number)), *map(encoded, material.burst(draw, number))]
    told = [(encoded(frame.image), frame.step, frame.at_ms) for frame in frames]
    return Pictures(kind, singles, told, [move.value for move in challenge.moves])


def wait_for_outcome(found: SessionFindings) -> float:
    """Submit a session whose pictures were inspected while the user went on. Returns milliseconds until its outcome stands."""
    session = _session(DocumentKind.PASSPORT)
    parts = {CaptureKind.DOCUMENT_FRONT: found.front, CaptureKind.SELFIE: found.selfie, CaptureKind.LIVENESS: found.liveness}
    for kind, part in parts.items():
        assert part is not None
        _inspected(session, kind, part)
    began = time.perf_counter()
    attempt = submission.submit_attempt(session=session, now=timezone.now())
    _until_decided(attempt)
    return (time.perf_counter() - began) * 1000


def wait_when_nothing_is_inspected(pictures: Pictures) -> float:
    """Inspect everything and judge it one after the other, as a single task after the last picture would."""
    session = _session(pictures.kind)
    captures = [_stored(session, kind, pictures) for kind in (*pictures.singles, CaptureKind.LIVENESS)]
    began = time.perf_counter()
    for capture in captures:
        verification.inspect(capture=capture, now=timezone.now())
    attempt = submission.submit_attempt(session=session, now=timezone.now())
    verification.verify(attempt=attempt, now=timezone.now())
    return (time.perf_counter() - began) * 1000


def work_off(people: list[Pictures]) -> float:
    """Let the worker inspect and decide all of these. Returns seconds."""
    waiting = {}
    for pictures in people:
        session = _session(pictures.kind)
        waiting[session] = [_stored(session, kind, pictures) for kind in (*pictures.singles, CaptureKind.LIVENESS)]
    began = time.perf_counter()
    for captures in waiting.values():
        for capture in captures:
            tasks.inspect_capture.delay(capture_id=capture.pk)
    attempts: list[Attempt] = []
    while waiting:
        for session in [session for session in waiting if not session.captures.filter(state=CaptureState.WAITING).exists()]:
            del waiting[session]
            attempts.append(submission.submit_attempt(session=session, now=timezone.now()))
        time.sleep(LOOK_EVERY * 4)
    for attempt in attempts:
        _until_decided(attempt)
    return time.perf_counter() - began


def _until_decided(attempt: Attempt) -> None:
    deadline = time.monotonic() + GIVE_UP_AFTER
    while not Attempt.objects.filter(pk=attempt.pk, state=AttemptState.DECIDED).exists():
        if time.monotonic() > deadline:
            raise NotFinished(attempt.pk)
        time.sleep(LOOK_EVERY)


@cache
def _company() -> Company:
    company = Company(name=f"Benchmark {uuid.uuid4()}", created_at=timezone.now())
    keys.give_key(company)
    company.save(force_insert=True)
    return company


def _session(kind: DocumentKind) -> VerificationSession:
    now = timezone.now()
    session, _token = creation.create_session(company=_company(), created_by=None, now=now)
    answers.open_link(session=session, client=CLIENT, now=now)
    answers.consent(session=session, version="1", language="en", now=now)
    answers.choose_document(session=session, country="UTO", document=kind.value, now=now)
    return VerificationSession.objects.select_related("company").get(pk=session.pk)


def _inspected(session: VerificationSession, kind: CaptureKind, found: Findings) -> None:
    capture = _capture(session, kind, ["LEFT"])
    capture.state, capture.inspected_at = CaptureState.INSPECTED, timezone.now()
    for name, value in findings.columns_of(capture, found).items():
        setattr(capture, name, value)
    capture.save(force_insert=True)


@transaction.atomic
def _stored(session: VerificationSession, kind: CaptureKind, pictures: Pictures) -> Capture:
    capture = _capture(session, kind, pictures.moves)
    capture.save(force_insert=True)
    frames = pictures.frames if kind == CaptureKind.LIVENESS else [(picture, None, None) for picture in pictures.singles[kind]]
    CaptureImage.objects.bulk_create(
        storage.write_picture(capture, picture, position=position, step=step, at_ms=at_ms)
        for position, (picture, step, at_ms) in enumerate(frames)
    )
    return capture


def _capture(session: VerificationSession, kind: CaptureKind, moves: list[str]) -> Capture:
    now, challenge = timezone.now(), None
    if kind == CaptureKind.LIVENESS:
        challenge = session.challenges.create(nonce=uuid.uuid4().hex, moves=moves, issued_at=now, expires_at=now + timedelta(minutes=3))
    return Capture(
        session=session, kind=kind, source=CaptureSource.CAMERA, upload_key=uuid.uuid4().hex, challenge=challenge, created_at=now
    )


def encoded(image: RgbImage) -> Picture:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=92)
    return Picture(out.getvalue(), image.shape[1], image.shape[0])
