"""Print against MRZ (R30), and the holder against what the company expects and asks for (R36)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checks_app.identity import age_on, judge_age, judge_expected_person, judge_print, judge_sides
from checks_app.results import DocumentFields, DocumentFindings, Reason, Status
from tests.findings import TODAY, card_back, card_front, expectations, fields, passport

EXPECTED = expectations()


def front(text: str, surely: str | None = None) -> DocumentFindings:
    return card_front(printed_text=text, printed_surely=text if surely is None else surely)


@pytest.mark.parametrize(
    ("printed", "status", "reasons"),
    [
        ("CARD NO 12 AB 34567", Status.PASSED, ()),
        ("BERIDZE BORN 17.04.1990", Status.PASSED, ()),
        ("BERIDZE BORN 17 APR 1990", Status.PASSED, ()),
        ("BERIDZE ALONE", Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,)),
        ("17.04.1990 ALONE", Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,)),
        ("SOMEBODY ELSE 98ZX76543", Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,)),
        ("BERIDZE 22.07.1971", Status.UNCLEAR, (Reason.SIDES_DIFFER,)),
        ("12AB34567 BERIDZE 22.07.1971", Status.UNCLEAR, (Reason.SIDES_DIFFER,)),
        ("12AB34567 BERIDZE 17.04.1998", Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,)),
        ("", Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,)),
    ],
)
def test_sides_agree_when_the_front_prints_what_the_back_states(printed: str, status: Status, reasons: tuple[Reason, ...]) -> None:
    """R30: front and back of a card compared; print that contradicts is unclear, not failed."""
    result = judge_sides(front(printed), card_back(), EXPECTED)
    assert (result.status, result.reasons) == (status, reasons)


def test_passport_page_is_compared_with_its_own_zone() -> None:
    """R30."""
    good, changed = passport(print_took_ms=480), passport(printed_text="BERIDZE 22.07.1971", printed_surely="BERIDZE 22.07.1971")
    assert (judge_print(good, EXPECTED).status, judge_print(good, EXPECTED).took_ms) == (Status.PASSED, 480)
    result = judge_print(changed, EXPECTED)
    assert (result.status, result.reasons, result.details) == (
        Status.UNCLEAR,
        (Reason.PRINT_DIFFERS,),
        {"last_name": 1.0, "birth_date": 0.0},
    )


@pytest.mark.parametrize("page", [None, passport(fields=None), passport(printed_text="", printed_surely="")])
def test_page_that_was_not_read_is_not_passed(page: DocumentFindings | None) -> None:
    """R22: fail closed."""
    result = judge_print(page, EXPECTED)
    assert (result.status, result.reasons) == (Status.UNCLEAR, (Reason.PRINT_NOT_READ,))


def test_doubtful_print_never_contradicts() -> None:
    """R30: what the OCR was not sure of may agree, but not differ."""
    result = judge_sides(front("BERIDZE 22.07.1971", surely="BERIDZE ?"), card_back(), EXPECTED)
    assert result.reasons == (Reason.SIDES_NOT_COMPARED,)


def test_sides_with_different_document_numbers_fail() -> None:
    """R30: two cards mixed."""
    result = judge_sides(card_front(fields=fields(document_number="OTHER1234")), card_back(), EXPECTED)
    assert (result.status, result.reasons) == (Status.FAILED, (Reason.SIDES_DIFFER,))


@pytest.mark.parametrize(
    ("one", "other"), [(None, card_back()), (card_front(), None), (card_front(), card_back(fields=None)), (None, None)]
)
def test_sides_that_are_not_there_are_not_compared(one: DocumentFindings | None, other: DocumentFindings | None) -> None:
    result = judge_sides(one, other, EXPECTED)
    assert (result.status, result.reasons) == (Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,))


def test_back_without_a_document_number_proves_nothing_by_it() -> None:
    """An empty number stands in every text."""
    back = card_back(fields=fields(document_number="", last_name=""))
    assert judge_sides(card_front(), back, EXPECTED).status is Status.UNCLEAR


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        ({"first_name": "Nino", "last_name": "Beridze"}, Status.PASSED),
        ({"first_name": "Beridze", "last_name": "Nino"}, Status.PASSED),
        ({"first_name": "ნინო", "last_name": "ბერიძე"}, Status.PASSED),
        ({"first_name": "Nino Ana", "last_name": "Beridze-Lomidze"}, Status.PASSED),
        ({"last_name": "Beridse"}, Status.PASSED),
        ({"birth_date": date(1990, 4, 17)}, Status.PASSED),
        ({"first_name": "Nana"}, Status.UNCLEAR),
        ({"first_name": "Nino", "last_name": "Kapanadze"}, Status.UNCLEAR),
        ({"first_name": "John", "last_name": "Haddock"}, Status.FAILED),
        ({"birth_date": date(1990, 4, 18)}, Status.FAILED),
        ({"first_name": "Nana", "birth_date": date(1990, 4, 18)}, Status.FAILED),
    ],
)
def test_expected_person_is_compared_with_the_document(expected: dict[str, Any], status: Status) -> None:
    """R36: another birth date fails, and so does somebody else's whole name; one name that differs goes to people."""
    assert judge_expected_person(fields(), expectations(**expected)).status is status


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        ({"last_name": "ბერიძე"}, Status.PASSED),
        ({"last_name": "Beridse"}, Status.UNCLEAR),
        ({"first_name": "Nino Ana"}, Status.UNCLEAR),
        ({"first_name": "Beridze", "last_name": "Nino"}, Status.FAILED),
    ],
)
def test_strict_company_forgives_transliteration_alone(expected: dict[str, Any], status: Status) -> None:
    """R36."""
    assert judge_expected_person(fields(), expectations(strict_names=True, **expected)).status is status


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, {"first_name": "Nino"}),
        (fields(birth_date=None), {"birth_date": date(1990, 4, 17)}),
        (fields(first_name=""), {"first_name": "Nino"}),
        (fields(first_name=""), {"first_name": "ნინო"}),
        (fields(), {"first_name": "!!!"}),
    ],
)
def test_person_that_the_document_does_not_name_is_never_confirmed(stated: DocumentFields | None, expected: dict[str, Any]) -> None:
    """R22: fail closed."""
    assert judge_expected_person(stated, expectations(**expected)).status is Status.UNCLEAR


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_age_counts_completed_years(born: date, day: date, age: int) -> None:
    """R36: the birthday itself counts; a birthday on 29 February is kept on 1 March."""
    assert age_on(day, born=born) == age


@pytest.mark.parametrize(
    ("born", "status", "reasons"),
    [
        (TODAY.replace(year=TODAY.year - 18), Status.PASSED, ()),
        (TODAY.replace(year=TODAY.year - 18, day=TODAY.day + 1), Status.FAILED, (Reason.TOO_YOUNG,)),
        (None, Status.UNCLEAR, (Reason.BIRTH_DATE_NOT_READ,)),
    ],
)
def test_holder_must_be_as_old_as_the_company_asks(born: date | None, status: Status, reasons: tuple[Reason, ...]) -> None:
    """R36: minimum age."""
    result = judge_age(fields(birth_date=born), expectations(minimum_age=18))
    assert (result.status, result.reasons) == (status, reasons)


def test_age_of_nobody_is_unclear() -> None:
    """R22: fail closed."""
    assert judge_age(None, expectations(minimum_age=18)).status is Status.UNCLEAR
