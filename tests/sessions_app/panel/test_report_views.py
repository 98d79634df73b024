"""R70, R81: who may have the report of a session, and what is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.choices import CaptureKind
from sessions_app.panel.report import fonts
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests import findings as given
from tests.factories import SessionFactory, checked_session, decide_attempt, store_inspected

QUERIES_OF_THE_REPORT = 25  # whatever the number of captures, attempts, checks and events


def test_report_comes_as_a_file_named_by_the_session(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company)
    response = panel.get(f"/sessions/{session.public_id}/report.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="session-{session.public_id}.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")


def test_making_a_report_is_recorded_with_the_photos_that_it_shows(panel: Client, company: Company, agent: User) -> None:
    session = checked_session(company=company)
    panel.get(f"/sessions/{session.public_id}/report.pdf")
    event = company.audit_events.get(kind=AuditKind.REPORT_MADE)
    assert (event.actor, event.session_public_id, event.details) == (agent, session.public_id, {"photos": 3})
    assert audit.first_broken(company) is None


def test_report_of_another_company_does_not_exist(stranger: Client, company: Company) -> None:
    """R81."""
    assert stranger.get(f"/sessions/{SessionFactory(company=company).public_id}/report.pdf").status_code == 404
    assert not company.audit_events.filter(kind=AuditKind.REPORT_MADE).exists()


@pytest.mark.parametrize("retries", [0, 2])
def test_report_costs_a_fixed_number_of_queries(retries: int, panel: Client, company: Company) -> None:
    weak = given.of_passport(liveness=given.liveness(liveness=given.measure(0.1)))
    session = checked_session(weak, company=company)
    for _ in range(retries):
        fresh = store_inspected(session, CaptureKind.LIVENESS, given.liveness())
        decide_attempt(session, [*session.captures.filter(replaced_at=None).exclude(pk=fresh.pk), fresh], weak)
    with CaptureQueriesContext(connection) as queries:
        panel.get(f"/sessions/{session.public_id}/report.pdf")
    assert len(queries) == QUERIES_OF_THE_REPORT


def test_machine_without_the_fonts_says_so_on_the_page(
    panel: Client, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    monkeypatch.setattr(fonts, "register", fonts.register.__wrapped__)
    answer = panel.get(f"/sessions/{SessionFactory(company=company).public_id}/report.pdf", follow=True)
    assert "Install fonts-dejavu-core." in answer.content.decode()
    assert not company.audit_events.filter(kind=AuditKind.REPORT_MADE).exists()
