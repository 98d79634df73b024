"""Printed text: names and numbers of a photographed card, and a clear word when the reader is missing."""

from __future__ import annotations

import pytesseract
import pytest

from checks_app.document.ocr import TesseractMissing, printed_text
from checks_app.imaging import RgbImage
from tests.images import Scene, photograph
from verifyportal.dev.specimens import Person


def test_the_front_of_a_card_is_read(card_front: RgbImage, person: Person) -> None:
    """R30: front and back of a card are compared by what is printed."""
    shot = photograph(card_front, Scene(seed=91, size=(1600, 1200)))
    text = printed_text(shot.image, shot.quad)
    assert person.last_name in text
    assert person.document_number in text
    assert text == text.upper()


def test_a_missing_reader_names_the_package(card_front: RgbImage, monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: the check becomes unclear, with a reason that an operator can act on."""
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nonexistent/tesseract")
    shot = photograph(card_front, Scene(seed=92))
    with pytest.raises(TesseractMissing, match="tesseract-ocr"):
        printed_text(shot.image, shot.quad)
