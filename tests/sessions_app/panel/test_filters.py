"""R62: every filter with its edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from sessions_app.choices import Outcome
from settings_app.models import Company
from tests.factories import finished_session


def references(panel: Client, **query: Any) -> set[str]:
    response = panel.get("/sessions/", query)
    assert response.status_code == 200
    shown = {row.public_id for row in response.context["listing"].rows}
    company: Company = response.wsgi_request.company  # type: ignore[attr-defined]
    return set(company.sessions.filter(public_id__in=shown).values_list("reference", flat=True))


def test_document_filter_takes_passport_card_or_both(panel: Client, company: Company) -> None:
    """R62. Before the checks read a document, the user's choice counts."""
    finished_session(company=company, reference="passport", document_kind="PASSPORT", chosen_document="ID_CARD")
    finished_session(company=company, reference="card", document_kind="ID_CARD")
    finished_session(Outcome.PENDING, company=company, reference="chosen card", chosen_document="ID_CARD")
    finished_session(Outcome.PENDING, company=company, reference="nothing yet")
    assert references(panel, document="PASSPORT") == {"passport"}
    assert references(panel, document="ID_CARD") == {"card", "chosen card"}
    assert references(panel, document=["PASSPORT", "ID_CARD"]) == {"passport", "card", "chosen card"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (["success"], {"APPROVE"}),
        (["failed"], {"DECLINE", "ABANDONED", "EXPIRED", "CANCELLED"}),
        (["success", "failed"], {"APPROVE", "DECLINE", "ABANDONED", "EXPIRED", "CANCELLED"}),
        ([], set(Outcome.values)),
    ],
)
def test_status_filter_follows_verified(panel: Client, company: Company, status: list[str], expected: set[str]) -> None:
    """R62, R63."""
    for outcome in Outcome:
        finished_session(outcome, company=company, reference=outcome.value)
    assert references(panel, status=status) == expected


@pytest.mark.parametrize(
    ("spoof", "expected"),
    [
        (["digital_spoof"], {"spoof", "all"}),
        (["not_full_id"], {"partial", "all"}),
        (["low_far"], {"low", "all"}),
        (["digital_spoof", "low_far"], {"spoof", "low", "all"}),
        (["digital_spoof", "not_full_id", "low_far"], {"spoof", "partial", "low", "all"}),
    ],
)
def test_several_possible_spoofs_mean_any_of_them(panel: Client, company: Company, spoof: list[str], expected: set[str]) -> None:
    """R62."""
    finished_session(company=company, reference="clean")
    finished_session(company=company, reference="spoof", digital_spoof=True)
    finished_session(company=company, reference="partial", not_full_id=True)
    finished_session(company=company, reference="low", low_far=True)
    finished_session(company=company, reference="all", digital_spoof=True, not_full_id=True, low_far=True)
    assert references(panel, spoof=spoof) == expected


MIDNIGHT_IN_TBILISI = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)  # 10 March 00:00 there
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"from_day": "2026-03-10"}, {"first second", "last second", "next day"}),
        ({"to_day": "2026-03-10"}, {"day before", "first second", "last second"}),
        ({"from_day": "2026-03-10", "to_day": "2026-03-10"}, {"first second", "last second"}),
        ({"from_day": "2026-03-11", "to_day": "2026-03-10"}, set()),
        ({"from_day": "0001-01-01", "to_day": "9999-12-31"}, {"day before", "first second", "last second", "next day"}),
    ],
)
def test_both_days_of_a_range_are_included_in_the_companys_time_zone(
    panel: Client, company: Company, query: dict[str, str], expected: set[str]
) -> None:
    """R62."""
    moments = {
        "day before": MIDNIGHT_IN_TBILISI - SECOND,
        "first second": MIDNIGHT_IN_TBILISI,
        "last second": MIDNIGHT_IN_TBILISI + timedelta(days=1) - SECOND,
        "next day": MIDNIGHT_IN_TBILISI + timedelta(days=1),
    }
    for reference, moment in moments.items():
        finished_session(company=company, reference=reference, now=moment)
    assert references(panel, **query) == expected


def test_outcome_and_market_filter_exactly(panel: Client, company: Company) -> None:
    finished_session(Outcome.REVIEW, company=company, reference="review georgia", market="GEO")
    finished_session(Outcome.REVIEW, company=company, reference="review spain", market="ESP")
    finished_session(Outcome.PENDING, company=company, reference="pending georgia", market="GEO")
    assert references(panel, outcome="REVIEW") == {"review georgia", "review spain"}
    assert references(panel, market="GEO") == {"review georgia", "pending georgia"}
    assert references(panel, outcome=["REVIEW"], market="GEO") == {"review georgia"}


@pytest.mark.parametrize(("level", "expected"), [(["0"], {"zero"}), (["7"], {"seven"}), (["0", "7"], {"zero", "seven"}), (["3"], set())])
def test_level_filter_is_exact_and_knows_nought_from_nothing(panel: Client, company: Company, level: list[str], expected: set[str]) -> None:
    finished_session(company=company, reference="zero", match_level=0)
    finished_session(company=company, reference="seven", match_level=7)
    finished_session(company=company, reference="none")
    assert references(panel, level=level) == expected


def test_status_and_exact_outcome_must_both_hold(panel: Client, company: Company) -> None:
    for outcome in (Outcome.APPROVE, Outcome.DECLINE, Outcome.EXPIRED):
        finished_session(outcome, company=company, reference=outcome.value)
    assert references(panel, status="failed", outcome=["DECLINE", "APPROVE"]) == {"DECLINE"}
    assert references(panel, status="success", outcome=["DECLINE"]) == set()


def test_search_and_filters_apply_together(panel: Client, company: Company) -> None:
    """R61."""
    finished_session(company=company, reference="found", search_text=" nino beridze ", document_kind="PASSPORT")
    finished_session(company=company, reference="other document", search_text=" nino beridze ", document_kind="ID_CARD")
    finished_session(company=company, reference="other name", search_text=" ana ", document_kind="PASSPORT")
    assert references(panel, q="nin", document="PASSPORT") == {"found"}


@pytest.mark.parametrize(
    "query",
    [
        {"document": "TRAIN_TICKET"},
        {"from_day": "yesterday"},
        {"market": "Atlantis"},
        {"level": "8"},
        {"sort": "outcome; DROP TABLE"},
        {"after": "1"},
        {"before": "not-an-id"},
        {"q": "\x00"},
        {"q": "x" * 500},
    ],
)
def test_nonsense_in_the_address_is_ignored(panel: Client, company: Company, query: dict[str, str]) -> None:
    finished_session(company=company, reference="still there")
    assert references(panel, **query) == {"still there"}


def test_each_active_filter_has_a_chip_that_removes_it_alone(panel: Client, company: Company) -> None:
    response = panel.get("/sessions/?q=nino&document=PASSPORT&document=ID_CARD&from_day=2026-03-10&market=GEO&after=x")
    chips = {str(chip.label): chip.query for chip in response.context["listing"].chips}
    assert list(chips) == ["Passport", "ID card", "From 10 Mar 2026", "Georgia"]
    assert chips["Passport"] == "q=nino&document=ID_CARD&from_day=2026-03-10&market=GEO"
    assert chips["From 10 Mar 2026"] == "q=nino&document=PASSPORT&document=ID_CARD&market=GEO"
