"""The identity that an MRZ states: from fields as printed to names, dates and codes that can be compared (R30)."""

from __future__ import annotations

import re
from datetime import date

from checks_app.document import countries, personal_numbers
from checks_app.document.mrz_layouts import FILLER
from checks_app.results import DocumentFields, DocumentKind, MrzReading

YEARS_AHEAD = 50
"""An expiry date lies at most this far in the future; two digits beyond that mean the century before."""

_KIND_BY_INITIAL = {
    "P": DocumentKind.PASSPORT,
    "I": DocumentKind.ID_CARD,
    "A": DocumentKind.ID_CARD,
    "C": DocumentKind.ID_CARD,
}


VISA_FORMATS = ("MRVA", "MRVB")


def is_visa(reading: MrzReading | None) -> bool:
    """Tell whether a zone was read with certainty and is that of a visa (9303-7)."""
    return reading is not None and reading.accepted and reading.format in VISA_FORMATS


def from_mrz(reading: MrzReading, *, today: date) -> DocumentFields:
    """Read the identity out of an MRZ; what is missing or impossible stays empty.

    reading: should be accepted; the caller decides what to show of one that is not. today: resolves two-digit years, so
    that a birth is the latest one that is not in the future, and an expiry at most YEARS_AHEAD years from today.
    Names and numbers stay in upper case, without fillers.
    """
    raw = {field.name: field.raw for field in reading.fields}
    names = raw.get("names", "")
    last_name, first_name = _split_names(names)
    issuing_state = countries.normalise(raw.get("issuing_state", ""))
    number = personal_numbers.find(issuing_state, reading.format, raw)
    return DocumentFields(
        kind=_KIND_BY_INITIAL.get(raw.get("document_code", "")[:1]),
        issuing_state=issuing_state,
        first_name=first_name,
        last_name=last_name,
        personal_number=number.text,
        document_number=raw.get("document_number", "").replace(FILLER, ""),
        birth_date=birth_date(raw.get("birth_date", ""), today),
        nationality=countries.normalise(raw.get("nationality", "")),
        sex=raw.get("sex", "") if raw.get("sex") in ("M", "F") else "",
        expiry_date=expiry_date(raw.get("expiry_date", ""), today),
        personal_number_valid=number.valid,
        names_cut=bool(names) and not names.endswith(FILLER),
    )


def _split_names(names: str) -> tuple[str, str]:
    """Split at the first double filler: the primary identifier comes first (9303-3, 4.6)."""
    primary, _, secondary = names.partition(FILLER * 2)
    return _spaced(primary), _spaced(secondary)


def _spaced(characters: str) -> str:
    return " ".join(characters.replace(FILLER, " ").split())


def birth_date(yymmdd: str, today: date) -> date | None:
    """Return the latest day that is not in the future, so nobody is older than a hundred years; None for a date that is not whole."""
    born = _dated(yymmdd, century=today.year // 100)
    if born is None or born > today:
        born = _dated(yymmdd, century=today.year // 100 - 1)
    return born


def expiry_date(yymmdd: str, today: date) -> date | None:
    """Return the latest day that lies at most YEARS_AHEAD years ahead; None for a date that is not whole or not in the calendar."""
    for century in (today.year // 100 + 1, today.year // 100, today.year // 100 - 1):
        expires = _dated(yymmdd, century=century)
        if expires is not None and expires.year <= today.year + YEARS_AHEAD:
            return expires
    return None


def _dated(yymmdd: str, *, century: int) -> date | None:
    if not re.fullmatch(r"[0-9]{6}", yymmdd):
        return None
    try:
        return date(century * 100 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None  # a 31st of February is no date in any year
