"""R70: notes about a session: sealed, in order, for its company alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessions_app import erasure, notes
from sessions_app.choices import EventKind, Outcome
from sessions_app.models import Note
from settings_app.choices import AuditKind
from tests.factories import NOW, SessionFactory, finished_session
from tests.reviews import colleague
from verifyportal import crypto

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("outcome", Outcome)
def test_any_session_takes_notes(outcome: Outcome) -> None:
    session = finished_session(outcome)
    author = colleague(session)
    notes.add(session=session, text="  Called back.\n", author=author, now=NOW)
    assert notes.of_session(session) == [notes.Written(author, NOW, "Called back.")]


def test_note_is_sealed_and_leaves_its_traces_without_its_words() -> None:
    session = SessionFactory()
    author = colleague(session)
    note = notes.add(session=session, text="Called back.", author=author, now=NOW)
    assert b"Called" not in bytes(note.text_sealed)
    assert session.events.get(kind=EventKind.NOTE_ADDED).actor == author
    event = session.company.audit_events.get(kind=AuditKind.NOTE_ADDED)
    assert (event.actor, event.session_public_id, event.details) == (author, session.public_id, {"note": note.pk})


def test_notes_stand_in_the_order_in_which_they_were_written() -> None:
    session = SessionFactory()
    author = colleague(session)
    for minutes, text in ((5, "second"), (0, "first"), (5, "third")):
        notes.add(session=session, text=text, author=author, now=NOW + timedelta(minutes=minutes))
    assert [note.text for note in notes.of_session(session)] == ["first", "second", "third"]


@pytest.mark.parametrize(("text", "refusal"), [("", notes.EmptyNote), (" \n", notes.EmptyNote), ("x" * 2001, notes.NoteTooLong)])
def test_note_says_something_in_two_thousand_characters(text: str, refusal: type[Exception]) -> None:
    session = SessionFactory()
    with pytest.raises(refusal):
        notes.add(session=session, text=text, author=colleague(session), now=NOW)
    assert not session.notes.exists()


def test_note_of_two_thousand_characters_is_kept_whole() -> None:
    session = SessionFactory()
    text = "ქ" * 2000
    notes.add(session=session, text=text, author=colleague(session), now=NOW)
    assert notes.of_session(session)[0].text == text


def test_note_moved_to_another_session_does_not_open() -> None:
    session = SessionFactory()
    author = colleague(session)
    note = notes.add(session=session, text="Called back.", author=author, now=NOW)
    other = SessionFactory(company=session.company)
    Note.objects.filter(pk=note.pk).update(session=other)
    with pytest.raises(crypto.DoesNotOpen):
        notes.of_session(other)


def test_note_put_into_another_mouth_does_not_open() -> None:
    session = SessionFactory()
    note = notes.add(session=session, text="Called back.", author=colleague(session), now=NOW)
    Note.objects.filter(pk=note.pk).update(author=colleague(session))
    with pytest.raises(crypto.DoesNotOpen):
        notes.of_session(session)


def test_notes_stay_when_the_pictures_are_erased() -> None:
    session = finished_session(Outcome.APPROVE)
    author = colleague(session)
    notes.add(session=session, text="Called back.", author=author, now=NOW)
    erasure.erase_pictures(session=session, actor=author, now=NOW)
    assert len(notes.of_session(session)) == 1
