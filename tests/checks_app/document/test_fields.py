"""From the fields of an MRZ to an identity."""

from __future__ import annotations

from datetime import date

import pytest

from checks_app.document import fields, mrz
from checks_app.results import DocumentFields, DocumentKind, MrzReading

TODAY = date(2026, 11, 22)
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def identity(lines: tuple[str, ...], today: date = TODAY) -> DocumentFields:
    reading = MrzReading(format="", lines=lines, fields=mrz.parse(lines), confidence=1.0, repaired=0, accepted=True, region=None)
    return fields.from_mrz(reading, today=today)


def with_names(names: str) -> DocumentFields:
    return identity((("P<UTO" + names).ljust(44, "<"), PASSPORT[1]))


def with_dates(*, birth: str = "740812", expiry: str = "120415") -> DocumentFields:
    return identity((PASSPORT[0], PASSPORT[1][:13] + birth + "0F" + expiry + PASSPORT[1][27:]))


def test_a_passport_gives_all_eight_fields() -> None:
    """R30."""
    assert identity(PASSPORT) == DocumentFields(
        kind=DocumentKind.PASSPORT,
        issuing_state="UTO",
        first_name="ANNA MARIA",
        last_name="ERIKSSON",
        personal_number="ZE184226B",
        document_number="L898902C3",
        birth_date=date(1974, 8, 12),
        nationality="UTO",
        sex="F",
        expiry_date=date(2012, 4, 15),
    )


def test_a_card_gives_the_same_person() -> None:
    """R30."""
    card = identity(CARD)
    assert card.kind is DocumentKind.ID_CARD
    assert (card.first_name, card.last_name, card.document_number, card.personal_number) == ("ANNA MARIA", "ERIKSSON", "D23145890", "")


@pytest.mark.parametrize(("code", "kind"), [("A<", "ID_CARD"), ("C<", "ID_CARD"), ("PD", "PASSPORT"), ("V<", None), ("X<", None)])
def test_the_first_letter_tells_the_kind_of_document(code: str, kind: str | None) -> None:
    """R30."""
    assert identity((code + PASSPORT[0][2:], PASSPORT[1])).kind == kind


@pytest.mark.parametrize(
    ("printed", "last_name", "first_name"),
    [
        ("O<CONNOR<<ENYA<SIOBHAN", "O CONNOR", "ENYA SIOBHAN"),
        ("ARKFREITH", "ARKFREITH", ""),
        ("VAN<DER<MUELLEN<<HILDA<<MARIA", "VAN DER MUELLEN", "HILDA MARIA"),
        ("<<<<<", "", ""),
    ],
)
def test_names_are_split_at_the_first_double_filler(printed: str, last_name: str, first_name: str) -> None:
    """R30."""
    person = with_names(printed)
    assert (person.last_name, person.first_name) == (last_name, first_name)


@pytest.mark.parametrize(
    ("printed", "born"),
    [
        ("261122", date(2026, 11, 22)),
        ("261123", date(1926, 11, 23)),
        ("000229", date(2000, 2, 29)),
        ("740230", None),
        ("999999", None),
        ("74<<<<", None),
        ("<<<<<<", None),
    ],
)
def test_a_birth_is_the_latest_one_that_is_not_in_the_future(printed: str, born: date | None) -> None:
    """R30."""
    assert with_dates(birth=printed).birth_date == born


@pytest.mark.parametrize(
    ("printed", "expires"),
    [
        ("261122", date(2026, 11, 22)),
        ("761231", date(2076, 12, 31)),
        ("770101", date(1977, 1, 1)),
        ("991231", date(1999, 12, 31)),
        ("310231", None),
        ("<<<<<<", None),
    ],
)
def test_an_expiry_is_at_most_fifty_years_ahead(printed: str, expires: date | None) -> None:
    """R36."""
    assert with_dates(expiry=printed).expiry_date == expires


def test_near_the_end_of_a_century_an_expiry_may_lie_in_the_next() -> None:
    """R36."""
    line = PASSPORT[1][:21] + "050101" + PASSPORT[1][27:]
    assert identity((PASSPORT[0], line), today=date(2098, 1, 1)).expiry_date == date(2105, 1, 1)


@pytest.mark.parametrize(("printed", "sex"), [("M", "M"), ("F", "F"), ("<", ""), ("X", ""), ("H", "")])
def test_a_sex_other_than_m_and_f_stays_empty(printed: str, sex: str) -> None:
    """R30."""
    assert identity((PASSPORT[0], PASSPORT[1][:20] + printed + PASSPORT[1][21:])).sex == sex


def test_a_georgian_personal_number_is_found_by_its_eleven_digits() -> None:
    """R30."""
    card = ("IDGEO12AB345672AB12<<<<<<<<<<<", "7408122F1204159GEO01008012345<0", CARD[2])
    georgian = identity((card[0], card[1][:18] + "01008012345" + "0", card[2]))
    assert georgian.personal_number == "01008012345"
    assert georgian.issuing_state == "GEO"


@pytest.mark.parametrize(
    ("optional", "number"), [("<" * 14, ""), ("01008012345<<<", "01008012345"), ("AB<<<<<<<<<<<<", ""), ("SPECIMEN<<<<<<", "")]
)
def test_optional_data_are_a_personal_number_when_they_look_like_one(optional: str, number: str) -> None:
    """R30."""
    assert identity((PASSPORT[0], PASSPORT[1][:28] + optional + "00")).personal_number == number


def test_a_code_that_no_state_has_stays_empty() -> None:
    """R30."""
    line = PASSPORT[1][:10] + "QQQ" + PASSPORT[1][13:]
    assert identity((PASSPORT[0], line)).nationality == ""
