"""A session that goes on on a phone: one winner, and every end (R10-R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from checks_app.decision import Decision, Verdict
from sessions_app import leases, lifecycle, submission, tokens, transfers
from sessions_app.choices import EventKind, TransferEnd
from sessions_app.models import VerificationSession
from tests.captures import CLIENT, answered_session, processing_attempt, ready_session
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, SessionFactory, UserFactory
from tests.phones import code_of, connected, kinds

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OTHER_PHONE = replace(CLIENT, model="iPhone", browser="Safari 17")


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
