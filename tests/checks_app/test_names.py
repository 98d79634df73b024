"""R36: two spellings of one name, and two names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.names import Likeness, compare

NAMES = st.text(max_size=60)


@pytest.mark.parametrize(
    ("expected", "stated"),
    [
        ("Müller", "MUELLER"),
        ("Müller", "MULLER"),
        ("Muller", "MUELLER"),
        ("Ångström", "AANGSTROEM"),
        ("Groß", "GROSS"),
        ("Łukasz Żółć", "LUKASZ ZOLC"),
        ("Núñez", "NUNXXEZ"),
        ("ნინო ღვინიაშვილი", "NINO GHVINIASHVILI"),
        ("Юлия", "IULIIA"),
        ("Yulia", "IULIIA"),
        ("Хрущёв", "KHRUSHCHEV"),
        ("Петър", "PETAR"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("O'Brien", "OBRIEN"),
        ("O'Brien", "O BRIEN"),
        ("van den Berg", "VANDENBERG"),
        ("Иван Петрович", "IVAN"),
        ("Lopez", "GARCIA LOPEZ"),
        ("Lopez Garcia", "GARCIA LOPEZ"),
        ("Beridse", "BERIDZE"),
    ],
)
def test_one_name_in_two_spellings_is_the_same(expected: str, stated: str) -> None:
    assert compare(expected, stated).likeness is Likeness.SAME


@pytest.mark.parametrize(
    ("expected", "stated", "likeness"),
    [
        ("Maria", "MARIO", Likeness.UNSURE),
        ("Ivan", "IVANA", Likeness.UNSURE),
        ("De la Rosa", "DE LA CRUZ", Likeness.UNSURE),
        ("De", "DE LA CRUZ", Likeness.UNSURE),
        ("Smith", "GARCIA", Likeness.OTHER),
        ("", "GARCIA", Likeness.UNSURE),
        ("!!!", "!!!", Likeness.UNSURE),
    ],
)
def test_two_names_are_never_the_same(expected: str, stated: str, likeness: Likeness) -> None:
    assert compare(expected, stated).likeness is likeness


def test_names_cut_off_in_the_zone_are_compared_as_far_as_they_go() -> None:
    """ICAO 9303-3, 4.6: the last name that fits may be cut."""
    assert compare("Papandropoulous Jonathan Alexander", "PAPANDROPOULOUS JONATHAN ALEC", cut=True).likeness is Likeness.UNSURE
    assert compare("Jonathan Alexander", "JONATHAN ALEX", cut=True).likeness is Likeness.SAME
    assert compare("Jonathan Alexander", "JONATHAN ALEX").likeness is Likeness.UNSURE


@pytest.mark.parametrize(("expected", "stated"), [("Muller", "MUELLER"), ("Beridse", "BERIDZE"), ("Lopez", "GARCIA LOPEZ")])
def test_strict_comparison_forgives_no_slip_and_no_missing_name(expected: str, stated: str) -> None:
    assert compare(expected, stated, strict=True).likeness is Likeness.UNSURE


@pytest.mark.parametrize(("expected", "stated"), [("Müller", "MUELLER"), ("Müller", "MULLER"), ("ნინო", "NINO"), ("Müller", "Müller")])
def test_strict_comparison_forgives_transliteration(expected: str, stated: str) -> None:
    assert compare(expected, stated, strict=True).likeness is Likeness.SAME


@settings(deadline=None)
@given(NAMES, NAMES)
def test_any_two_texts_can_be_compared(expected: str, stated: str) -> None:
    """Hostile input: no crash, and a likeness that is a share."""
    assert 0 <= compare(expected, stated).score <= 1


def test_a_megabyte_is_no_name_and_costs_no_more_than_one() -> None:
    """Hostile input."""
    assert compare("ab " * 350_000, "BERIDZE").likeness is Likeness.OTHER
