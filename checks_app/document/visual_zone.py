"""Does a document print what its MRZ states? Field by field: it agrees, it differs, that is doubtful, or it was not seen.

OCR is weaker evidence than a check digit, so what it reads wrongly must never look like a contradiction. Signs that readers
take for one another count as equal, and only words that the OCR was sure of can differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from checks_app.document import countries
from checks_app.document.fields import YEARS_AHEAD
from checks_app.document.ocr import Print
from checks_app.document.printed_dates import days, is_printed
from checks_app.document.transliteration import has_marks, plain, spellings
from checks_app.names import Likeness, compare
from checks_app.results import DocumentFields

LONGEST_TEXT = 3000  # characters; a document prints half of it
_SHORTEST_NUMBER = 5  # characters; a shorter number stands in many texts by chance
_ENOUGH_DIGITS = 7  # that stand in a text by chance once in ten million times
_MOST_CHANGED = 2  # characters in which a number that was altered differs; beyond that it is simply another number
_ISSUED_WITHIN = 16  # years before the expiry in which a document is issued; an older day can only be the birth
_HELD_FOR = 20  # years before today in which a document that is still shown was issued
_OLDEST = 120  # years; days of other calendars lie beyond, before and after

_LOOKALIKES = str.maketrans("OQDILJ|!ZSGB€£$", "000111112568EE5")
"""Letters and digits that OCR takes for one another, each with what stands for both."""

_TAKEN_FOR = tuple(map(frozenset, ("0689CU", "147TY", "27", "3589E", "4A9", "56", "6CE", "EFPR", "HMN", "UVWY", "KRX", "CE", "8R")))
"""Signs that a blurred print can turn into each other: no agreement, and no contradiction either."""

_SURNAME_LABEL = re.compile(r"\b(SURNAME|LAST NAME|FAMILY NAME|APELLIDOS?|COGNOME|NACHNAME)\b")
_ANY_LABEL = re.compile(r"NAM|NOM|NAT|DAT|SEX|CODE|TYP|NUM|AUTH|PASS|CARD|\d|\?")


class Verdict(StrEnum):
    """What print says of one field of the MRZ."""

    AGREES = "AGREES"
    DIFFERS = "DIFFERS"
    DOUBTFUL = "DOUBTFUL"  # something else stands there, but a misreading may explain it
    NOT_SEEN = "NOT_SEEN"


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field: what the MRZ states and what print shows, both as text for people; printed is "" when nothing was seen."""

    name: str  # as in DocumentFields
    verdict: Verdict
    stated: str
    printed: str = ""


def compare_print(fields: DocumentFields, printed: Print, *, today: date) -> tuple[FieldComparison, ...]:
    """Compare every field that the MRZ states with the print. Fields that it does not state are left out.

    today: tells days that only an expiry can be. Text beyond LONGEST_TEXT is not looked at.
    """
    seen = _Seen.of(printed)
    days_stated = {day for day in (fields.birth_date, fields.expiry_date) if day}
    compared = (
        _name("last_name", fields.last_name, seen) if fields.last_name else None,
        _name("first_name", fields.first_name, seen) if fields.first_name else None,
        _number("document_number", fields.document_number, seen),
        _number("personal_number", fields.personal_number, seen),
        _day("birth_date", fields.birth_date, seen, lambda day: _only_a_birth(day, fields, today), days_stated),
        _day("expiry_date", fields.expiry_date, seen, lambda day: _only_an_expiry(day, today), days_stated),
        _word("sex", fields.sex, seen, against={"M", "F"} - {fields.sex}),
        _word("nationality", fields.nationality, seen),
    )
    return tuple(comparison for comparison in compared if comparison)


def is_confirmed(comparisons: tuple[FieldComparison, ...]) -> bool:
    """Tell whether print names the same document: its number, or its holder by surname and birth date, and nothing is amiss."""
    if {comparison.verdict for comparison in comparisons} & {Verdict.DIFFERS, Verdict.DOUBTFUL}:
        return False
    agreed = {comparison.name for comparison in comparisons if comparison.verdict is Verdict.AGREES}
    return "document_number" in agreed or {"last_name", "birth_date"} <= agreed


def restored(name: str, printed: Print) -> str:
    """Return a name of the MRZ with the accents that print shows: MUELLER becomes MÜLLER where 'Müller' is printed.

    Word by word, and only from words that the OCR was sure of. A word that is also printed without accents stays.
    """
    words = re.findall(r"[^\W\d_]+", printed.surely[:LONGEST_TEXT].upper())
    marked = {spelling: word for word in words if has_marks(word) for spelling in spellings(word)}
    return " ".join(word if word in words else marked.get(word, word) for word in name.split())


@dataclass(frozen=True, slots=True)
class _Seen:
    """The print in the forms in which it is searched."""

    lines: tuple[str, ...]  # that the OCR was sure of
    words: frozenset[str]  # in A-Z and 0-9
    sure_words: frozenset[str]
    flat: str  # everything without spaces, lookalikes as one
    text: str
    days: frozenset[date]
    sure_days: frozenset[date]

    @staticmethod
    def of(printed: Print) -> _Seen:
        text, surely = printed.text[:LONGEST_TEXT], printed.surely[:LONGEST_TEXT]
        return _Seen(
            lines=tuple(surely.splitlines()),
            words=_words(text),
            sure_words=_words(surely),
            flat=_alike("".join(re.findall("[A-Z0-9€£$|!]+", text.upper()))),
            text=text.upper(),
            days=frozenset(days(text)),
            sure_days=frozenset(days(surely)),
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(word for piece in text.split() for word in plain(piece).split())


def _alike(characters: str) -> str:
    return characters.translate(_LOOKALIKES)


def _name(name: str, stated: str, seen: _Seen) -> FieldComparison:
    """A name agrees when each of its words is printed. It differs when a label announces it and sure print says another."""
    folded = {_alike(word) for word in seen.words}
    if all(_alike(word) in folded for word in stated.split()) or _is_spelled(stated, seen.words):
        return FieldComparison(name, Verdict.AGREES, stated, stated)
    other = _labelled_surname(seen.lines) if name == "last_name" else ""
    if other and compare(other, stated).likeness is Likeness.OTHER:
        return FieldComparison(name, Verdict.DIFFERS, stated, other)
    return FieldComparison(name, Verdict.NOT_SEEN, stated)


def _is_spelled(stated: str, words: frozenset[str]) -> bool:
    return all(any(compare(printed, word).likeness is Likeness.SAME for printed in words) for word in stated.split())


def _labelled_surname(lines: tuple[str, ...]) -> str:
    """Return what stands below the label of the surname, when it is a name and no other label."""
    for label, below in pairwise(lines):
        if _SURNAME_LABEL.search(label) and len(plain(below)) > _SHORTEST_NUMBER and not _ANY_LABEL.search(below):
            return below
    return ""


def _number(name: str, stated: str, seen: _Seen) -> FieldComparison | None:
    """A number differs when a sure word is the same but for one or two characters that nobody takes for one another."""
    number = "".join(re.findall("[A-Z0-9]", stated))
    if not number:
        return None
    if any(_alike(form) in seen.flat for form in _forms(number)) or number in seen.words:
        return FieldComparison(name, Verdict.AGREES, stated, stated)
    near = [(word, form) for word in sorted(seen.words) for form in _forms(number) if _is_near(word, form)]
    for word, form in near:
        if word in seen.sure_words and _clear_changes(word, form) == _changes(word, form):
            return FieldComparison(name, Verdict.DIFFERS, stated, word)
    return FieldComparison(name, Verdict.DOUBTFUL if near else Verdict.NOT_SEEN, stated, near[0][0] if near else "")


def _is_near(word: str, number: str) -> bool:
    return len(word) == len(number) > _SHORTEST_NUMBER and _changes(word, number) <= _MOST_CHANGED


def _forms(number: str) -> list[str]:
    """The number, and without a leading letter, which OCR often takes for a sign, when enough digits are left."""
    forms = [number] if len(number) >= _SHORTEST_NUMBER else []
    return [*forms, number[1:]] if number[0].isalpha() and number[1:].isdigit() and len(number) > _ENOUGH_DIGITS else forms


def _changes(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(_alike(one), _alike(other), strict=True))


def _clear_changes(one: str, other: str) -> int:
    """Count the places where two texts of one length differ by more than a misreading."""
    pairs = zip(_alike(one), _alike(other), strict=True)
    return sum(a != b and not any({a, b} <= signs for signs in _TAKEN_FOR) for a, b in pairs)


def _day(name: str, stated: date | None, seen: _Seen, can_only_be: Callable[[date], bool], known: set[date]) -> FieldComparison | None:
    """A day differs when exactly one other sure day can only be this one, and no misreading explains it."""
    if stated is None:
        return None
    if is_printed(stated, seen.text):
        return FieldComparison(name, Verdict.AGREES, stated.isoformat(), stated.isoformat())
    others = [day for day in seen.sure_days - known if can_only_be(day)]
    if len(others) == 1 and _clear_changes(f"{others[0]:%Y%m%d}", f"{stated:%Y%m%d}"):
        return FieldComparison(name, Verdict.DIFFERS, stated.isoformat(), others[0].isoformat())
    doubtful = sorted(day for day in seen.days - known if can_only_be(day))
    if doubtful:
        return FieldComparison(name, Verdict.DOUBTFUL, stated.isoformat(), doubtful[0].isoformat())
    return FieldComparison(name, Verdict.NOT_SEEN, stated.isoformat())


def _only_a_birth(day: date, fields: DocumentFields, today: date) -> bool:
    """Tell whether a day lies too long ago to be the one on which the document was issued."""
    if fields.expiry_date is None:
        return False
    return today.year - _OLDEST <= day.year < min(fields.expiry_date.year - _ISSUED_WITHIN, today.year - _HELD_FOR)


def _only_an_expiry(day: date, today: date) -> bool:
    return today < day and day.year <= today.year + YEARS_AHEAD


def _word(name: str, stated: str, seen: _Seen, against: set[str] | None = None) -> FieldComparison | None:
    """A single letter or code agrees when it stands alone and no other does; it is too little to differ."""
    if not stated:
        return None
    country = set(plain(countries.name(stated)).split()) if countries.is_known(stated) else {stated}
    is_seen = (stated in seen.words or country <= seen.words) and not seen.words & (against or set())
    return FieldComparison(name, Verdict.AGREES if is_seen else Verdict.NOT_SEEN, stated, stated if is_seen else "")
