"""How the database answers the list: by which index, and never by looking at everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.panel import counting, paging
from settings_app.models import Company
from tests.crowd import crowd
from tests.factories import CompanyFactory, UserFactory
from tests.sessions_app.panel.conftest import logged_in

SESSIONS, OTHERS, WINDOW = 4000, 2000, 500
SESSION_TABLE = '"sessions_app_verificationsession"'

NEWEST, OUTCOME, SEARCH = "session_newest_first", "session_outcome_newest", "session_search"


@pytest.fixture(scope="module")
def big_company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """A company among others, large enough for the planner to choose as it does in earnest."""
    with django_db_blocker.unblock():
        company, other = CompanyFactory(), CompanyFactory()
        crowd(company, SESSIONS)
        crowd(other, OTHERS, seed=2)
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {SESSION_TABLE}")
        yield company
        for made in (company, other):
            made.sessions.all().delete()
            made.delete()


@pytest.fixture
def panel(db: None, big_company: Company, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(paging, "WINDOW", WINDOW)
    monkeypatch.setattr(paging, "WINDOW_BY_NAME", WINDOW)
    monkeypatch.setattr(counting, "COUNTED", WINDOW - 1)
    return logged_in(UserFactory(company=big_company))


def plans(panel: Client, address: str) -> list[dict[str, Any]]:
    """The plan of every query that the live part of the list puts to the sessions."""
    with CaptureQueriesContext(connection) as queries:
        assert panel.get(address, headers={"HX-Request": "true"}).status_code == 200
    asked = [query["sql"] for query in queries if f"FROM {SESSION_TABLE}" in query["sql"]]
    with connection.cursor() as cursor:
        # so few rows are quickly read and sorted; a million are not
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        found = []
        for sql in asked:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
            found.append(cursor.fetchone()[0][0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def touched_by(node: dict[str, Any]) -> float:
    rows = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return node["Actual Loops"] * sum(float(node.get(kind, 0)) for kind in rows)


def indexes(panel: Client, address: str) -> set[str]:
    return {node["Index Name"] for plan in plans(panel, address) for node in nodes(plan) if "Index Name" in node}


QUESTIONS = {
    "": {NEWEST},
    "sort=created_at": {NEWEST},
    "size=100": {NEWEST},
    "sort=first_name": {NEWEST, "session_first_name_up"},
    "sort=-first_name": {NEWEST, "session_first_name_down"},
    "sort=last_name": {NEWEST, "session_last_name_up"},
    "sort=-last_name": {NEWEST, "session_last_name_down"},
    "outcome=APPROVE": {OUTCOME},
    "status=failed": {OUTCOME},
    "q=a": {NEWEST},
    "q=be": {NEWEST},
    "q=giorgi": {NEWEST},
    "q=zzzzzz": {NEWEST, SEARCH},
    "q=0123456": {NEWEST, SEARCH},
    "q=გიორ ზზზ": {NEWEST, SEARCH},
    "q=zzz&outcome=DECLINE": {OUTCOME, SEARCH},
    "document=PASSPORT": {NEWEST},
    "level=3": {NEWEST},
    "spoof=low_far&level=7&market=ESP&document=PASSPORT": {NEWEST, SEARCH},
    "spoof=low_far&spoof=digital_spoof&level=6": {NEWEST, SEARCH},
    "sort=last_name&q=zzzzzz": {"session_last_name_up", SEARCH},
}
"""What is asked, and the indexes that the page's and the count's queries use."""


@pytest.mark.parametrize(("query", "expected"), QUESTIONS.items())
def test_each_question_uses_its_index(panel: Client, query: str, expected: set[str]) -> None:
    used = {name for name in indexes(panel, f"/sessions/?{query}") if name.startswith("session_")}
    assert used == expected


@pytest.mark.parametrize("query", QUESTIONS)
def test_no_question_goes_through_more_than_a_window(panel: Client, query: str) -> None:
    """Of four thousand sessions no step of any plan touches more than five hundred, whether it keeps them or not."""
    touched = [touched_by(node) for plan in plans(panel, f"/sessions/?{query}") for node in nodes(plan)]
    assert 0 < max(touched) <= WINDOW


def test_index_is_asked_for_the_company_too(panel: Client, big_company: Company) -> None:
    """R81. Were the company compared as a number, the index would be read for every company and the rest thrown away."""
    found = [node for plan in plans(panel, "/sessions/?q=zzzzzz") for node in nodes(plan) if node.get("Index Name") == SEARCH]
    assert found
    for node in found:
        assert f"company {big_company.pk}" in node["Index Cond"]
        assert "zzzzzz" in node["Index Cond"]


@pytest.mark.parametrize("sort", ["", "last_name", "-first_name"])
def test_place_deep_in_the_list_is_gone_to_at_once(panel: Client, big_company: Company, sort: str) -> None:
    """The place is a condition of the index, with its tie, so that thousands of unidentified people are no detour."""
    place = big_company.sessions.order_by("created_at")[100].public_id
    pages = [plan for plan in plans(panel, f"/sessions/?sort={sort}&after={place}") if plan["Node Type"] == "Limit"]
    conditions = [node["Index Cond"] for plan in pages for node in nodes(plan) if "ROW(" in node.get("Index Cond", "")]
    assert len(conditions) == 1


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),  # page, count
        ("after={place}", 3),  # the place as well
        ("q=a", 4),  # where the look ends, for the page and for the count
        ("q=zzzzzz", 3),  # both looks; what one page holds is not counted again
        ("q=---", 0),
        ("outcome=REVIEW", 2),
        ("status=failed", 8),  # page and count of each of four outcomes
    ],
)
def test_questions_to_the_sessions_are_few(panel: Client, big_company: Company, query: str, number: int) -> None:
    place = big_company.sessions.order_by("created_at")[100].public_id
    assert len(plans(panel, "/sessions/?" + query.format(place=place))) == number


def test_number_beyond_the_window_is_a_lower_bound_that_can_be_made_exact(panel: Client, big_company: Company) -> None:
    shown = panel.get("/sessions/?document=PASSPORT&level=7").context["listing"]
    found = int(shown.count.removesuffix("+ sessions"))
    passports = [one for one in big_company.sessions.filter(match_level=7) if (one.document_kind or one.chosen_document) == "PASSPORT"]
    assert 0 < found < len(passports)
    assert f"{len(passports)} sessions" in panel.get(shown.exact).content.decode()
