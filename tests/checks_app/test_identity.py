from datetime import date

import pytest

from checks_app.identity import judge_expected_person, judge_sides, plain_letters
from checks_app.results import DocumentFields, DocumentFindings, Reason, Status
from tests.findings import card_back, card_front, expectations, fields


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Nino", "NINO"),
        ("Muñoz-López", "MUNOZLOPEZ"),
        ("O'Brien  de la Cruz", "OBRIENDELACRUZ"),
        ("Groß", "GROSS"),
        ("12 AB 345-67", "12AB34567"),
        ("ნინო", ""),
        ("Иван", ""),
        ("", ""),
    ],
)
def test_names_are_reduced_to_the_letters_of_a_machine_readable_zone(text: str, letters: str) -> None:
    assert plain_letters(text) == letters


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("CARD NO 12 AB 34567", Status.PASSED),
        ("BERIDZE BORN 17.04.1990", Status.PASSED),
        ("BERIDZE BORN 1990-04-17", Status.PASSED),
        ("BERIDZE BORN 04/17/1990", Status.PASSED),
        ("BERIDZE BORN 17 APR 1990", Status.PASSED),
        ("BERIDZE ALONE", Status.UNCLEAR),
        ("17.04.1990 ALONE", Status.UNCLEAR),
        ("SOMEBODY ELSE 98ZX76543", Status.UNCLEAR),
        ("", Status.UNCLEAR),
    ],
)
def test_sides_agree_when_the_front_prints_what_the_back_states(printed: str, status: Status) -> None:
    """R30: front and back of a card compared; print that names nothing is unclear, not failed."""
    assert judge_sides(card_front(printed_text=printed), card_back()).status is status


def test_sides_with_different_document_numbers_fail() -> None:
    """R30: two cards mixed."""
    result = judge_sides(card_front(fields=fields(document_number="OTHER1234")), card_back())
    assert (result.status, result.reasons) == (Status.FAILED, (Reason.SIDES_DIFFER,))


@pytest.mark.parametrize(
    ("front", "back"), [(None, card_back()), (card_front(), None), (card_front(), card_back(fields=None)), (None, None)]
)
def test_sides_that_are_not_there_are_not_compared(front: DocumentFindings | None, back: DocumentFindings | None) -> None:
    result = judge_sides(front, back)
    assert (result.status, result.reasons) == (Status.UNCLEAR, (Reason.SIDES_NOT_COMPARED,))


def test_back_without_a_document_number_proves_nothing_by_it() -> None:
    """An empty number stands in every text."""
    back = card_back(fields=fields(document_number="", last_name=""))
    assert judge_sides(card_front(), back).status is Status.UNCLEAR


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        ({"first_name": "Nino", "last_name": "Beridze"}, Status.PASSED),
        ({"last_name": "BERIDZE"}, Status.PASSED),
        ({"birth_date": date(1990, 4, 17)}, Status.PASSED),
        ({"first_name": "Nana"}, Status.UNCLEAR),
        ({"last_name": "Beridse"}, Status.UNCLEAR),
        ({"birth_date": date(1990, 4, 18)}, Status.FAILED),
        ({"first_name": "Nana", "birth_date": date(1990, 4, 18)}, Status.FAILED),
        ({"first_name": "ნინო"}, Status.UNCLEAR),
    ],
)
def test_expected_person_is_compared_with_the_document(expected: dict[str, str | date], status: Status) -> None:
    """R36: another birth date fails, another spelling of a name goes to people."""
    assert judge_expected_person(fields(), expectations(**expected)).status is status


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, {"first_name": "Nino"}),
        (fields(birth_date=None), {"birth_date": date(1990, 4, 17)}),
        (fields(first_name=""), {"first_name": "Nino"}),
        (fields(first_name=""), {"first_name": "ნინო"}),
    ],
)
def test_person_that_the_document_does_not_name_is_never_confirmed(stated: DocumentFields | None, expected: dict[str, str | date]) -> None:
    """R22: fail closed."""
    assert judge_expected_person(stated, expectations(**expected)).status is Status.UNCLEAR
