"""Where issuers print the holder's personal number in an MRZ, and whether it is one that they give.

The table holds what published specimens of the issuers show, for Estonia, Poland, Romania and Sweden what descriptions of their
documents say. Where that leaves no doubt about place and form, the row is `certain`, and a number against its own rule
(`python-stdnum`) is a reason to look. Elsewhere the number is shown and not judged.
Georgia's eleven digits carry no check digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.be import nn
from stdnum.bg import egn
from stdnum.cz import rc
from stdnum.ee import ik
from stdnum.es import dni
from stdnum.fi import hetu
from stdnum.hr import oib
from stdnum.is_ import kennitala
from stdnum.lt import asmens
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.tr import tckimlik
from stdnum.za import idnr

from checks_app.document.mrz_layouts import FILLER

OPTIONAL_FIELDS = ("optional_data", "optional_data_2")
_LONGEST = 44  # characters of any field


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A number as printed, with fillers inside it as hyphens. valid: None where nothing can be said."""

    text: str = ""
    valid: bool | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """How one issuer prints it. form: a run in the optional data. rule: the issuer's own check of the number."""

    form: str
    rule: Callable[[str], bool] | None = None
    certain: bool = False
    formats: tuple[str, ...] = ("TD1", "TD2", "TD3")


def _digits(count: str) -> str:
    """A run of just so many digits."""
    return rf"(?<!\d)\d{{{count}}}(?!\d)"


PLACES: dict[str, tuple[_Place, ...]] = {
    "BEL": (_Place(_digits("11"), nn.is_valid, certain=True, formats=("TD1",)),),
    "BGR": (_Place(_digits("10"), egn.is_valid),),
    "CZE": (_Place(_digits("9,10"), rc.is_valid, certain=True, formats=("TD3",)),),
    "ESP": (_Place(r"(?<![0-9A-Z])\d{8}[A-Z](?![0-9A-Z])", dni.is_valid, certain=True, formats=("TD1",)),),
    "EST": (_Place(_digits("11"), ik.is_valid, certain=True),),
    "FIN": (_Place(r"(?<!\d)\d{6}[<A-FU-Y]\d{3}[0-9A-Z]", hetu.is_valid),),
    "GEO": (_Place(_digits("11")),),
    "HRV": (_Place(_digits("11"), oib.is_valid, certain=True, formats=("TD1",)), _Place(_digits("11"), oib.is_valid)),
    "ISL": (_Place(_digits("10"), kennitala.is_valid),),
    "LTU": (_Place(_digits("11"), asmens.is_valid, certain=True),),
    "LVA": (_Place(r"(?<!\d)\d{6}<?\d{5}(?!\d)"),),
    "NLD": (_Place(_digits("9"), bsn.is_valid, certain=True),),
    "NOR": (_Place(_digits("11"), fodselsnummer.is_valid),),
    "POL": (_Place(_digits("11"), pesel.is_valid, certain=True, formats=("TD3",)),),
    "ROU": (_Place(_digits("13"), cnp.is_valid, certain=True, formats=("TD3",)),),
    "SVK": (_Place(_digits("9,10"), rc.is_valid),),
    "SWE": (_Place(_digits("12"), personnummer.is_valid, certain=True),),
    "TUR": (_Place(_digits("11"), tckimlik.is_valid),),
    "ZAF": (_Place(_digits("13"), idnr.is_valid),),
}
"""By ICAO code of the issuing state. A format that no row names falls to ELSEWHERE."""

NO_NUMBER = frozenset({"CHN", "USA"})
"""They print figures of their own there, which are no number of the person."""

ELSEWHERE = _Place(r"(?=[A-Z]*\d)[0-9A-Z]{5,}")
"""Issuers without a row: the first run of at least five characters that holds a digit."""


def find(issuing_state: str, mrz_format: str, raw: dict[str, str]) -> PersonalNumber:
    """Find the personal number in the fields of an MRZ, and judge it by its issuer's rule where that is known.

    raw: field name to characters as printed. A number that its form does not betray is not found: never a guess.
    """
    if issuing_state in NO_NUMBER:
        return PersonalNumber()
    if issuing_state == "ROU" and mrz_format == "TD2":
        return _romanian_card(raw)
    rows = [place for place in PLACES.get(issuing_state, ()) if mrz_format in place.formats or not mrz_format]
    place = rows[0] if rows else ELSEWHERE
    for name in OPTIONAL_FIELDS:
        found = re.search(place.form, raw.get(name, "")[:_LONGEST])
        if found:
            text = found.group().replace(FILLER, "-")
            return PersonalNumber(text, _verdict(place, text))
    return PersonalNumber()


def _verdict(place: _Place, text: str) -> bool | None:
    """A rule may confirm wherever the number stands; it may refuse only where the place is certain."""
    if place.rule is None:
        return None
    return True if place.rule(text) else (False if place.certain else None)


def _romanian_card(raw: dict[str, str]) -> PersonalNumber:
    """Put the number of a Romanian card together: its first digit and last six are printed, between them stands the birth date."""
    ends, born = raw.get("optional_data", "").rstrip(FILLER), raw.get("birth_date", "")
    text = ends[:1] + born + ends[1:]
    return PersonalNumber(text, True) if cnp.is_valid(text) else PersonalNumber()
