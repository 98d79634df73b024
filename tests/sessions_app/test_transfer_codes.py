"""The codes that a computer shows for a phone: how long, how many, for whom (R11, R13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sessions_app import lifecycle, tokens, transfers, typed_codes
from sessions_app.models import TransferCode
from tests.captures import CLIENT, answered_session
from tests.factories import NOW, CompanyFactory, finished_session
from tests.phones import code_of, connected

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
OTHER_PHONE = replace(CLIENT, model="iPhone", browser="Safari 17")


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
