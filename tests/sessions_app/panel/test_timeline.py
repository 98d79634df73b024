"""R70, R81: what happened to a session, and who looked at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from sessions_app import batches
from sessions_app.choices import EventKind, Outcome
from sessions_app.models import SessionEvent
from sessions_app.panel import timeline
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.factories import NOW, SessionBatchFactory, SessionFactory, UserFactory, finished_session


def look(company: Company, actor: User, *, after: timedelta, kind: AuditKind = AuditKind.PHOTO_VIEWED) -> None:
    session = company.sessions.get()
    audit.record(company=company, kind=kind, actor=actor, session_id=session.public_id, now=NOW + after)


@pytest.mark.parametrize(
    ("kind", "details", "told"),
    [
        (EventKind.REDO_ASKED, {"step": "SELFIE"}, "Selfie"),
        (EventKind.FIELDS_EDITED, {"fields": "first_name,birth_date"}, "First name · Birth date"),
        (EventKind.DOCUMENT_CHOSEN, {"document": "PASSPORT", "country": "GEO"}, "Passport · Georgia (GEO)"),
        (EventKind.SUBMITTED, {"attempt": 2}, "attempt 2"),
        (EventKind.EXTRA_FILLED, {"fields": 3}, ""),  # how many, where a correction says which
    ],
)
def test_event_tells_its_details(kind: EventKind, details: dict[str, str | int], told: str, company: Company) -> None:
    session = SessionFactory(company=company)
    SessionEvent.objects.create(session=session, kind=kind, details=details, at=NOW + timedelta(minutes=1))
    assert timeline.lines_of(session)[-1].details == told


def test_withdrawn_event_is_struck_through(panel: Client, company: Company) -> None:
    """R26: it happened, and it does not count."""
    session = finished_session(Outcome.REVIEW, company=company)
    SessionEvent.objects.create(session=session, kind=EventKind.DECLINED, at=NOW, withdrawn_at=NOW)
    assert "<s>Declined</s>" in panel.get(f"/sessions/{session.public_id}/").content.decode()


def test_looks_that_follow_each_other_closely_are_one_line(company: Company, agent: User) -> None:
    """A page brings a dozen photos."""
    session = SessionFactory(company=company)
    near = timeline.LOOKS_TOGETHER - timedelta(seconds=1)
    for after in (timedelta(0), near, 2 * near, 2 * near + timeline.LOOKS_TOGETHER):
        look(company, agent, after=after)
    found = [(seen.first_at - NOW, seen.times) for seen in timeline.looks_at(session)]
    assert found == [(timedelta(0), 3), (2 * near + timeline.LOOKS_TOGETHER, 1)]


def test_looks_of_different_people_and_kinds_stay_apart(company: Company, agent: User) -> None:
    session, colleague = SessionFactory(company=company), UserFactory(company=company)
    look(company, agent, after=timedelta(0))
    look(company, colleague, after=timedelta(seconds=1))
    look(company, agent, after=timedelta(seconds=2), kind=AuditKind.LINK_SHOWN)
    look(company, agent, after=timedelta(seconds=3))
    found = [(seen.actor, seen.kind, seen.times) for seen in timeline.looks_at(session)]
    assert found == [(agent, "PHOTO_VIEWED", 2), (colleague, "PHOTO_VIEWED", 1), (agent, "LINK_SHOWN", 1)]


def test_page_lists_who_looked(panel: Client, company: Company, agent: User) -> None:
    SessionFactory(company=company)
    look(company, agent, after=timedelta(0))
    page = panel.get(f"/sessions/{company.sessions.get().public_id}/").content.decode()
    assert "Who looked" in page
    assert "Photo viewed" in page


def test_only_the_latest_looks_are_read(company: Company, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that was looked at for years still opens at once."""
    monkeypatch.setattr(timeline, "LOOKS_READ", 2)
    session = SessionFactory(company=company)
    for hour in range(3):
        look(company, agent, after=timedelta(hours=hour))
    assert [seen.first_at - NOW for seen in timeline.looks_at(session)] == [timedelta(hours=1), timedelta(hours=2)]


def test_download_of_its_batch_is_a_look_at_the_session(company: Company, agent: User) -> None:
    """R6: its link was among them."""
    batch = SessionBatchFactory(company=company)
    batches.hand_out(batch=batch, actor=agent, now=NOW)
    batches.hand_out(batch=SessionBatchFactory(company=company), actor=agent, now=NOW)
    (look,) = timeline.looks_at(batch.sessions.order_by("id")[0])
    assert (look.actor, look.kind) == (agent, AuditKind.LINKS_DOWNLOADED)
