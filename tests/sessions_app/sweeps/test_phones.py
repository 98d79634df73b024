"""R11: the sweep writes down what every reader knows already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from sessions_app import lifecycle, sweeps
from sessions_app.choices import EventKind, TransferEnd
from sessions_app.models import Transfer, VerificationSession
from tests.captures import answered_session
from tests.concurrency import race
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def carried_session() -> VerificationSession:
    """A session that a phone carries for an hour."""
    session = answered_session()
    names = {"token_hash": f"hash-{session.pk}", "handle": f"handle-{session.pk}", "digits": "42"}
    session.transfers.create(**names, connected_at=NOW, expires_at=NOW + HOUR, last_seen_at=NOW)
    return session


@pytest.mark.parametrize(("late", "ended"), [(-1, 0), (0, 1), (1, 1)])
def test_transfer_ends_at_its_hour(late: int, ended: int) -> None:
    """R11: an hour from the scan, at −1, 0 and +1 s."""
    session = carried_session()
    assert sweeps.end_transfers(now=NOW + HOUR + timedelta(seconds=late)) == ended
    assert Transfer.objects.filter(end=TransferEnd.EXPIRED, ended_at=NOW + HOUR).count() == ended
    assert session.events.filter(kind=EventKind.PHONE_ENDED).count() == ended


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_end_each_transfer_once() -> None:
    sessions = [carried_session() for _ in range(3)]
    assert sum(race(*[lambda: sweeps.end_transfers(now=NOW + HOUR)] * 3)) == 3
    assert [session.events.filter(kind=EventKind.PHONE_ENDED).count() for session in sessions] == [1] * 3


@pytest.mark.django_db(transaction=True)
def test_session_in_use_is_not_waited_for() -> None:
    session = carried_session()
    with transaction.atomic():
        lifecycle.lock(session.pk)
        assert race(lambda: sweeps.end_transfers(now=NOW + HOUR)) == [0]
    assert sweeps.end_transfers(now=NOW + HOUR) == 1
