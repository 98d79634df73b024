"""The MRZ as text. Examples are the Utopia specimens that ICAO 9303 prints, and variations of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks_app.document import mrz
from checks_app.document.mrz_layouts import CHARACTERS, LAYOUTS, MrzFormat
from checks_app.results import MrzField

TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRVA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
MRVB = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")


def by_name(lines: tuple[str, ...]) -> dict[str, MrzField]:
    return {field.name: field for field in mrz.parse(lines)}


@pytest.mark.parametrize(
    ("characters", "digit"),
    [("520727", 3), ("AB2134<<<", 5), ("HA672242<658022549601086<<<<<<<<<<<<<<0", 8), ("", 0), ("<<<<<<", 0)],
)
def test_check_digit_follows_the_worked_examples_of_9303(characters: str, digit: int) -> None:
    """R30."""
    assert mrz.check_digit(characters) == digit


@pytest.mark.parametrize("character", ["a", " ", "É", "-", "«", "\n", "٣"])
def test_check_digit_refuses_what_no_mrz_can_hold(character: str) -> None:
    """R30."""
    with pytest.raises(mrz.InvalidMrzCharacter):
        mrz.check_digit("AB" + character)


@pytest.mark.parametrize(
    ("lines", "expected"), [(TD1, "TD1"), (TD2, "TD2"), (TD3, "TD3"), (MRVA, "MRVA"), (MRVB, "MRVB"), (LONG_NUMBER, "TD1")]
)
def test_every_format_is_recognised_and_its_check_digits_hold(lines: tuple[str, ...], expected: str) -> None:
    """R30."""
    assert mrz.recognise_format(lines) == expected
    assert mrz.check_digits_hold(mrz.parse(lines))


def test_a_passport_is_split_into_its_fields() -> None:
    """R30."""
    raw = {name: field.raw for name, field in by_name(TD3).items()}
    assert raw == {
        "document_code": "P<",
        "issuing_state": "UTO",
        "names": "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "document_number": "L898902C3",
        "nationality": "UTO",
        "birth_date": "740812",
        "sex": "F",
        "expiry_date": "120415",
        "optional_data": "ZE184226B<<<<<",
        "composite": "0",
    }


def test_a_long_document_number_continues_in_the_optional_data() -> None:
    """R30."""
    fields = by_name(LONG_NUMBER)
    assert fields["document_number"].raw == "D23145890734"
    assert fields["document_number"].check_digit_ok is True
    assert fields["optional_data"].raw.strip("<") == ""


def test_a_number_without_check_digit_and_without_continuation_is_wrong() -> None:
    """R30."""
    lines = (TD1[0][:14] + "<" + TD1[0][15:], *TD1[1:])
    assert by_name(lines)["document_number"].check_digit_ok is False


@pytest.mark.parametrize(
    ("optional", "digit", "right"),
    [("<" * 14, "<", True), ("<" * 14, "0", True), ("ZE184226B<<<<<", "<", False), ("ZE184226B<<<<<", "2", False)],
)
def test_only_an_empty_personal_number_may_lack_its_check_digit(optional: str, digit: str, right: bool) -> None:
    """R30."""
    line = TD3[1][:28] + optional + digit + "0"
    assert by_name((TD3[0], line))["optional_data"].check_digit_ok is right


@pytest.mark.parametrize("line_and_column", [(1, 0), (1, 9), (1, 15), (1, 24), (1, 30), (1, 42), (1, 43)])
def test_one_wrong_digit_in_a_checked_field_is_noticed(line_and_column: tuple[int, int]) -> None:
    """R30."""
    line, column = line_and_column
    changed = list(TD3[line])
    changed[column] = "4" if changed[column] != "4" else "5"
    assert not mrz.check_digits_hold(mrz.parse((TD3[0], "".join(changed))))


def test_an_impossible_date_is_parsed_like_any_other() -> None:
    """R30."""
    line = TD3[1][:13] + "999999" + str(mrz.check_digit("999999")) + TD3[1][20:]
    assert by_name((TD3[0], line))["birth_date"].check_digit_ok is True


def test_a_field_is_as_sure_as_its_least_sure_character() -> None:
    """R30."""
    sure = [[0.9] * 44, [0.9] * 44]
    sure[1][4] = 0.3
    fields = {field.name: field for field in mrz.parse(TD3, sure)}
    assert fields["document_number"].confidence == 0.3
    assert fields["names"].confidence == 0.9


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        ("", ""),
        TD3[:1],
        (TD3[0], TD3[1][:-1]),
        (*TD1, ""),
        (TD1[0], TD1[1]),
        ("P" * 1_000_000, "P" * 1_000_000),
        tuple("P" * 10_000),
    ],
)
def test_what_has_not_the_size_of_an_mrz_is_refused(lines: tuple[str, ...]) -> None:
    """R30."""
    assert mrz.recognise_format(lines) is None
    with pytest.raises(mrz.UnknownMrzFormat):
        mrz.parse(lines)


@pytest.mark.parametrize("intruder", [" ", "é", "\x00", "p", "𝟙"])
def test_a_character_from_outside_the_mrz_alphabet_is_refused(intruder: str) -> None:
    """R30."""
    with pytest.raises(mrz.InvalidMrzCharacter):
        mrz.parse((TD3[0], intruder + TD3[1][1:]))


@given(st.data(), st.sampled_from(list(MrzFormat)))
def test_any_text_in_the_size_of_an_mrz_is_split_without_error(data: st.DataObject, format_: MrzFormat) -> None:
    """R30."""
    layout = LAYOUTS[format_]
    line = st.text(alphabet=CHARACTERS, min_size=layout.width, max_size=layout.width)
    lines = data.draw(st.lists(line, min_size=layout.lines, max_size=layout.lines))
    fields = mrz.parse(lines)
    assert {field.name for field in fields} >= {field.name for field in layout.fields}
