"""A user keeps filters, order and page size under a name: never a search, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sessions_app import saved_views
from sessions_app.models import SavedView
from settings_app.models import Company, User
from tests.factories import NOW, UserFactory

ADDRESS = "/sessions/views/"


def save(panel: Client, name: str = "Failed passports", query: str = "status=failed&document=PASSPORT") -> Any:
    return panel.post(ADDRESS, {"name": name, "query": query})


def kept(user: User) -> dict[str, str]:
    return dict(user.saved_views.values_list("name", "query"))


def test_saved_view_is_opened_at_once(panel: Client, agent: User) -> None:
    answer = save(panel)
    assert (answer.status_code, answer["Location"]) == (302, "/sessions/?document=PASSPORT&status=failed")
    page = panel.get(answer["Location"]).content.decode()
    assert "is saved" in page
    assert 'aria-current="true"><bdi>Failed passports</bdi>' in " ".join(page.split())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("?q=nino&status=failed", "status=failed"),  # a search could name a person
        ("after=00000000-0000-0000-0000-000000000000&before=x&outcome=REVIEW", "outcome=REVIEW"),
        ("size=50&sort=last_name&market=GEO&from_day=2026-03-10", "from_day=2026-03-10&market=GEO&sort=last_name&size=50"),
        ("level=4&level=0&level=4", "level=0&level=4"),
        ("sort=-created_at&size=25", ""),
        ("sort=outcome;DROP&size=7&document=TICKET&x=1&market=Atlantis", ""),
        ("", ""),
    ],
)
def test_view_keeps_what_the_list_knows_and_nothing_else(panel: Client, agent: User, given: str, expected: str) -> None:
    save(panel, query=given)
    assert kept(agent) == {"Failed passports": expected}


def test_saving_under_a_name_again_replaces_what_was_there(panel: Client, agent: User) -> None:
    save(panel)
    answer = save(panel, query="outcome=REVIEW")
    assert kept(agent) == {"Failed passports": "outcome=REVIEW"}
    assert "now shows this" in panel.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("name", "said"), [("", "Give the view a name."), ("   ", "Give the view a name."), ("x" * 61, "may have 60 characters")]
)
def test_name_that_will_not_do_is_told_and_nothing_is_lost(panel: Client, agent: User, name: str, said: str) -> None:
    answer = save(panel, name=name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="status=failed&amp;document=PASSPORT"' in answer.content.decode()
    assert kept(agent) == {}


def test_no_more_views_than_a_menu_can_hold(panel: Client, agent: User) -> None:
    for number in range(saved_views.MOST):
        saved_views.save(user=agent, name=f"View {number}", query="", now=NOW)
    answer = save(panel)
    assert answer.status_code == 422
    assert "You keep 20 views already" in answer.content.decode()
    assert save(panel, name="View 3").status_code == 302  # replacing one is no further one


def test_view_is_renamed(panel: Client, agent: User) -> None:
    save(panel)
    panel.post(f"{ADDRESS}{agent.saved_views.get().pk}/rename/", {"name": "წარუმატებელი"})
    assert list(kept(agent)) == ["წარუმატებელი"]


def test_view_cannot_take_the_name_of_another(panel: Client, agent: User) -> None:
    save(panel, name="One")
    save(panel, name="Two")
    answer = panel.post(f"{ADDRESS}{agent.saved_views.get(name='Two').pk}/rename/", {"name": "One"})
    assert answer.status_code == 422
    assert "Another view has this name." in answer.content.decode()
    assert sorted(kept(agent)) == ["One", "Two"]


def test_view_is_deleted(panel: Client, agent: User) -> None:
    save(panel)
    answer = panel.post(f"{ADDRESS}{agent.saved_views.get().pk}/delete/", follow=True)
    assert kept(agent) == {}
    assert "No saved views yet" in answer.content.decode()


@pytest.mark.parametrize("act", ["rename", "delete"])
def test_view_of_a_colleague_does_not_exist(panel: Client, company: Company, act: str) -> None:
    """R81: within the company too."""
    colleague = UserFactory(company=company)
    saved_views.save(user=colleague, name="Mine", query="", now=NOW)
    assert panel.post(f"{ADDRESS}{colleague.saved_views.get().pk}/{act}/", {"name": "Yours"}).status_code == 404
    assert kept(colleague) == {"Mine": ""}
    assert "Mine" not in panel.get("/sessions/").content.decode()


def test_page_says_what_each_view_shows(panel: Client, agent: User) -> None:
    save(panel, query="document=PASSPORT&from_day=2026-03-10&sort=last_name&size=100")
    save(panel, name="All", query="")
    page = panel.get(ADDRESS).content.decode()
    assert "Passport · From 10 Mar 2026 · Last name, A to Z · 100 rows" in page
    assert "All sessions, newest first" in page


def test_name_of_a_view_is_never_markup(panel: Client) -> None:
    save(panel, name="<b>x</b>")
    assert "<b>x" not in panel.get("/sessions/").content.decode() + panel.get(ADDRESS).content.decode()


def test_view_of_a_filter_that_is_gone_still_opens(panel: Client, agent: User) -> None:
    """What an older portal kept may mean nothing to this one."""
    SavedView.objects.create(user=agent, name="Old", query="colour=red&document=SCROLL", created_at=NOW)
    assert panel.get("/sessions/?colour=red&document=SCROLL").status_code == 200
    assert "All sessions" in panel.get(ADDRESS).content.decode()
