"""Specimens: correct zones, real sizes, colour, and the same drawing from the same seed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from checks_app.document import mrz
from checks_app.results import DocumentKind
from verifyportal.dev import paper, portraits, specimens
from verifyportal.dev.specimens import Person

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("seed", range(20))
def test_every_check_digit_of_an_invented_person_holds(seed: int, kind: DocumentKind) -> None:
    """R30"""
    lines = specimens.mrz_lines(specimens.invent_person(seed, today=TODAY), kind)
    assert mrz.check_digits_hold(mrz.parse(lines))


def test_the_passport_zone_is_the_example_of_icao_9303() -> None:
    """R30: document 9303-4, appendix B prints this zone."""
    person = Person(personal_number="ZE184226B", birth_date=date(1974, 8, 12), expiry_date=date(2012, 4, 15))
    assert specimens.mrz_lines(person, DocumentKind.PASSPORT) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_hyphens_become_fillers_and_apostrophes_vanish() -> None:
    """R30: 9303-3, 4.6."""
    person = Person(first_name="Anne-Marie", last_name="O'Neill")
    assert specimens.mrz_lines(person, DocumentKind.ID_CARD)[2].startswith("ONEILL<<ANNE<MARIE<")


def test_a_name_that_is_too_long_is_cut_to_the_width_of_the_zone() -> None:
    """R30"""
    person = Person(first_name="A" * 30, last_name="B" * 30)
    assert {len(line) for line in specimens.mrz_lines(person, DocumentKind.PASSPORT)} == {44}
    assert {len(line) for line in specimens.mrz_lines(person, DocumentKind.ID_CARD)} == {30}


def test_documents_have_the_proportions_of_iso_7810() -> None:
    """R30"""
    person, portrait = Person(), portraits.drawn_portrait(1)
    passport = specimens.draw_passport(person, portrait)
    front, back = specimens.draw_card_front(person, portrait), specimens.draw_card_back(person)
    assert passport.shape == (1039, 1476, 3)
    assert front.shape == back.shape == (850, 1348, 3)


def test_the_zone_is_dark_print_on_a_pale_ground() -> None:
    """R30: SPECIMEN and the guilloche must not disturb the reader."""
    passport = specimens.draw_passport(Person(), portraits.drawn_portrait(1))
    zone = passport[-round(23.2 / 25.4 * 300) + 10 :].min(axis=2)
    assert np.percentile(zone, 1) < 60
    assert np.percentile(zone, 20) > 200
    assert np.mean((zone > 110) & (zone < 190)) < 0.03


def test_specimens_are_in_colour() -> None:
    """R31: else they would look like photocopies."""
    front = specimens.draw_card_front(Person(), portraits.drawn_portrait(1)).astype(int)
    assert np.mean(np.ptp(front, axis=2) > 15) > 0.5


def test_the_same_seed_draws_the_same_person_and_portrait() -> None:
    """R30"""
    assert specimens.invent_person(5, today=TODAY) == specimens.invent_person(5, today=TODAY)
    assert np.array_equal(portraits.drawn_portrait(5), portraits.drawn_portrait(5))


def test_different_seeds_draw_different_heads() -> None:
    """R33"""
    assert len({portraits.drawn_portrait(seed).tobytes() for seed in range(12)}) == 12


def test_invented_documents_are_valid_and_their_holders_of_age() -> None:
    """R36"""
    people = [specimens.invent_person(seed, today=TODAY) for seed in range(50)]
    assert all(person.expiry_date > TODAY for person in people)
    assert all(person.birth_date.year <= TODAY.year - 18 for person in people)


def test_the_astronaut_fills_a_portrait_of_35_to_45() -> None:
    """R33"""
    portrait = portraits.astronaut_portrait()
    assert portrait.shape == (540, 420, 3)
    assert portrait.std() > 30


def test_a_missing_font_names_the_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """R80: a newcomer on another system learns what to do."""
    monkeypatch.setitem(paper.FONTS, "ocr-b", "nowhere/OCRB.otf")
    with pytest.raises(paper.FontMissing, match="fonts-ocr-b"):
        paper.font("ocr-b", 31.7)
