"""What is wrong with each field of a machine-readable zone as it was read (ICAO 9303-3 and parts 4 to 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks_app.document import countries
from checks_app.document.fields import birth_date, expiry_date
from checks_app.document.mrz_layouts import CHARACTERS, DIGITS, DOCUMENT_INITIALS, FILLER, LETTERS
from checks_app.results import MrzField, MrzReading

UNSURE_CHECKED, UNSURE_UNCHECKED = 0.65, 0.85
"""Probability of a field's least sure character below which it may be another; more is asked where no check digit speaks for it."""

_ALLOWED = {
    "document_code": LETTERS + FILLER,
    "issuing_state": LETTERS + FILLER,
    "names": LETTERS + FILLER,
    "nationality": LETTERS + FILLER,
    "birth_date": DIGITS + FILLER,
    "expiry_date": DIGITS + FILLER,
    "sex": "MFX" + FILLER,  # 9303 wants the filler for X; several states print the X
    "composite": DIGITS,
}
_MAY_BE_EMPTY = frozenset({"sex", "optional_data", "optional_data_2"})
_UNKNOWN_PARTS = re.compile(r"(\d\d|<<)(0[1-9]|1[0-2]|<<|00)(0[1-9]|[12]\d|3[01]|<<|00)")
"""A birth date of which a part is unknown: fillers (9303-3, 4.8), or zeros as some states print them."""


class FaultKind(StrEnum):
    """What can be wrong with a field. UNSURE says something of the reading, the others of what is printed."""

    CHECK_DIGIT_WRONG = "CHECK_DIGIT_WRONG"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    IMPOSSIBLE_DATE = "IMPOSSIBLE_DATE"
    NOT_ALLOWED_CHARACTER = "NOT_ALLOWED_CHARACTER"
    EMPTY = "EMPTY"
    UNSURE = "UNSURE"


IMPOSSIBLE = frozenset({FaultKind.UNKNOWN_CODE, FaultKind.IMPOSSIBLE_DATE, FaultKind.NOT_ALLOWED_CHARACTER, FaultKind.EMPTY})
"""Faults that no second picture mends: the zone says something that no issuer prints."""


@dataclass(frozen=True, slots=True)
class MrzFault:
    """One fault of one field, called as in `mrz.parse`."""

    field: str
    kind: FaultKind


def faults(reading: MrzReading, *, today: date) -> tuple[MrzFault, ...]:
    """Return everything that is wrong, field by field in the order of the zone.

    today: resolves two-digit years. A field that the format does not have, or that `reading` lacks, has no fault.
    """
    return tuple(MrzFault(part.name, kind) for part in reading.fields for kind in _faults_of(part, reading, today))


def _faults_of(part: MrzField, reading: MrzReading, today: date) -> Iterator[FaultKind]:
    if part.check_digit_ok is False:
        yield FaultKind.CHECK_DIGIT_WRONG
    if not set(part.raw) <= set(_ALLOWED.get(part.name, CHARACTERS)):
        yield FaultKind.NOT_ALLOWED_CHARACTER
    elif not part.raw.strip(FILLER):
        if part.name not in _MAY_BE_EMPTY:
            yield FaultKind.EMPTY
    elif part.name in _RULES:
        kind, holds = _RULES[part.name]
        if not holds(part.raw, reading, today):
            yield kind
    unsure_below = UNSURE_UNCHECKED if part.check_digit_ok is None else UNSURE_CHECKED
    if part.confidence < unsure_below or part.agreed is False:
        yield FaultKind.UNSURE


def _known_document(raw: str, reading: MrzReading, today: date) -> bool:
    initials = {"TD3": "P", "MRVA": "V", "MRVB": "V"}.get(reading.format, DOCUMENT_INITIALS.replace("V", ""))
    return raw[0] in initials


def _known_state(raw: str, reading: MrzReading, today: date) -> bool:
    return bool(countries.normalise(raw))


def _possible_birth(raw: str, reading: MrzReading, today: date) -> bool:
    partial = FILLER in raw or raw[2:4] == "00" or raw[4:] == "00"
    return bool(_UNKNOWN_PARTS.fullmatch(raw)) if partial else birth_date(raw, today) is not None


def _possible_expiry(raw: str, reading: MrzReading, today: date) -> bool:
    return expiry_date(raw, today) is not None


_RULES: dict[str, tuple[FaultKind, Callable[[str, MrzReading, date], bool]]] = {
    "document_code": (FaultKind.UNKNOWN_CODE, _known_document),
    "issuing_state": (FaultKind.UNKNOWN_CODE, _known_state),
    "nationality": (FaultKind.UNKNOWN_CODE, _known_state),
    "birth_date": (FaultKind.IMPOSSIBLE_DATE, _possible_birth),
    "expiry_date": (FaultKind.IMPOSSIBLE_DATE, _possible_expiry),
}
