"""R63, R80, R81: a page of the list asks once for its faces, and that leaves one trace."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest
from django.test import Client

from sessions_app.choices import CaptureKind
from sessions_app.models import VerificationSession
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests import findings as given
from tests.factories import SessionFactory, finished_session, store_inspected

ADDRESS = "/sessions/thumbnails/"


@pytest.fixture
def seen(company: Company) -> list[VerificationSession]:
    """Two sessions with a selfie."""
    sessions = [finished_session(company=company, reference=name) for name in ("one", "two")]
    for session in sessions:
        store_inspected(session, CaptureKind.SELFIE, given.selfie())
    return sessions


def test_page_gets_its_faces_in_one_answer_that_nobody_keeps(panel: Client, company: Company, seen: list[VerificationSession]) -> None:
    without: VerificationSession = SessionFactory(company=company)
    answer = panel.get(ADDRESS, {"row": [str(session.public_id) for session in (*seen, without)]})
    assert answer["Cache-Control"] == "private, no-store"
    faces = answer.json()
    assert set(faces) == {str(session.public_id) for session in seen}
    head, _, data = faces[str(seen[0].public_id)].partition(",")
    assert head == "data:image/webp;base64"
    assert base64.b64decode(data)[8:12] == b"WEBP"


def test_one_row_of_the_audit_trail_names_them_all(panel: Client, agent: User, company: Company, seen: list[VerificationSession]) -> None:
    panel.get(ADDRESS, {"row": [str(session.public_id) for session in seen]})
    trace = company.audit_events.get(kind=AuditKind.THUMBNAILS_VIEWED)
    assert (trace.actor, trace.details["count"]) == (agent, 2)
    assert set(str(trace.details["sessions"]).split()) == {str(session.public_id) for session in seen}


def test_nothing_shown_leaves_no_trace(panel: Client, company: Company) -> None:
    panel.get(ADDRESS, {"row": str(SessionFactory(company=company).public_id)})
    assert not company.audit_events.filter(kind=AuditKind.THUMBNAILS_VIEWED).exists()


def test_strangers_rows_are_missing(stranger: Client, seen: list[VerificationSession]) -> None:
    """R81: as if they did not exist."""
    assert stranger.get(ADDRESS, {"row": [str(session.public_id) for session in seen]}).json() == {}


@pytest.mark.parametrize("row", ["", "x", str(uuid4()), "\x00"])
def test_nonsense_is_missing(panel: Client, row: str) -> None:
    assert panel.get(ADDRESS, {"row": row}).json() == {}


def test_no_more_than_the_longest_page_is_given(panel: Client, seen: list[VerificationSession]) -> None:
    others = [str(uuid4()) for _ in range(100)]
    assert panel.get(ADDRESS, {"row": [*others, str(seen[0].public_id)]}).json() == {}


def test_faces_travel_compressed(panel: Client, seen: list[VerificationSession]) -> None:
    """Text that stands for bytes is a third larger than they are."""
    answer = panel.get(ADDRESS, {"row": [str(session.public_id) for session in seen]}, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
