"""R30: what is wrong with each field of a zone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document import fields, mrz
from checks_app.document.mrz_faults import IMPOSSIBLE, UNSURE_CHECKED, UNSURE_UNCHECKED, FaultKind, MrzFault, faults
from checks_app.document.mrz_layouts import CHARACTERS, LAYOUTS
from checks_app.results import MrzField, MrzReading

TODAY = date(2026, 11, 22)
PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
NAMES = sorted({field.name for layout in LAYOUTS.values() for field in layout.fields} | {"composite"})


def reading(*parts: MrzField, document: str = "TD3") -> MrzReading:
    return MrzReading(format=document, lines=(), fields=parts, confidence=1.0, repaired=0, accepted=True, region=None)


def kinds(
    name: str, raw: str, *, document: str = "TD3", digit: bool | None = None, sure: float = 1.0, agreed: bool | None = None
) -> list[str]:
    found = faults(reading(MrzField(name, raw, digit, sure, agreed), document=document), today=TODAY)
    assert {fault.field for fault in found} <= {name}
    return [fault.kind.value for fault in found]


def test_a_right_zone_has_no_fault() -> None:
    assert faults(reading(*mrz.parse(PASSPORT)), today=TODAY) == ()


def test_a_wrong_digit_is_told_where_it_stands() -> None:
    changed = (PASSPORT[0], PASSPORT[1].replace("L898902C3", "L898902C4"))
    assert faults(reading(*mrz.parse(changed)), today=TODAY) == (
        MrzFault("document_number", FaultKind.CHECK_DIGIT_WRONG),
        MrzFault("composite", FaultKind.CHECK_DIGIT_WRONG),
    )


@pytest.mark.parametrize(
    ("name", "raw", "document", "found"),
    [
        ("document_code", "P<", "TD3", []),
        ("document_code", "PD", "TD3", []),
        ("document_code", "I<", "TD3", ["UNKNOWN_CODE"]),
        ("document_code", "ID", "TD1", []),
        ("document_code", "X<", "TD1", ["UNKNOWN_CODE"]),
        ("document_code", "V<", "MRVA", []),
        ("document_code", "<<", "TD3", ["EMPTY"]),
        ("issuing_state", "D<<", "TD3", []),
        ("issuing_state", "QQQ", "TD3", ["UNKNOWN_CODE"]),
        ("issuing_state", "0EO", "TD3", ["NOT_ALLOWED_CHARACTER"]),
        ("nationality", "XXB", "TD3", []),
        ("nationality", "<<<", "TD3", ["EMPTY"]),
        ("names", "ERIKSSON<<ANNA", "TD3", []),
        ("names", "ER1KSSON<<ANNA", "TD3", ["NOT_ALLOWED_CHARACTER"]),
        ("names", "<<<<<<", "TD3", ["EMPTY"]),
        ("document_number", "<<<<<<<<<", "TD3", ["EMPTY"]),
        ("birth_date", "740812", "TD3", []),
        ("birth_date", "7408<<", "TD3", []),
        ("birth_date", "74<<<<", "TD3", []),
        ("birth_date", "740000", "TD3", []),
        ("birth_date", "<<<<<<", "TD3", ["EMPTY"]),
        ("birth_date", "740230", "TD3", ["IMPOSSIBLE_DATE"]),
        ("birth_date", "7413<<", "TD3", ["IMPOSSIBLE_DATE"]),
        ("birth_date", "74O812", "TD3", ["NOT_ALLOWED_CHARACTER"]),
        ("expiry_date", "310231", "TD3", ["IMPOSSIBLE_DATE"]),
        ("expiry_date", "3102<<", "TD3", ["IMPOSSIBLE_DATE"]),
        ("sex", "M", "TD3", []),
        ("sex", "<", "TD3", []),
        ("sex", "X", "TD3", []),
        ("sex", "H", "TD3", ["NOT_ALLOWED_CHARACTER"]),
        ("optional_data", "<<<<", "TD3", []),
        ("optional_data_2", "<<<<", "TD1", []),
        ("composite", "<", "TD1", ["NOT_ALLOWED_CHARACTER"]),
    ],
)
def test_each_field_has_its_own_rule(name: str, raw: str, document: str, found: list[str]) -> None:
    assert kinds(name, raw, document=document) == found


@pytest.mark.parametrize(
    ("digit", "sure", "unsure"),
    [
        (None, UNSURE_UNCHECKED, False),
        (None, UNSURE_UNCHECKED - 0.001, True),
        (True, UNSURE_CHECKED, False),
        (True, UNSURE_CHECKED - 0.001, True),
    ],
)
def test_less_certainty_is_enough_where_a_digit_speaks_for_the_field(digit: bool | None, sure: float, unsure: bool) -> None:
    assert kinds("document_number", "L898902C3", digit=digit, sure=sure) == (["UNSURE"] if unsure else [])


@pytest.mark.parametrize(("agreed", "unsure"), [(False, True), (True, False), (None, False)])
def test_readers_that_disagree_make_a_field_unsure(agreed: bool | None, unsure: bool) -> None:
    assert kinds("names", "ERIKSSON<<ANNA", agreed=agreed) == (["UNSURE"] if unsure else [])


def test_doubt_about_the_reading_is_nothing_impossible() -> None:
    assert FaultKind.UNSURE not in IMPOSSIBLE
    assert FaultKind.CHECK_DIGIT_WRONG not in IMPOSSIBLE


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            MrzField,
            st.sampled_from(NAMES),
            st.text(CHARACTERS, max_size=44) | st.text(max_size=44),
            st.none() | st.booleans(),
            st.floats(0, 1),
        ),
        max_size=12,
    ),
    st.sampled_from(["TD1", "TD2", "TD3", "MRVA", "MRVB", ""]),
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
)
def test_any_reading_can_be_judged_and_its_fields_read(parts: list[MrzField], document: str, today: date) -> None:
    """Hostile input: neither crashes, whatever stands in a field, and a birth is never in the future."""
    hostile = reading(*parts, document=document)
    assert {fault.field for fault in faults(hostile, today=today)} <= {part.name for part in parts}
    stated = fields.from_mrz(hostile, today=today)
    assert stated.birth_date is None or (today.year - 100 <= stated.birth_date.year and stated.birth_date <= today)


def test_a_megabyte_in_a_field_is_judged_like_any_text() -> None:
    """Hostile input."""
    assert kinds("names", "A" * 1_000_000) == []
    assert fields.from_mrz(reading(MrzField("names", "A<" * 500_000, None, 1.0)), today=TODAY).last_name.startswith("A A")
