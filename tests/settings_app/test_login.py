"""R80: the way in: e-mail address and password, locked after too many failures, no accounts for strangers."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD, OperatorFactory, UserFactory

LOGIN = "/accounts/login/"


def log_in(client: Client, email: str, password: str) -> int:
    return client.post(LOGIN, {"login": email, "password": password}, headers={"User-Agent": "test"}).status_code


@pytest.mark.django_db
def test_right_password_leads_to_the_sessions(client: Client) -> None:
    response = client.post(LOGIN, {"login": UserFactory().email.upper(), "password": PASSWORD})
    assert response.headers["Location"] == "/sessions/"


@pytest.mark.django_db
def test_anonymous_visitor_is_sent_to_the_login_and_back(client: Client) -> None:
    assert client.get("/sessions/?q=nino").headers["Location"] == "/accounts/login/?next=/sessions/%3Fq%3Dnino"
    assert client.get("/").headers["Location"] == "/sessions/"


@pytest.mark.django_db
def test_wrong_password_and_unknown_address_get_the_same_answer(client: Client) -> None:
    wrong = client.post(LOGIN, {"login": UserFactory().email, "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "wrong"})
    errors = wrong.context["form"].non_field_errors()
    assert errors
    assert errors == unknown.context["form"].non_field_errors()


def fail(client: Client, email: str, *, times: int) -> None:
    """Fail to log in slowly: the quick brake of the login form counts in the cache, the lock in the database."""
    for _ in range(times):
        cache.clear()
        log_in(client, email, "wrong")
    cache.clear()


@pytest.mark.django_db
def test_quick_guessing_is_braked(client: Client) -> None:
    user = UserFactory()
    for _ in range(5):
        log_in(client, user.email, "wrong")
    assert log_in(client, user.email, PASSWORD) == 200
    assert log_in(client, UserFactory().email, PASSWORD) == 302  # somebody else from here is not braked


@pytest.mark.django_db
def test_too_many_failures_lock_the_login_even_for_the_right_password(client: Client) -> None:
    user = UserFactory()
    fail(client, user.email, times=settings.AXES_FAILURE_LIMIT - 1)
    assert log_in(client, user.email, PASSWORD) == 302
    client.logout()
    fail(client, user.email, times=settings.AXES_FAILURE_LIMIT)
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, headers={"User-Agent": "test"})
    assert response.status_code == 429
    assert "Too many failed logins" in response.content.decode()
    assert log_in(client, UserFactory().email, PASSWORD) == 302  # somebody else from here is not locked


@pytest.mark.django_db
def test_operators_log_in_at_the_same_guarded_door(client: Client) -> None:
    operator = OperatorFactory()
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGIN)
    fail(client, operator.email, times=settings.AXES_FAILURE_LIMIT)
    assert log_in(client, operator.email, PASSWORD) == 429


@pytest.mark.django_db
def test_no_page_opens_an_account(client: Client) -> None:
    assert "Accounts are given" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "me@example.com", "password1": PASSWORD})
    assert log_in(client, "me@example.com", PASSWORD) == 200


@pytest.mark.django_db
def test_password_reset_tells_nobody_whether_the_address_is_known(client: Client) -> None:
    known = client.post("/accounts/password/reset/", {"email": UserFactory().email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "offered"), [("", False), ("mail.example", True)])
def test_new_password_by_mail_is_offered_where_mail_is_sent(client: Client, settings: Any, host: str, offered: bool) -> None:
    settings.EMAIL_HOST = host
    assert ("/accounts/password/reset/" in client.get(LOGIN).content.decode()) is offered
    assert ('name="email"' in client.get("/accounts/password/reset/").content.decode()) is offered


@pytest.mark.django_db
def test_logging_out_takes_a_post(client: Client) -> None:
    client.force_login(UserFactory())
    client.get("/accounts/logout/")
    assert client.get("/sessions/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/sessions/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"])
def test_pages_before_the_login_need_no_inline_style_or_script(client: Client, path: str) -> None:
    """STYLE: the content security policy forbids both."""
    page = client.get(path).content.decode()
    assert " style=" not in page
    assert "<script>" not in page
    assert "<style" not in page
