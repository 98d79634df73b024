"""R60, R61, R63, R64: the list of sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from sessions_app.choices import AttemptState, CaptureKind, EventKind, Outcome
from sessions_app.models import SessionEvent
from sessions_app.panel.paging import PAGE_SIZE
from sessions_app.panel.tables import SessionTable
from settings_app.models import Company
from tests import findings as given
from tests.crowd import crowd
from tests.factories import NOW, ExtraFieldFactory, SessionFactory, finished_session, store_inspected

HTMX = {"HX-Request": "true"}
QUERIES_OF_A_PAGE = 8  # login, user, company, page, extra fields, saved views, waiting reviews, alerts of drift


def test_columns_are_those_of_the_requirement() -> None:
    """R63."""
    labels = [str(column.verbose_name) for column in SessionTable.base_columns.values()]
    assert labels == ["Selfie", "First Name", "Last Name", "Date", "Document", "Liveness", "Verified", "Extra", "More"]


def test_newest_session_comes_first(panel: Client, company: Company) -> None:
    """R60."""
    for hours in (2, 0, 1):
        SessionFactory(company=company, reference=f"{hours} hours ago", now=NOW - timedelta(hours=hours))
    rows = panel.get("/sessions/").context["listing"].rows
    assert [row.created_at for row in rows] == sorted((row.created_at for row in rows), reverse=True)


def test_row_shows_person_date_in_company_time_document_and_judgement(panel: Client, company: Company) -> None:
    """R63. The company's clock is four hours ahead of UTC."""
    finished_session(company=company, now=NOW, first_name="Nino", last_name="Beridze", document_kind="ID_CARD", liveness_passed=True)
    page = panel.get("/sessions/").content.decode()
    for text in ("Nino", "Beridze", "22 Nov 2026 14:05", "ID card", "Passed", "Yes", "Approved"):
        assert text in page


def test_unidentified_person_is_shown_as_asterisks(panel: Client, company: Company) -> None:
    """R63."""
    SessionFactory(company=company)
    row = panel.get("/sessions/").context["listing"].rows[0]
    assert (row.first_name, row.last_name) == ("******", "******")


def test_extra_column_names_the_fields_when_there_are_several(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, key="phone", label="Phone", position=0)
    ExtraFieldFactory(company=company, key="branch", label="Branch", position=1)
    SessionFactory(company=company, extra_values={"branch": "Batumi", "phone": "+995 555"}, now=NOW)
    SessionFactory(company=company, extra_values={"phone": "+995 599"}, now=NOW - timedelta(hours=1))
    assert [row.extra for row in panel.get("/sessions/").context["listing"].rows] == ["Phone: +995 555; Branch: Batumi", "+995 599"]


def test_text_of_a_document_is_never_markup(panel: Client, company: Company) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    finished_session(company=company, first_name=hostile)
    page = panel.get("/sessions/", {"q": "<b>"}).content.decode() + panel.get("/sessions/").content.decode()
    assert hostile not in page
    assert escape(hostile) in page


@pytest.mark.parametrize(
    ("opened", "processing", "word"), [(False, False, "Not opened yet"), (True, False, "In progress"), (True, True, "Being checked")]
)
def test_pending_session_says_how_far_it_is(panel: Client, company: Company, opened: bool, processing: bool, word: str) -> None:
    now = timezone.now()
    session = finished_session(Outcome.PENDING, company=company, now=now, opened_at=now if opened else None)
    if processing:
        session.attempts.create(number=1, max_retries=5, submitted_at=now, state=AttemptState.PROCESSING)
    assert str(panel.get("/sessions/").context["listing"].rows[0].exact) == word


@pytest.mark.parametrize(
    ("opened", "processing", "word"), [(False, False, "Link expired"), (True, False, "Link expired"), (True, True, "Being checked")]
)
def test_expired_session_that_no_sweep_closed_does_not_look_alive(
    panel: Client, company: Company, opened: bool, processing: bool, word: str
) -> None:
    """R3: computed when read, in the list, in its menu and on the details page; whoever was in time is still being checked."""
    born = timezone.now() - timedelta(days=8)
    session = finished_session(Outcome.PENDING, company=company, now=born, opened_at=born if opened else None)
    if processing:
        session.attempts.create(number=1, max_retries=5, submitted_at=born, state=AttemptState.PROCESSING)
    assert str(panel.get("/sessions/").context["listing"].rows[0].exact) == word
    page = f"/sessions/{session.public_id}/"
    assert "Copy link" not in panel.get(f"{page}menu/").content.decode()
    assert str(panel.get(page).context["badge"].word) == ("Pending" if processing else word)


def test_row_is_printed_anew_when_its_link_expires(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company, now=timezone.now())
    live = panel.get("/sessions/").context["listing"].live
    assert panel.get(f"/sessions/rows/?{live}").status_code == 204
    company.sessions.filter(pk=session.pk).update(created_at=NOW - timedelta(days=8), expires_at=timezone.now())
    assert "Link expired" in panel.get(f"/sessions/rows/?{live}").content.decode()


def test_retaken_selfies_do_not_multiply_the_row(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company)
    old = store_inspected(session, CaptureKind.SELFIE, given.selfie())
    session.captures.filter(pk=old.pk).update(replaced_at=NOW)
    new = store_inspected(session, CaptureKind.SELFIE, given.selfie())
    rows = panel.get("/sessions/").context["listing"].rows
    assert [row.selfie_id for row in rows] == [new.public_id]


def test_names_sort_without_case_and_unidentified_people_come_last(panel: Client, company: Company) -> None:
    for name in ("beka", "", "Ana", "Čita"):
        finished_session(company=company, first_name=name)
    up = [row.first_name for row in panel.get("/sessions/?sort=first_name").context["listing"].rows]
    down = [row.first_name for row in panel.get("/sessions/?sort=-first_name").context["listing"].rows]
    assert up == ["Ana", "beka", "Čita", "******"]
    assert down == ["Čita", "beka", "Ana", "******"]


def test_header_leads_to_the_other_direction(panel: Client, company: Company) -> None:
    headers = {header.name: header for header in panel.get("/sessions/?q=a&after=x").context["listing"].headers}
    assert (headers["created_at"].direction, headers["created_at"].query) == ("descending", "q=a&sort=created_at")
    assert (headers["first_name"].direction, headers["first_name"].query) == ("", "q=a&sort=first_name")
    assert headers["verified"].query == ""


def test_page_costs_the_same_few_queries_however_many_rows(panel: Client, company: Company) -> None:
    for number in range(12):
        store_inspected(finished_session(company=company, reference=str(number)), CaptureKind.SELFIE, given.selfie())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        panel.get("/sessions/?q=")
    assert len(queries) == QUERIES_OF_A_PAGE


def test_count_stops_at_a_thousand(panel: Client, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.panel.counting.COUNTED", 26)
    crowd(company, 26)
    assert panel.get("/sessions/").context["listing"].count == "26 sessions"
    SessionFactory(company=company)
    assert panel.get("/sessions/").context["listing"].count == "26+ sessions"


def test_htmx_gets_the_live_part_alone(panel: Client, company: Company) -> None:
    fragment = panel.get("/sessions/", headers=HTMX)
    assert b"<html" not in fragment.content
    assert b'role="status"' in fragment.content
    assert "HX-Request" in fragment["Vary"]


@pytest.mark.parametrize("kind", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_are_whole(panel: Client, company: Company, kind: str) -> None:
    """R61: going back shows the list as it was, with its frame."""
    response = panel.get("/sessions/?q=nino&document=PASSPORT", headers={**HTMX, kind: "true"})
    page = response.content.decode()
    assert "<html" in page
    assert 'value="nino"' in page
    assert re.search(r'<input[^>]* value="PASSPORT"[^>]* checked', page)


def test_page_is_not_kept_by_browsers_or_proxies(panel: Client, company: Company) -> None:
    assert panel.get("/sessions/")["Cache-Control"] == "private, no-store"


def test_empty_list_and_empty_search_say_different_things(panel: Client, company: Company) -> None:
    assert "No sessions yet" in panel.get("/sessions/").content.decode()
    assert "No session matches" in panel.get("/sessions/?q=zzz").content.decode()


def test_list_shows_only_the_own_company(panel: Client, stranger: Client, company: Company) -> None:
    """R81."""
    finished_session(company=company, first_name="Nino", search_text=" nino ")
    assert len(panel.get("/sessions/?q=nino").context["listing"].rows) == 1
    assert stranger.get("/sessions/?q=nino").context["listing"].rows == []


def test_page_follows_page_without_gap_or_repetition(panel: Client, company: Company) -> None:
    total = 2 * PAGE_SIZE + 3
    for number in range(total):
        SessionFactory(company=company, now=NOW - timedelta(seconds=number // 2))  # pairs share their moment
    seen, query = [], ""
    while True:
        shown = panel.get(f"/sessions/?{query}").context["listing"]
        seen += [row.public_id for row in shown.rows]
        if not shown.older:
            break
        query = shown.older
    assert len(seen) == len(set(seen)) == total
    back = panel.get(f"/sessions/?{shown.newer}").context["listing"]
    assert [row.public_id for row in back.rows] == seen[PAGE_SIZE : 2 * PAGE_SIZE]
    first = panel.get(f"/sessions/?{back.newer}").context["listing"]
    assert [row.public_id for row in first.rows] == seen[:PAGE_SIZE]
    assert first.newer == ""


@pytest.mark.parametrize("sort", ["last_name", "-last_name"])
def test_pages_in_name_order_hold_together(panel: Client, company: Company, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    monkeypatch.setattr("sessions_app.panel.paging.PAGE_SIZE", 2)
    for name in ("Beridze", "", "beridze", "Abashidze", ""):
        finished_session(company=company, last_name=name)
    seen, query = [], f"sort={sort}"
    while query:
        shown = panel.get(f"/sessions/?{query}").context["listing"]
        seen += [row.public_id for row in shown.rows]
        query = shown.older
    assert len(seen) == len(set(seen)) == 5


def test_place_of_a_session_that_stopped_matching_is_still_known(panel: Client, company: Company) -> None:
    old = finished_session(company=company, now=NOW - timedelta(hours=2), first_name="Old", document_kind="PASSPORT")
    gone = finished_session(company=company, now=NOW - timedelta(hours=1), document_kind="ID_CARD")
    finished_session(company=company, now=NOW, document_kind="PASSPORT")
    rows = panel.get("/sessions/", {"document": "PASSPORT", "after": str(gone.public_id)}).context["listing"].rows
    assert [row.public_id for row in rows] == [old.public_id]


def test_unchanged_rows_are_left_alone(panel: Client, company: Company) -> None:
    """R64."""
    finished_session(Outcome.PENDING, company=company)
    live = panel.get("/sessions/").context["listing"].live
    assert panel.get(f"/sessions/rows/?{live}", headers=HTMX).status_code == 204


def test_row_refreshes_when_its_session_ends(panel: Client, company: Company) -> None:
    """R64: the ended row comes once more, and is not asked for again."""
    session, other = (finished_session(Outcome.PENDING, company=company, reference=name) for name in ("one", "two"))
    live = panel.get("/sessions/").context["listing"].live
    company.sessions.filter(pk=session.pk).update(outcome=Outcome.CANCELLED, closed_at=NOW)
    response = panel.get(f"/sessions/rows/?{live}", headers=HTMX)
    page = " ".join(response.content.decode().split())
    assert f'<tr id="row-{session.public_id}" hx-swap-oob="true">' in page
    assert f"row-{other.public_id}" not in page
    assert str(session.public_id) not in response.context["live"]
    assert str(other.public_id) in response.context["live"]


def test_ended_sessions_are_not_refreshed(panel: Client, company: Company) -> None:
    finished_session(Outcome.DECLINE, company=company)
    assert panel.get("/sessions/").context["listing"].live == ""


def test_rows_of_another_company_are_not_given(stranger: Client, company: Company) -> None:
    """R81."""
    session = finished_session(Outcome.PENDING, company=company)
    assert stranger.get(f"/sessions/rows/?row={session.public_id}.0").status_code == 204


@pytest.mark.parametrize("row", ["", "x", "1.2.3", "00000000-0000-0000-0000-000000000000", "%00"])
def test_nonsense_rows_are_ignored(panel: Client, company: Company, row: str) -> None:
    assert panel.get(f"/sessions/rows/?row={row}").status_code == 204


def test_looking_at_the_list_changes_nothing(panel: Client, company: Company) -> None:
    SessionFactory(company=company)
    panel.get("/sessions/")
    assert set(SessionEvent.objects.values_list("kind", flat=True)) == {EventKind.CREATED}


def test_list_where_nothing_matches_offers_to_remove_each_thing(panel: Client, company: Company) -> None:
    """R61: the search by itself, each filter by itself, or everything."""
    page = " ".join(panel.get("/sessions/?q=zzz&document=PASSPORT&level=3").content.decode().split())
    empty = page.split('class="empty"')[1]
    assert 'href="/sessions/?document=PASSPORT&amp;level=3"><span>“<bdi>zzz</bdi>”' in empty
    assert 'href="/sessions/?q=zzz&amp;level=3">Passport' in empty
    assert 'href="/sessions/">Show all sessions' in empty


def test_page_that_emptied_leads_to_the_first_one_with_the_same_filters(panel: Client, company: Company) -> None:
    """R60: the last session of the page stopped matching, or left."""
    last = finished_session(company=company, document_kind="PASSPORT")
    page = panel.get(f"/sessions/?document=PASSPORT&after={last.public_id}").content.decode()
    assert "Nothing on this page any more" in page
    assert 'href="/sessions/?document=PASSPORT">To the first page' in page


@pytest.mark.parametrize(("cookie", "is_dense"), [("dense", True), ("", False), ("narrow", False)])
def test_rows_have_the_height_that_the_browser_remembers(panel: Client, company: Company, cookie: str, is_dense: bool) -> None:
    panel.cookies["density"] = cookie
    assert ('class="results dense"' in panel.get("/sessions/").content.decode()) is is_dense
