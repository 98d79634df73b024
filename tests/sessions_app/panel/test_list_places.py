"""The sizes of a page, the number of what is found, and the menu that all rows share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.choices import Outcome
from sessions_app.panel import counting, paging
from settings_app.models import Company
from tests.crowd import crowd
from tests.factories import NOW, SessionFactory, finished_session

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("asked", "rows"), [("", 25), ("?size=25", 25), ("?size=50", 50), ("?size=100", 60), ("?size=1000000", 25), ("?size=-1", 25)]
)
def test_page_has_the_size_that_is_asked_for_among_three(panel: Client, company: Company, asked: str, rows: int) -> None:
    crowd(company, 60)
    assert len(panel.get(f"/sessions/{asked}").context["listing"].rows) == rows


def test_links_keep_the_size_of_the_page(panel: Client, company: Company) -> None:
    crowd(company, 60)
    shown = panel.get("/sessions/?size=50&document=PASSPORT&document=ID_CARD").context["listing"]
    assert [(size.rows, size.query) for size in shown.sizes] == [
        (25, "size=25&document=PASSPORT&document=ID_CARD"),
        (50, ""),
        (100, "size=100&document=PASSPORT&document=ID_CARD"),
    ]
    assert all("size=50" in header.query for header in shown.headers if header.query)


def test_changing_the_size_begins_at_the_first_page(panel: Client, company: Company) -> None:
    crowd(company, 60)
    second = panel.get("/sessions/?" + panel.get("/sessions/").context["listing"].older).context["listing"]
    assert all("after" not in size.query for size in second.sizes)


@pytest.fixture
def cheap_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED", 20)
    monkeypatch.setattr(counting, "FEW", 2)
    monkeypatch.setattr(paging, "WINDOW", 30)


@pytest.mark.usefixtures("cheap_counting")
def test_number_that_is_cut_off_can_be_asked_for(panel: Client, company: Company) -> None:
    crowd(company, 60)
    page = panel.get("/sessions/").content.decode()
    assert "20+ sessions" in page
    assert 'href="/sessions/count/?"' in page
    answer = panel.get("/sessions/count/", headers=HTMX).content.decode()
    assert "60 sessions" in answer
    assert "<html" not in answer
    assert "/sessions/count/" not in answer


@pytest.mark.usefixtures("cheap_counting")
def test_number_of_a_search_is_that_of_its_filters(panel: Client, stranger: Client, company: Company) -> None:
    """R81: strangers count their own."""
    for number in range(80):
        finished_session(
            Outcome.DECLINE if number % 2 else Outcome.APPROVE,
            company=company,
            now=NOW - timedelta(hours=number),
            search_text=" nino beridze ",
            document_kind="PASSPORT",
        )
    asked = "q=nin&document=PASSPORT&status=failed"
    assert panel.get(f"/sessions/?{asked}").context["listing"].count == "15+ sessions"
    assert panel.get(f"/sessions/count/?{asked}").context["count"] == "40 sessions"
    assert stranger.get(f"/sessions/count/?{asked}").context["count"] == "0 sessions"


def test_number_that_is_known_is_not_offered_again(panel: Client, company: Company) -> None:
    SessionFactory(company=company)
    assert "/sessions/count/" not in panel.get("/sessions/").content.decode()


def test_page_of_the_number_leads_back_without_scripts(panel: Client, company: Company) -> None:
    page = panel.get("/sessions/count/?q=nino&status=failed").content.decode()
    assert "<html" in page
    assert 'href="/sessions/?q=nino&amp;status=failed"' in page


def test_rows_share_one_menu(panel: Client, company: Company) -> None:
    crowd(company, 25)
    page = panel.get("/sessions/", headers=HTMX).content.decode()
    assert page.count("popover") == 1
    assert "<form" not in page


def test_menu_of_an_open_session_offers_its_link(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company)
    menu = panel.get(f"/sessions/{session.public_id}/menu/").content.decode()
    for address in ("", "link/", "cancel/"):
        assert f'"/sessions/{session.public_id}/{address}"' in menu


def test_menu_of_an_ended_session_leads_to_its_details_alone(panel: Client, company: Company) -> None:
    session = finished_session(company=company)
    menu = panel.get(f"/sessions/{session.public_id}/menu/").content.decode()
    assert f'"/sessions/{session.public_id}/"' in menu
    assert "link/" not in menu


def test_row_without_scripts_leads_to_the_details(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company)
    page = panel.get("/sessions/").content.decode()
    assert page.count(f'href="/sessions/{session.public_id}/"') == 2  # the row, and the button of its menu


def test_refreshing_rows_costs_one_query_for_all_of_them(panel: Client, company: Company) -> None:
    """R64: asked for every few seconds by every list that is open."""
    for number in range(12):
        finished_session(Outcome.PENDING, company=company, reference=str(number))
    live = panel.get("/sessions/").context["listing"].live
    with CaptureQueriesContext(connection) as queries:
        assert panel.get(f"/sessions/rows/?{live}", headers=HTMX).status_code == 204
    assert len(queries) == 5  # login, user, company, rows, extra fields
