"""Days as people and spreadsheets write them, taken only where nobody could mean another day."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
ABBREVIATED = 3  # letters at least
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
EITHER_FIRST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})")
NAMED_MONTH = re.compile(r"(\d{1,2})[ -]+([a-z]+)\.?[ ,-]+(\d{4})", re.IGNORECASE)
NAMED_MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)


class NotADay(ValueError):
    """The text names no day, or could name two."""


def read(text: str) -> date:
    """Return the day. Years have four digits; day and month may stand either way round only when one of them can be no month."""
    try:
        year, month, day = _parts(text)
        return date(year, month, day)
    except ValueError as error:
        ambiguous = str(error) if isinstance(error, NotADay) else ""
        raise NotADay(ambiguous or _("“%(text)s” is no date. Write it as 1990-04-17.") % {"text": text}) from error


def _parts(text: str) -> tuple[int, int, int]:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := DAY_FIRST.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := EITHER_FIRST.fullmatch(text):
        return int(found[4]), *_told_apart(int(found[1]), int(found[3]), text)
    if found := NAMED_MONTH.fullmatch(text):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := NAMED_MONTH_FIRST.fullmatch(text):
        return int(found[3]), _month(found[1]), int(found[2])
    raise ValueError


def _told_apart(first: int, second: int, text: str) -> tuple[int, int]:
    """Return month and day."""
    if first != second and max(first, second) <= len(MONTHS):
        raise NotADay(_("“%(text)s” could be two different days. Write it as 1990-04-17.") % {"text": text})
    return (second, first) if first > len(MONTHS) else (first, second)


def _month(name: str) -> int:
    if len(name) < ABBREVIATED:
        raise ValueError
    return 1 + next((place for place, month in enumerate(MONTHS) if month.startswith(name.lower())), -1)  # month 0 is none
