"""Codes of states and organisations."""

from __future__ import annotations

import pytest

from checks_app.document import countries
from checks_app.results import DocumentKind


@pytest.mark.parametrize(
    ("printed", "code"), [("D<<", "DEU"), ("DEU", "DEU"), ("GEO", "GEO"), ("RKS", "RKS"), ("UTO", "UTO"), ("GBN", "GBN")]
)
def test_a_printed_code_becomes_three_letters(printed: str, code: str) -> None:
    """R30."""
    assert countries.normalise(printed) == code


@pytest.mark.parametrize("printed", ["", "<<<", "QQQ", "G<<", "geo", "GEO ", "276"])
def test_a_code_that_nobody_has_becomes_empty(printed: str) -> None:
    """R30."""
    assert countries.normalise(printed) == ""


LACKED_BY_ISO = """
    GBD GBN GBO GBP GBS UNO UNA UNK XOM XXA XXB XXC XXX RKS EUE XPO XCC XBA XIM XCE XCO XEC UTO
"""


@pytest.mark.parametrize("code", LACKED_BY_ISO.split())
def test_codes_that_iso_lacks_have_a_name(code: str) -> None:
    """R30."""
    assert countries.is_known(code)
    assert countries.name(code)


def test_names_are_the_everyday_ones() -> None:
    """R30."""
    assert [countries.name(code) for code in ("GEO", "BOL", "TWN", "KOR")] == ["Georgia", "Bolivia", "Taiwan", "South Korea"]


def test_an_unknown_code_has_neither_name_nor_kinds() -> None:
    """R30."""
    with pytest.raises(KeyError):
        countries.name("QQQ")
    with pytest.raises(KeyError):
        countries.issued_kinds("QQQ")


def test_people_choose_among_issuers_by_name() -> None:
    """R47."""
    choices = countries.choices()
    names = [name for _, name in choices]
    assert names == sorted(names, key=str.casefold)
    assert {"GEO", "DEU", "UNO"} <= {code for code, _ in choices}
    assert not {"GBN", "XXA", "UTO"} & {code for code, _ in choices}


def test_utopia_can_be_chosen_only_for_demonstrations() -> None:
    """R47."""
    assert "UTO" in dict(countries.choices(with_specimen=True))


def test_an_organisation_issues_no_identity_cards() -> None:
    """R30."""
    assert countries.issued_kinds("UNO") == (DocumentKind.PASSPORT,)
    assert countries.issued_kinds("GEO") == (DocumentKind.PASSPORT, DocumentKind.ID_CARD)
