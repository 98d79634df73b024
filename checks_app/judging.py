"""The cheap half: compare the findings of all captures with thresholds and expectations, one result per check.

Replaying a change of thresholds over past sessions is this rule again, from less: see `rejudging`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checks_app.document.fields import is_visa
from checks_app.document.mrz_faults import IMPOSSIBLE, faults
from checks_app.face import matching
from checks_app.face.match_level import Calibration
from checks_app.identity import judge_age, judge_expected_person, judge_print, judge_sides
from checks_app.results import (
    Check,
    CheckResult,
    DocumentFindings,
    DocumentKind,
    Engine,
    Expectations,
    LivenessFindings,
    Measure,
    Reason,
    SelfieFindings,
    SessionFindings,
    Status,
)
from checks_app.thresholds import Band, Thresholds

RULES = Engine("rules", "1")
SPECIMEN_STATE = "UTO"
LEAST_BURST = 5
"""Frames that must come with a picture from the camera; the flow sends six."""


def required_checks(expectations: Expectations) -> tuple[Check, ...]:
    """Return the checks that a session must pass, given what is expected of it."""
    checks = [Check.DOCUMENT, Check.MRZ, Check.FULL_DOCUMENT, Check.SCREEN_REPLAY, Check.PHOTOCOPY, Check.EXPIRY]
    checks.append(Check.SIDES_AGREE if expectations.kind is DocumentKind.ID_CARD else Check.PRINT_AGREES)
    if expectations.minimum_age is not None:
        checks.append(Check.MINIMUM_AGE)
    if expectations.first_name or expectations.last_name or expectations.birth_date:
        checks.append(Check.EXPECTED_PERSON)
    checks += [Check.FACE_MATCH, Check.LIVENESS]
    return (*checks, Check.DUPLICATE_FACE) if expectations.duplicates_sought else tuple(checks)


def judge(
    found: SessionFindings, *, thresholds: Thresholds, expectations: Expectations, calibration: Calibration
) -> tuple[CheckResult, ...]:
    """Judge everything that was found. A check whose capture is missing is unclear, so nothing is passed unseen."""
    wanted = wanted_sides(found, expectations)
    sides = [side for side in wanted if side is not None]
    missing = () if len(sides) == len(wanted) else (Reason.CAPTURE_MISSING,)
    not_live = liveness_doubts(sides, expectations)
    carrier = wanted[-1]
    results = [
        _judge_document(carrier, expectations),
        _judge_mrz(carrier, expectations),
        _judge_band(Check.FULL_DOCUMENT, [side.full_document for side in sides], thresholds.full_document, doubts=missing),
        _judge_band(Check.SCREEN_REPLAY, [side.screen_replay for side in sides], thresholds.screen_replay, doubts=(*missing, *not_live)),
        _judge_band(Check.PHOTOCOPY, [side.photocopy for side in sides], thresholds.photocopy, doubts=missing),
        _judge_expiry(carrier, expectations),
        _judge_face(found, thresholds, calibration),
        _judge_liveness(found, thresholds, calibration, live=expectations.face_live),
    ]
    stated = carrier.fields if carrier else None
    is_card = expectations.kind is DocumentKind.ID_CARD
    results.append(judge_sides(found.front, found.back, expectations) if is_card else judge_print(found.front, expectations))
    required = required_checks(expectations)
    if Check.MINIMUM_AGE in required:
        results.append(judge_age(stated, expectations))
    if Check.EXPECTED_PERSON in required:
        results.append(judge_expected_person(stated, expectations))
    if Check.DUPLICATE_FACE in required:
        results.append(_judge_duplicates(found))
    return tuple(results)


def wanted_sides(found: SessionFindings, expectations: Expectations) -> tuple[DocumentFindings | None, ...]:
    """Return what was found on each side that the document has; None: that side is missing."""
    return (found.front, found.back) if expectations.kind is DocumentKind.ID_CARD else (found.front,)


def unfinished(checks: Iterable[Check]) -> tuple[CheckResult, ...]:
    """Return what is recorded when judging itself crashed or hung: every check unclear, never passed."""
    return tuple(_plain(check, Status.UNCLEAR, Reason.CHECK_CRASHED) for check in checks)


def _judge_document(carrier: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    if carrier is None:
        return _plain(Check.DOCUMENT, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    if is_visa(carrier.mrz):
        return _plain(Check.DOCUMENT, Status.FAILED, Reason.VISA)
    if carrier.fields is None or carrier.fields.kind is None:
        return _plain(Check.DOCUMENT, Status.UNCLEAR, Reason.MRZ_NOT_READ)
    if carrier.fields.kind not in expectations.accepted_kinds:
        return _plain(Check.DOCUMENT, Status.FAILED, Reason.DOCUMENT_TYPE_NOT_ACCEPTED)
    if carrier.fields.kind is not expectations.kind:
        return _plain(Check.DOCUMENT, Status.FAILED, Reason.WRONG_DOCUMENT_TYPE)
    if carrier.fields.issuing_state == SPECIMEN_STATE and not expectations.specimens_accepted:
        return _plain(Check.DOCUMENT, Status.FAILED, Reason.SPECIMEN)
    if carrier.fields.issuing_state != expectations.country:
        return _plain(Check.DOCUMENT, Status.UNCLEAR, Reason.DIFFERENT_COUNTRY)
    return _plain(Check.DOCUMENT, Status.PASSED)


def _judge_mrz(carrier: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    if carrier is None:
        return _plain(Check.MRZ, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    reading = carrier.mrz
    status, reasons = _place_reading(carrier, expectations)
    return CheckResult(
        check=Check.MRZ,
        status=status,
        score=reading.confidence if reading else None,
        decline_below=None,
        approve_from=None,
        reasons=reasons,
        engine=carrier.mrz_engine,
        took_ms=carrier.mrz_took_ms,
        details={"repaired": float(reading.repaired)} if reading else {},
    )


def _place_reading(carrier: DocumentFindings, expectations: Expectations) -> tuple[Status, tuple[Reason, ...]]:
    """What was read with certainty can still say something that no issuer prints: then people look at it."""
    reading = carrier.mrz
    if reading is None:
        return Status.UNCLEAR, (Reason.MRZ_NOT_READ,)
    if carrier.fields is None or not reading.accepted:
        wrong = any(field.check_digit_ok is False for field in reading.fields)
        return Status.UNCLEAR, (Reason.MRZ_CHECK_DIGITS_WRONG if wrong else Reason.MRZ_NOT_READ,)
    doubts = [Reason.MRZ_FIELD_WRONG] if any(fault.kind in IMPOSSIBLE for fault in faults(reading, today=expectations.today)) else []
    if carrier.fields.personal_number_valid is False:
        doubts.append(Reason.PERSONAL_NUMBER_WRONG)
    return (Status.UNCLEAR if doubts else Status.PASSED), tuple(doubts)


def _judge_band(check: Check, measures: list[Measure], band: Band, *, doubts: tuple[Reason, ...]) -> CheckResult:
    """Judge the weakest side; a side that could not be measured leaves the check unclear unless the other one fails.

    doubts: what forbids to pass the check, however high the score is.
    """
    if not measures:
        return _plain(check, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    weakest = min(measures, key=lambda measure: -1 if measure.score is None else measure.score)
    statuses = {band.status(measure.score) for measure in measures}
    status = worst(*statuses, Status.UNCLEAR if doubts else Status.PASSED)
    reasons = [] if status is Status.PASSED else [reason for measure in measures for reason in measure.reasons]
    return CheckResult(
        check=check,
        status=status,
        score=weakest.score,
        decline_below=band.decline,
        approve_from=band.approve,
        reasons=tuple(dict.fromkeys([*reasons, *doubts])),
        engine=weakest.engine,
        took_ms=sum(measure.took_ms for measure in measures),
        details=weakest.details,
    )


def liveness_doubts(sides: list[DocumentFindings], expectations: Expectations) -> tuple[Reason, ...]:
    """What speaks against a document that was held before the camera; a browser that sends no burst hides something."""
    if not expectations.document_live:
        return (Reason.NOT_LIVE_CAPTURE,)
    return (Reason.BURST_MISSING,) if any(side.burst_frames < LEAST_BURST for side in sides) else ()


def worst(*statuses: Status) -> Status:
    return next(status for status in (Status.FAILED, Status.UNCLEAR, Status.PASSED) if status in statuses)


def _judge_expiry(carrier: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    expiry = carrier.fields.expiry_date if carrier and carrier.fields else None
    if expiry is None:
        return _plain(Check.EXPIRY, Status.UNCLEAR, Reason.EXPIRY_NOT_READ)
    if expiry < expectations.today:
        return _plain(Check.EXPIRY, Status.FAILED, Reason.DOCUMENT_EXPIRED)
    return _plain(Check.EXPIRY, Status.PASSED)


def _judge_face(found: SessionFindings, thresholds: Thresholds, calibration: Calibration) -> CheckResult:
    if found.front is None or found.selfie is None:
        return _plain(Check.FACE_MATCH, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    portrait, face = found.front.portrait, found.selfie.face
    if portrait is None or face is None:
        return _plain(Check.FACE_MATCH, Status.UNCLEAR, Reason.NO_PORTRAIT if portrait is None else Reason.NO_FACE)
    match = matching.compare_faces(face, portrait, calibration)
    status, reasons = place_level(match.level, thresholds, alone=found.selfie.faces == 1)
    levels = {"accepted_level": thresholds.face_match_level, "review_level": thresholds.face_review_level}
    return CheckResult(
        check=Check.FACE_MATCH,
        status=status,
        score=match.score,
        decline_below=_score_of_level(thresholds.face_review_level, calibration),
        approve_from=_score_of_level(thresholds.face_match_level, calibration),
        reasons=reasons,
        engine=face.engine,
        took_ms=face.took_ms + portrait.took_ms,
        details=levels | {"distance": match.distance, "level": match.level, "one_in": match.false_acceptance_one_in or 0.0},
    )


def place_level(level: int, thresholds: Thresholds, *, alone: bool) -> tuple[Status, tuple[Reason, ...]]:
    """Place a match level in its two bands. Which of several faces is the person is for people to say."""
    if level < thresholds.face_review_level:
        return Status.FAILED, (Reason.FACES_DIFFER,)
    if level < thresholds.face_match_level:
        return Status.UNCLEAR, (Reason.FACES_BARELY_ALIKE,)
    return (Status.PASSED, ()) if alone else (Status.UNCLEAR, (Reason.SEVERAL_FACES,))


def _score_of_level(level: int, calibration: Calibration) -> float:
    """The score at which a level begins, on the same scale as `FaceMatch.score`."""
    return min(1.0, max(0.0, 1.0 - calibration.levels[level - 1].distance))


def _judge_liveness(found: SessionFindings, thresholds: Thresholds, calibration: Calibration, *, live: bool) -> CheckResult:
    if found.liveness is None:
        return _plain(Check.LIVENESS, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    doubts = (*(() if live else (Reason.NOT_LIVE_CAPTURE,)), *found.liveness.doubts)
    result = _judge_band(Check.LIVENESS, [found.liveness.liveness], thresholds.liveness, doubts=doubts)
    tie, broken = _tie_to_selfie(found.selfie, found.liveness, thresholds, calibration)
    return replace(result, status=worst(result.status, tie), reasons=tuple(dict.fromkeys([*broken, *result.reasons])))


def _tie_to_selfie(
    selfie: SelfieFindings | None, liveness: LivenessFindings, thresholds: Thresholds, calibration: Calibration
) -> tuple[Status, tuple[Reason, ...]]:
    """Tell whether the person of the challenge is the person of the selfie; else a live accomplice could lend his head."""
    if selfie is None or selfie.face is None:
        return Status.UNCLEAR, (Reason.NO_FACE,)
    if liveness.embedding is None:
        return Status.UNCLEAR, (Reason.FACE_LOST,)
    if matching.compare(selfie.face.embedding, liveness.embedding, calibration).level < thresholds.face_review_level:
        return Status.FAILED, (Reason.FACE_CHANGED,)
    return Status.PASSED, ()


def _judge_duplicates(found: SessionFindings) -> CheckResult:
    """The same face under another identity is for people to look at: a twin, a new name, or somebody who collects accounts."""
    search = found.duplicates
    if search is None:
        without_face = found.selfie is None or found.selfie.face is None
        return _plain(Check.DUPLICATE_FACE, Status.UNCLEAR, Reason.CAPTURE_MISSING if without_face else Reason.CHECK_CRASHED)
    status, reasons = (Status.UNCLEAR, (Reason.DUPLICATE_FACE,)) if search.found else (Status.PASSED, ())
    details = {"compared": float(search.compared), "level_needed": float(search.level_needed), "found": float(len(search.found))}
    plain = _plain(Check.DUPLICATE_FACE, status, *reasons)
    return replace(plain, engine=search.engine, took_ms=search.took_ms, details=details)


def _plain(check: Check, status: Status, *reasons: Reason) -> CheckResult:
    return CheckResult(
        check=check, status=status, score=None, decline_below=None, approve_from=None, reasons=reasons, engine=RULES, took_ms=0
    )
