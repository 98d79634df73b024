"""R63, R65: what the list and the export read of the results."""

from datetime import date
from typing import Any

import pytest

from checks_app import judging
from checks_app.results import Check, DocumentKind, SessionFindings
from checks_app.thresholds import DEFAULTS
from sessions_app import result_columns
from sessions_app.models import VerificationSession
from tests import findings as drawn
from tests.findings import of_card, of_passport, passport, selfie

EMPTY = result_columns.from_results(SessionFindings(), ())


def columns_of(found: SessionFindings, **expected: Any) -> dict[str, Any]:
    results = judging.judge(found, thresholds=DEFAULTS, expectations=drawn.expectations(**expected), calibration=drawn.CALIBRATION)
    return result_columns.from_results(found, results)


def test_fields_of_the_document_become_columns() -> None:
    columns = columns_of(of_passport())
    assert {name: columns[name] for name in ("document_kind", "issuing_state", "first_name", "last_name", "personal_number")} == {
        "document_kind": "PASSPORT",
        "issuing_state": "GEO",
        "first_name": "NINO",
        "last_name": "BERIDZE",
        "personal_number": "01001012345",
    }
    assert (columns["document_number"], columns["birth_date"], columns["expiry_date"]) == (
        "12AB34567",
        date(1990, 4, 17),
        date(2030, 1, 31),
    )
    assert (columns["nationality"], columns["sex"]) == ("GEO", "F")
    assert "beridze" in columns["search_text"]


def test_names_are_spelled_as_printed_and_found_in_both_spellings() -> None:
    """R30, R61: the zone's transliteration is undone where the print shows the accents."""
    muller = passport(fields=drawn.fields(last_name="MUELLER"), printed_text="MÜLLER", printed_surely="MÜLLER")
    columns = columns_of(of_passport(front=muller))
    assert columns["last_name"] == "MÜLLER"
    assert {"muller", "mueller"} <= set(columns["search_text"].split())


def test_print_alone_names_nobody() -> None:
    """R63: a front whose back was not read stays unidentified."""
    columns = columns_of(of_card(back=None), kind=DocumentKind.ID_CARD)
    assert (columns["first_name"], columns["document_number"], columns["birth_date"]) == ("", "", None)


def test_good_passport_is_valid_live_and_matched() -> None:
    columns = columns_of(of_passport())
    assert (columns["document_presented"], columns["document_valid"], columns["liveness_passed"]) == (True, True, True)
    assert columns["match_level"] == 7
    assert not columns["digital_spoof"] | columns["not_full_id"] | columns["low_far"]


def test_card_is_named_by_its_back() -> None:
    columns = columns_of(of_card(), kind=DocumentKind.ID_CARD)
    assert (columns["document_kind"], columns["last_name"], columns["document_valid"]) == ("ID_CARD", "BERIDZE", True)


@pytest.mark.parametrize(("level", "distance", "low"), [(3, 0.451, True), (4, 0.45, False), (0, 0.9, True), (7, 0.0, False)])
def test_low_far_is_a_level_below_the_accepted_one(level: int, distance: float, low: bool) -> None:
    """R33: Low FAR rate."""
    columns = columns_of(of_passport(selfie=selfie(face=drawn.face(distance))))
    assert (columns["match_level"], columns["low_far"]) == (level, low)


@pytest.mark.parametrize(("aspect", "flag"), [("screen_replay", "digital_spoof"), ("full_document", "not_full_id")])
@pytest.mark.parametrize(("score", "flagged"), [(0.0, True), (0.4, False), (None, False), (0.9, False)])
def test_spoof_flags_stand_for_failed_checks_alone(aspect: str, flag: str, score: float | None, flagged: bool) -> None:
    """R31, R32: Digital Spoof Detected, Is not Full ID."""
    assert columns_of(of_passport(front=passport(**{aspect: drawn.measure(score)})))[flag] is flagged


@pytest.mark.parametrize("check", result_columns.DOCUMENT_CHECKS)
def test_document_is_valid_only_when_each_of_its_checks_passed(check: Check) -> None:
    """R65: Document Valid."""
    results = [
        result
        for result in judging.judge(
            of_card(), thresholds=DEFAULTS, expectations=drawn.expectations(kind=DocumentKind.ID_CARD), calibration=drawn.CALIBRATION
        )
        if result.check is not check
    ]
    unclear = judging.unfinished([check])
    assert result_columns.from_results(of_card(), (*results, *unclear))["document_valid"] is False


def test_nothing_found_claims_nothing() -> None:
    """R63: not identified stays empty, never a guess."""
    assert (EMPTY["document_presented"], EMPTY["document_valid"], EMPTY["liveness_passed"], EMPTY["match_level"]) == (
        False,
        False,
        False,
        None,
    )
    assert (EMPTY["first_name"], EMPTY["birth_date"], EMPTY["search_text"], EMPTY["document_kind"]) == ("", None, "", "")


def test_face_that_was_not_compared_has_no_level_and_is_not_called_low() -> None:
    columns = columns_of(of_passport(selfie=None))
    assert (columns["match_level"], columns["low_far"]) == (None, False)


def test_every_column_is_one_of_the_sessions() -> None:
    assert set(EMPTY) <= {field.name for field in VerificationSession._meta.get_fields()}
