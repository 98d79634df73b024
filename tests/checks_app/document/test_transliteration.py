"""ICAO 9303-3, section 6: names in A to Z."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document.transliteration import has_marks, loose_key, plain, spellings


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Nino", {"NINO"}),
        ("Müller", {"MULLER", "MUELLER", "MUXXLLER"}),
        ("Muñoz", {"MUNOZ", "MUNXXOZ"}),
        ("Þór", {"THOR"}),
        ("Groß", {"GROSS"}),
        ("Søren Åse", {"SOREN ASE", "SOEREN AASE"}),
        ("Łódź", {"LODZ"}),
        ("Işık", {"ISIK"}),
        ("Đorđe", {"DORDE", "DJORDJE"}),
        ("ღვინიაშვილი", {"GHVINIASHVILI"}),
        ("ჭყონია", {"CHQONIA"}),
        ("Щукин", {"SHCHUKIN"}),
        ("Юлия", {"IULIIA", "YULIYA"}),
        ("Петър", {"PETIER", "PETAR"}),
        ("Παπαδόπουλος", {"PAPADOPOULOS"}),
        ("O'Brien-d’Arc", {"OBRIEN DARC"}),
    ],
)
def test_a_name_has_every_spelling_that_a_state_may_print(name: str, written: set[str]) -> None:
    assert written <= set(spellings(name))


@pytest.mark.parametrize(("one", "other"), [("MUELLER", "MULLER"), ("IULIIA", "YULIA"), ("KHRISTIAN", "HRISTIAN"), ("WOLF", "VOLF")])
def test_transliterations_of_one_word_have_one_key(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)


def test_decomposed_accents_are_the_same_letter() -> None:
    assert spellings("Mu\u0308ller") == spellings("Müller")


@pytest.mark.parametrize(
    ("word", "marked"), [("MÜLLER", True), ("ŁÓDŹ", True), ("NINO", False), ("ნინო", False), ("ИВАН", False), ("12", False)]
)
def test_only_latin_letters_bear_marks(word: str, marked: bool) -> None:
    assert has_marks(word) is marked


@settings(deadline=None)
@given(st.text(max_size=80))
def test_every_spelling_fits_an_mrz(name: str) -> None:
    """Hostile input."""
    for spelling in spellings(name):
        assert set(spelling) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
    assert plain(name) == " ".join(plain(name).split())
