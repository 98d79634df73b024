"""R11, R70: the details page tells which phones carried a session, and whether one does now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import answers, lifecycle, tokens, transfers
from sessions_app.models import Transfer, VerificationSession
from sessions_app.panel import phone_list
from settings_app.models import Company, User
from tests.captures import CLIENT
from tests.factories import NOW, SessionFactory

HOUR = timedelta(hours=1)


def connect(session: VerificationSession, *, at: datetime, **changes: Any) -> Transfer:
    """A phone that carries the session from then on."""
    columns = {
        "handle": tokens.new_handle(),
        "token_hash": tokens.hash_token(tokens.new_token()),
        "digits": "42",
        "connected_at": at,
        "expires_at": at + HOUR,
        "last_seen_at": at,
        "device": "Mobile",
        "device_model": "Pixel 9",
        "browser": "Chrome Mobile 142",
        "os": "Android 16",
    }
    return session.transfers.create(**{**columns, **changes})


@pytest.fixture
def session(company: Company) -> VerificationSession:
    session = SessionFactory(company=company, now=timezone.now() - HOUR / 2)
    answers.open_link(session=session, client=CLIENT, now=timezone.now() - HOUR / 2)
    session.refresh_from_db()
    return session


def page_of(panel: Client, session: VerificationSession) -> str:
    return " ".join(panel.get(f"/sessions/{session.public_id}/").content.decode().split())


def test_session_on_a_phone_says_so(panel: Client, session: VerificationSession) -> None:
    connect(session, at=timezone.now(), rivals=2)
    page = page_of(panel, session)
    for words in (
        "On a phone now",
        "Pixel 9 · Chrome Mobile 142 · Android 16",
        "Number on both screens",
        "42",
        "Other phones refused meanwhile",
    ):
        assert words in page


def test_session_without_a_phone_says_nothing_of_phones(panel: Client, session: VerificationSession) -> None:
    page = page_of(panel, session)
    assert "On a phone now" not in page
    assert "Continued on a phone" not in page


def test_phone_that_was_taken_back_is_told_as_such(panel: Client, session: VerificationSession) -> None:
    """R14."""
    connect(session, at=timezone.now())
    transfers.take_back(session=session, now=timezone.now())
    page = page_of(panel, session)
    assert "Taken back to the first device" in page
    assert "Taken back from the phone" in page  # on the timeline
    assert "On a phone now" not in page


def test_cancelling_ends_what_is_on_a_phone(panel: Client, session: VerificationSession, agent: User) -> None:
    """R8."""
    connect(session, at=timezone.now())
    lifecycle.cancel(session=session, actor=agent, now=timezone.now())
    page = page_of(panel, session)
    assert "The session has its outcome" in page
    assert "On a phone now" not in page


@pytest.mark.parametrize(
    ("after", "words"), [(HOUR - timedelta(seconds=1), "On a phone now"), (HOUR, "Its time was over"), (2 * HOUR, "Its time was over")]
)
def test_phone_whose_time_is_over_is_not_there_any_more(company: Company, after: timedelta, words: str) -> None:
    """R11: computed when read, with or without a sweep."""
    session = SessionFactory(company=company)
    connect(session, at=NOW)
    (phone,) = phone_list.phones_of(session, now=NOW + after)
    assert phone.badge.word == words
    assert phone_list.is_on_a_phone(session, now=NOW + after) is (words == "On a phone now")


def test_phones_are_told_in_their_order(company: Company) -> None:
    session = SessionFactory(company=company)
    for hours, model in ((3, "third"), (1, "first"), (2, "second")):
        at = NOW + hours * HOUR
        connect(session, at=at, device_model=model, browser="", os="", ended_at=at, end="TAKEN_BACK")
    assert [phone.name for phone in phone_list.phones_of(session, now=NOW)] == ["first", "second", "third"]


def test_phone_that_tells_nothing_of_itself_has_a_name_all_the_same(company: Company) -> None:
    session = SessionFactory(company=company)
    connect(session, at=NOW, device_model="", browser="", os="")
    assert phone_list.phones_of(session, now=NOW)[0].name == "Unknown device"
