"""Where pictures meet the checks: inspect one capture, or judge all captures of an attempt and decide it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from PIL import Image

from checks_app import decision, judging, pipeline, rejudging
from checks_app.face.engine import load_engine
from checks_app.face.match_level import Calibration, load_calibration
from checks_app.faces import FaceEngine
from checks_app.imaging import RgbImage
from checks_app.liveness.attack_model import load_attack_model
from checks_app.liveness.challenge import Frame
from checks_app.results import CheckResult, DocumentKind, DuplicateSearch, Expectations, SessionFindings, Side
from sessions_app import duplicates, findings, leases, lifecycle, outages, result_columns, storage, thumbnails
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, EventKind
from sessions_app.findings import Findings
from sessions_app.models import Attempt, Capture, VerificationSession
from settings_app import resolution

log = structlog.get_logger(__name__)


def inspect(*, capture: Capture, now: datetime) -> None:
    """Inspect a capture unless another worker does or did. A crash is recorded as such and never as a pass.

    A machine that cannot work now, without its database or disk, says nothing about the picture: the work is put down for later.
    """
    if not leases.claim(capture, now=now):
        give_up(work=capture, now=now)
        return
    found, thumbnail = None, None
    try:
        with leases.kept(capture):
            found = _inspect(capture)
            thumbnail = thumbnails.made_for(capture, found)
    except Exception as error:
        if outages.is_passing(error) and _put_down(capture, error, waiting_since=capture.created_at, now=now):
            return
        log.exception("inspection_crashed", capture=capture.pk, kind=capture.kind)
    outages.patiently(lambda: _store(capture, found, thumbnail, now=now))


@transaction.atomic
def _store(capture: Capture, found: Findings | None, thumbnail: bytes | None, *, now: datetime) -> None:
    session = lifecycle.lock(capture.session_id)
    if not leases.still_held(capture):
        return
    if found is None:
        Capture.objects.filter(pk=capture.pk).update(state=CaptureState.CRASHED, inspected_at=now)
        return
    problems = [problem.value for problem in found.problems]
    columns = findings.columns_of(capture, found) | {"thumbnail_sealed": thumbnail}
    Capture.objects.filter(pk=capture.pk).update(state=CaptureState.INSPECTED, problems=problems, inspected_at=now, **columns)
    if problems and session.is_open:  # nobody is asked any more, and what has ended is counted as it ended
        VerificationSession.objects.filter(pk=capture.session_id).update(forced_retries=F("forced_retries") + 1)
        lifecycle.note(session=capture.session, kind=EventKind.RETAKE_ASKED, now=now, capture=capture.kind, problem=problems[0])


def verify(*, attempt: Attempt, now: datetime) -> None:
    """Judge an attempt from the findings of its captures and decide it, unless another worker does or did."""
    if not leases.claim(attempt, now=now):
        give_up(work=attempt, now=now)
        return
    session = attempt.session
    captures = outages.patiently(lambda: captures_of(attempt))
    expectations = expectations_of(session, captures, today=now.astimezone(session.company.zone).date())
    found, results, calibration = SessionFindings(), judging.unfinished(judging.required_checks(expectations)), None
    try:
        with leases.kept(attempt):
            found = findings_of(captures)
            thresholds = resolution.thresholds_for(company=session.company, market=session.market)
            calibration = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
            if expectations.duplicates_sought:
                found = replace(found, duplicates=_seek_duplicates(session, found, calibration))
            results = judging.judge(found, thresholds=thresholds, expectations=expectations, calibration=calibration)
    except Exception as error:
        if outages.is_passing(error) and _put_down(attempt, error, waiting_since=attempt.submitted_at, now=now):
            return
        log.exception("judging_crashed", attempt=attempt.pk)
    outages.patiently(lambda: _decide(attempt, found, results, expectations, calibration, now=now))


def give_up(*, work: Capture | Attempt, now: datetime) -> None:
    """End what has killed as many workers as it may: its checks are unclear, never passed. Whatever else it is, it is left alone."""
    if not leases.claim_used_up(work, now=now):
        return
    log.error("given_up", work=type(work).__name__, id=work.pk, tries=work.tries)
    if isinstance(work, Capture):
        outages.patiently(lambda: _store(work, None, None, now=now))
        return
    expectations = expectations_of(work.session, captures_of(work), today=now.astimezone(work.session.company.zone).date())
    unclear = judging.unfinished(judging.required_checks(expectations))
    outages.patiently(lambda: _decide(work, SessionFindings(), unclear, expectations, None, now=now))


def _put_down(work: Capture | Attempt, error: Exception, *, waiting_since: datetime, now: datetime) -> bool:
    """Leave the work for later, without counting the try. False: it has waited long enough for this machine to be well again."""
    if now - waiting_since >= outages.WAITED_AT_MOST:
        return False
    log.warning("put_down", work=type(work).__name__, id=work.pk, error=type(error).__name__)
    outages.patiently(lambda: leases.give_back(work, now=now))
    return True


@transaction.atomic
def _decide(
    attempt: Attempt,
    found: SessionFindings,
    results: tuple[CheckResult, ...],
    expectations: Expectations,
    calibration: Calibration | None,
    *,
    now: datetime,
) -> None:
    required, retries_left = judging.required_checks(expectations), attempt.max_retries + 1 - attempt.number
    manual_review = attempt.session.company.manual_review
    decided = decision.decide(results, required=required, retries_left=retries_left, manual_review=manual_review)
    essence = rejudging.essence_of(
        found,
        results,
        required=required,
        expectations=expectations,
        calibration=calibration,
        retries_left=retries_left,
        manual_review=manual_review,
    )
    columns = result_columns.from_results(found, results)
    lifecycle.record_decision(attempt=attempt, results=results, decision=decided, columns=columns, essence=essence, now=now)
    duplicates.record(attempt=attempt, found=found.duplicates)


def _inspect(capture: Capture) -> Findings:
    images = outages.patiently(lambda: list(capture.images.select_related("capture__session__company").order_by("position")))
    arrays = [_array(storage.read_image(image)) for image in images]
    if capture.kind == CaptureKind.SELFIE:
        return pipeline.inspect_selfie(arrays[0], burst=arrays[1:], engine=_engine())
    if capture.challenge is not None:
        frames = [Frame(image=array, step=image.step or 0, at_ms=image.at_ms or 0) for array, image in zip(arrays, images, strict=True)]
        attack_model = load_attack_model(settings.FACE_MODELS_DIR)
        return pipeline.inspect_liveness(frames, challenge=capture.challenge.asked, engine=_engine(), attack_model=attack_model)
    side = Side.BACK if capture.kind == CaptureKind.DOCUMENT_BACK else Side.FRONT
    kind, country = DocumentKind(capture.session.chosen_document), capture.session.chosen_country
    today = capture.created_at.astimezone(capture.session.company.zone).date()
    return pipeline.inspect_document(arrays[0], burst=arrays[1:], side=side, kind=kind, country=country, engine=_engine(), today=today)


def captures_of(attempt: Attempt) -> dict[str, Capture]:
    """By kind."""
    return {capture.kind: capture for capture in attempt.captures.select_related("session__company")}


def findings_of(captures: dict[str, Capture]) -> SessionFindings:
    """Open what the inspections found. Raises crypto.DoesNotOpen."""
    read = {kind: findings.read(capture) for kind, capture in captures.items()}
    return SessionFindings(
        front=read.get(CaptureKind.DOCUMENT_FRONT),  # type: ignore[arg-type]  # findings.read returns the class of the kind
        back=read.get(CaptureKind.DOCUMENT_BACK),  # type: ignore[arg-type]
        selfie=read.get(CaptureKind.SELFIE),  # type: ignore[arg-type]
        liveness=read.get(CaptureKind.LIVENESS),  # type: ignore[arg-type]
    )


def _seek_duplicates(session: VerificationSession, found: SessionFindings, calibration: Calibration) -> DuplicateSearch | None:
    """None: there is no face, or the search crashed; its check is then unclear, and the others are judged all the same."""
    if found.selfie is None or found.selfie.face is None:
        return None
    try:
        return duplicates.search(session=session, face=found.selfie.face, stated=result_columns.fields_of(found), calibration=calibration)
    except outages.DATABASE_AWAY:
        raise
    except Exception:
        log.exception("duplicate_search_crashed", session=session.pk)
        return None


def expectations_of(session: VerificationSession, captures: dict[str, Capture], *, today: date) -> Expectations:
    """What company and user said beforehand, as it stands now."""
    live = {kind for kind, capture in captures.items() if capture.source == CaptureSource.CAMERA}
    sides = {kind for kind in captures if kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK)}
    return Expectations(
        today=today,
        kind=DocumentKind(session.chosen_document),
        country=session.chosen_country,
        accepted_kinds=tuple(DocumentKind(kind) for kind in session.company.allowed_documents),
        first_name=session.expected_first_name,
        last_name=session.expected_last_name,
        birth_date=session.expected_birth_date,
        strict_names=session.company.strict_names,
        minimum_age=session.company.minimum_age,
        document_live=sides <= live,
        face_live={CaptureKind.SELFIE, CaptureKind.LIVENESS} <= live,
        duplicates_sought=session.company.duplicate_faces,
        specimens_accepted=settings.ACCEPT_SPECIMENS,
    )


def _engine() -> FaceEngine:
    return load_engine(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)


def _array(jpeg: bytes) -> RgbImage:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))
