"""A CSV file as spreadsheets of every country write it, read into cells: any encoding and separator that is in use."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

SEPARATORS = ",;\t"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel itself begin, new and old."""

MOST_COLUMNS = 200
ANNOUNCED = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
"""A first line with which some programs name their separator."""

WORD = re.compile(r"[^\W\d_]+")


class NotReadable(ValueError):
    """The file is no table of text; says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file, numbered as a spreadsheet does, with its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read. encoding: for people, so that they see when names came out wrong."""

    header: list[str]
    lines: list[Line]
    encoding: str


def read(content: bytes, *, is_known: Callable[[str], bool], most: int) -> Sheet:
    """Read a file, or its first `most` rows that hold anything. Raises NotReadable.

    Of the separators, that one is meant which parts the first line into most known columns.
    """
    text, encoding = decoded(content)
    first, _sep, rest = text.partition("\n")
    announced = ANNOUNCED.fullmatch(first.strip())
    text, skipped = (rest, 1) if announced else (text, 0)
    separator = announced[1] if announced else max(SEPARATORS, key=lambda one: sum(map(is_known, _header(text, one))))
    filled = (line for line in _lines(text, separator, start=1 + skipped) if any(line.cells))
    header = next(filled, None)
    if header is None:
        raise NotReadable(_("The file is empty."))
    if len(header.cells) > MOST_COLUMNS:
        raise NotReadable(_("The first row, which names the columns, has too many cells."))
    return Sheet(header.cells, list(islice(filled, most)), encoding)


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding. Raises NotReadable."""
    if content.startswith(WORKBOOKS):
        raise NotReadable(_("This is an Excel workbook. Save it as “CSV UTF-8” and choose that file."))
    if content.startswith(UTF16_MARKS):
        return _strictly(content, "utf-16", "UTF-16")
    if b"\x00" in content:
        return _strictly(content, "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be", "UTF-16")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), "UTF-8"
    return _strictly(content, "cp1251", "Windows-1251") if _is_cyrillic(content) else _strictly(content, "cp1252", "Windows-1252")


def _strictly(content: bytes, encoding: str, name: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), name
    except UnicodeDecodeError as error:
        raise NotReadable(_("The file cannot be read as text. Save it as “CSV UTF-8” and choose that file.")) from error


def _is_cyrillic(content: bytes) -> bool:
    """Of the two one-byte encodings in use here: read as Cyrillic, a Western word would mix both alphabets.

    Detectors that guess by frequency need more text than a few names.
    """
    words = [word for word in WORD.findall(content.decode("cp1251", errors="replace")) if not word.isascii()]
    return sum(not re.search("[A-Za-z]", word) for word in words) * 2 > len(words)


def _header(text: str, separator: str) -> list[str]:
    with suppress(NotReadable):
        return next((line.cells[:MOST_COLUMNS] for line in _lines(text, separator, start=1) if any(line.cells)), [])
    return []


def _lines(text: str, separator: str, *, start: int) -> Iterator[Line]:
    number = start
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=start):
            yield Line(number, [cell.strip() for cell in cells])
    except csv.Error as error:
        raise NotReadable(_("The file cannot be read after row %(row)s: a quotation mark is not closed.") % {"row": number}) from error
