"""A session goes on on a phone (R10-R14): a code that the first device shows, one phone that claims it, and the way back.

While a transfer runs, its phone alone acts in the session; otherwise the link alone does. Whoever acts says who he is (`via`), and under
the session's lock `require_hand` lets through or refuses, so that two devices never work against each other.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from sessions_app import lifecycle, tokens, typed_codes
from sessions_app.choices import EventKind, TransferEnd
from sessions_app.clients import ClientFacts
from sessions_app.models import Transfer, TransferCode, VerificationSession

CODE_LASTS = timedelta(minutes=5)
MOST_CODES = 20
"""Of one session at a time. A page shows three at most before the first is over; only somebody who fills the table needs more."""

MOST_RIVALS = 20
"""As many refused phones are counted and noted; after that the desktop has been told often enough."""

SEEN_EVERY = timedelta(seconds=5)
"""How exactly `last_seen_at` is kept: a phone that polls is not a write for every request."""

QUIET_AFTER = timedelta(seconds=20)
"""A phone that works asks every few seconds; of whom nothing was heard for so long has no connection, or its page was closed."""


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the first device shows: the same secret as a link (and its QR code) and as a code to type."""

    link: str
    typed: str
    expires_at: datetime


class CodeNotValid(Exception):
    """The code is unknown or its time is over, or its session is closed. Which of these is nobody's business."""


class AnotherPhone(Exception):
    """A phone carries the session already, and this is another one."""


class UsedElsewhere(Exception):
    """Another device has the session now; whoever asked may look, but not act."""


@transaction.atomic
def issue_code(*, session: VerificationSession, now: datetime) -> ShownCode:
    """Draw a code. Older ones stay good until their own end, so that renewing cuts off nobody who is just scanning.

    Raises UsedElsewhere while a phone is connected, or SessionClosed.
    """
    locked = lifecycle.lock(session.pk)
    lifecycle.require_open(locked, now=now)
    require_hand(locked, via=None, now=now)
    token, typed, expires_at = tokens.new_token(), typed_codes.draw(), min(now + CODE_LASTS, locked.expires_at)
    spare = locked.transfer_codes.filter(expires_at__gt=now).order_by("-pk").values("pk")[: MOST_CODES - 1]
    locked.transfer_codes.exclude(pk__in=list(spare.values_list("pk", flat=True))).delete()
    locked.transfer_codes.create(
        token_hash=tokens.hash_token(token), typed_hash=typed_codes.hash_code(typed), issued_at=now, expires_at=expires_at
    )
    return ShownCode(link=f"{settings.PUBLIC_BASE_URL}/phone/{token}/", typed=typed, expires_at=expires_at)


def find_code(*, token: str = "", typed: str = "", now: datetime) -> TransferCode:
    """Return the code that was scanned (token) or typed. Raises CodeNotValid."""
    wanted = {"token_hash": tokens.hash_token(token)} if token else {"typed_hash": typed_codes.hash_code(typed)}
    found = TransferCode.objects.select_related("session__company").filter(**wanted, expires_at__gt=now).first()
    if found is None:
        raise CodeNotValid
    return found


def connect(*, code: TransferCode, phone_key: str, client: ClientFacts, now: datetime) -> tuple[Transfer, str]:
    """Give the session to the phone that brings a code. Returns its transfer and the transfer's token.

    phone_key: a secret that the phone's browser had before it asked. The token follows from it, so a phone that asks again, because the
    answer was lost or it scans once more, is known and goes on as it is. Raises CodeNotValid or, when another phone carries the session,
    AnotherPhone; that refusal is counted for the first device to see.
    """
    transfer, token = _claim(code, phone_key, client, now=now)
    if token is None:
        raise AnotherPhone(transfer.pk)
    return transfer, token


@transaction.atomic
def _claim(code: TransferCode, phone_key: str, client: ClientFacts, *, now: datetime) -> tuple[Transfer, str | None]:
    """One winner: the session's lock decides, and a constraint stands behind it. No token: another phone has the session."""
    session = lifecycle.lock(code.session_id)
    if not session.is_open or not session.transfer_codes.filter(pk=code.pk, expires_at__gt=now).exists():
        raise CodeNotValid  # taken back or closed meanwhile
    current, number = running(session, now), session.transfers.count()
    if current is None:
        token = _token(phone_key, session, number + 1)
        return _start(session, token, client, now=now), token
    token = _token(phone_key, session, number)
    if current.token_hash == tokens.hash_token(token):
        return current, token
    _count_rival(current, now=now)
    return current, None


def _token(phone_key: str, session: VerificationSession, number: int) -> str:
    """Return the token that the phone with this key gets for the session's transfer of this number: never the same twice.

    Our own secret goes in as well, so that a key which somebody foisted on the phone tells him no token.
    """
    return salted_hmac("sessions_app.transfers", f"{phone_key}:{session.pk}:{number}", algorithm="sha256").hexdigest()


def _start(session: VerificationSession, token: str, client: ClientFacts, *, now: datetime) -> Transfer:
    _end_overdue(session, now=now)
    transfer = session.transfers.create(
        token_hash=tokens.hash_token(token),
        handle=tokens.new_handle(),
        digits=f"{secrets.randbelow(90) + 10}",
        connected_at=now,
        expires_at=min(now + timedelta(minutes=session.company.transfer_minutes), session.expires_at),
        last_seen_at=now,
        client_ip=client.ip,
        device=client.device,
        browser=client.browser,
        os=client.os,
        device_model=client.model,
    )
    lifecycle.note(session=session, kind=EventKind.PHONE_CONNECTED, now=now, device=client.device)
    lifecycle.count_activity(session, now=now)
    return transfer


def _count_rival(current: Transfer, *, now: datetime) -> None:
    if current.rivals < MOST_RIVALS:
        Transfer.objects.filter(pk=current.pk).update(rivals=F("rivals") + 1)
        lifecycle.note(session=current.session, kind=EventKind.PHONE_REFUSED, now=now)


@transaction.atomic
def take_back(*, session: VerificationSession, now: datetime) -> None:
    """End the phone's work and forget every code, so that the phone needs a new one to come back. Without a phone nothing happens."""
    locked = lifecycle.lock(session.pk)
    locked.transfer_codes.all().delete()
    current = running(locked, now)
    if current is not None:
        _end(current, TransferEnd.TAKEN_BACK, at=now)
        lifecycle.note(session=locked, kind=EventKind.PHONE_TAKEN_BACK, now=now)
        lifecycle.count_activity(locked, now=now)


@transaction.atomic
def end_overdue(*, transfer: Transfer, now: datetime) -> bool:
    """Write down that a transfer's time is over, which every reader knows already. False: somebody ended it before."""
    return _end_overdue(lifecycle.lock(transfer.session_id), now=now)


def _end_overdue(session: VerificationSession, *, now: datetime) -> bool:
    overdue = session.transfers.filter(ended_at=None, expires_at__lte=now).first()
    if overdue is None:
        return False
    _end(overdue, TransferEnd.EXPIRED, at=overdue.expires_at)
    lifecycle.note(session=session, kind=EventKind.PHONE_ENDED, now=now)
    return True


def _end(transfer: Transfer, end: TransferEnd, *, at: datetime) -> None:
    Transfer.objects.filter(pk=transfer.pk, ended_at=None).update(ended_at=at, end=end)


def running(session: VerificationSession, now: datetime) -> Transfer | None:
    """Return the transfer whose phone carries the session now."""
    return session.transfers.filter(ended_at=None, expires_at__gt=now).first()


def require_hand(session: VerificationSession, *, via: Transfer | None, now: datetime) -> None:
    """Raise UsedElsewhere unless whoever acts has the session now: the phone of a running transfer, else the link (via=None).

    Call with the session's row locked.
    """
    current = running(session, now)
    if (current and current.pk) != (via and via.pk):
        raise UsedElsewhere(session.pk)


def seen(*, transfer_id: int, last_seen_at: datetime, now: datetime) -> None:
    """Note that the phone is there, at most every few seconds and only while it carries the session."""
    if last_seen_at <= now - SEEN_EVERY:
        Transfer.objects.filter(pk=transfer_id, ended_at=None, expires_at__gt=now).update(last_seen_at=now)
