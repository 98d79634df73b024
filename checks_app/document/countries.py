"""States and organisations that issue machine-readable documents: ICAO 9303-3 (section 5) codes on top of ISO 3166."""

from __future__ import annotations

from functools import cache

import pycountry

from checks_app.results import DocumentKind

SPECIMEN = "UTO"
"""Utopia: printed on specimens and test documents, never on a real one."""

_ORGANISATIONS = {
    "EUE": "European Union",
    "UNA": "United Nations agency",
    "UNK": "United Nations Mission in Kosovo",
    "UNO": "United Nations",
    "XBA": "African Development Bank",
    "XCC": "Caribbean Community",
    "XCE": "Council of Europe",
    "XCO": "Common Market for Eastern and Southern Africa",
    "XEC": "Economic Community of West African States",
    "XIM": "African Export-Import Bank",
    "XOM": "Sovereign Military Order of Malta",
    "XPO": "INTERPOL",
}
_STATES_BEYOND_ISO = {"RKS": "Kosovo"}
_NATIONALITIES_ONLY = {
    "GBD": "British Overseas Territories citizen",
    "GBN": "British National (Overseas)",
    "GBO": "British Overseas citizen",
    "GBP": "British protected person",
    "GBS": "British subject",
    "XXA": "Stateless person",
    "XXB": "Refugee (1951 Convention)",
    "XXC": "Refugee (other)",
    "XXX": "Unspecified nationality",
}
_PRINTED_SHORT = {"D": "DEU"}
"""Germany prints one letter; everywhere else in the product it is the ISO code, so that codes can be compared."""


def normalise(code: str) -> str:
    """Turn a code as printed in an MRZ ('D<<', 'GEO') into three letters; '' when no state or organisation has it."""
    stripped = code.rstrip("<")
    known = _PRINTED_SHORT.get(stripped, stripped)
    return known if is_known(known) else ""


def is_known(code: str) -> bool:
    """Tell whether a three-letter code names a state, an organisation or a nationality of ICAO 9303-3."""
    return code in _names()


def name(code: str) -> str:
    """Return the English name for a three-letter code; raises KeyError for an unknown one."""
    return _names()[code]


def name_or_code(code: str) -> str:
    """Return the English name for a three-letter code, and whatever else stands there as it is."""
    return _names().get(code, code)


def printed_codes() -> tuple[str, ...]:
    """Return every code as it stands in an MRZ, three characters with fillers, in alphabetical order."""
    printed = _names().keys() | _PRINTED_SHORT.keys()
    return tuple(sorted(code.ljust(3, "<") for code in printed))


@cache
def choices(*, with_specimen: bool = False) -> tuple[tuple[str, str], ...]:
    """Return (code, English name) of everyone who issues documents, by name, for a person to choose from.

    with_specimen: also Utopia, for demonstrations and tests.
    """
    issuers = _names().keys() - _NATIONALITIES_ONLY.keys() - (set() if with_specimen else {SPECIMEN})
    return tuple(sorted(((code, _names()[code]) for code in issuers), key=lambda choice: choice[1].casefold()))


def issued_kinds(code: str) -> tuple[DocumentKind, ...]:
    """Return which kinds of document an issuer may give: organisations give laissez-passers only, in passport form.

    Whether a state really has an identity card with an MRZ is not modelled: the reading decides. Raises KeyError.
    """
    if code not in _names():
        raise KeyError(code)
    if code in _ORGANISATIONS or code in _NATIONALITIES_ONLY:
        return (DocumentKind.PASSPORT,)
    return (DocumentKind.PASSPORT, DocumentKind.ID_CARD)


@cache
def _names() -> dict[str, str]:
    iso = {country.alpha_3: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return iso | _ORGANISATIONS | _STATES_BEYOND_ISO | _NATIONALITIES_ONLY | {SPECIMEN: "Utopia (specimen)"}
