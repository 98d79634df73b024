"""How pictures come in and are handed to the workers: nothing half-saved, nothing stored twice, nothing asked out of turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from sessions_app import answers, challenges, dispatch, ingest, lifecycle, outages, steps, storage, tasks, transfers
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, CaptureState, EventKind
from sessions_app.clients import ClientFacts
from sessions_app.models import Attempt, Capture, CaptureImage, Transfer, VerificationSession

MOST_IMAGES = {
    CaptureKind.DOCUMENT_FRONT: 9,
    CaptureKind.DOCUMENT_BACK: 9,
    CaptureKind.SELFIE: 6,
    CaptureKind.LIVENESS: 80,
}
"""In one upload. Documents: the picture and the burst of small frames before it. Liveness: twice the frames of the longest challenge."""

KEEP_FROM_PROBLEM = 2
"""From the second poor picture of one kind on, the user may go on with it; the checks then judge what there is."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrived. step and at_ms: liveness frames only."""

    data: bytes
    step: int | None = None
    at_ms: int | None = None


class WrongStep(Exception):
    """The session does not wait for this kind of picture now."""


class FilesNotTaken(Exception):
    """The company takes pictures of a camera only (R47)."""


class TooManyFrames(Exception):
    """More files than any capture has."""


class NotReady(Exception):
    """Not everything that the document needs is there yet."""


class RetriesExhausted(Exception):
    """The session has used all its attempts (R4)."""


def store_capture(
    *,
    session: VerificationSession,
    kind: CaptureKind,
    source: CaptureSource,
    upload_key: str,
    uploads: Sequence[Upload],
    now: datetime,
    nonce: str = "",
    client: ClientFacts | None = None,
    via: Transfer | None = None,
) -> Capture:
    """Take in one capture and send it to inspection. The same `upload_key` again returns the capture that is there already.

    via: the transfer of the phone that acts, None when the link itself does.
    Raises UnreadableImage, TooManyFrames, WrongStep, FilesNotTaken, ChallengeNotValid, DiskFull, UsedElsewhere or SessionClosed; then
    nothing is stored.
    """
    repeated = _already_stored(session, kind, upload_key)
    if repeated is not None:
        return repeated
    if not 1 <= len(uploads) <= MOST_IMAGES[kind]:
        raise TooManyFrames(len(uploads))
    _require_turn(session, kind, source, via=via, now=now)
    challenge = challenges.find_valid(session=session, nonce=nonce, now=now) if kind == CaptureKind.LIVENESS else None
    pictures = ingest.decode_all([upload.data for upload in uploads])
    capture = Capture(session=session, kind=kind, source=source, upload_key=upload_key, challenge=challenge, created_at=now)
    images: list[CaptureImage] = []
    with _nothing_half_stored(images):
        for position, (upload, picture) in enumerate(zip(uploads, pictures, strict=True)):
            images.append(storage.write_picture(capture, picture, position=position, step=upload.step, at_ms=upload.at_ms))
        return _insert(capture, images, client=client, via=via, now=now)


@contextmanager
def _nothing_half_stored(images: list[CaptureImage]) -> Iterator[None]:
    """Remove the files of an upload that failed. Raises DiskFull also where it is PostgreSQL that has no room."""
    try:
        yield
    except outages.DATABASE_AWAY as error:
        if not outages.is_full(error):
            raise  # the rows may stand all the same, and need their files; the sweep removes what nobody needs
        _discard(images)
        raise storage.DiskFull from error
    except Exception:
        _discard(images)
        raise


@transaction.atomic
def _insert(capture: Capture, images: list[CaptureImage], *, client: ClientFacts | None, via: Transfer | None, now: datetime) -> Capture:
    session = lifecycle.lock(capture.session_id)
    repeated = _already_stored(session, CaptureKind(capture.kind), capture.upload_key)
    if repeated is not None:
        _discard(images)
        return repeated
    _require_turn(session, CaptureKind(capture.kind), CaptureSource(capture.source), via=via, now=now)
    if capture.challenge is not None:
        challenges.find_valid(session=session, nonce=capture.challenge.nonce, now=now)
    session.captures.current().filter(kind=capture.kind).update(replaced_at=now)
    capture.save(force_insert=True)
    CaptureImage.objects.bulk_create(images)
    lifecycle.note(session=session, kind=EventKind.CAPTURED, now=now, capture=capture.kind, source=capture.source)
    if client is not None:
        answers.record_client(session=session, client=client)
    lifecycle.count_activity(session, now=now)
    _enqueue(tasks.inspect_capture, capture_id=capture.pk)
    return capture


def _discard(images: list[CaptureImage]) -> None:
    for image in images:
        storage.discard(image)


def _already_stored(session: VerificationSession, kind: CaptureKind, upload_key: str) -> Capture | None:
    """Return what the same upload has stored before. Raises WrongStep for a key that stands for another kind of picture."""
    repeated = session.captures.filter(upload_key=upload_key).first()
    if repeated is not None and repeated.kind != kind:
        raise WrongStep(f"{kind} came with the key of {repeated.kind}")
    return repeated


def _require_turn(session: VerificationSession, kind: CaptureKind, source: CaptureSource, *, via: Transfer | None, now: datetime) -> None:
    lifecycle.require_open(session, now=now)
    transfers.require_hand(session, via=via, now=now)
    step = steps.step_of(session)
    wanted = steps.CAPTURE_STEPS.get(step)
    if wanted != kind:
        raise WrongStep(f"{kind} came at the step {step}")
    if source == CaptureSource.FILE and not session.company.allow_uploads:
        raise FilesNotTaken(session.pk)


@transaction.atomic
def keep_despite_problems(*, capture: Capture, now: datetime, via: Transfer | None = None) -> None:
    """Go on with a poor picture because the user cannot take a better one. Before the second poor picture raises WrongStep.

    Raises UsedElsewhere or SessionClosed.
    """
    session = lifecycle.lock(capture.session_id)
    lifecycle.require_open(session, now=now)
    transfers.require_hand(session, via=via, now=now)
    if not may_keep(capture):
        raise WrongStep(capture.pk)
    session.captures.current().filter(pk=capture.pk).update(kept_despite_problems=True)
    lifecycle.count_activity(session, now=now)


def may_keep(capture: Capture) -> bool:
    """True when the user has tried often enough to go on with this poor picture."""
    poor = capture.session.captures.filter(kind=capture.kind, state=CaptureState.INSPECTED).exclude(problems=[])
    return bool(capture.problems) and poor.count() >= KEEP_FROM_PROBLEM


@transaction.atomic
def retake(*, session: VerificationSession, kind: CaptureKind, now: datetime, via: Transfer | None = None) -> None:
    """Drop the current picture of a kind on the user's wish, so that the flow asks for it again. Costs no attempt (R4).

    Raises UsedElsewhere, SessionClosed or, while an attempt is being checked, BeingChecked.
    """
    locked = lifecycle.lock(session.pk)
    lifecycle.require_open(locked, now=now)
    transfers.require_hand(locked, via=via, now=now)
    lifecycle.require_unchecked(locked)
    locked.captures.current().filter(kind=kind).update(replaced_at=now)
    lifecycle.count_activity(locked, now=now)


@transaction.atomic
def submit_attempt(*, session: VerificationSession, now: datetime, submit_key: str = "", via: Transfer | None = None) -> Attempt:
    """Hand the current captures to the checks as one attempt. Called twice, it returns the attempt that is being checked.

    submit_key: chosen by the page; the same one again is the same attempt, also after its decision. Raises NotReady,
    RetriesExhausted, UsedElsewhere or SessionClosed.
    """
    locked = lifecycle.lock(session.pk)
    repeated = _already_submitted(locked, submit_key)
    if repeated is not None:
        return repeated
    lifecycle.require_open(locked, now=now)
    transfers.require_hand(locked, via=via, now=now)
    if steps.step_of(locked) is not steps.Step.OVERVIEW:
        raise NotReady(locked.pk)
    used = locked.attempts.count()
    if used > locked.max_retries:
        raise RetriesExhausted(locked.pk)
    attempt = locked.attempts.create(number=used + 1, max_retries=locked.max_retries, submit_key=submit_key, submitted_at=now)
    attempt.captures.set(locked.captures.current().filter(kind__in=_kinds_of(locked)))
    lifecycle.note(session=locked, kind=EventKind.SUBMITTED, now=now, attempt=attempt.number)
    lifecycle.count_activity(locked, now=now)
    _enqueue(tasks.verify_attempt, attempt_id=attempt.pk)
    return attempt


def _already_submitted(session: VerificationSession, submit_key: str) -> Attempt | None:
    """Return the attempt that a repeated request has made, else the one that is being checked now."""
    same = Q(state=AttemptState.PROCESSING)
    if submit_key:
        same |= Q(submit_key=submit_key)
    return session.attempts.filter(same).order_by("number").first()  # the one being checked is the newest


def _enqueue(task: Any, **ids: int) -> None:
    """Hand work to the queue once it is stored."""
    transaction.on_commit(lambda: dispatch.send(task, **ids), robust=True)


def _kinds_of(session: VerificationSession) -> list[CaptureKind]:
    wanted = steps.capture_steps(session.chosen_document, face_first=session.company.face_first)
    return [steps.CAPTURE_STEPS[step] for step in wanted]
