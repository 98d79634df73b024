"""Where each field stands in a machine-readable zone (ICAO 9303 parts 4 to 7), as data for parsing and for decoding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILLER = "<"
CHARACTERS = DIGITS + LETTERS + FILLER
"""The 37 characters of an MRZ. Their order is also the order of the classifier's classes."""


class MrzFormat(StrEnum):
    """Sizes of machine-readable documents: cards, larger cards, booklets, and visas of the two larger sizes."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRVA"
    MRVB = "MRVB"


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """Columns `start` to `end` (exclusive, from 0) of line `line`; `check_at` is the column of the field's check digit.

    alphabet: characters that the field may hold; initials: those that it may begin with, when they are fewer.
    """

    name: str
    line: int
    start: int
    end: int
    alphabet: str = CHARACTERS
    initials: str = ""
    check_at: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All fields of one format, in the order in which they are printed.

    composite_spans: (line, start, end) of what the composite check digit covers, in its order; empty for visas.
    composite_at: (line, column) of the composite check digit.
    number_may_overflow: a long document number continues in the optional data (9303-5 and 9303-6, 4.2.2).
    """

    format: MrzFormat
    lines: int
    width: int
    fields: tuple[FieldLayout, ...]
    composite_spans: tuple[tuple[int, int, int], ...] = ()
    composite_at: tuple[int, int] | None = None
    number_may_overflow: bool = False

    def field(self, name: str) -> FieldLayout:
        """Return the field called `name`; raises KeyError when the format has none."""
        for layout in self.fields:
            if layout.name == name:
                return layout
        raise KeyError(name)


DOCUMENT_INITIALS = "PVIAC"
"""Passports, visas, and the three letters that cards may begin with (9303-4 to 9303-7, 4.2.2)."""

STATES = ("issuing_state", "nationality")
"""Fields that hold the code of a state or organisation."""

_NAME = LETTERS + FILLER
_DATE = DIGITS + FILLER  # unknown parts of a date of birth are fillers (9303-3, 4.8)
_SEX = "MFX" + FILLER


def _head() -> tuple[FieldLayout, ...]:
    return (
        FieldLayout("document_code", 0, 0, 2, _NAME, DOCUMENT_INITIALS),
        FieldLayout("issuing_state", 0, 2, 5, _NAME),
    )


def _two_lines(width: int, optional_end: int, optional_check: int | None = None) -> tuple[FieldLayout, ...]:
    return (
        *_head(),
        FieldLayout("names", 0, 5, width, _NAME),
        FieldLayout("document_number", 1, 0, 9, check_at=9),
        FieldLayout("nationality", 1, 10, 13, _NAME),
        FieldLayout("birth_date", 1, 13, 19, _DATE, check_at=19),
        FieldLayout("sex", 1, 20, 21, _SEX),
        FieldLayout("expiry_date", 1, 21, 27, _DATE, check_at=27),
        FieldLayout("optional_data", 1, 28, optional_end, check_at=optional_check),
    )


LAYOUTS = {
    MrzFormat.TD1: Layout(
        format=MrzFormat.TD1,
        lines=3,
        width=30,
        fields=(
            *_head(),
            FieldLayout("document_number", 0, 5, 14, check_at=14),
            FieldLayout("optional_data", 0, 15, 30),
            FieldLayout("birth_date", 1, 0, 6, _DATE, check_at=6),
            FieldLayout("sex", 1, 7, 8, _SEX),
            FieldLayout("expiry_date", 1, 8, 14, _DATE, check_at=14),
            FieldLayout("nationality", 1, 15, 18, _NAME),
            FieldLayout("optional_data_2", 1, 18, 29),
            FieldLayout("names", 2, 0, 30, _NAME),
        ),
        composite_spans=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
        composite_at=(1, 29),
        number_may_overflow=True,
    ),
    MrzFormat.TD2: Layout(
        format=MrzFormat.TD2,
        lines=2,
        width=36,
        fields=_two_lines(36, 35),
        composite_spans=((1, 0, 10), (1, 13, 20), (1, 21, 35)),
        composite_at=(1, 35),
        number_may_overflow=True,
    ),
    MrzFormat.TD3: Layout(
        format=MrzFormat.TD3,
        lines=2,
        width=44,
        fields=_two_lines(44, 42, 42),
        composite_spans=((1, 0, 10), (1, 13, 20), (1, 21, 43)),
        composite_at=(1, 43),
    ),
    MrzFormat.MRVA: Layout(format=MrzFormat.MRVA, lines=2, width=44, fields=_two_lines(44, 44)),
    MrzFormat.MRVB: Layout(format=MrzFormat.MRVB, lines=2, width=36, fields=_two_lines(36, 36)),
}
