"""A session that goes on on a phone: codes, one winner, who may act, and every end (R10-R14)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from checks_app.decision import Decision, Verdict
from sessions_app import answers, challenges, ingest, leases, lifecycle, submission, tokens, transfers, typed_codes
from sessions_app.choices import CaptureKind, CaptureSource, EventKind, TransferEnd
from sessions_app.models import Transfer, TransferCode, VerificationSession
from settings_app.choices import DocumentChoice
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt, ready_session
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, SessionFactory, UserFactory, finished_session, picture

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OTHER_PHONE = replace(CLIENT, model="iPhone", browser="Safari 17")


def code_of(session: VerificationSession, now: datetime = NOW) -> TransferCode:
    shown = transfers.issue_code(session=session, now=now)
    return transfers.find_code(typed=shown.typed, now=now)


def connected(session: VerificationSession, *, key: str = "first phone", now: datetime = NOW) -> Transfer:
    return transfers.connect(code=code_of(session, now), phone_key=key, client=CLIENT, now=now)[0]


def kinds(session: VerificationSession) -> list[str]:
    return list(session.events.order_by("pk").values_list("kind", flat=True))


# Codes


def test_link_and_typed_code_lead_to_the_same_code() -> None:
    """R13"""
    shown = transfers.issue_code(session=answered_session(), now=NOW)
    token = shown.link.rstrip("/").rsplit("/", 1)[1]
    assert transfers.find_code(token=token, now=NOW) == transfers.find_code(typed=typed_codes.shown(shown.typed).lower(), now=NOW)


def test_a_code_is_stored_by_hashes_alone() -> None:
    shown = transfers.issue_code(session=answered_session(), now=NOW)
    stored = TransferCode.objects.get()
    token = shown.link.rstrip("/").rsplit("/", 1)[1]
    assert len(token) >= 43
    assert (stored.token_hash, stored.typed_hash) == (tokens.hash_token(token), typed_codes.hash_code(shown.typed))


@pytest.mark.parametrize(("moment", "works"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_code_lasts_five_minutes(moment: timedelta, works: bool) -> None:
    """R11"""
    shown = transfers.issue_code(session=answered_session(), now=NOW)
    at = NOW + timedelta(minutes=5) + moment
    if works:
        assert transfers.find_code(typed=shown.typed, now=at)
    else:
        with pytest.raises(transfers.CodeNotValid):
            transfers.find_code(typed=shown.typed, now=at)


def test_a_code_never_lasts_longer_than_the_link() -> None:
    session = answered_session()
    late = session.expires_at - timedelta(minutes=1)
    assert transfers.issue_code(session=session, now=late).expires_at == session.expires_at


def test_renewing_leaves_the_older_code_good_until_its_own_end() -> None:
    """R11: whoever is just scanning is not cut off."""
    session = answered_session()
    older = code_of(session)
    code_of(session, NOW + timedelta(minutes=2))
    phone, _token = transfers.connect(code=older, phone_key="phone", client=CLIENT, now=NOW + timedelta(minutes=4))
    assert phone.is_running(NOW + timedelta(minutes=4))


def test_codes_that_are_over_are_deleted_with_the_next_one() -> None:
    session = answered_session()
    for minutes in (0, 2, 4, 6):
        code_of(session, NOW + timedelta(minutes=minutes))
    assert session.transfer_codes.count() == 3


def test_no_session_holds_more_codes_than_a_page_can_need() -> None:
    session = answered_session()
    for second in range(transfers.MOST_CODES + 3):
        newest = code_of(session, NOW + timedelta(seconds=second))
    assert session.transfer_codes.count() == transfers.MOST_CODES
    assert session.transfer_codes.filter(pk=newest.pk).exists()


def test_no_code_is_shown_while_a_phone_has_the_session() -> None:
    session = answered_session()
    connected(session)
    with pytest.raises(transfers.UsedElsewhere):
        transfers.issue_code(session=session, now=NOW)


def test_no_code_for_a_session_that_is_closed() -> None:
    with pytest.raises(lifecycle.SessionClosed):
        transfers.issue_code(session=finished_session(), now=NOW)


def test_a_code_opens_its_own_session_alone() -> None:
    """R81"""
    session, stranger = answered_session(company=CompanyFactory()), answered_session(company=CompanyFactory())
    phone = transfers.connect(code=code_of(session), phone_key="phone", client=CLIENT, now=NOW)[0]
    code_of(stranger)
    assert phone.session == session
    assert transfers.running(stranger, NOW) is None


# Connecting


def test_a_phone_that_connects_is_a_record_with_its_facts() -> None:
    """R11"""
    session = answered_session()
    phone, token = transfers.connect(code=code_of(session), phone_key="key", client=CLIENT, now=NOW)
    assert (phone.device_model, phone.browser, phone.device) == (CLIENT.model, CLIENT.browser, CLIENT.device)
    assert phone.token_hash == tokens.hash_token(token)
    assert len(phone.digits) == 2
    assert phone.handle != session.handle
    assert kinds(session)[-1] == EventKind.PHONE_CONNECTED


@pytest.mark.parametrize(("moment", "runs"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_transfer_lasts_as_long_as_the_company_says(moment: timedelta, runs: bool) -> None:
    """R11, R47: from the scan, computed when read."""
    session = answered_session(company=CompanyFactory(transfer_minutes=45))
    connected(session)
    assert (transfers.running(session, NOW + timedelta(minutes=45) + moment) is not None) is runs


def test_a_transfer_lasts_an_hour_unless_the_company_says_otherwise() -> None:
    """R11"""
    assert connected(answered_session()).expires_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(("moment", "runs"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_a_transfer_never_outlives_its_session(moment: timedelta, runs: bool) -> None:
    """R11"""
    session = answered_session()
    connected(session, now=session.expires_at - timedelta(minutes=10))
    assert (transfers.running(session, session.expires_at + moment) is not None) is runs


def test_a_second_phone_is_told_and_counted() -> None:
    """R11: one winner."""
    session = answered_session()
    code = code_of(session)
    first, _token = transfers.connect(code=code, phone_key="first", client=CLIENT, now=NOW)
    with pytest.raises(transfers.AnotherPhone):
        transfers.connect(code=code, phone_key="second", client=OTHER_PHONE, now=NOW + SECOND)
    first.refresh_from_db()
    assert (first.rivals, first.device_model) == (1, CLIENT.model)
    assert kinds(session)[-1] == EventKind.PHONE_REFUSED


def test_rivals_are_not_counted_for_ever() -> None:
    session = answered_session()
    code = code_of(session)
    transfers.connect(code=code, phone_key="first", client=CLIENT, now=NOW)
    for number in range(transfers.MOST_RIVALS + 2):
        with pytest.raises(transfers.AnotherPhone):
            transfers.connect(code=code, phone_key=f"rival {number}", client=OTHER_PHONE, now=NOW)
    assert session.transfers.get().rivals == transfers.MOST_RIVALS
    assert kinds(session).count(EventKind.PHONE_REFUSED) == transfers.MOST_RIVALS


def test_the_phone_that_scans_again_goes_on_as_it_is() -> None:
    """R11: also one whose first answer was lost on the way."""
    session = answered_session()
    code = code_of(session)
    first = transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW)
    assert transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW + SECOND) == first
    assert session.transfers.count() == 1


def test_a_phone_that_comes_back_later_gets_a_new_token() -> None:
    session = answered_session()
    _phone, before = transfers.connect(code=code_of(session), phone_key="key", client=CLIENT, now=NOW)
    transfers.take_back(session=session, now=NOW)
    _phone, after = transfers.connect(code=code_of(session), phone_key="key", client=CLIENT, now=NOW)
    assert before != after


def test_a_key_alone_tells_nobody_the_token(settings: Any) -> None:
    session = answered_session()
    code = code_of(session)
    _phone, token = transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW)
    settings.SECRET_KEY = "what an attacker does not know"
    with pytest.raises(transfers.AnotherPhone):
        transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW)
    assert "key" not in token


def test_a_new_phone_may_come_once_the_time_of_the_old_one_is_over() -> None:
    session = answered_session()
    first = connected(session)
    second = connected(session, key="second phone", now=first.expires_at)
    first.refresh_from_db()
    assert (first.end, first.ended_at) == (TransferEnd.EXPIRED, first.expires_at)
    assert transfers.running(session, first.expires_at) == second


def test_the_database_allows_no_two_phones_at_a_time() -> None:
    phone = connected(answered_session())
    phone.pk, phone.handle, phone.token_hash = None, "another", "another"
    with pytest.raises(IntegrityError, match="transfer_one_phone_at_a_time"), transaction.atomic():
        phone.save(force_insert=True)


def test_a_closed_session_takes_no_phone() -> None:
    session = answered_session()
    code = code_of(session)
    lifecycle.cancel(session=session, actor=UserFactory(company=session.company), now=NOW)
    with pytest.raises(transfers.CodeNotValid):
        transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_at_once_one_wins() -> None:
    """R11"""
    for _round in range(5):
        session = answered_session()
        code = code_of(session)
        phones = [partial(transfers.connect, code=code, phone_key=key, client=CLIENT, now=NOW) for key in ("a", "b", "c")]
        results = race(*phones)
        assert sorted(type(result).__name__ for result in results) == ["AnotherPhone", "AnotherPhone", "tuple"]
        assert session.transfers.get().rivals == 2


# Who may act

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


# Ends


def test_taking_back_ends_the_transfer_and_forgets_the_codes() -> None:
    """R14"""
    session = answered_session()
    code = code_of(session)
    phone = transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW)[0]
    transfers.take_back(session=session, now=NOW + SECOND)
    phone.refresh_from_db()
    assert (phone.end, phone.ended_at) == (TransferEnd.TAKEN_BACK, NOW + SECOND)
    with pytest.raises(transfers.CodeNotValid):
        transfers.connect(code=code, phone_key="key", client=CLIENT, now=NOW + SECOND)
    assert kinds(session)[-1] == EventKind.PHONE_TAKEN_BACK


def test_taking_back_twice_is_no_second_event() -> None:
    session = answered_session()
    connected(session)
    for _time in range(2):
        transfers.take_back(session=session, now=NOW)
    assert kinds(session).count(EventKind.PHONE_TAKEN_BACK) == 1


def decide(session: VerificationSession, verdict: Verdict) -> None:
    attempt = processing_attempt(session)
    leases.claim(attempt, now=NOW)
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(verdict), columns={}, now=NOW + SECOND)


def test_the_transfer_is_completed_together_with_the_session() -> None:
    """R13"""
    session = ready_session()
    phone = connected(session)
    decide(session, Verdict.APPROVE)
    phone.refresh_from_db()
    assert (phone.end, phone.ended_at) == (TransferEnd.COMPLETED, NOW + SECOND)


def test_the_phone_keeps_the_session_for_another_attempt() -> None:
    """R13"""
    session = ready_session()
    phone = connected(session)
    decide(session, Verdict.RETRY)
    assert transfers.running(session, NOW + SECOND) == phone


def test_a_transfer_that_was_over_before_the_outcome_did_not_bring_it() -> None:
    session = ready_session()
    phone = connected(session, now=NOW - timedelta(hours=2))
    decide(session, Verdict.APPROVE)
    phone.refresh_from_db()
    assert (phone.end, phone.ended_at) == (TransferEnd.EXPIRED, phone.expires_at)


@pytest.mark.parametrize(("moment", "ended"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_the_end_of_its_time_is_written_down_once(moment: timedelta, ended: bool) -> None:
    session = answered_session()
    phone = connected(session)
    assert transfers.end_overdue(transfer=phone, now=phone.expires_at + moment) is ended
    assert transfers.end_overdue(transfer=phone, now=phone.expires_at + moment) is False
    assert kinds(session).count(EventKind.PHONE_ENDED) == int(ended)


def test_the_end_of_a_transfer_never_ends_the_session() -> None:
    """R11"""
    session = answered_session()
    phone = connected(session)
    transfers.end_overdue(transfer=phone, now=phone.expires_at)
    session.refresh_from_db()
    assert session.is_open


def test_a_transfer_costs_no_attempt_and_no_retry() -> None:
    """R4, R11"""
    session = ready_session()
    for key in ("one phone", "another"):
        connected(session, key=key)
        transfers.take_back(session=session, now=NOW)
    assert submission.submit_attempt(session=session, now=NOW).number == 1


def test_a_session_remembers_every_phone() -> None:
    session = SessionFactory()
    for key in ("one phone", "another"):
        connected(session, key=key)
        transfers.take_back(session=session, now=NOW)
    assert [phone.end for phone in session.transfers.all()] == [TransferEnd.TAKEN_BACK] * 2


@pytest.mark.parametrize(("seconds", "written"), [(4, False), (5, True), (6, True)])
def test_a_phone_is_noted_at_most_every_five_seconds(seconds: int, written: bool) -> None:
    phone = connected(answered_session())
    now = NOW + timedelta(seconds=seconds)
    transfers.seen(transfer_id=phone.pk, last_seen_at=phone.last_seen_at, now=now)
    phone.refresh_from_db()
    assert (phone.last_seen_at == now) is written


def test_a_phone_that_lost_the_session_is_not_seen_any_more() -> None:
    session = answered_session()
    phone = connected(session)
    transfers.take_back(session=session, now=NOW)
    transfers.seen(transfer_id=phone.pk, last_seen_at=phone.last_seen_at, now=NOW + timedelta(minutes=1))
    phone.refresh_from_db()
    assert phone.last_seen_at == NOW
