"""R30: the personal number of each issuer, found where it prints it and judged by its own rule."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document import countries, personal_numbers
from checks_app.document.mrz_layouts import CHARACTERS
from checks_app.document.personal_numbers import PLACES, PersonalNumber, find

NONE = PersonalNumber()


@pytest.mark.parametrize(
    ("issuer", "document", "optional", "second", "number"),
    [
        ("BEL", "TD1", "", "99012432571", PersonalNumber("99012432571", True)),
        ("BEL", "TD1", "", "99012432572", PersonalNumber("99012432572", False)),
        ("CZE", "TD3", "6956220612", "", PersonalNumber("6956220612", True)),
        ("ESP", "TD1", "99999999R", "", PersonalNumber("99999999R", True)),
        ("ESP", "TD1", "99999999A", "", PersonalNumber("99999999A", False)),
        ("EST", "TD1", "38001085718", "", PersonalNumber("38001085718", True)),
        ("FIN", "TD1", "131052<308T", "", PersonalNumber("131052-308T", True)),
        ("FIN", "TD1", "131052<308S", "", PersonalNumber("131052-308S")),
        ("GEO", "TD1", "2AB12", "01008012345", PersonalNumber("01008012345")),
        ("HRV", "TD1", "05781305459", "", PersonalNumber("05781305459", True)),
        ("NLD", "TD1", "999999990<<<<<8", "", PersonalNumber("999999990", True)),
        ("NLD", "TD3", "999999991", "", PersonalNumber("999999991", False)),
        ("POL", "TD3", "44051401359", "", PersonalNumber("44051401359", True)),
        ("ROU", "TD3", "1800101221144", "", PersonalNumber("1800101221144", True)),
        ("SWE", "TD3", "198703142391", "", PersonalNumber("198703142391", True)),
        ("TUR", "TD1", "10000000146", "", PersonalNumber("10000000146", True)),
        ("TUR", "TD1", "10000000147", "", PersonalNumber("10000000147")),
        ("USA", "TD3", "710010101", "", NONE),
        ("GEO", "TD1", "1234567890", "", NONE),
        ("FRA", "TD1", "", "", NONE),
        ("UTO", "TD3", "ZE184226B", "", PersonalNumber("ZE184226B")),
    ],
)
def test_number_is_found_where_its_issuer_prints_it(issuer: str, document: str, optional: str, second: str, number: PersonalNumber) -> None:
    """Only where the place is certain may the rule say no."""
    raw = {"optional_data": optional.ljust(15, "<"), "optional_data_2": second.ljust(11, "<")}
    assert find(issuer, document, raw) == number


def test_romanian_card_prints_the_ends_of_the_number_around_the_birth_date() -> None:
    assert find("ROU", "TD2", {"optional_data": "1221144", "birth_date": "800101"}) == PersonalNumber("1800101221144", True)
    assert find("ROU", "TD2", {"optional_data": "1221145", "birth_date": "800101"}) == NONE


@pytest.mark.parametrize("issuer", PLACES)
def test_every_row_belongs_to_an_issuer_and_judges_only_by_a_rule(issuer: str) -> None:
    assert countries.is_known(issuer)
    for place in PLACES[issuer]:
        re.compile(place.form)
        assert place.rule or not place.certain


@settings(deadline=None)
@given(
    st.sampled_from([*PLACES, "UTO", ""]),
    st.sampled_from(["TD1", "TD2", "TD3", ""]),
    st.text(CHARACTERS, max_size=15),
    st.text(max_size=15),
)
def test_any_optional_data_can_be_searched(issuer: str, document: str, optional: str, second: str) -> None:
    """Hostile input: the rules of all issuers bear every text."""
    found = find(issuer, document, {"optional_data": optional, "optional_data_2": second, "birth_date": optional})
    assert found.text or found.valid is None


def test_a_megabyte_of_optional_data_is_cut() -> None:
    """Hostile input: no search over more than a field can hold."""
    assert find("UTO", "TD3", {"optional_data": "A" * 1_000_000}) == NONE
    assert personal_numbers.find("UTO", "TD3", {"optional_data": "A1" * 500_000}).text == "A1" * 22
