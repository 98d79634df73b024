"""The pages of a hand-over, for those who look at them: what a computer shows and what phones show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.urls import reverse

from sessions_app import tokens, transfers
from sessions_app.choices import DeviceKind
from sessions_app.clients import ClientFacts
from sessions_app.models import VerificationSession

PIXEL = ClientFacts(ip="203.0.113.7", device=DeviceKind.MOBILE, browser="Chrome 126", os="Android 14", model="Pixel 8")
TO_LOOK = timedelta(minutes=50)
"""How much longer than others the codes last that these pages begin with."""


def paths(
    waiting: VerificationSession, carried: VerificationSession, moving: VerificationSession, *, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield name and path. waiting: its code is shown, by whoever has its link. carried: gets a phone. moving: goes to whoever looks."""
    yield "code", reverse("flow:handover", args=[waiting.handle])
    yield "typing", reverse("flow:phone")
    yield "on-a-phone", _scanned(moving, now=now)
    scanned = _scanned(carried, now=now)
    code = transfers.find_code(token=scanned.split("/")[-2], now=now)
    transfers.connect(code=code, phone_key=tokens.new_token(), client=PIXEL, now=now)
    yield "mirror", reverse("flow:handover", args=[carried.handle])
    yield "another-phone", scanned


def _scanned(session: VerificationSession, *, now: datetime) -> str:
    return urlsplit(transfers.issue_code(session=session, now=now + TO_LOOK).link).path
