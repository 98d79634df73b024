"""The database that the panel is measured on: it must be one that the product itself could have filled."""

from __future__ import annotations

import pytest

from benchmarks import million
from sessions_app.models import VerificationSession
from sessions_app.search import search_text
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory

ROWS = 500

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled() -> None:
    million.fill(rows=ROWS, now=NOW)


def test_six_of_ten_sessions_belong_to_the_largest_company(filled: None) -> None:
    assert VerificationSession.objects.count() == ROWS
    assert Company.objects.get(name=million.LARGEST).sessions.count() == ROWS * 6 // 10


def test_every_session_is_found_by_the_products_own_rule(filled: None) -> None:
    """R61: what SQL wrote for searching is what `search_text` makes of the same names and numbers, in every script."""
    columns = ("first_name", "last_name", "personal_number", "document_number", "search_text")
    sessions = list(VerificationSession.objects.values_list(*columns))
    assert [stored for *_, stored in sessions] == [search_text(*given) for *given, _ in sessions]


def test_companies_that_are_there_are_left_alone() -> None:
    CompanyFactory()
    with pytest.raises(million.NotEmpty):
        million.fill(rows=ROWS, now=NOW)
