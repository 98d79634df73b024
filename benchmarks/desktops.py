"""Simulated computers that wait for a phone: a cookie, an address, and the question "anything new?" again and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from sessions_app import answers, creation, transfers
from sessions_app.clients import ClientFacts
from sessions_app.models import Transfer, VerificationSession
from settings_app.choices import DocumentChoice
from settings_app.models import Company

PHONE = ClientFacts(ip="192.0.2.1", device="Mobile", browser="Chrome Mobile 126", os="Android 14", model="Pixel 8")
OTHER = {DocumentChoice.PASSPORT: DocumentChoice.ID_CARD, DocumentChoice.ID_CARD: DocumentChoice.PASSPORT}


@dataclass
class Answers:
    """What all desktops heard. took, noticed: seconds."""

    took: list[float] = field(default_factory=list)
    noticed: list[float] = field(default_factory=list)
    unchanged: int = 0
    wrong: int = 0


@dataclass
class Page:
    """One page that asks. moved_at: when its phone last took a step that the page has not heard of; 0: it knows everything."""

    request: str
    session: VerificationSession
    transfer: Transfer | None = None
    phone: Page | None = None
    tag: str = ""
    moved_at: float = 0.0

    async def wait(self, port: int, heard: Answers, *, every: float, begin: float, end: float) -> None:
        """Ask every so many seconds, on one connection as a browser does. Counted is what is asked after `begin`.

        A question that this busy machine sends late does not delay the ones after it, so that the server gets the load that is named.
        """
        await asyncio.sleep(random.random() * every)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = time.monotonic()
        while (asked := time.monotonic()) < end:
            tag = f"If-None-Match: {self.tag}\r\n" if self.tag else ""
            writer.write(f"{self.request}{tag}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            status = head.split(" ", 2)[1]
            if status != "304":
                await reader.readexactly(int(_header(head, "content-length") or 0))
                self.tag = _header(head, "etag")
            if asked > begin:
                self._note(status, heard, asked)
            elif status == "200":
                self.moved_at = 0.0
            due = max(due + every, asked)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        writer.close()

    def _note(self, status: str, heard: Answers, asked: float) -> None:
        now = time.monotonic()
        heard.took.append(now - asked)
        heard.unchanged += status == "304"
        heard.wrong += status not in ("200", "304")
        if status == "200" and self.moved_at and self.moved_at < asked:
            heard.noticed.append(now - self.moved_at)
            self.moved_at = 0.0

    def move(self, now: datetime) -> None:
        """Let the phone take a step that the page shows: the pictures of another document are asked for."""
        session = VerificationSession.objects.get(pk=self.session.pk)
        document = OTHER[DocumentChoice(session.chosen_document)]
        answers.choose_document(session=session, country="UTO", document=document, via=self.transfer, now=now)
        self.moved_at = time.monotonic()


def open_pages(company: Company, number: int) -> list[Page]:
    """Create sessions whose pages wait: every second one mirrors a phone, the others show a code."""
    return [_open(company, with_phone=place % 2 == 0) for place in range(number)]


def _open(company: Company, *, with_phone: bool) -> Page:
    now = timezone.now()
    session, token = creation.create_session(company=company, created_by=None, now=now)
    answers.consent(session=session, version="1", language="en", now=now)
    answers.choose_document(session=session, country="UTO", document=DocumentChoice.PASSPORT, now=now)
    code = transfers.find_code(typed=transfers.issue_code(session=session, now=now).typed, now=now)
    if not with_phone:
        return Page(_question(session.handle, token), session)
    phone, secret = transfers.connect(code=code, phone_key=token, client=PHONE, now=now)
    return Page(_question(session.handle, token), session, phone, Page(_question(phone.handle, secret), session))


def _question(handle: str, token: str) -> str:
    """Return the head of the request as far as it never changes."""
    address = reverse("flow:progress", args=[handle])
    lines = (f"GET {address} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json", "Accept-Encoding: gzip", f"Cookie: vp_link={token}")
    return "\r\n".join(lines) + "\r\n"


def take_steps(desktops: Iterable[Page], *, each_second: float, end: float) -> None:
    """Let phones go on, one after the other, in a thread of its own."""
    with_phone = [desktop for desktop in desktops if desktop.phone]
    try:
        while time.monotonic() < end:
            random.choice(with_phone).move(timezone.now())
            time.sleep(1 / each_second)
    finally:
        connection.close()


def _header(head: str, name: str) -> str:
    return next((line.split(": ", 1)[1] for line in head.split("\r\n") if line.lower().startswith(f"{name}:")), "")
