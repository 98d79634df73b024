"""Text from character probabilities, under the check digits."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document import mrz
from checks_app.document.mrz_decoding import DecodedMrz, decode_mrz
from checks_app.document.mrz_layouts import CHARACTERS, MrzFormat

TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRVA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
Doubt = tuple[int, int, str, float]  # line, column, what it looks like, how much more than the truth


def decoded(lines: tuple[str, ...], *doubts: Doubt) -> DecodedMrz:
    """Decode the beliefs of a classifier that is sure of `lines` but for some doubts."""
    beliefs = np.full((len(lines), len(lines[0]), len(CHARACTERS)), 1e-4)
    for line, text in enumerate(lines):
        beliefs[line, np.arange(len(text)), [CHARACTERS.index(character) for character in text]] = 1
    for line, column, looks_like, how_much in doubts:
        beliefs[line, column, CHARACTERS.index(looks_like)] = how_much
    beliefs /= beliefs.sum(axis=2, keepdims=True)
    format_ = mrz.recognise_format(lines)
    assert format_ is not None
    return decode_mrz(format_, list(np.log(beliefs)))


@pytest.mark.parametrize("lines", [TD1, TD2, TD3, MRVA, LONG_NUMBER])
def test_clear_print_is_read_without_repair(lines: tuple[str, ...]) -> None:
    """R30."""
    result = decoded(lines)
    assert (result.lines, result.seen, result.repaired) == (lines, lines, 0)
    assert min(min(line) for line in result.probabilities) > 0.9


@pytest.mark.parametrize(
    ("lines", "doubt"),
    [
        (TD3, (1, 0, "I", 1.5)),
        (TD3, (1, 14, "9", 3.0)),
        (TD3, (1, 42, "7", 2.0)),
        (TD3, (1, 43, "8", 2.0)),
        (TD2, (1, 5, "6", 1.5)),
        (TD1, (0, 14, "1", 2.0)),
        (TD1, (1, 29, "8", 2.0)),
        (LONG_NUMBER, (0, 16, "9", 2.0)),
    ],
)
def test_check_digits_repair_a_doubtful_character(lines: tuple[str, ...], doubt: Doubt) -> None:
    """R30."""
    result = decoded(lines, doubt)
    line, column, looks_like, _ = doubt
    assert result.lines == lines
    assert result.seen[line][column] == looks_like
    assert result.repaired == 1


def test_two_doubts_in_different_fields_are_repaired_together() -> None:
    """R30."""
    assert decoded(TD3, (1, 4, "B", 1.4), (1, 24, "3", 1.4)).lines == TD3


def test_a_digit_field_never_reads_a_letter() -> None:
    """R30."""
    result = decoded(TD3, (1, 17, "B", 50.0))
    assert result.lines == TD3
    assert result.repaired == 0


def test_after_three_fillers_a_name_has_ended() -> None:
    """R30."""
    result = decoded(TD3, (0, 36, "K", 3.0), (0, 43, "C", 3.0))
    assert result.lines[0] == TD3[0]


def test_a_name_is_not_ended_by_one_doubtful_filler() -> None:
    """R30."""
    lines = ("P<UTOO<CONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<", TD3[1])
    assert decoded(lines).lines == lines


def test_a_doubtful_letter_of_a_name_stays_doubtful() -> None:
    """R30: names have no check digit, so nothing may make them look surer than the print."""
    result = decoded(TD3, (0, 21, "H", 0.9))
    assert result.lines == TD3
    assert result.probabilities[0][21] < 0.6


def test_a_state_that_does_not_exist_is_repaired_to_one_that_does() -> None:
    """R30."""
    result = decoded(TD3, (1, 12, "D", 2.0))
    assert result.lines == TD3
    assert result.repaired == 1


@pytest.mark.parametrize("printed", ["UTP", "132"])
def test_a_code_that_nobody_has_stays_as_it_is_plainly_printed(printed: str) -> None:
    """R30."""
    lines = (TD3[0], TD3[1].replace("UTO", printed))
    result = decoded(lines)
    assert (result.lines, result.seen, result.repaired) == (lines, lines, 0)
    assert min(result.probabilities[1][10:13]) > 0.9


def test_print_with_wrong_check_digits_needs_many_repairs_and_keeps_what_was_seen() -> None:
    """R30."""
    printed = (TD3[0], "L898902C31UTO7408125F1204152ZE184226B<<<<<15")
    result = decoded(printed)
    assert result.seen == printed
    assert result.repaired > 2


def test_the_probabilities_have_one_number_for_each_character() -> None:
    """R37."""
    assert [len(line) for line in decoded(TD1).probabilities] == [30, 30, 30]
    assert decode_mrz(MrzFormat.TD2, [np.log(np.full((36, 37), 1 / 37))] * 2).lines
