"""Printed text: names and numbers of a photographed document, doubtful words marked, and a clear word when the reader is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytesseract
import pytest

from checks_app.document import ocr
from checks_app.document.ocr import Print, TesseractMissing, languages, read_print
from checks_app.imaging import GreyImage, RgbImage
from checks_app.results import DocumentKind, Quad
from tests.images import Scene, photograph
from verifyportal.dev.specimens import Person

WHOLE = Quad(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
PAGE: RgbImage = np.full((88, 125, 3), 255, np.uint8)


def words(*found: tuple[int, str, float]) -> dict[str, list[Any]]:
    """What Tesseract answers: line, word, confidence."""
    ones = [1] * len(found)
    lines, texts, confidences = zip(*found, strict=True)
    return {"block_num": ones, "par_num": ones, "line_num": list(lines), "text": list(texts), "conf": list(confidences)}


def test_the_front_of_a_card_is_read(card_front: RgbImage, person: Person) -> None:
    """R30: front and back of a card are compared by what is printed."""
    shot = photograph(card_front, Scene(seed=91, size=(1600, 1200)))
    printed = read_print(shot.image, shot.quad, kind=DocumentKind.ID_CARD)
    assert person.last_name in printed.surely
    assert person.document_number in printed.text
    assert printed.text == printed.text.upper()


def test_doubtful_words_are_marked_and_lines_of_the_zone_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """R30: only sure print may contradict an MRZ, and the zone must not confirm itself."""
    answer = words((1, "Nino", ocr.SURE), (1, "  ", 99), (1, "Beridze", ocr.SURE - 1), (2, "P<GEOBERIDZE<<NINO", 99))
    monkeypatch.setattr(ocr, "_recognise", lambda page, language: answer)
    assert read_print(PAGE, WHOLE, kind=DocumentKind.ID_CARD) == Print("NINO BERIDZE", "NINO ?")


@pytest.mark.parametrize(("kind", "rows"), [(DocumentKind.PASSPORT, 544), (DocumentKind.ID_CARD, 739)])
def test_the_strip_of_the_zone_is_not_read_on_passports(kind: DocumentKind, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def look(page: GreyImage, language: str) -> dict[str, list[Any]]:
        seen.append(page.shape)
        return words((1, "", 0))

    monkeypatch.setattr(ocr, "_recognise", look)
    read_print(PAGE, WHOLE, kind=kind)
    assert seen == [(rows, ocr.READING_WIDTH)]


@pytest.mark.parametrize(
    ("country", "installed", "asked"),
    [("GEO", {"eng", "kat"}, "eng+kat"), ("GEO", {"eng"}, "eng"), ("UTO", {"eng", "kat"}, "eng"), ("", {"eng", "rus"}, "eng")],
)
def test_language_of_the_country_is_read_where_it_is_installed(
    country: str, installed: set[str], asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R30: each language costs time."""
    monkeypatch.setattr(ocr, "_installed", lambda: frozenset(installed))
    assert languages(country) == asked


def test_reader_that_takes_too_long_has_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: print that was not read is unclear, and the rest of the document is judged all the same."""
    monkeypatch.setattr(ocr, "TIME_LIMIT", 0.001)
    assert read_print(PAGE, WHOLE, kind=DocumentKind.ID_CARD) == Print()


def test_a_missing_reader_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: an operator can act on it."""
    monkeypatch.setattr(ocr, "_installed", frozenset)
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nonexistent/tesseract")
    with pytest.raises(TesseractMissing, match="tesseract-ocr"):
        read_print(PAGE, WHOLE, kind=DocumentKind.ID_CARD)
