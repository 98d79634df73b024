"""The link: it opens without a login, says nothing to strangers, and ends in time (R1, R2, R3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import lifecycle, tokens
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.steps import Step
from tests.sessions_app.flow.visitor import Visitor, member_of

pytestmark = pytest.mark.django_db


def test_the_link_becomes_a_cookie_and_leaves_the_address_bar() -> None:
    """R1"""
    visitor = Visitor(enters=False)
    response = visitor.client.get(visitor.link)
    cookie = response.cookies["vp_link"]
    assert (response.status_code, response["Location"]) == (302, visitor.page)
    assert (cookie.value, cookie["path"], cookie["httponly"], cookie["samesite"]) == (visitor.token, visitor.page, True, "Lax")
    assert response["Referrer-Policy"] == "no-referrer"
    assert visitor.token not in response["Location"]


def test_the_cookie_is_secure_on_https() -> None:
    """R1"""
    visitor = Visitor(enters=False)
    assert visitor.client.get(visitor.link, secure=True).cookies["vp_link"]["secure"]


def test_the_link_opens_without_a_login_in_any_browser() -> None:
    """R2, R5"""
    visitor = Visitor().go_to(Step.DOCUMENT_CHOICE)
    another = Client()
    another.get(visitor.link)
    assert "Choose your document" in another.get(visitor.page).content.decode()


def _cancelled(visitor: Visitor) -> None:
    lifecycle.cancel(session=visitor.session, actor=member_of(visitor.session.company), now=timezone.now())


def _expired(visitor: Visitor) -> None:
    VerificationSession.objects.filter(pk=visitor.session.pk).update(expires_at=timezone.now())


def _ended_unopened(visitor: Visitor) -> None:
    now = timezone.now()
    VerificationSession.objects.filter(pk=visitor.session.pk).update(outcome=Outcome.EXPIRED, closed_at=now, expires_at=now)


@pytest.mark.parametrize("end", [_cancelled, _expired, _ended_unopened])
def test_a_dead_link_is_answered_like_one_that_never_was(end: Callable[[Visitor], None]) -> None:
    """R1, R3: same status, same text, also in the browser that had it open."""
    visitor = Visitor()
    end(visitor)
    unknown = Client().get(f"/v/{tokens.new_token()}/")
    for browser in (visitor.client, Client()):
        answer = browser.get(visitor.link)
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_a_page_without_the_right_cookie_is_answered_like_one_that_never_was() -> None:
    """R1: the handle alone opens nothing, and neither does another session's cookie."""
    visitor, other = Visitor(), Visitor()
    stranger = Client()
    unknown = stranger.get("/verify/0123456789abcdef/")
    other.client.cookies["vp_link"]["path"] = "/"
    for answer in (stranger.get(visitor.page), other.client.get(visitor.page)):
        assert (answer.status_code, answer.content) == (404, unknown.content)


@pytest.mark.parametrize(("left", "status"), [(timedelta(0), 404), (timedelta(seconds=60), 200)])
def test_the_link_ends_on_time_without_any_scheduler(left: timedelta, status: int) -> None:
    """R3"""
    visitor = Visitor(now=timezone.now() - timedelta(days=7) + left, enters=False)
    assert visitor.client.get(visitor.link, follow=True).status_code == status


def test_looking_at_the_page_counts_as_opened_once() -> None:
    """R8"""
    visitor = Visitor()
    visitor.get()
    visitor.get()
    assert visitor.fresh().opened_at is not None
    assert visitor.session.events.filter(kind="OPENED").count() == 1
    assert (visitor.session.device, visitor.session.browser, visitor.session.os) == ("PC", "Chrome 126", "Linux")


def test_programs_that_preview_a_link_do_not_open_it() -> None:
    """R8: a HEAD, a prefetch, and a preview that keeps no cookies."""
    visitor = Visitor(enters=False)
    visitor.client.head(visitor.link)
    visitor.client.head(visitor.page)
    visitor.client.get(visitor.link)
    visitor.get(headers={"Sec-Purpose": "prefetch;prerender"})
    Client().get(visitor.link, follow=False)
    assert visitor.fresh().opened_at is None


def test_no_page_of_the_flow_is_kept_by_caches_or_search_engines() -> None:
    """R1"""
    visitor = Visitor()
    for response in (visitor.get(), Client().get("/v/unknown/")):
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"


def test_the_flow_refuses_posts_that_come_from_elsewhere() -> None:
    """R1: CSRF is on."""
    visitor = Visitor(enters=False)
    visitor.client = Client(enforce_csrf_checks=True)
    visitor.client.get(visitor.link)
    assert visitor.post("consent", answer="yes").status_code == 403
    assert visitor.step is Step.CONSENT
