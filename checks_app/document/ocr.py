"""Reads the visual zone of a document with Tesseract, for comparing front and back of a card."""

from __future__ import annotations

import pytesseract

from checks_app.document.rectify import rectify
from checks_app.imaging import RgbImage
from checks_app.results import Engine, Quad

ENGINE = Engine("tesseract-eng", "1")

READING_WIDTH = 1100  # pixels of the document: print of 2 mm is then about 25 pixels high
LANGUAGE = "eng"  # language and options reach a command line: constants only
OPTIONS = "--psm 3"  # finds columns by itself; reads drawn cards better and faster than the modes for sparse text
TIME_LIMIT = 20  # seconds


class TesseractMissing(Exception):
    """The tesseract program is not installed, so nothing printed can be read."""


def printed_text(image: RgbImage, quad: Quad) -> str:
    """Return what is printed on the document, upper case, one line per piece of text, in reading order.

    image: height x width x 3, RGB. quad: the document, upright. Raises TesseractMissing, and RuntimeError after TIME_LIMIT.
    """
    page = rectify(image, quad, READING_WIDTH).max(axis=2)  # print is dark in every channel, the coloured lines below it in one or two
    try:
        text = pytesseract.image_to_string(page, lang=LANGUAGE, config=OPTIONS, timeout=TIME_LIMIT)
    except pytesseract.TesseractNotFoundError as error:
        raise TesseractMissing("Install the package tesseract-ocr") from error
    return "\n".join(line.strip().upper() for line in str(text).splitlines() if line.strip())
