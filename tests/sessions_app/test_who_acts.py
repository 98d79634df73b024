"""Which device acts in a session: the phone that has it, else the link, never both (R11-R14)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from sessions_app import answers, challenges, ingest, submission, transfers
from sessions_app.choices import CaptureKind, CaptureSource
from sessions_app.models import Transfer, VerificationSession
from settings_app.choices import DocumentChoice
from tests.captures import CLIENT, add_capture, answered_session
from tests.factories import NOW, picture
from tests.phones import connected

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OTHER_PHONE = replace(CLIENT, model="iPhone", browser="Safari 17")


ACTS: dict[str, Callable[[VerificationSession, Transfer | None], Any]] = {
    "open": lambda session, via: answers.open_link(session=session, client=CLIENT, via=via, now=NOW),
    "consent": lambda session, via: answers.consent(session=session, version="1", language="en", via=via, now=NOW),
    "refuse": lambda session, via: answers.refuse_consent(session=session, via=via, now=NOW),
    "extra": lambda session, via: answers.fill_extra(session=session, values={}, via=via, now=NOW),
    "document": lambda session, via: answers.choose_document(
        session=session, country="GEO", document=DocumentChoice.PASSPORT, via=via, now=NOW
    ),
    "challenge": lambda session, via: challenges.issue(session=session, via=via, now=NOW),
    "photo": lambda session, via: challenges.for_one_photo(session=session, via=via, now=NOW),
    "upload": lambda session, via: submission.store_capture(
        session=session,
        kind=CaptureKind.DOCUMENT_FRONT,
        source=CaptureSource.CAMERA,
        upload_key=uuid4().hex,
        uploads=[submission.Upload(b"no picture")],
        via=via,
        now=NOW,
    ),
    "keep": lambda session, via: submission.keep_despite_problems(
        capture=session.captures.first() or add_capture(session, CaptureKind.DOCUMENT_FRONT), via=via, now=NOW
    ),
    "retake": lambda session, via: submission.retake(session=session, kind=CaptureKind.SELFIE, via=via, now=NOW),
    "submit": lambda session, via: submission.submit_attempt(session=session, via=via, now=NOW),
}
LET_THROUGH = suppress(submission.WrongStep, submission.NotReady, ingest.UnreadableImage)
"""The rules of the step may still refuse; what has not got the session never comes so far."""


@pytest.mark.parametrize("act", ACTS)
def test_while_a_phone_has_the_session_the_link_cannot_act(act: str) -> None:
    """R11, R12"""
    session = answered_session()
    connected(session)
    with pytest.raises(transfers.UsedElsewhere):
        ACTS[act](session, None)


@pytest.mark.parametrize("act", ACTS)
def test_the_phone_that_has_the_session_acts(act: str) -> None:
    session = answered_session()
    phone = connected(session)
    with LET_THROUGH:
        ACTS[act](session, phone)
    assert transfers.running(session, NOW) == phone


@pytest.mark.parametrize("act", ACTS)
def test_after_taking_back_the_phone_cannot_act_and_the_link_can(act: str) -> None:
    """R14"""
    session = answered_session()
    phone = connected(session)
    transfers.take_back(session=session, now=NOW)
    with pytest.raises(transfers.UsedElsewhere):
        ACTS[act](session, phone)
    with LET_THROUGH:
        ACTS[act](session, None)


@pytest.mark.parametrize(("moment", "acts"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_phone_acts_until_its_time_is_over(moment: timedelta, acts: bool) -> None:
    """R11: without any sweep."""
    session = answered_session()
    phone = connected(session)
    holder, other = (phone, None) if acts else (None, phone)
    at = phone.expires_at + moment
    answers.open_link(session=session, client=CLIENT, via=holder, now=at)
    with pytest.raises(transfers.UsedElsewhere):
        answers.open_link(session=session, client=CLIENT, via=other, now=at)


def test_a_phone_of_another_session_cannot_act() -> None:
    session, other = answered_session(), answered_session()
    connected(session)
    with pytest.raises(transfers.UsedElsewhere):
        answers.fill_extra(session=session, values={}, via=connected(other), now=NOW)


def test_the_picture_that_lost_the_race_against_taking_back_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """R14: the phone was still sending."""
    session = answered_session()
    phone = connected(session)

    def taken_back_meanwhile(_data: object) -> list[ingest.Picture]:
        transfers.take_back(session=session, now=NOW)
        return [picture()]

    monkeypatch.setattr(ingest, "decode_all", taken_back_meanwhile)
    with pytest.raises(transfers.UsedElsewhere):
        ACTS["upload"](session, phone)
    assert not session.captures.exists()
