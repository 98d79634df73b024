"""The expensive half: everything that one upload says, before it is compared with anything else."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from checks_app.document import fields, framing, mrz_reader, ocr, photocopy, quality, recapture
from checks_app.document.quad import find_quad
from checks_app.face import portraits, selfies
from checks_app.faces import FaceEngine
from checks_app.imaging import RgbImage
from checks_app.liveness import scoring
from checks_app.liveness.attack_model import AttackModel
from checks_app.liveness.challenge import Challenge, Frame
from checks_app.results import (
    DocumentFindings,
    DocumentKind,
    LivenessFindings,
    MrzReading,
    Reason,
    SelfieFindings,
    Side,
    Status,
)
from checks_app.thresholds import DEFAULTS

Answer = TypeVar("Answer")

TRAVEL_FORMATS = ("TD1", "TD2", "TD3")


def inspect_document(
    image: RgbImage,
    *,
    burst: Sequence[RgbImage] = (),
    side: Side,
    kind: DocumentKind,
    country: str = "",
    engine: FaceEngine,
    today: date,
) -> DocumentFindings:
    """Inspect a picture of one side of a document.

    burst: small frames of the moments before the picture, in their order; none with a file. kind: what the user says he shows; it tells
    where MRZ and portrait must be. country: ICAO code that he chose, for the print's language. today: resolves two-digit years of the MRZ.
    """
    quad = find_quad(image)
    problems, judged_quality = quality.judge_quality(image, quad)
    reading, mrz_ms = _timed(lambda: mrz_reader.read(image))
    accepted = reading is not None and reading.accepted and reading.format in TRAVEL_FORMATS
    read_fields = fields.from_mrz(reading, today=today) if accepted and reading is not None else None
    portrait = portraits.find_portrait(image, engine, quad) if side is Side.FRONT else None
    zone, face = reading.region if reading else None, portrait.box if portrait else None
    whole = framing.judge_framing(image, quad, kind=kind, side=side, mrz_read=accepted, mrz_region=zone, portrait_box=face)
    findings = DocumentFindings(
        side=side,
        problems=problems,
        quality=judged_quality,
        quad=quad,
        kind_by_shape=framing.kind_by_shape(quad, (image.shape[1], image.shape[0])) if quad else None,
        full_document=whole,
        screen_replay=recapture.judge_screen_replay(image, quad, burst),
        photocopy=photocopy.judge_photocopy(image, quad),
        mrz=reading,
        mrz_engine=mrz_reader.ENGINE,
        mrz_took_ms=mrz_ms,
        fields=read_fields,
        portrait=portrait,
        burst_frames=len(burst),
    )
    return _with_print(_with_content(findings, kind=kind), image, kind=kind, country=country)


def _with_print(findings: DocumentFindings, image: RgbImage, *, kind: DocumentKind, country: str) -> DocumentFindings:
    """Read what is printed where it will be compared: on fronts. It costs time, so not on a picture that must be retaken."""
    if findings.problems or findings.quad is None or findings.side is Side.BACK:
        return findings
    quad = findings.quad
    printed, took_ms = _timed(lambda: ocr.read_print(image, quad, kind=kind, country=country))
    return replace(findings, printed_text=printed.text, printed_surely=printed.surely, print_took_ms=took_ms)


def _with_content(findings: DocumentFindings, *, kind: DocumentKind) -> DocumentFindings:
    """Add to the problems of the picture what is missing on it."""
    return replace(findings, problems=findings.problems or _missing(findings, kind=kind))


def _missing(findings: DocumentFindings, *, kind: DocumentKind) -> tuple[Reason, ...]:
    """Tell what a good picture does not show. A blurred one is told to be blurred, not unreadable.

    A document that is cut or covered would fail at every usual threshold: asking at once spares the user an attempt.
    """
    if DEFAULTS.full_document.status(findings.full_document.score) is Status.FAILED:
        return findings.full_document.reasons
    if findings.fields is not None and findings.fields.kind is not kind:
        return (Reason.WRONG_DOCUMENT_TYPE,)
    if fields.is_visa(findings.mrz):
        return (Reason.VISA,)
    has_mrz = (kind is DocumentKind.PASSPORT) == (findings.side is Side.FRONT)
    if has_mrz and findings.fields is None and not _is_readable_but_wrong(findings.mrz):
        return (Reason.MRZ_NOT_READ,)
    if findings.side is Side.FRONT and findings.portrait is None:
        return (Reason.NO_PORTRAIT,)
    return ()


def _is_readable_but_wrong(reading: MrzReading | None) -> bool:
    """True when the zone was read well and its check digits are wrong: another picture would say the same."""
    return reading is not None and not reading.accepted and any(field.check_digit_ok is False for field in reading.fields)


def inspect_selfie(image: RgbImage, *, burst: Sequence[RgbImage] = (), engine: FaceEngine) -> SelfieFindings:
    """Inspect a selfie: one face, large, sharp, lit and frontal. burst: frames around it, over which the face is averaged."""
    return selfies.inspect_selfie_image(image, engine, burst)


def inspect_liveness(
    frames: Sequence[Frame], *, challenge: Challenge, engine: FaceEngine, attack_model: AttackModel | None = None
) -> LivenessFindings:
    """Inspect the frames of one challenge: the person did what was asked, with a head. attack_model: the operator's, only ever a doubt."""
    return scoring.inspect_challenge(frames, challenge, engine, attack_model)


def _timed(call: Callable[[], Answer]) -> tuple[Answer, int]:
    started = time.perf_counter()
    answer = call()
    return answer, round((time.perf_counter() - started) * 1000)
