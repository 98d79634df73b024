"""The cheap half: compare the findings of all captures with thresholds and expectations, one result per check.

Replaying a change of thresholds is this module again over stored findings.
"""

from __future__ import annotations

from collections.abc import Iterable

from checks_app.face import matching
from checks_app.face.match_level import Calibration
from checks_app.identity import judge_expected_person, judge_sides
from checks_app.results import (
    Check,
    CheckResult,
    DocumentFindings,
    DocumentKind,
    Engine,
    Expectations,
    FaceFindings,
    Measure,
    MrzReading,
    Reason,
    SessionFindings,
    Status,
)
from checks_app.thresholds import Band, Thresholds

RULES = Engine("rules", "1")
SPECIMEN_STATE = "UTO"


def required_checks(expectations: Expectations) -> tuple[Check, ...]:
    """Return the checks that a session must pass, given what is expected of it."""
    checks = [Check.DOCUMENT, Check.MRZ, Check.FULL_DOCUMENT, Check.SCREEN_REPLAY, Check.PHOTOCOPY, Check.EXPIRY]
    if expectations.kind is DocumentKind.ID_CARD:
        checks.append(Check.SIDES_AGREE)
    if expectations.first_name or expectations.last_name or expectations.birth_date:
        checks.append(Check.EXPECTED_PERSON)
    return (*checks, Check.FACE_MATCH, Check.LIVENESS)


def judge(
    found: SessionFindings, *, thresholds: Thresholds, expectations: Expectations, calibration: Calibration
) -> tuple[CheckResult, ...]:
    """Judge everything that was found. A check whose capture is missing is unclear, so nothing is passed unseen."""
    sides = [side for side in (found.front, found.back) if side is not None]
    carrier = found.back if expectations.kind is DocumentKind.ID_CARD else found.front
    results = [
        _judge_document(carrier, expectations),
        _judge_mrz(carrier),
        _judge_band(Check.FULL_DOCUMENT, [side.full_document for side in sides], thresholds.full_document),
        _judge_screen([side.screen_replay for side in sides], thresholds.screen_replay, live=expectations.document_live),
        _judge_band(Check.PHOTOCOPY, [side.photocopy for side in sides], thresholds.photocopy),
        _judge_expiry(carrier, expectations),
        _judge_face(found, thresholds, calibration),
        _judge_liveness(found, thresholds, calibration, live=expectations.face_live),
    ]
    if expectations.kind is DocumentKind.ID_CARD:
        results.append(judge_sides(found.front, found.back))
    if Check.EXPECTED_PERSON in required_checks(expectations):
        results.append(judge_expected_person(carrier.fields if carrier else None, expectations))
    return tuple(results)


def _judge_document(carrier: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    if carrier is None:
        return _plain(Check.DOCUMENT, Status.UNCLEAR, Reason.CAPTURE_MISSING)
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


def _judge_mrz(carrier: DocumentFindings | None) -> CheckResult:
    if carrier is None:
        return _plain(Check.MRZ, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    reading: MrzReading | None = carrier.mrz
    if carrier.fields is not None and reading is not None:
        status, reasons = Status.PASSED, ()
    elif reading is not None and any(field.check_digit_ok is False for field in reading.fields):
        status, reasons = Status.UNCLEAR, (Reason.MRZ_CHECK_DIGITS_WRONG,)
    else:
        status, reasons = Status.UNCLEAR, (Reason.MRZ_NOT_READ,)
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


def _judge_band(check: Check, measures: list[Measure], band: Band, *, extra: Iterable[Reason] = ()) -> CheckResult:
    """Judge the weakest side; a side that could not be measured leaves the check unclear unless the other one fails."""
    if not measures:
        return _plain(check, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    weakest = min(measures, key=lambda measure: -1 if measure.score is None else measure.score)
    statuses = {band.status(measure.score) for measure in measures}
    if extra:
        statuses.add(Status.UNCLEAR)
    status = next(status for status in (Status.FAILED, Status.UNCLEAR, Status.PASSED) if status in statuses)
    reasons = [] if status is Status.PASSED else [reason for measure in measures for reason in measure.reasons]
    return CheckResult(
        check=check,
        status=status,
        score=weakest.score,
        decline_below=band.decline,
        approve_from=band.approve,
        reasons=tuple(dict.fromkeys([*reasons, *extra])),
        engine=weakest.engine,
        took_ms=sum(measure.took_ms for measure in measures),
        details=weakest.details,
    )


def _judge_screen(measures: list[Measure], band: Band, *, live: bool) -> CheckResult:
    return _judge_band(Check.SCREEN_REPLAY, measures, band, extra=() if live else (Reason.NOT_LIVE_CAPTURE,))


def _judge_expiry(carrier: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    expiry = carrier.fields.expiry_date if carrier and carrier.fields else None
    if expiry is None:
        return _plain(Check.EXPIRY, Status.UNCLEAR, Reason.EXPIRY_NOT_READ)
    if expiry < expectations.today:
        return _plain(Check.EXPIRY, Status.FAILED, Reason.DOCUMENT_EXPIRED)
    return _plain(Check.EXPIRY, Status.PASSED)


def _judge_face(found: SessionFindings, thresholds: Thresholds, calibration: Calibration) -> CheckResult:
    portrait = found.front.portrait if found.front else None
    face = found.selfie.face if found.selfie else None
    if portrait is None or face is None:
        return _plain(Check.FACE_MATCH, Status.UNCLEAR, Reason.NO_PORTRAIT if portrait is None else Reason.NO_FACE)
    match = matching.compare_faces(face, portrait, calibration)
    if match.level >= thresholds.face_match_level:
        status, reasons = Status.PASSED, ()
    elif match.level >= thresholds.face_review_level:
        status, reasons = Status.UNCLEAR, (Reason.FACES_BARELY_ALIKE,)
    else:
        status, reasons = Status.FAILED, (Reason.FACES_DIFFER,)
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


def _score_of_level(level: int, calibration: Calibration) -> float:
    """The score at which a level begins, on the same scale as `FaceMatch.score`."""
    return min(1.0, max(0.0, 1.0 - calibration.levels[level - 1].distance))


def _judge_liveness(found: SessionFindings, thresholds: Thresholds, calibration: Calibration, *, live: bool) -> CheckResult:
    if found.liveness is None:
        return _plain(Check.LIVENESS, Status.UNCLEAR, Reason.CAPTURE_MISSING)
    extra = [] if live else [Reason.NOT_LIVE_CAPTURE]
    result = _judge_band(Check.LIVENESS, [found.liveness.liveness], thresholds.liveness, extra=extra)
    face = found.selfie.face if found.selfie else None
    if not _same_person(face, found.liveness.embedding, thresholds, calibration):
        return _plain(Check.LIVENESS, Status.FAILED if face else Status.UNCLEAR, Reason.FACE_CHANGED)
    return result


def _same_person(face: FaceFindings | None, probe: tuple[float, ...] | None, thresholds: Thresholds, calibration: Calibration) -> bool:
    """Tie the challenge to the selfie. Frames without a usable face say nothing here: liveness itself is then not passed."""
    if probe is None:
        return True
    return face is not None and matching.compare(face.embedding, probe, calibration).level >= thresholds.face_review_level


def _plain(check: Check, status: Status, *reasons: Reason) -> CheckResult:
    return CheckResult(
        check=check, status=status, score=None, decline_below=None, approve_from=None, reasons=reasons, engine=RULES, took_ms=0
    )
