"""R50: many sessions that nobody has counted yet, after an update or in another time zone, hold no page up."""

from __future__ import annotations

import pytest
from django.test import Client

from sessions_app import sweeps
from sessions_app.metrics import recount
from settings_app.models import Company
from tests.factories import NOW, finished_session

PAGE = "/metrics/?market=GEO&device=PC"
DAYS = "/metrics/?from_day=2026-01-01"


@pytest.fixture(autouse=True)
def crowded(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """One session more than a page counts by itself."""
    monkeypatch.setattr(recount, "MOST_AT_ONCE", 1)
    for _ in range(2):
        finished_session(company=company)


def test_page_says_that_it_is_being_counted_and_asks_again_for_the_same(panel: Client) -> None:
    page = panel.get(PAGE).content.decode()
    assert 'hx-get="/metrics/?market=GEO&amp;device=PC"' in page[page.index("Your sessions are being counted") - 300 :]


def test_page_leaves_the_count_to_the_sweep(company: Company, panel: Client) -> None:
    panel.get(PAGE)
    assert Company.objects.get(pk=company.pk).counted_zone == ""


def test_figures_come_as_soon_as_the_sweep_was_there(panel: Client) -> None:
    sweeps.catch_up(now=NOW)
    assert "2 finished sessions" in panel.get(DAYS).content.decode()


def test_few_sessions_are_counted_at_once(panel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "MOST_AT_ONCE", 2)
    assert "2 finished sessions" in panel.get(DAYS).content.decode()


def test_table_that_is_not_counted_yet_leads_to_the_page(panel: Client) -> None:
    assert panel.get("/metrics/table.csv?table=markets").headers.get("Location") == "/metrics/"
