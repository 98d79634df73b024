"""Sessions created together, all or none, whose links can be fetched together and again (R1, R6)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from sessions_app import creation
from sessions_app.choices import Outcome
from sessions_app.creation import NewSession
from sessions_app.models import SessionBatch
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User

FINISHED = ~Q(outcome=Outcome.PENDING)
LONGEST_NAME = 120
"""Characters of a file's name, as its column holds them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the people of a batch are."""

    waiting: int  # nobody has opened the link yet
    started: int
    finished: int


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One line of the file of links. link: empty when it no longer works."""

    reference: str
    link: str
    expires_at: datetime
    session_id: UUID


def identity(*, company: Company, key: UUID, content: bytes) -> UUID:
    """Name the batch that comes of sending one file from one page: sent twice, it is the same batch; another file is another one."""
    parts = company.public_id.bytes + key.bytes + hashlib.sha256(content).digest()
    return UUID(bytes=hashlib.sha256(parts).digest()[:16], version=4)


@transaction.atomic
def create(
    *, company: Company, public_id: UUID, given: Sequence[NewSession], file_name: str, actor: User | None, now: datetime
) -> SessionBatch:
    """Create a batch with its sessions, or return the one that exists: whoever comes second waits for the first.

    Raises creation.ReturnUrlNotAllowed or creation.UnknownExtraField.
    """
    born = {"file_name": file_name[:LONGEST_NAME], "size": len(given), "created_by": actor, "created_at": now}
    batch, is_new = company.session_batches.get_or_create(public_id=public_id, defaults=born)
    if is_new:
        creation.create_many(batch=batch, given=given, now=now)
        # found by the batch's id, as the lines of a session by the session's
        audit.record(company=company, kind=AuditKind.SESSIONS_CREATED, actor=actor, session_id=public_id, now=now, count=len(given))
    return batch


@transaction.atomic
def hand_out(*, batch: SessionBatch, actor: User, now: datetime) -> list[HandedOut]:
    """Return the links of a batch in the order of its file. Each time is in the audit trail, with how many links were shown (R6)."""
    sessions = batch.sessions.only("batch", "public_id", "reference", "token_sealed", "expires_at", "outcome").order_by("id")
    lines = [
        HandedOut(session.reference, link if session.is_open and session.link_works(now) else "", session.expires_at, session.public_id)
        for session, link in creation.links_of(sessions, company=batch.company)
    ]
    count = sum(bool(line.link) for line in lines)
    audit.record(company=batch.company, kind=AuditKind.LINKS_DOWNLOADED, actor=actor, session_id=batch.public_id, now=now, count=count)
    return lines


def progress(batch: SessionBatch) -> Progress:
    counted = batch.sessions.aggregate(
        waiting=Count("id", Q(outcome=Outcome.PENDING, opened_at=None)),
        started=Count("id", Q(outcome=Outcome.PENDING, opened_at__isnull=False)),
        finished=Count("id", FINISHED),
    )
    return Progress(**counted)


def open_references(*, company: Company, references: set[str]) -> set[str]:
    """Which of these references open sessions of the company have already."""
    found = company.sessions.filter(outcome=Outcome.PENDING, reference__in=references - {""})
    return set(found.values_list("reference", flat=True))
