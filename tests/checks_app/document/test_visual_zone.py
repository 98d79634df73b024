"""R30: print against MRZ, field by field; what the OCR reads wrongly must never look like a contradiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document import visual_zone
from checks_app.document.ocr import Print, read_print
from checks_app.document.visual_zone import Verdict, compare_print, is_confirmed, restored
from checks_app.imaging import RgbImage
from checks_app.results import DocumentFields, DocumentKind
from tests.findings import TODAY, fields
from tests.images import Scene, photograph
from verifyportal.dev.specimens import Person

AGREES, DIFFERS, DOUBTFUL, NOT_SEEN = Verdict.AGREES, Verdict.DIFFERS, Verdict.DOUBTFUL, Verdict.NOT_SEEN


def verdicts(text: str, surely: str | None = None, **changes: Any) -> dict[str, Verdict]:
    compared = compare_print(fields(**changes), Print(text, text if surely is None else surely), today=TODAY)
    return {field.name: field.verdict for field in compared}


def test_whole_page_agrees_in_every_field() -> None:
    page = "GEORGIA\nSURNAME\nBERIDZE\nGIVEN NAMES\nNINO\nGEO F\n17 APR 1990 01001012345\n31 JAN 2030 12AB34567"
    assert set(verdicts(page).values()) == {AGREES}
    assert len(verdicts(page)) == 8


def test_photographed_passport_confirms_its_zone_and_contradicts_another(passport: RgbImage, person: Person) -> None:
    """R30: from pixels to the verdict; the second zone states another birth date."""
    shot = photograph(passport, Scene(seed=706, size=(1600, 1200)))
    printed = read_print(shot.image, shot.quad, kind=DocumentKind.PASSPORT)
    true = fields(
        first_name=person.first_name,
        last_name=person.last_name,
        document_number=person.document_number,
        personal_number=person.personal_number,
        birth_date=person.birth_date,
        expiry_date=person.expiry_date,
    )
    other = replace(true, birth_date=date(2001, 12, 24))
    assert is_confirmed(compare_print(true, printed, today=TODAY))
    assert not [field for field in compare_print(true, printed, today=TODAY) if field.verdict is DIFFERS]
    assert [field.name for field in compare_print(other, printed, today=TODAY) if field.verdict is DIFFERS] == ["birth_date"]


def test_empty_page_says_nothing() -> None:
    assert set(verdicts("").values()) == {NOT_SEEN}


@pytest.mark.parametrize("text", ["I2A8345G7", "12 AB 34567", "NO 12AB34567.", "12AB-345-67"])
def test_number_agrees_however_it_is_spaced_and_whatever_looks_alike(text: str) -> None:
    assert verdicts(text)["document_number"] is AGREES


@pytest.mark.parametrize(
    ("number", "text", "verdict"),
    [
        ("S47488531", "$47488531", AGREES),
        ("E95118044", "€95118044", AGREES),
        ("C47695412", "47695412", AGREES),
        ("C4769541", "769541", NOT_SEEN),
        ("C476954", "476954", NOT_SEEN),
        ("1234", "1234", AGREES),
        ("1234", "AB1234X", NOT_SEEN),
    ],
)
def test_leading_letter_may_be_lost_when_the_digits_suffice(number: str, text: str, verdict: Verdict) -> None:
    assert verdicts(text, document_number=number)["document_number"] is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("12AB34267", DIFFERS),
        ("12AB34269", DIFFERS),
        ("12AB84567", DOUBTFUL),
        ("12AB31567", DOUBTFUL),
        ("98ZX76512", NOT_SEEN),
        ("12AB3456", NOT_SEEN),
    ],
)
def test_number_differs_only_by_what_no_misreading_explains(text: str, verdict: Verdict) -> None:
    """A 3 for an 8 is a misreading; a 2 for a 5 is none; quite another number is another number."""
    assert verdicts(text)["document_number"] is verdict


def test_personal_number_beside_it_does_not_contradict_the_document_number() -> None:
    both = verdicts("12AB34567 12AB34267", personal_number="12AB34267")
    assert (both["document_number"], both["personal_number"]) == (AGREES, AGREES)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("17.04.1990", AGREES),
        ("17 AVR / APR 1990", AGREES),
        ("1990-04-17", AGREES),
        ("17.04.90", AGREES),
        ("17 APR/AVR 90", AGREES),
        ("22.07.71", NOT_SEEN),
        ("22.07.1405", NOT_SEEN),
        ("04/17/1990", AGREES),
        ("17 APR 1992", DIFFERS),
        ("22.07.1971", DIFFERS),
        ("17 APR 1998", DOUBTFUL),
        ("22.07.1971 23.07.1971", DOUBTFUL),
        ("31 JAN 2020", NOT_SEEN),
        ("31 JAN 2030", NOT_SEEN),
        ("17.04", NOT_SEEN),
        ("99.99.1990", NOT_SEEN),
    ],
)
def test_birth_differs_when_the_only_day_so_long_ago_is_another(text: str, verdict: Verdict) -> None:
    """The day of issue is no birth date, and a 9 for an 8 is no other day."""
    assert verdicts(text)["birth_date"] is verdict


@pytest.mark.parametrize(
    ("text", "verdict"), [("31.01.2030", AGREES), ("31.01.2037", DIFFERS), ("31.01.2024", NOT_SEEN), ("31.01.2573", NOT_SEEN)]
)
def test_expiry_differs_when_the_only_day_to_come_is_another(text: str, verdict: Verdict) -> None:
    """R36: a document that was prolonged by hand."""
    assert verdicts(text)["expiry_date"] is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("BERIDZE", AGREES),
        ("BER1DZE", AGREES),
        ("Bérîdzé", AGREES),
        ("SURNAME / NOM\nKAPANADZE", DIFFERS),
        ("SURNAME / NOM\nGIVEN NAMES / PRÉNOMS", NOT_SEEN),
        ("SURNAME / NOM\n?", NOT_SEEN),
        ("KAPANADZE", NOT_SEEN),
    ],
)
def test_surname_differs_when_its_label_announces_another(text: str, verdict: Verdict) -> None:
    assert verdicts(text)["last_name"] is verdict


@pytest.mark.parametrize(("text", "verdict"), [("F", AGREES), ("SEX F", AGREES), ("M / F", NOT_SEEN), ("M", NOT_SEEN), ("FM", NOT_SEEN)])
def test_letter_of_the_sex_never_differs(text: str, verdict: Verdict) -> None:
    """One letter is too little."""
    assert verdicts(text)["sex"] is verdict


@pytest.mark.parametrize("text", ["22.07.1971", "12AB34267", "31.01.2037", "SURNAME / NOM\nKAPANADZE"])
def test_doubtful_words_never_differ(text: str) -> None:
    assert DIFFERS in verdicts(text).values()
    assert DIFFERS not in verdicts(text, surely="?").values()


def test_fields_that_the_zone_does_not_state_are_left_out() -> None:
    assert compare_print(DocumentFields(), Print("ANYTHING", "ANYTHING"), today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [("12AB34567", True), ("BERIDZE 17.04.1990", True), ("BERIDZE NINO 01001012345", False), ("17.04.1990", False)],
)
def test_document_is_confirmed_by_its_number_or_by_surname_and_birth(text: str, confirmed: bool) -> None:
    assert is_confirmed(compare_print(fields(), Print(text, text), today=TODAY)) is confirmed


@pytest.mark.parametrize(
    ("name", "surely", "spelled"),
    [
        ("MUELLER", "Müller", "MÜLLER"),
        ("MULLER", "MÜLLER", "MÜLLER"),
        ("GROSS LOPEZ", "LÓPEZ", "GROSS LÓPEZ"),
        ("ZOLC", "ŻÓŁĆ", "ŻÓŁĆ"),
        ("MUELLER", "MÜLLER MUELLER", "MUELLER"),
        ("NINO", "ნინო", "NINO"),
        ("IVAN", "ИВАН", "IVAN"),
        ("MUELLER", "MÖLLER", "MUELLER"),
        ("", "MÜLLER", ""),
    ],
)
def test_accents_come_back_where_they_are_printed(name: str, surely: str, spelled: str) -> None:
    """R30: Latin letters only; a name in another script stays as the zone writes it."""
    assert restored(name, Print(surely, surely)) == spelled


def test_accents_are_not_taken_from_doubtful_words() -> None:
    assert restored("MUELLER", Print("MÜLLER", "?")) == "MUELLER"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.text(max_size=200), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_print_can_be_compared(text: str, surely: str, born: date) -> None:
    """Hostile input."""
    stated = fields(birth_date=born, expiry_date=born + timedelta(days=9000), last_name=text[:40], personal_number=surely[:14])
    compared = compare_print(stated, Print(text, surely), today=TODAY)
    assert len({field.name for field in compared}) == len(compared)


@pytest.mark.parametrize("piece", ["1", "A", "? ", "1 ", "12 AUG ", "Ü", "\n", "ABCDEF ", "1.1."])
def test_a_megabyte_of_print_is_cut(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostile input: work is bounded by what a document can hold, whatever is sent."""
    seen: list[int] = []

    def look(text: str) -> set[date]:
        seen.append(len(text))
        return set()

    monkeypatch.setattr(visual_zone, "days", look)
    monkeypatch.setattr(visual_zone, "is_printed", lambda day, text: bool(look(text)))
    text = piece * (1_000_000 // len(piece))
    compare_print(fields(), Print(text, text), today=TODAY)
    assert max(seen) <= visual_zone.LONGEST_TEXT
