"""R46, R80: where an invited person comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from settings_app import people
from settings_app.choices import Role
from settings_app.models import User
from tests.factories import PASSWORD, MasterFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "nino@example.com"
GIVEN = {"full_name": "Nino Beridze", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def master() -> User:
    return MasterFactory()


def invited(master: User, *, days_ago: float = 0) -> people.Invited:
    assert master.company
    at = timezone.now() - timedelta(days=days_ago)
    return people.invite(company=master.company, email=ADDRESS, role=Role.AGENT, actor=master, now=at)


def opened(token: str) -> Client:
    """A browser that followed the link."""
    browser = Client()
    browser.get(f"/join/{token}/")
    return browser


def test_token_leaves_the_address_at_once(master: User, client: Client) -> None:
    token = invited(master).token
    answer = client.get(f"/join/{token}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/join/")
    assert token not in str(dict(client.session))


def test_page_names_company_role_and_address(master: User) -> None:
    page = opened(invited(master).token).get("/join/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"].endswith("private")
    for words in (str(master.company), "Agent", ADDRESS):
        assert words in page.content.decode()


def test_new_person_joins_and_logs_in(master: User) -> None:
    browser = opened(invited(master).token)
    answer = browser.post("/join/", GIVEN, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "password that you have just chosen" in answer.content.decode()
    assert browser.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}).headers["Location"] == "/sessions/"


def test_person_with_an_account_elsewhere_reads_the_same(master: User) -> None:
    """R81: the answer does not tell, and the account stays as it is."""
    there = UserFactory(email=ADDRESS, password="what it always was")
    known = opened(invited(master).token).post("/join/", GIVEN, follow=True)
    User.objects.filter(pk=there.pk).delete()
    unknown = opened(invited(master).token).post("/join/", GIVEN, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert shown(known) == shown(unknown)


def shown(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_every_link_that_does_not_work_shows_one_page(master: User) -> None:
    """Unknown, renewed, used, withdrawn and expired look alike."""
    renewed, used = invited(master).token, invited(master).token
    opened(used).post("/join/", GIVEN)
    User.objects.filter(email=ADDRESS).update(email="somebody@example.com")
    withdrawn = invited(master)
    people.withdraw(invitation=withdrawn.invitation, actor=master, now=timezone.now())
    expired = invited(master, days_ago=7).token
    pages = [opened(token).get("/join/") for token in (renewed, used, withdrawn.token, expired, "a" * 43, "x")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_link_that_does_not_work_hides_the_one_before(master: User) -> None:
    browser = opened(invited(master).token)
    browser.get(f"/join/{'a' * 43}/")
    assert browser.get("/join/").status_code == 404


def test_trying_links_leaves_no_sessions_behind(client: Client) -> None:
    client.get(f"/join/{'a' * 43}/")
    assert not client.cookies


def test_looking_at_the_page_uses_nothing_up(master: User) -> None:
    """Mail programs open links before people do."""
    token = invited(master).token
    for _ in range(3):
        assert opened(token).get("/join/").status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"again": "another one entirely"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "9" * 14, "again": "9" * 14}, "password"),
        ({"password": "nino@example.com", "again": "nino@example.com"}, "password"),
        ({"password": "", "again": ""}, "password"),
    ],
)
def test_name_and_password_are_checked(master: User, given: dict[str, str], field: str) -> None:
    browser = opened(invited(master).token)
    answer = browser.post("/join/", {**GIVEN, **given})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not User.objects.filter(email=ADDRESS).exists()


def test_password_is_never_sent_back(master: User) -> None:
    answer = opened(invited(master).token).post("/join/", {**GIVEN, "again": "another one entirely"})
    assert PASSWORD not in answer.content.decode()


def test_spaces_belong_to_a_password(master: User) -> None:
    """What was typed is what must be typed again at the login."""
    spaced = f"  {PASSWORD}  "
    opened(invited(master).token).post("/join/", {**GIVEN, "password": spaced, "again": spaced})
    assert User.objects.get(email=ADDRESS).check_password(spaced)


def test_who_is_logged_in_joins_nothing(master: User) -> None:
    """A master who opens the link to look must not lose it to his own browser."""
    browser = opened(invited(master).token)
    browser.force_login(master)
    browser.get(f"/join/{invited(master).token}/")
    page = browser.post("/join/", GIVEN)
    assert "log out first" in page.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_tries_are_limited_as_at_the_login(master: User) -> None:
    browser = opened(invited(master).token)
    cache.clear()
    answers = [browser.post("/join/", {**GIVEN, "again": "x"}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
    assert browser.get("/join/").status_code == 200


def test_pages_need_no_inline_style_or_script(master: User) -> None:
    page = opened(invited(master).token).get("/join/").content.decode()
    assert not [forbidden for forbidden in (" style=", "<script>", "<style") if forbidden in page]
