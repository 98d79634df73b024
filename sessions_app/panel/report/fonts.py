"""The fonts of the report, and what they cannot show.

DejaVu covers Latin, Greek, Cyrillic, Georgian, Armenian, Hebrew and Arabic. It has no Chinese, Japanese, Korean, Thai, Ethiopic or
Indian letters: those stand as � and the report names them, because a report that leaves letters out in silence would lie.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD, MONO = "Report", "Report-Bold", "Report-Mono"
FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf", MONO: "DejaVuSansMono.ttf"}
FOLDERS = (
    Path("/usr/share/fonts/truetype/dejavu"),  # Debian, Ubuntu
    Path("/usr/share/fonts/dejavu-sans-fonts"),  # Fedora
    Path("/usr/share/fonts/dejavu-sans-mono-fonts"),
    Path("/usr/share/fonts/TTF"),  # Arch
    Path("/usr/share/fonts/dejavu"),  # Alpine
    Path("/Library/Fonts"),
    Path("/usr/local/share/fonts"),
)

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
FORMATTING = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Unicode categories without a shape of their own: marks of direction, controls, halves of pairs."""


class FontsMissing(Exception):
    """The fonts of the report are not on this machine: install the package fonts-dejavu-core."""

    def __init__(self, file: str, folders: Iterable[Path]) -> None:
        places = ", ".join(map(str, folders))
        super().__init__(f"{file} is in none of {places}. Install fonts-dejavu-core.")


@cache
def register() -> None:
    """Make the fonts known, once a process. Raises FontsMissing."""
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, _find(file)))
    for italic in (0, 1):
        addMapping(PLAIN, 0, italic, PLAIN)
        addMapping(PLAIN, 1, italic, BOLD)


def _find(file: str) -> str:
    path = next((folder / file for folder in FOLDERS if (folder / file).is_file()), None)
    if path is None:
        raise FontsMissing(file, FOLDERS)
    return str(path)


def shown(text: str) -> tuple[str, set[str]]:
    """Return the text as the fonts can show it, and the characters that they cannot. Call `register` first."""
    glyphs = pdfmetrics.getFont(PLAIN).face.charToGlyph
    letters, missing = [], set()
    for letter in unicodedata.normalize("NFC", text):
        if letter in "\n\t":
            letters.append(" " if letter == "\t" else letter)
        elif unicodedata.category(letter) not in FORMATTING:
            near = next((form for form in (letter, letter.lower(), unicodedata.normalize("NFKC", letter)) if _has_all(glyphs, form)), None)
            letters.append(near or UNKNOWN)
            missing |= set() if near else {letter}
    return "".join(letters), missing


def _has_all(glyphs: dict[int, int], text: str) -> bool:
    return all(ord(letter) in glyphs for letter in text)
