"""Finds the days that a document prints, in the ways in which documents print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checks_app.document.transliteration import plain

_MONTHS = (
    "JAN JANV ENE GEN OCAK JANEIRO", "FEB FEV FEVR SUB FEVEREIRO", "MAR MARS MAERZ MRT MRZ MARCO", "APR AVR AVRIL ABR NISAN",
    "MAY MAI MEI MAG MAIO", "JUN JUIN GIU HAZ JUNHO", "JUL JUIL LUG TEM JULHO", "AUG AOUT AGO AGU AGOSTO",
    "SEP SEPT SET EYL", "OCT OKT OTT OUT EKIM OUTUBRO", "NOV KAS", "DEC DEZ DIC DES ARA DEZEMBRO",
)  # fmt: skip
"""Months as English, French, German, Spanish, Portuguese, Italian, Dutch, Scandinavian and Turkish documents shorten them."""

_MONTH_OF = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names.split()}
_BY_NUMBER = re.compile(r"(?<![\d?])(\d{1,2})([ ./-]{1,3})(\d{1,2})([ ./-]{1,3})(\d{4})(?!\d)")
_BY_YEAR = re.compile(r"(?<![\d?])(\d{4})([./-])(\d{1,2})[./-](\d{1,2})(?!\d)")
_BY_NAME = re.compile(r"(?<![\d?])(\d{1,2})[ ./-]{0,2}([A-Z]{3,9})\.?(?:[ ./-]{1,3}[A-Z]{3,9})?[ ./-]{0,2}(\d{4})(?!\d)")


def days(text: str) -> set[date]:
    """Return every day that stands in a text of a few thousand characters. An order that allows two readings gives both."""
    found: set[date] = set()
    for line in text.splitlines():
        found.update(_in_line(_latin(line)))
    return found


def is_printed(day: date, text: str) -> bool:
    """Tell whether a day stands in a text, also with a year of two digits: too little to find an unknown day by, enough for a known one."""
    month = "|".join([f"{day:%m}", *_MONTHS[day.month - 1].split()])
    short = rf"(?<!\d){day:%d}[ ./-]{{0,3}}(?:{month})(?:[ ./-]{{1,3}}[A-Z]{{3,9}})?[ ./-]{{0,3}}{day:%y}(?!\d)"
    return day in days(text) or any(re.search(short, _latin(line)) for line in text.splitlines())


def _latin(line: str) -> str:
    return "".join(sign if sign.isascii() else plain(sign) for sign in line)


def _in_line(line: str) -> Iterator[date]:
    for match in _BY_NUMBER.finditer(line):
        first, second, year = int(match[1]), int(match[3]), int(match[5])
        yield from _valid(year, second, first)
        yield from _valid(year, first, second)
    for match in _BY_YEAR.finditer(line):
        yield from _valid(int(match[1]), int(match[3]), int(match[4]))
    for match in _BY_NAME.finditer(line):
        month = _MONTH_OF.get(match[2]) or _MONTH_OF.get(match[2][:3])
        if month:
            yield from _valid(int(match[3]), month, int(match[1]))


def _valid(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
