"""R33, R34: the faces of a session judged: selfie against portrait, challenge against selfie."""

from dataclasses import replace

import pytest

from checks_app import judging
from checks_app.face.matching import DifferentEngines
from checks_app.results import Check, CheckResult, Engine, Reason, SessionFindings, Status
from checks_app.thresholds import DEFAULTS, Band, Thresholds
from tests.findings import CALIBRATION, FACES, LEVEL_DISTANCES, expectations, face, liveness, measure, of_passport, passport, selfie

LEVELS = Thresholds(face_match_level=4, face_review_level=2)
BAND = Band(0.4, 0.7)


def judged(found: SessionFindings, thresholds: Thresholds = DEFAULTS) -> dict[Check, CheckResult]:
    results = judging.judge(found, thresholds=thresholds, expectations=expectations(), calibration=CALIBRATION)
    return {result.check: result for result in results}


def told(result: CheckResult) -> tuple[Status, tuple[Reason, ...]]:
    return result.status, result.reasons


@pytest.mark.parametrize(
    ("score", "status"),
    [
        (0.399, Status.FAILED),
        (0.4, Status.UNCLEAR),
        (0.699, Status.UNCLEAR),
        (0.7, Status.PASSED),
        (0.701, Status.PASSED),
        (None, Status.UNCLEAR),
    ],
)
def test_liveness_score_is_placed_in_its_band(score: float | None, status: Status) -> None:
    """R34: score and threshold stored; a higher threshold is stricter."""
    result = judged(of_passport(liveness=liveness(liveness=measure(score))), replace(DEFAULTS, liveness=BAND))[Check.LIVENESS]
    assert (result.status, result.score, result.decline_below, result.approve_from) == (status, score, 0.4, 0.7)


@pytest.mark.parametrize(("level", "limit"), list(LEVEL_DISTANCES.items()))
@pytest.mark.parametrize(("step", "reached"), [(-0.001, True), (0.0, True), (0.001, False)])
def test_face_match_level_begins_exactly_at_its_distance(level: int, limit: float, step: float, reached: bool) -> None:
    """R33: seven levels by distance."""
    result = judged(of_passport(selfie=selfie(face=face(limit + step))))[Check.FACE_MATCH]
    assert result.details["level"] == (level if reached else level - 1)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, (Status.FAILED, (Reason.FACES_DIFFER,))),
        (1, (Status.FAILED, (Reason.FACES_DIFFER,))),
        (2, (Status.UNCLEAR, (Reason.FACES_BARELY_ALIKE,))),
        (3, (Status.UNCLEAR, (Reason.FACES_BARELY_ALIKE,))),
        (4, (Status.PASSED, ())),
        (7, (Status.PASSED, ())),
    ],
)
def test_face_match_level_is_placed_between_review_and_accepted_level(level: int, expected: tuple[Status, tuple[Reason, ...]]) -> None:
    """R22, R33: two bands, in levels."""
    found = of_passport(selfie=selfie(face=face(LEVEL_DISTANCES.get(level, 0.9))))
    assert told(judged(found, LEVELS)[Check.FACE_MATCH]) == expected


def test_face_match_keeps_the_levels_as_applied_on_the_scale_of_its_score() -> None:
    """R37: the threshold as applied can be compared with the score."""
    result = judged(of_passport(), LEVELS)[Check.FACE_MATCH]
    assert (result.score, result.decline_below, result.approve_from) == pytest.approx((0.9, 0.45, 0.55))
    assert (result.details["accepted_level"], result.details["review_level"], result.details["distance"]) == (4, 2, 0.1)
    assert (result.engine, result.took_ms) == (FACES, 200)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (of_passport(front=None), Reason.CAPTURE_MISSING),
        (of_passport(selfie=None), Reason.CAPTURE_MISSING),
        (of_passport(front=passport(portrait=None)), Reason.NO_PORTRAIT),
        (of_passport(selfie=selfie(face=None, faces=0)), Reason.NO_FACE),
        (of_passport(selfie=selfie(faces=2)), Reason.SEVERAL_FACES),
    ],
)
def test_face_that_cannot_be_compared_is_unclear(found: SessionFindings, reason: Reason) -> None:
    """R22: could not be measured is never a pass and never a zero."""
    assert told(judged(found)[Check.FACE_MATCH]) == (Status.UNCLEAR, (reason,))


def test_several_faces_do_not_rescue_one_that_differs() -> None:
    assert judged(of_passport(selfie=selfie(faces=2, face=face(0.9))))[Check.FACE_MATCH].status is Status.FAILED


def test_faces_of_another_engine_are_not_compared() -> None:
    """R33: the calibration holds for its engine and version alone."""
    other = replace(face(), engine=Engine("drawn-faces", "2"))
    with pytest.raises(DifferentEngines):
        judged(of_passport(selfie=selfie(face=other)))


@pytest.mark.parametrize(("at", "status"), [(0.549, Status.PASSED), (0.55, Status.PASSED), (0.551, Status.FAILED)])
def test_challenge_is_tied_to_the_selfie_at_the_review_level(at: float, status: Status) -> None:
    """R34: an accomplice cannot turn his head for somebody else's photo."""
    result = judged(of_passport(selfie=selfie(face=face(0.0)), liveness=liveness(embedding=(at,))), LEVELS)[Check.LIVENESS]
    assert result.status is status
    assert (Reason.FACE_CHANGED in result.reasons) is (status is Status.FAILED)


def test_changed_face_keeps_the_score_that_was_measured() -> None:
    """R34: score and threshold stored."""
    result = judged(of_passport(liveness=liveness(embedding=(2.0,))))[Check.LIVENESS]
    assert (result.score, result.approve_from) == (0.95, DEFAULTS.liveness.approve)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (of_passport(liveness=liveness(embedding=None)), Reason.FACE_LOST),
        (of_passport(selfie=selfie(face=None, faces=0)), Reason.NO_FACE),
        (of_passport(selfie=None), Reason.NO_FACE),
        (of_passport(liveness=None), Reason.CAPTURE_MISSING),
    ],
)
def test_challenge_without_a_face_to_compare_is_unclear_however_high_its_score(found: SessionFindings, reason: Reason) -> None:
    """R22: fail closed."""
    assert told(judged(found)[Check.LIVENESS]) == (Status.UNCLEAR, (reason,))


def test_failed_challenge_stays_failed_without_a_selfie() -> None:
    found = of_passport(selfie=None, liveness=liveness(liveness=measure(0.0, Reason.FLAT_FACE)))
    assert told(judged(found)[Check.LIVENESS]) == (Status.FAILED, (Reason.NO_FACE, Reason.FLAT_FACE))
