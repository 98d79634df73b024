"""What members of a company write about a session for each other: sealed, listed with author and time, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sessions_app import lifecycle
from sessions_app.choices import EventKind
from sessions_app.models import Note, VerificationSession
from settings_app import audit, keys
from settings_app.choices import AuditKind
from settings_app.models import User
from verifyportal import crypto

LENGTH = 2000


class EmptyNote(ValueError):
    """Nothing but blanks."""


class NoteTooLong(ValueError):
    """More than LENGTH characters."""


@dataclass(frozen=True, slots=True)
class Written:
    """A note that can be read."""

    author: User
    at: datetime
    text: str


@transaction.atomic
def add(*, session: VerificationSession, text: str, author: User, now: datetime) -> Note:
    """Add a note to a session, whatever its outcome. Raises EmptyNote or NoteTooLong."""
    text = text.strip()
    if not text:
        raise EmptyNote(session.pk)
    if len(text) > LENGTH:
        raise NoteTooLong(session.pk)
    note = Note(session=session, author=author, at=now)
    note.text_sealed = crypto.seal(keys.key_of(session.company), text.encode(), context=_context(note))
    note.save(force_insert=True)
    lifecycle.note(session=session, kind=EventKind.NOTE_ADDED, actor=author, now=now)
    audit.record(company=session.company, kind=AuditKind.NOTE_ADDED, actor=author, session_id=session.public_id, now=now, note=note.pk)
    return note


def of_session(session: VerificationSession) -> list[Written]:
    """Every note of a session, oldest first. Raises crypto.DoesNotOpen."""
    notes = list(session.notes.select_related("author").order_by("at", "id"))
    if not notes:
        return []
    unseal = crypto.unsealer(keys.key_of(session.company))
    return [Written(note.author, note.at, unseal(bytes(note.text_sealed), _context(note, session)).decode()) for note in notes]


def _context(note: Note, session: VerificationSession | None = None) -> str:
    return f"note:{(session or note.session).public_id}:{note.author_id}:{note.at.timestamp()}"
