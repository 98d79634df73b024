"""Two readers and one belief."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.mrz_layouts import CHARACTERS, MrzFormat
from checks_app.document.mrz_voting import NO_VOTE, VOTE, agreement, combine, contradicted, votes
from checks_app.document.trellis import Floats

TEXT = "L898902C36UTO7408122F1204159<<<<<<<6"


def believing(text: str, *doubts: tuple[int, str, float]) -> Floats:
    """Return the log-probabilities of a reader that is sure of `text` but for (column, other character, its probability)."""
    beliefs = np.full((len(text), len(CHARACTERS)), 1e-5)
    beliefs[np.arange(len(text)), [CHARACTERS.index(character) for character in text]] = 1
    for column, other, probability in doubts:
        beliefs[column, CHARACTERS.index(text[column])] = 1 - probability
        beliefs[column, CHARACTERS.index(other)] = probability
    return np.log(beliefs / beliefs.sum(axis=1, keepdims=True))


def spelt(cast: np.ndarray) -> str:
    return "".join("?" if vote == NO_VOTE else CHARACTERS[vote] for vote in cast)


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        (TEXT, TEXT),
        (TEXT.replace("UTO", "UT0"), TEXT.replace("UTO", "UT0")),
        (TEXT[:5] + TEXT[6:], TEXT[:5] + "?" + TEXT[6:]),
        (TEXT[:12] + "X" + TEXT[12:], TEXT),
        (TEXT + TEXT * 3, None),
        ("", "?" * 36),
        ("KLIPKLAP" * 4, "?" * 36),
    ],
    ids=["same", "another character", "one left out", "one made up", "far too long", "nothing", "something else"],
)
def test_what_was_said_is_laid_beside_the_characters(said: str, understood: str | None) -> None:
    """R30."""
    cast = votes([believing(TEXT)], [said])[0]
    assert len(cast) == len(TEXT)
    if understood is not None:
        assert spelt(cast) == understood


def test_lines_find_their_own_text_when_one_is_missing_or_a_stray_one_stands_between() -> None:
    """R30."""
    upper, lower = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", TEXT
    beliefs = [believing(upper), believing(lower)]
    assert [spelt(cast) for cast in votes(beliefs, [upper, "SIGNATURE", lower])] == [upper, lower]
    assert [spelt(cast) for cast in votes(beliefs, [lower])] == ["?" * 36, lower]


def test_a_vote_decides_between_two_equal_beliefs() -> None:
    """R30."""
    own = believing(TEXT, (10, "O", 0.6))
    both = combine([own], votes([own], [TEXT]))[0]
    assert CHARACTERS[int(own[10].argmax())] == "O"
    assert CHARACTERS[int(both[10].argmax())] == "U"
    assert np.exp(both).sum(axis=1) == pytest.approx(1)


def test_a_vote_against_plain_print_does_not_turn_it() -> None:
    """R30."""
    own = believing(TEXT)
    both = combine([own], votes([own], [TEXT.replace("UTO", "UT0")]))[0]
    assert CHARACTERS[int(both[12].argmax())] == "O"
    assert np.exp(both[12].max()) < np.exp(own[12].max())


def test_without_a_vote_nothing_changes() -> None:
    """R30."""
    own = believing(TEXT, (3, "B", 0.3))
    assert combine([own], [np.full(len(TEXT), NO_VOTE)])[0] == pytest.approx(own)
    assert VOTE > 1


def test_readers_agree_where_they_say_the_same_and_fillers_need_no_second_word() -> None:
    """R30."""
    said = np.array([CHARACTERS.index("A"), CHARACTERS.index("8"), NO_VOTE, NO_VOTE, CHARACTERS.index("C")])
    assert agreement("AB<D<", said) == (True, False, True, False, False)


TD1_LINES = ("I<UTOB587250974498016227000<<<", "7008120M2704081UTO<<<<<<<<<<<9", "SATO<<GIORGI<<<<<<<<<<<<<<<<<<")


@pytest.mark.parametrize(
    ("line", "column", "said", "places"),
    [
        (2, 0, "X", [(2, 0)]),  # another letter of a name
        (2, 0, "<", []),  # fillers are miscounted
        (2, 20, "K", []),  # so are those that were read
        (2, 0, "7", []),  # no name holds a digit
        (0, 5, "8", []),  # the number has a check digit
        (1, 7, "F", [(1, 7)]),  # the sex has none
    ],
)
def test_another_character_counts_where_no_check_digit_can_rule_it_out(
    line: int, column: int, said: str, places: list[tuple[int, int]]
) -> None:
    """R30: names, states and sex rest on the print alone."""
    cast = [np.array([CHARACTERS.index(character) for character in text]) for text in TD1_LINES]
    cast[line][column] = CHARACTERS.index(said)
    assert list(contradicted(MrzFormat.TD1, TD1_LINES, cast)) == places


def test_no_vote_contradicts_nothing() -> None:
    silent = [np.full(30, NO_VOTE)] * 3
    assert list(contradicted(MrzFormat.TD1, TD1_LINES, silent)) == []
