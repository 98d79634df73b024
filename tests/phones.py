"""A phone beside a session, connected through the product's own functions."""

from __future__ import annotations

from datetime import datetime

from sessions_app import transfers
from sessions_app.models import Transfer, TransferCode, VerificationSession
from tests.captures import CLIENT
from tests.factories import NOW


def code_of(session: VerificationSession, now: datetime = NOW) -> TransferCode:
    shown = transfers.issue_code(session=session, now=now)
    return transfers.find_code(typed=shown.typed, now=now)


def connected(session: VerificationSession, *, key: str = "first phone", now: datetime = NOW) -> Transfer:
    return transfers.connect(code=code_of(session, now), phone_key=key, client=CLIENT, now=now)[0]


def kinds(session: VerificationSession) -> list[str]:
    return list(session.events.order_by("pk").values_list("kind", flat=True))
