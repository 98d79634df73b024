"""R1, R6, R7, R8, R45: opening a session, showing its link, cancelling it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import creation
from sessions_app.choices import Outcome
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.factories import ExtraFieldFactory, SessionFactory, finished_session

HTMX = {"HX-Request": "true"}


def test_session_needs_nothing_but_its_company(panel: Client, company: Company, agent: User) -> None:
    """R1."""
    response = panel.post("/sessions/new/")
    session = company.sessions.get()
    assert response.headers["Location"] == f"/sessions/{session.public_id}/ready/"
    assert session.created_by == agent


def test_session_keeps_what_the_agent_gave(panel: Client, company: Company) -> None:
    """R7."""
    company.allowed_return_origins = ["https://bank.example"]
    company.save()
    ExtraFieldFactory(company=company, key="phone", label="Phone", type="PHONE")
    ExtraFieldFactory(company=company, key="branch", label="Branch", type="CHOICE", options=["Batumi"])
    given = {
        "reference": "KYC-1",
        "market": "GEO",
        "language": "ka",
        "return_url": "https://bank.example/done",
        "expected_first_name": "Nino",
        "expected_last_name": "Beridze",
        "expected_birth_date": "1990-04-17",
        "extra-phone": "+995 555",
        "extra-branch": "",
    }
    assert panel.post("/sessions/new/", given).status_code == 302
    session = company.sessions.get()
    assert (session.reference, session.market, session.language, session.return_url) == ("KYC-1", "GEO", "ka", "https://bank.example/done")
    assert (session.expected_first_name, session.expected_last_name) == ("Nino", "Beridze")
    assert session.expected_birth_date == date(1990, 4, 17)
    assert session.extra_values == {"phone": "+995 555"}


def test_foreign_return_address_is_refused_beside_its_field(panel: Client, company: Company) -> None:
    response = panel.post("/sessions/new/", {"return_url": "https://evil.example/", "reference": "kept"})
    assert response.status_code == 422
    assert "return_url" in response.context["form"].errors
    assert 'value="kept"' in response.content.decode()
    assert not company.sessions.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("market", "Atlantis"), ("language", "xx"), ("extra-branch", "Kutaisi"), ("expected_birth_date", "31.12.1990x")]
)
def test_value_outside_the_choices_is_refused(panel: Client, company: Company, field: str, value: str) -> None:
    ExtraFieldFactory(company=company, key="branch", label="Branch", type="CHOICE", options=["Batumi"])
    response = panel.post("/sessions/new/", {field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_ready_page_hands_over_link_code_and_message(panel: Client, company: Company) -> None:
    session, token = SessionFactory.with_token(company=company, now=timezone.now())
    response = panel.get(f"/sessions/{session.public_id}/ready/")
    link = creation.link_for(token)
    assert response.context["invitation"].link == link
    assert link in response.context["invitation"].message
    assert 'class="qr-ink"' in response.content.decode()


def test_link_is_the_same_each_time_and_each_showing_is_recorded(panel: Client, company: Company, agent: User) -> None:
    """R6."""
    session, token = SessionFactory.with_token(company=company, now=timezone.now())
    for number in (1, 2):
        page = panel.post(f"/sessions/{session.public_id}/link/", headers=HTMX).content.decode()
        assert creation.link_for(token) in page
        assert "<html" not in page
        assert company.audit_events.filter(kind=AuditKind.LINK_SHOWN, actor=agent).count() == number


def test_link_page_works_without_script(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company, now=timezone.now())
    assert "<html" in panel.post(f"/sessions/{session.public_id}/link/").content.decode()


def test_showing_a_link_takes_a_post(panel: Client, company: Company) -> None:
    """A page that a browser fetches ahead must not put a showing into the trail."""
    assert panel.get(f"/sessions/{SessionFactory(company=company).public_id}/link/").status_code == 405


@pytest.mark.parametrize("age", [timedelta(days=7), timedelta(days=8)])
def test_dead_link_is_not_handed_out(panel: Client, company: Company, age: timedelta) -> None:
    session = SessionFactory(company=company, now=timezone.now() - age)
    response = panel.post(f"/sessions/{session.public_id}/link/", headers=HTMX)
    assert "no longer works" in response.content.decode()
    assert "/v/" not in response.content.decode()
    assert not company.audit_events.filter(kind=AuditKind.LINK_SHOWN).exists()


def test_link_of_another_company_does_not_exist(stranger: Client, company: Company) -> None:
    """R81."""
    session = SessionFactory(company=company)
    assert stranger.post(f"/sessions/{session.public_id}/link/").status_code == 404
    assert stranger.post(f"/sessions/{session.public_id}/cancel/").status_code == 404
    assert not company.audit_events.filter(kind=AuditKind.LINK_SHOWN).exists()


def test_cancelling_asks_first_and_then_ends_the_session(panel: Client, company: Company) -> None:
    """R8."""
    session = SessionFactory(company=company)
    assert "Cancel this session?" in panel.get(f"/sessions/{session.public_id}/cancel/", headers=HTMX).content.decode()
    session.refresh_from_db()
    assert session.is_open
    response = panel.post(f"/sessions/{session.public_id}/cancel/", follow=True)
    session.refresh_from_db()
    assert session.outcome == Outcome.CANCELLED
    assert "The session is cancelled" in response.content.decode()
    assert "Show and copy link" not in response.content.decode()


def test_ended_session_cannot_be_cancelled(panel: Client, company: Company) -> None:
    session = finished_session(Outcome.APPROVE, company=company)
    response = panel.post(f"/sessions/{session.public_id}/cancel/", follow=True)
    session.refresh_from_db()
    assert session.outcome == Outcome.APPROVE
    assert "had ended before" in response.content.decode()
