"""R61: search in any script, from the first character."""

from __future__ import annotations

import pytest

from sessions_app import search
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests.factories import CompanyFactory, finished_session

PEOPLE = {
    "nino": ("Nino", "Beridze", "01001012345", "12AB34567"),
    "jose": ("José María", "Fernández", "Y1234567X", "PAA123456"),
    "georgian": ("ნინო", "ბერიძე", "01002054321", "13CD00001"),
    "cyrillic": ("Семён", "Королёв", "77-01 123456", "45 09 876543"),
    "polish": ("Łukasz", "O’Brien-Wiśniewski", "90010112345", "ZE8000123"),
    "turkish": ("Işıl", "İnönü", "10000000146", "U12345678"),
}


@pytest.fixture
def company(db: None) -> Company:
    company = CompanyFactory()
    for reference, person in PEOPLE.items():
        names = dict(zip(("first_name", "last_name", "personal_number", "document_number"), person, strict=True))
        finished_session(Outcome.APPROVE, company=company, reference=reference, search_text=search.search_text(*person), **names)
    return company


def found(company: Company, text: str) -> set[str]:
    return set(search.matching(company.sessions.all(), text).values_list("reference", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n", {"nino"}),
        ("N", {"nino"}),
        ("be", {"nino"}),
        ("ბ", {"georgian"}),
        ("К", {"cyrillic"}),
        ("nino beridze", {"nino"}),
        ("beridze  nino", {"nino"}),
        ("eridz", {"nino"}),
        ("JOSE", {"jose"}),
        ("jose\u0301 fernández", {"jose"}),
        ("ნინო", {"georgian"}),
        ("ᲜᲘᲜᲝ", {"georgian"}),
        ("СЕМЕН", {"cyrillic"}),
        ("королев", {"cyrillic"}),
        ("lukasz", {"polish"}),
        ("obrien", {"polish"}),
        ("O'Brien", {"polish"}),
        ("wi", {"polish"}),
        ("isil inonu", {"turkish"}),
        ("ＮＩＮＯ", {"nino"}),
        ("01001012345", {"nino"}),
        ("0100", {"nino", "georgian"}),
        ("12345", {"nino", "jose", "cyrillic", "polish", "turkish"}),
        ("12ab34567", {"nino"}),
        ("7701123456", {"cyrillic"}),
        ("77-01 123456", {"cyrillic"}),
        ("4509", {"cyrillic"}),
        ("nino zzz", set()),
    ],
)
def test_search_finds_by_word_start_and_from_three_characters_inside(company: Company, text: str, expected: set[str]) -> None:
    """R61."""
    assert found(company, text) == expected


def test_two_characters_match_word_starts_only(company: Company) -> None:
    """R61: 'in' is inside Nino, but starts only İnönü."""
    assert found(company, "in") == {"turkish"}


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_blank_search_keeps_everything(company: Company, text: str) -> None:
    assert len(found(company, text)) == len(PEOPLE)


@pytest.mark.parametrize("text", ["---", "%", "_", "'", "*****", "。、"])
def test_search_without_letter_or_digit_finds_nothing(company: Company, text: str) -> None:
    """R61: neither everything nor a slow scan of everything."""
    assert search.matching(VerificationSession.objects.all(), text).query.is_empty()


def test_wildcards_inside_a_word_are_no_wildcards(company: Company) -> None:
    assert found(company, "n%o") == set()


def test_vowel_signs_stay_in_their_word() -> None:
    assert len(search.normalise("हिन्दी")) == 1


def test_unidentified_people_have_no_search_text() -> None:
    assert search.search_text("", "", "", "") == ""
