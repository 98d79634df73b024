"""The phones that carried a session: which, from when to when, and how each came to an end (R11, R70)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import TransferEnd
from sessions_app.models import Transfer, VerificationSession
from sessions_app.panel.facts import Fact
from sessions_app.panel.labels import Badge

ON_A_PHONE = Badge("pending", _("On a phone now"))
BADGES = {
    TransferEnd.COMPLETED: Badge("approve", TransferEnd.COMPLETED.label),
    TransferEnd.TAKEN_BACK: Badge("abandoned", TransferEnd.TAKEN_BACK.label),
    TransferEnd.EXPIRED: Badge("abandoned", TransferEnd.EXPIRED.label),
}


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone's share of a session."""

    name: str
    badge: Badge
    facts: list[Fact]


def phones_of(session: VerificationSession, *, now: datetime) -> list[Phone]:
    """The phones in the order in which they connected."""
    transfers = sorted(session.transfers.all(), key=lambda transfer: transfer.connected_at)
    return [Phone(_name(transfer), _badge(transfer, now), _facts(transfer, now)) for transfer in transfers]


def is_on_a_phone(session: VerificationSession, *, now: datetime) -> bool:
    return session.is_open and any(transfer.is_running(now) for transfer in session.transfers.all())


def _name(transfer: Transfer) -> str:
    return " · ".join(filter(None, [transfer.device_model, transfer.browser, transfer.os])) or gettext("Unknown device")


def _badge(transfer: Transfer, now: datetime) -> Badge:
    """One whose time is over is over, whether or not that is written down already."""
    return ON_A_PHONE if transfer.is_running(now) else BADGES[TransferEnd(transfer.end or TransferEnd.EXPIRED)]


def _facts(transfer: Transfer, now: datetime) -> list[Fact]:
    ended = transfer.ended_at or transfer.expires_at
    facts = [
        Fact(_("Connected"), moment=transfer.connected_at),
        Fact(_("At most until"), moment=ended) if transfer.is_running(now) else Fact(_("Ended"), moment=ended),
        Fact(_("Last heard of"), moment=transfer.last_seen_at),
        Fact(_("Number on both screens"), transfer.digits, is_code=True),
        Fact(_("IP address"), transfer.client_ip or "", is_code=True),
    ]
    if transfer.rivals:
        facts.append(Fact(_("Other phones refused meanwhile"), str(transfer.rivals)))
    return facts
