"""R37: one result per check with score, threshold as applied, engine and reasons. R22: nothing is passed unseen."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from checks_app import judging
from checks_app.decision import Verdict, decide
from checks_app.judging import LEAST_BURST
from checks_app.results import Check, CheckResult, DocumentKind, Expectations, MrzField, Reason, SessionFindings, Status
from checks_app.thresholds import DEFAULTS, Band, Thresholds
from tests.findings import (
    CALIBRATION,
    ENGINE,
    TODAY,
    card_back,
    card_front,
    expectations,
    fields,
    measure,
    of_card,
    of_passport,
    passport,
    reading,
)

CARD: dict[str, Any] = {"kind": DocumentKind.ID_CARD}
LEVELS = Thresholds(face_match_level=4, face_review_level=2)


def judged(found: SessionFindings, thresholds: Thresholds = DEFAULTS, **expected: Any) -> dict[Check, CheckResult]:
    results = judging.judge(found, thresholds=thresholds, expectations=expectations(**expected), calibration=CALIBRATION)
    assert len({result.check for result in results}) == len(results)
    return {result.check: result for result in results}


def told(result: CheckResult) -> tuple[Status, tuple[Reason, ...]]:
    return result.status, result.reasons


@pytest.mark.parametrize(
    ("found", "expected"), [(of_passport(), {}), (of_card(), CARD), (of_passport(), {"last_name": "Beridze", "minimum_age": 18})]
)
def test_good_captures_pass_every_required_check(found: SessionFindings, expected: dict[str, Any]) -> None:
    """R20: all required checks passed."""
    results = judged(found, **expected)
    assert {check for check, result in results.items() if result.status is Status.PASSED} == set(
        judging.required_checks(expectations(**expected))
    )


@pytest.mark.parametrize(
    "expected", [{}, CARD, {"first_name": "N"}, {"minimum_age": 18}, CARD | {"last_name": "B"}, {"duplicates_sought": True}]
)
def test_every_required_check_is_judged_whatever_is_missing(expected: dict[str, Any]) -> None:
    """R22: a check cannot go missing between what is required and what is judged."""
    results = judged(SessionFindings(), **expected)
    assert set(results) == set(judging.required_checks(expectations(**expected)))
    assert {result.status for result in results.values()} == {Status.UNCLEAR}


@pytest.mark.parametrize(
    ("expected", "further"),
    [
        ({}, {Check.PRINT_AGREES}),
        (CARD, {Check.SIDES_AGREE}),
        ({"first_name": "N"}, {Check.PRINT_AGREES, Check.EXPECTED_PERSON}),
        ({"last_name": "B"}, {Check.PRINT_AGREES, Check.EXPECTED_PERSON}),
        ({"birth_date": TODAY}, {Check.PRINT_AGREES, Check.EXPECTED_PERSON}),
        ({"minimum_age": 18}, {Check.PRINT_AGREES, Check.MINIMUM_AGE}),
        ({"duplicates_sought": True}, {Check.PRINT_AGREES, Check.DUPLICATE_FACE}),
        (CARD | {"last_name": "B", "minimum_age": 1}, {Check.SIDES_AGREE, Check.EXPECTED_PERSON, Check.MINIMUM_AGE}),
    ],
)
def test_required_checks_follow_the_document_and_the_expectations(expected: dict[str, Any], further: set[Check]) -> None:
    """R30, R36: cards compare their sides, passports their page; age and names and duplicates only when the company asks."""
    always = set(Check) - {Check.SIDES_AGREE, Check.PRINT_AGREES, Check.MINIMUM_AGE, Check.EXPECTED_PERSON, Check.DUPLICATE_FACE}
    assert set(judging.required_checks(expectations(**expected))) == always | further


@pytest.mark.parametrize("lost", ["front", "selfie", "liveness"])
def test_passport_session_without_a_capture_is_never_approved(lost: str) -> None:
    """R22: fail closed."""
    assert verdict(of_passport(**{lost: None})) is Verdict.REVIEW


@pytest.mark.parametrize("lost", ["front", "back", "selfie", "liveness"])
def test_card_session_without_a_capture_is_never_approved(lost: str) -> None:
    """R22: fail closed."""
    assert verdict(of_card(**{lost: None}), expectations(**CARD)) is Verdict.REVIEW


@pytest.mark.parametrize("lost", ["front", "back"])
@pytest.mark.parametrize("check", [Check.FULL_DOCUMENT, Check.SCREEN_REPLAY, Check.PHOTOCOPY])
def test_one_good_side_does_not_pass_a_check_of_both(lost: str, check: Check) -> None:
    """R22: the side that nobody saw may be the forged one."""
    assert told(judged(of_card(**{lost: None}), **CARD)[check]) == (Status.UNCLEAR, (Reason.CAPTURE_MISSING,))


def verdict(found: SessionFindings, expected: Expectations | None = None) -> Verdict:
    expected = expected or expectations()
    results = judging.judge(found, thresholds=DEFAULTS, expectations=expected, calibration=CALIBRATION)
    return decide(results, required=judging.required_checks(expected), retries_left=5, manual_review=True).verdict


def test_judging_that_did_not_finish_leaves_every_check_unclear() -> None:
    """R22: a check that crashed is unclear, never passed."""
    results = judging.unfinished(Check)
    assert [result.check for result in results] == list(Check)
    assert {told(result) for result in results} == {(Status.UNCLEAR, (Reason.CHECK_CRASHED,))}


BAND = Band(0.4, 0.7)
BOUNDARIES = [
    (0.399, Status.FAILED),
    (0.4, Status.UNCLEAR),
    (0.401, Status.UNCLEAR),
    (0.699, Status.UNCLEAR),
    (0.7, Status.PASSED),
    (0.701, Status.PASSED),
    (None, Status.UNCLEAR),
]


@pytest.mark.parametrize(("score", "status"), BOUNDARIES)
@pytest.mark.parametrize(
    ("check", "aspect"),
    [(Check.FULL_DOCUMENT, "full_document"), (Check.SCREEN_REPLAY, "screen_replay"), (Check.PHOTOCOPY, "photocopy")],
)
def test_document_scores_are_placed_in_their_own_band(check: Check, aspect: str, score: float | None, status: Status) -> None:
    """R31, R32, R37: each with its own threshold, kept as applied."""
    found = of_passport(front=passport(**{aspect: measure(score, Reason.BLURRED)}))
    thresholds: Thresholds = replace(DEFAULTS, **{aspect: BAND})  # type: ignore[arg-type]  # each aspect is a band
    result = judged(found, thresholds)[check]
    assert result.status is status
    assert (result.score, result.decline_below, result.approve_from, result.engine) == (score, 0.4, 0.7, ENGINE)
    assert result.reasons == (() if status is Status.PASSED else (Reason.BLURRED,))


@pytest.mark.parametrize(
    ("front", "back", "status", "score"),
    [
        (0.9, 0.95, Status.PASSED, 0.9),
        (0.9, 0.5, Status.UNCLEAR, 0.5),
        (0.5, 0.1, Status.FAILED, 0.1),
        (0.9, None, Status.UNCLEAR, None),
        (None, 0.1, Status.FAILED, None),
    ],
)
def test_weaker_side_of_a_card_counts(front: float | None, back: float | None, status: Status, score: float | None) -> None:
    found = of_card(front=card_front(photocopy=measure(front)), back=card_back(photocopy=measure(back)))
    result = judged(found, replace(DEFAULTS, photocopy=BAND), **CARD)[Check.PHOTOCOPY]
    assert (result.status, result.score, result.took_ms) == (status, score, 20)


@pytest.mark.parametrize(("expected", "check"), [({"document_live": False}, Check.SCREEN_REPLAY), ({"face_live": False}, Check.LIVENESS)])
def test_file_instead_of_camera_is_never_approved(expected: dict[str, Any], check: Check) -> None:
    """R34: a file proves nothing about the moment."""
    results = judged(of_passport(), **expected)
    assert told(results[check]) == (Status.UNCLEAR, (Reason.NOT_LIVE_CAPTURE,))
    assert [other for other, result in results.items() if result.status is not Status.PASSED] == [check]


@pytest.mark.parametrize(("frames", "status"), [(LEAST_BURST - 1, Status.UNCLEAR), (LEAST_BURST, Status.PASSED)])
def test_document_from_a_camera_comes_with_the_moments_before_it(frames: int, status: Status) -> None:
    """R31: a browser that hides the burst hides whether a screen was before the camera."""
    result = judged(of_passport(front=passport(burst_frames=frames)))[Check.SCREEN_REPLAY]
    assert told(result) == (status, () if status is Status.PASSED else (Reason.BURST_MISSING,))


def test_file_that_fails_is_not_softened_to_unclear() -> None:
    found = of_passport(front=passport(screen_replay=measure(0.0, Reason.SHOWN_ON_SCREEN)))
    assert judged(found, document_live=False)[Check.SCREEN_REPLAY].status is Status.FAILED


PASSPORT_ONLY = {"accepted_kinds": (DocumentKind.PASSPORT,)}


@pytest.mark.parametrize(
    ("stated", "expected", "conclusion"),
    [
        (fields(), {}, (Status.PASSED, ())),
        (None, {}, (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
        (fields(kind=None), {}, (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
        (fields(kind=DocumentKind.ID_CARD), PASSPORT_ONLY, (Status.FAILED, (Reason.DOCUMENT_TYPE_NOT_ACCEPTED,))),
        (fields(kind=DocumentKind.ID_CARD), {}, (Status.FAILED, (Reason.WRONG_DOCUMENT_TYPE,))),
        (fields(issuing_state="ARM"), {}, (Status.UNCLEAR, (Reason.DIFFERENT_COUNTRY,))),
        (fields(issuing_state=""), {}, (Status.UNCLEAR, (Reason.DIFFERENT_COUNTRY,))),
        (fields(issuing_state="UTO"), {"country": "UTO"}, (Status.FAILED, (Reason.SPECIMEN,))),
        (fields(issuing_state="UTO"), {"country": "UTO", "specimens_accepted": True}, (Status.PASSED, ())),
    ],
)
def test_document_is_compared_with_what_was_announced(stated: Any, expected: Any, conclusion: Any) -> None:
    """R30: document presented, and of an accepted type."""
    assert told(judged(of_passport(front=passport(fields=stated)), **expected)[Check.DOCUMENT]) == conclusion


@pytest.mark.parametrize(
    ("read", "stated", "conclusion"),
    [
        (reading(), fields(), (Status.PASSED, ())),
        (None, None, (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
        (None, fields(), (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
        (reading(accepted=False), None, (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
        (reading(accepted=False), fields(), (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))),
    ],
)
def test_mrz_passes_only_when_the_strict_reader_accepted_it(read: Any, stated: Any, conclusion: Any) -> None:
    """R30: per-field check digits."""
    assert told(judged(of_passport(front=passport(mrz=read, fields=stated)))[Check.MRZ]) == conclusion


@pytest.mark.parametrize(
    ("part", "stated", "reasons"),
    [
        (MrzField("nationality", "QQQ", None, 0.99), fields(), (Reason.MRZ_FIELD_WRONG,)),
        (MrzField("birth_date", "900231", True, 0.99), fields(birth_date=None), (Reason.MRZ_FIELD_WRONG,)),
        (MrzField("nationality", "GEO", None, 0.99), fields(personal_number_valid=False), (Reason.PERSONAL_NUMBER_WRONG,)),
    ],
)
def test_certain_zone_that_says_something_impossible_goes_to_people(part: MrzField, stated: Any, reasons: tuple[Reason, ...]) -> None:
    """R30: check digits alone do not make it true, and another picture would say the same."""
    found = of_passport(front=passport(mrz=reading(fields=(part,)), fields=stated))
    assert told(judged(found)[Check.MRZ]) == (Status.UNCLEAR, reasons)


@pytest.mark.parametrize("name", ["MRVA", "MRVB"])
def test_visa_is_refused_by_name(name: str) -> None:
    """R30."""
    found = of_passport(front=passport(mrz=reading(format=name), fields=None))
    assert told(judged(found)[Check.DOCUMENT]) == (Status.FAILED, (Reason.VISA,))


def test_visa_that_was_not_read_with_certainty_is_not_called_one() -> None:
    found = of_passport(front=passport(mrz=reading(format="MRVA", accepted=False), fields=None))
    assert told(judged(found)[Check.DOCUMENT]) == (Status.UNCLEAR, (Reason.MRZ_NOT_READ,))


def test_mrz_with_wrong_check_digits_says_so() -> None:
    wrong = tuple(replace(field, check_digit_ok=False) for field in reading().fields)
    found = of_passport(front=passport(mrz=reading(accepted=False, fields=wrong), fields=None))
    assert told(judged(found)[Check.MRZ]) == (Status.UNCLEAR, (Reason.MRZ_CHECK_DIGITS_WRONG,))


@pytest.mark.parametrize(
    ("days", "conclusion"),
    [
        (-1, (Status.FAILED, (Reason.DOCUMENT_EXPIRED,))),
        (0, (Status.PASSED, ())),
        (1, (Status.PASSED, ())),
    ],
)
def test_document_is_valid_through_its_last_day(days: int, conclusion: Any) -> None:
    """R36: expired document."""
    found = of_passport(front=passport(fields=fields(expiry_date=TODAY + timedelta(days=days))))
    assert told(judged(found)[Check.EXPIRY]) == conclusion


@pytest.mark.parametrize("front", [None, passport(fields=None), passport(fields=fields(expiry_date=None))])
def test_expiry_that_was_not_read_is_unclear(front: Any) -> None:
    assert told(judged(of_passport(front=front))[Check.EXPIRY]) == (Status.UNCLEAR, (Reason.EXPIRY_NOT_READ,))


def test_card_is_judged_by_the_zone_on_its_back() -> None:
    """R30: TD1 cards carry their zone on the back."""
    found = of_card(back=card_back(fields=fields(kind=DocumentKind.ID_CARD, expiry_date=date(2020, 1, 1))))
    assert judged(found, **CARD)[Check.EXPIRY].status is Status.FAILED


def test_back_of_a_passport_is_ignored() -> None:
    """A picture from before the user chose another document says nothing about this one."""
    found = of_passport(back=card_back(photocopy=measure(0.0)))
    assert judged(found)[Check.PHOTOCOPY].status is Status.PASSED
