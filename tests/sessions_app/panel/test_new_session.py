"""R1, R6, R7, R8, R45: opening a session, showing its link, cancelling it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import answers, creation, lifecycle
from sessions_app.choices import Outcome
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.captures import CLIENT
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
        "extra-phone": "+995 555 12 34 56",
        "extra-branch": "",
    }
    assert panel.post("/sessions/new/", given).status_code == 302
    session = company.sessions.get()
    assert (session.reference, session.market, session.language, session.return_url) == ("KYC-1", "GEO", "ka", "https://bank.example/done")
    assert (session.expected_first_name, session.expected_last_name) == ("Nino", "Beridze")
    assert session.expected_birth_date == date(1990, 4, 17)
    assert session.extra_values == {"phone": "+995555123456"}


def test_only_languages_of_the_flow_are_offered(panel: Client, company: Company) -> None:
    """R47."""
    Company.objects.filter(pk=company.pk).update(languages=["ka", "ru"])
    page = panel.get("/sessions/new/")
    assert [code for code, _name in page.context["form"].fields["language"].choices] == ["", "ka", "ru"]
    assert panel.post("/sessions/new/", {"language": "es"}).status_code == 422
    assert not company.sessions.exists()


def test_foreign_return_address_is_refused_beside_its_field(panel: Client, company: Company) -> None:
    response = panel.post("/sessions/new/", {"return_url": "https://evil.example/", "reference": "kept"})
    assert response.status_code == 422
    assert "return_url" in response.context["form"].errors
    assert 'value="kept"' in response.content.decode()
    assert not company.sessions.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("extra-phone", "555 12 34 56"),
        ("market", "Atlantis"),
        ("language", "xx"),
        ("extra-branch", "Kutaisi"),
        ("expected_birth_date", "31.12.1990x"),
    ],
)
def test_value_outside_the_choices_is_refused(panel: Client, company: Company, field: str, value: str) -> None:
    ExtraFieldFactory(company=company, key="branch", label="Branch", type="CHOICE", options=["Batumi"])
    ExtraFieldFactory(company=company, key="phone", type="PHONE")
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


def test_closed_session_leads_to_another_like_it(panel: Client, company: Company) -> None:
    """R8: what an expired link needs is a new one, with the same data."""
    company.allowed_return_origins = ["https://bank.example"]
    company.save()
    ExtraFieldFactory(company=company, key="phone", label="Phone", type="PHONE")
    given = {
        "reference": "KYC-1",
        "market": "GEO",
        "language": "ka",
        "return_url": "https://bank.example/done",
        "expected_first_name": "Nino",
        "expected_last_name": "Beridze",
        "expected_birth_date": date(1990, 4, 17),
        "extra_values": {"phone": "+995555123456"},
    }
    old = SessionFactory(company=company, now=timezone.now() - timedelta(days=8), **given)
    lifecycle.close_overdue(session=old, now=timezone.now())
    for page in ("", "menu/", "ready/"):
        assert f"/sessions/new/?like={old.public_id}" in panel.get(f"/sessions/{old.public_id}/{page}").content.decode()
    form = panel.get(f"/sessions/new/?like={old.public_id}").context["form"]
    sent = {field.html_name: field.value() for field in form}
    panel.post("/sessions/new/", sent)
    new = company.sessions.exclude(pk=old.pk).get()
    assert {name: getattr(new, name) for name in given} == given
    assert new.token_hash != old.token_hash


def test_address_that_is_allowed_no_longer_is_not_taken_over(panel: Client, company: Company) -> None:
    """R47: the form would be refused with it."""
    Company.objects.filter(pk=company.pk).update(allowed_return_origins=["https://bank.example"])
    old = SessionFactory(company=Company.objects.get(pk=company.pk), return_url="https://bank.example/done")
    Company.objects.filter(pk=company.pk).update(allowed_return_origins=[])
    assert panel.get(f"/sessions/new/?like={old.public_id}").context["form"]["return_url"].value() == ""
    assert "No longer allowed" in panel.get(f"/sessions/{old.public_id}/").content.decode()


@pytest.mark.parametrize("name", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_session_that_does_not_exist_is_like_no_other(panel: Client, name: str) -> None:
    assert panel.get("/sessions/new/", {"like": name}).status_code == 404


def test_data_of_another_company_is_not_taken_over(stranger: Client, company: Company) -> None:
    """R81."""
    assert stranger.get("/sessions/new/", {"like": SessionFactory(company=company).public_id}).status_code == 404


@pytest.mark.parametrize("day", ["1899-12-31", "9999-01-01", "17/04/1990"])
def test_birth_date_that_cannot_be_is_refused(panel: Client, company: Company, day: str) -> None:
    response = panel.post("/sessions/new/", {"expected_birth_date": day})
    assert list(response.context["form"].errors) == ["expected_birth_date"]
    assert not company.sessions.exists()


def test_refusal_of_an_address_names_what_is_allowed(panel: Client, company: Company) -> None:
    """R47."""
    company.allowed_return_origins = ["https://bank.example", "https://shop.example"]
    company.save()
    page = panel.post("/sessions/new/", {"return_url": "https://evil.example/"}).content.decode()
    assert "It must begin with one of: https://bank.example, https://shop.example" in page


def test_link_that_has_expired_is_told_before_the_sweep_comes(panel: Client, company: Company) -> None:
    """R3: computed when read."""
    session = SessionFactory(company=company, now=timezone.now() - timedelta(days=7))
    assert "It has expired." in panel.get(f"/sessions/{session.public_id}/").content.decode()


def test_limit_of_inactivity_is_told_while_somebody_is_at_it(panel: Client, company: Company) -> None:
    """R47: in the company's time zone."""
    Company.objects.filter(pk=company.pk).update(inactivity_minutes=30)
    session = SessionFactory(company=company, now=timezone.now())
    opened = timezone.now()
    answers.open_link(session=session, client=CLIENT, now=opened)
    until = (opened + timedelta(minutes=30)).astimezone(company.zone)
    assert f"abandoned at {until.day} {until:%b %Y %H:%M}" in panel.get(f"/sessions/{session.public_id}/").content.decode()


def test_cancelling_stops_whoever_is_at_it(panel: Client, company: Company) -> None:
    """R8: the next step finds the link dead, and nothing more is stored."""
    session, token = SessionFactory.with_token(company=company, now=timezone.now())
    person = Client()
    person.get(f"/v/{token}/", follow=True)
    panel.post(f"/sessions/{session.public_id}/cancel/")
    assert person.post(f"/verify/{session.handle}/consent/", {"answer": "yes"}).status_code == 410
    assert person.get(f"/verify/{session.handle}/").status_code == 410
    session.refresh_from_db()
    assert (session.outcome, session.consented_at) == (Outcome.CANCELLED, None)
