"""Errors that nobody expected, met inside the flow: kind words, the way back, and nothing about what went wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from sessions_app import access
from tests.sessions_app.flow.visitor import Visitor

HANDLE = "0123456789abcdef"


def _breaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    def broken(*_args: object) -> None:
        raise error

    monkeypatch.setattr(access, "find_by_handle", broken)
    return Client(raise_request_exception=False)


ERRORS = [(ZeroDivisionError("secret"), 500), (OperationalError("secret"), 503)]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=str)
def test_page_of_an_error_leads_back_and_tells_nothing(monkeypatch: pytest.MonkeyPatch, error: Exception, status: int) -> None:
    """R25: with neither database nor session."""
    answer = _breaks(monkeypatch, error).get(f"/verify/{HANDLE}/?note=elsewhere")
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'href="/verify/{HANDLE}/"' in page
    assert "what you sent before is safe" in page
    assert "secret" not in page
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=str)
def test_scripts_get_a_sentence_in_the_users_language(monkeypatch: pytest.MonkeyPatch, error: Exception, status: int) -> None:
    """R25: and know whether it is worth to ask again."""
    client = _breaks(monkeypatch, error)
    answer = client.post(f"/verify/{HANDLE}/captures/", headers={"Accept": "application/json", "Accept-Language": "es"})
    assert answer.status_code == status
    assert "Inténtelo de nuevo" in answer.json()["error"]
    assert answer.has_header("Retry-After") is (status == 503)


@pytest.mark.django_db
def test_error_behind_the_link_shows_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """R1"""

    def broken(*_args: object) -> Any:
        raise ZeroDivisionError

    visitor = Visitor(enters=False)
    monkeypatch.setattr(access, "find_by_token", broken)
    answer = Client(raise_request_exception=False).get(visitor.link)
    assert answer.status_code == 500
    assert visitor.token not in answer.content.decode()


def test_staff_get_their_own_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sessions_app.flow.trouble.OF_THE_FLOW", ("/elsewhere/",))
    monkeypatch.setattr(access, "find_by_handle", broken)
    client.raise_request_exception = False
    assert "To the start" in client.get(f"/verify/{HANDLE}/").content.decode()
