"""What one would read an MRZ with instead: plain Tesseract over the whole picture, and lines that look like an MRZ."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytesseract

from checks_app.document import mrz, mrz_tesseract
from checks_app.imaging import RgbImage
from checks_app.management.labelled_mrz import Answer, digits_hold

ENGLISH, OCR_B = "tesseract eng", "tesseract with OCR-B"
TIME_LIMIT = 60  # seconds
_LINE = re.compile(r"[0-9A-Z<]{28,46}")


def tesseract(image: RgbImage) -> dict[str, Answer]:
    """Read with Debian's English weights; what has right check digits counts as accepted. Raises pytesseract's errors."""
    return {ENGLISH: _answer(pytesseract.image_to_string(image, lang="eng", timeout=TIME_LIMIT))}


def tesseract_ocr_b(image: RgbImage) -> dict[str, Answer]:
    """Read with the weights of our second reader, without our search for the zone. Raises pytesseract's errors."""
    text = pytesseract.image_to_string(image, lang=mrz_tesseract.LANGUAGE, config=mrz_tesseract.options(), timeout=TIME_LIMIT)
    return {OCR_B: _answer(text)}


def _answer(text: str) -> Answer:
    found = _last_zone([line for line in (re.sub(r"\s", "", line) for line in text.splitlines()) if _LINE.fullmatch(line)])
    return Answer(found, digits_hold(found))


def _last_zone(lines: list[str]) -> tuple[str, ...]:
    """Return the last two or three lines that make up a zone, else the last two that look like one."""
    candidates: Iterable[tuple[str, ...]] = (tuple(lines[-count:]) for count in (3, 2))
    return next((zone for zone in candidates if mrz.recognise_format(zone)), tuple(lines[-2:]))
