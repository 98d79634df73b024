"""Reads the visual zone of a document with Tesseract, for comparison with the MRZ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytesseract

from checks_app.document.rectify import rectify
from checks_app.imaging import GreyImage, RgbImage
from checks_app.results import DocumentKind, Engine, Quad

ENGINE = Engine("tesseract", "2")

READING_WIDTH = 1050  # pixels of the document: print of 2 mm is then about 25 pixels high on a card
ABOVE_MRZ = 1 - 23.2 / 88  # share of a passport's data page above its MRZ (9303-4, 3.1): the zone is read elsewhere, and better
BASE_LANGUAGE = "eng"
OPTIONS = "--psm 3 -c tessedit_do_invert=0"
"""Language and options reach a command line: constants only. Mode 3 finds columns by itself; documents print dark on light."""

SURE = 60  # of 100, Tesseract's own confidence in a word
TIME_LIMIT = 20  # seconds

LANGUAGES = {
    "ALB": "sqi", "AUT": "deu", "AZE": "aze", "BEL": "fra", "BGR": "bul", "BIH": "hrv", "BLR": "bel", "BRA": "por", "CHE": "deu",
    "CZE": "ces", "DEU": "deu", "DNK": "dan", "ESP": "spa", "EST": "est", "FIN": "fin", "FRA": "fra", "GEO": "kat", "GRC": "ell",
    "HRV": "hrv", "HUN": "hun", "ISL": "isl", "ITA": "ita", "KAZ": "rus", "KGZ": "rus", "LTU": "lit", "LVA": "lav", "MDA": "ron",
    "MEX": "spa", "MKD": "mkd", "NOR": "nor", "POL": "pol", "PRT": "por", "ROU": "ron", "RUS": "rus", "SRB": "srp", "SVK": "slk",
    "SVN": "slv", "SWE": "swe", "TUR": "tur", "UKR": "ukr", "VNM": "vie",
}  # fmt: skip
"""The language beside English that a country's documents are likeliest to print; each costs time, so there is one at most."""


class TesseractMissing(Exception):
    """The tesseract program is not installed, so nothing printed can be read."""


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed, upper case, one line per piece of text, in reading order; in `surely` doubtful words are a question mark."""

    text: str = ""
    surely: str = ""


def read_print(image: RgbImage, quad: Quad, *, kind: DocumentKind, country: str = "") -> Print:
    """Read the print on a passport's data page (without its MRZ) or on the front of a card.

    image: height x width x 3, RGB. quad: the document, upright. country: ICAO code; tells which language may stand beside English.
    Nothing read within TIME_LIMIT is nothing printed. Raises TesseractMissing.
    """
    page = rectify(image, quad, READING_WIDTH).max(axis=2)  # print is dark in every channel, the coloured lines below it in one or two
    if kind is DocumentKind.PASSPORT:
        page = page[: round(page.shape[0] * ABOVE_MRZ)]
    try:
        return _lines(_recognise(np.ascontiguousarray(page), languages(country)))
    except pytesseract.TesseractNotFoundError as error:
        raise TesseractMissing("Install the package tesseract-ocr") from error
    except RuntimeError:  # pytesseract's word for a timeout
        return Print()


def languages(country: str) -> str:
    """Return the languages for documents of a country, as Tesseract wants them: English, and the country's where it is installed."""
    own = LANGUAGES.get(country, "")
    return f"{BASE_LANGUAGE}+{own}" if own in _installed() else BASE_LANGUAGE


@cache
def _installed() -> frozenset[str]:
    return frozenset(pytesseract.get_languages())


def _recognise(page: GreyImage, language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = pytesseract.image_to_data(
        page, lang=language, config=OPTIONS, timeout=TIME_LIMIT, output_type=pytesseract.Output.DICT
    )
    return found


def _lines(words: dict[str, list[str]]) -> Print:
    """Put words together into lines; a line with the filler of an MRZ is none of the print."""
    lines: dict[tuple[str, str, str], list[tuple[str, bool]]] = {}
    columns = zip(words["block_num"], words["par_num"], words["line_num"], words["text"], words["conf"], strict=True)
    for block, paragraph, line, text, confidence in columns:
        if text.strip():
            lines.setdefault((block, paragraph, line), []).append((text.strip().upper(), float(confidence) >= SURE))
    kept = [line for line in lines.values() if not any("<" in word for word, _ in line)]
    return Print(
        text="\n".join(" ".join(word for word, _ in line) for line in kept),
        surely="\n".join(" ".join(word if sure else "?" for word, sure in line) for line in kept),
    )
