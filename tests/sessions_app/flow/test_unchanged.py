"""The short way of waiting pages: it says "unchanged" exactly when the ordinary answer would be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from checks_app.decision import Verdict
from sessions_app import lifecycle
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.flow import unchanged
from sessions_app.models import Capture, Transfer, VerificationSession
from sessions_app.steps import Step
from tests.factories import ExtraFieldFactory
from tests.sessions_app.flow.companion import Companion
from tests.sessions_app.flow.test_handover import _decide
from tests.sessions_app.flow.visitor import Visitor, inspected, member_of
from verifyportal import wsgi

pytestmark = pytest.mark.django_db


def passed_on(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 Django was asked", [])
    return []


def ask(path: str, cookie: str, tag: str, *, method: str = "GET") -> tuple[str, dict[str, str]]:
    """Ask at the door. Returns the status and the headers."""
    told: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        told.update(status=status, headers=dict(headers))

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_COOKIE": f"vp_link={cookie}", "HTTP_IF_NONE_MATCH": tag}
    list(unchanged.answer_before(passed_on)({name: value for name, value in environ.items() if value}, start_response))
    return told["status"], told["headers"]


class Page:
    """A page that waits: what it was told last, and with which tag."""

    def __init__(self, client: Any, path: str, cookie: str) -> None:
        self.client, self.path, self.cookie = client, path, cookie
        self.answer, self.tag = self.ordinary()

    def ordinary(self) -> tuple[Any, str]:
        response = self.client.get(self.path)
        assert response.status_code == 200
        return response.json(), response.headers["ETag"]

    def still_holds(self) -> bool:
        status, headers = ask(self.path, self.cookie, self.tag)
        assert status.startswith("304") is (headers.get("ETag") == self.tag)
        return status.startswith("304")


def computer(visitor: Visitor) -> Page:
    return Page(visitor.client, visitor.url("progress"), visitor.token)


def phone_of(visitor: Visitor) -> Page:
    phone = Companion(visitor)
    phone.scan()
    return Page(phone.client, phone.url("progress"), phone.client.cookies["vp_link"].value)


def capture(visitor: Visitor) -> Capture:
    return visitor.session.captures.get()


def quiet(_visitor: Visitor) -> None:
    Transfer.objects.update(last_seen_at=timezone.now() - timedelta(seconds=20))


def rival(visitor: Visitor) -> None:
    Transfer.objects.update(rivals=1)


def over(visitor: Visitor) -> None:
    Transfer.objects.update(expires_at=timezone.now())


def another_phone_after_the_first(visitor: Visitor) -> None:
    visitor.post("take_back")
    Companion(visitor).scan()


def cancelled(visitor: Visitor) -> None:
    lifecycle.cancel(session=visitor.session, actor=member_of(visitor.session.company), now=timezone.now())


CHANGES: dict[str, tuple[Step, Callable[[Visitor], Any]]] = {
    "consent": (Step.CONSENT, lambda visitor: visitor.go_to(Step.DOCUMENT_CHOICE)),
    "a field that the company adds": (Step.DOCUMENT_CHOICE, lambda visitor: ExtraFieldFactory(company=visitor.session.company)),
    "choice of document": (Step.DOCUMENT_CHOICE, lambda visitor: visitor.go_to(Step.DOCUMENT_FRONT)),
    "picture": (Step.DOCUMENT_FRONT, lambda visitor: inspected(visitor.captured(CaptureKind.DOCUMENT_FRONT))),
    "submission": (Step.OVERVIEW, lambda visitor: visitor.go_to(Step.CHECKING)),
    "outcome": (Step.OVERVIEW, lambda visitor: _decide(visitor, Verdict.APPROVE)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_step_of_the_session_is_news(change: str) -> None:
    """R13"""
    step, act = CHANGES[change]
    visitor = Visitor().go_to(step)
    page = computer(visitor)
    assert page.still_holds()
    act(visitor)
    assert not page.still_holds()
    assert page.ordinary()[0] != page.answer


TRANSFERS: dict[str, Callable[[Visitor], Any]] = {
    "quiet": quiet,
    "rival": rival,
    "time over": over,
    "taken back": lambda visitor: visitor.post("take_back"),
    "another phone": another_phone_after_the_first,
}


@pytest.mark.parametrize("change", TRANSFERS)
def test_what_becomes_of_the_phone_is_news_for_the_computer(change: str) -> None:
    """R13"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    phone_of(visitor)
    page = computer(visitor)
    assert page.still_holds()
    TRANSFERS[change](visitor)
    assert not page.still_holds()
    assert page.ordinary()[0] != page.answer


@pytest.mark.parametrize("change", ["time over", "taken back", "another phone"])
def test_what_becomes_of_the_phone_is_news_for_the_phone(change: str) -> None:
    """R14"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    page = phone_of(visitor)
    assert page.still_holds()
    TRANSFERS[change](visitor)
    assert not page.still_holds()
    assert page.ordinary()[0] != page.answer


def test_a_phone_that_comes_is_news() -> None:
    """R13"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    page = computer(visitor)
    phone_of(visitor)
    assert not page.still_holds()
    assert page.ordinary()[0]["step"] == "handover"


def test_a_picture_that_is_found_wanting_is_news() -> None:
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    visitor.captured(CaptureKind.DOCUMENT_FRONT)
    page = computer(visitor)
    Capture.objects.filter(pk=capture(visitor).pk).update(state=CaptureState.CRASHED)
    assert not page.still_holds()


def test_nothing_is_news_while_nothing_happens() -> None:
    visitor = Visitor().go_to(Step.OVERVIEW)
    phone = phone_of(visitor)
    page = computer(visitor)
    for _time in range(3):
        assert page.still_holds()
        assert phone.still_holds()
    assert (page.ordinary(), phone.ordinary()) == ((page.answer, page.tag), (phone.answer, phone.tag))


@pytest.mark.parametrize(("seconds", "unchanged_yet"), [(1, True), (0, False), (-1, False)])
def test_the_end_of_the_phones_time_is_news_at_its_second(seconds: int, unchanged_yet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """R11: though nobody writes anything then."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    phone_of(visitor)
    quiet(visitor)
    page, end = computer(visitor), Transfer.objects.get().expires_at
    monkeypatch.setattr(timezone, "now", lambda: end - timedelta(seconds=seconds))
    assert page.still_holds() is unchanged_yet


def test_the_shortcut_keeps_the_phone_from_falling_quiet() -> None:
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    phone = phone_of(visitor)
    before = timezone.now() - timedelta(seconds=6)
    Transfer.objects.update(last_seen_at=before)
    assert phone.still_holds()
    assert Transfer.objects.get().last_seen_at > before


@pytest.mark.parametrize("end", [cancelled, lambda visitor: VerificationSession.objects.update(expires_at=timezone.now())])
def test_a_dead_link_is_never_unchanged(end: Callable[[Visitor], Any]) -> None:
    """R3, R8"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    page = computer(visitor)
    end(visitor)
    assert not page.still_holds()


def test_nobody_else_learns_whether_something_changed() -> None:
    """R1, R81"""
    visitor, stranger = Visitor().go_to(Step.DOCUMENT_FRONT), Visitor()
    page, phone = computer(visitor), phone_of(visitor)
    page.answer, page.tag = page.ordinary()
    for cookie in (stranger.token, phone.cookie, visitor.session.token_hash, ""):
        assert ask(page.path, cookie, page.tag)[0] == "200 Django was asked"


@pytest.mark.parametrize("odd", [{"method": "POST"}, {"method": "HEAD"}, {"tag": ""}, {"tag": "*"}, {"tag": '"another"'}])
def test_everything_else_is_passed_on(odd: dict[str, str]) -> None:
    visitor = Visitor()
    page = computer(visitor)
    assert ask(page.path, page.cookie, **({"tag": page.tag} | odd))[0] == "200 Django was asked"
    assert ask(visitor.page, page.cookie, page.tag)[0] == "200 Django was asked"


def test_a_tag_that_was_weakened_on_the_way_still_counts() -> None:
    """Compression does that."""
    page = computer(Visitor())
    assert ask(page.path, page.cookie, f"W/{page.tag}")[0] == "304 Not Modified"


def test_unchanged_is_private_and_kept_by_nobody() -> None:
    page = computer(Visitor())
    assert ask(page.path, page.cookie, page.tag)[1] == {"ETag": page.tag, "Cache-Control": "private, no-store"}


def test_the_short_way_needs_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis may be wiped at any moment."""
    page = computer(Visitor())
    cache.clear()
    assert page.still_holds()


def test_when_the_database_fails_django_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page = computer(Visitor())
    closed = []

    def fails() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "close", lambda: closed.append(True))
    monkeypatch.setattr(connection, "ensure_connection", fails)
    assert ask(page.path, page.cookie, page.tag)[0] == "200 Django was asked"
    assert closed == [True]


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_of_the_database_the_short_way_comes_back() -> None:
    page = computer(Visitor())
    connection.connection.pgconn.exec_(b"SELECT pg_terminate_backend(pg_backend_pid())")
    assert not page.still_holds()
    assert page.still_holds()


def test_a_database_that_keeps_no_plans_costs_only_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor()
    monkeypatch.setattr(unchanged, "_run", lambda *_: None)
    answer = visitor.client.get(visitor.url("progress"))
    assert (answer.json()["step"], "ETag" in answer.headers) == ("consent", False)


def test_the_servers_entry_point_has_the_short_way() -> None:
    page = computer(Visitor())
    status: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": page.path, "HTTP_COOKIE": f"vp_link={page.cookie}", "HTTP_IF_NONE_MATCH": page.tag}
    list(wsgi.application(environ, lambda told, _headers: status.append(told)))
    assert status == ["304 Not Modified"]
