from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from sessions_app import access, creation
from sessions_app.choices import EventKind, Outcome
from sessions_app.models import VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from tests.factories import NOW, CompanyFactory, ExtraFieldFactory, SessionFactory, UserFactory
from verifyportal import crypto

pytestmark = pytest.mark.django_db


def test_session_waits_for_its_user_with_all_that_the_company_gave() -> None:
    """R1, R7: created before its user appears."""
    agent = UserFactory()
    company = agent.company
    company.allowed_return_origins = ["https://shop.example"]
    company.save()
    ExtraFieldFactory(company=company, key="plan")
    session, _ = creation.create_session(
        company=company,
        created_by=agent,
        now=NOW,
        reference="order 1",
        market="GEO",
        language="ka",
        return_url="https://shop.example/done?order=1",
        expected_first_name="Nino",
        expected_last_name="Beridze",
        expected_birth_date=date(1990, 4, 17),
        extra_values={"plan": "gold"},
    )
    session.refresh_from_db()
    assert (session.outcome, session.opened_at, session.created_by, session.max_retries) == (Outcome.PENDING, None, agent, 5)
    assert (session.reference, session.market, session.language, session.extra_values) == ("order 1", "GEO", "ka", {"plan": "gold"})
    assert (session.return_url, session.expected_first_name) == ("https://shop.example/done?order=1", "Nino")
    assert (session.expected_last_name, session.expected_birth_date) == ("Beridze", date(1990, 4, 17))
    assert list(session.events.values_list("kind", "actor")) == [(EventKind.CREATED, agent.pk)]


@pytest.mark.parametrize("days", [1, 7, 90])
def test_link_lasts_as_many_days_as_the_company_set(days: int) -> None:
    """R3: a setting, default 7."""
    session = SessionFactory(company=CompanyFactory(link_days=days))
    assert session.expires_at - session.created_at == timedelta(days=days)


def test_later_change_of_the_retries_does_not_reach_back() -> None:
    """R4: the limit of a session is the one of its creation."""
    session = SessionFactory(company=CompanyFactory(max_retries=2))
    session.company.max_retries = 9
    session.company.save()
    assert VerificationSession.objects.get(pk=session.pk).max_retries == 2


def test_token_stands_in_no_column_of_any_table_in_the_clear() -> None:
    """R1, R6: a copy of the database opens no session."""
    session, token = SessionFactory.with_token()
    creation.reveal_link(session=session, actor=UserFactory(company=session.company), now=NOW)
    stored = serializers.serialize("json", (row for model in apps.get_models() for row in model._default_manager.all()))
    assert str(session.public_id) in stored
    assert token not in stored
    assert token.encode() not in bytes(VerificationSession.objects.get(pk=session.pk).token_sealed)


def test_lost_link_is_shown_again_the_same_and_each_showing_is_audited() -> None:
    """R6: one click, the same URL, an audit row each time."""
    session, token = SessionFactory.with_token()
    agent = UserFactory(company=session.company)
    shown = [creation.reveal_link(session=session, actor=agent, now=NOW) for _ in range(3)]
    assert shown == [creation.link_for(token)] * 3
    showings = session.company.audit_events.filter(kind=AuditKind.LINK_SHOWN)
    assert list(showings.values_list("actor", "session_public_id")) == [(agent.pk, session.public_id)] * 3
    assert audit.first_broken(session.company) is None


def test_link_is_absolute_and_names_no_id(settings: Any) -> None:
    """R1: never the id."""
    settings.PUBLIC_BASE_URL = "https://verify.example"
    session, token = SessionFactory.with_token()
    link = creation.link_for(token)
    assert link == f"https://verify.example/v/{token}/"
    assert str(session.public_id) not in link
    assert session.handle not in link


def test_sealed_token_of_another_session_does_not_open() -> None:
    """R81: rewriting the table shows nobody another person's link."""
    session = SessionFactory()
    session.token_sealed = SessionFactory(company=session.company).token_sealed
    with pytest.raises(crypto.DoesNotOpen):
        creation.reveal_link(session=session, actor=UserFactory(company=session.company), now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "http://shop.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://shop.example:8443/",
        "https://shop.example\\@evil.example/",
        "//shop.example/",
        "shop.example",
        "javascript:alert(1)",
        "https://[",
    ],
)
def test_return_address_elsewhere_is_refused_and_no_session_is_made(address: str) -> None:
    """R47: exact origin; the refusal names what is allowed."""
    company = CompanyFactory(allowed_return_origins=["https://shop.example"])
    with pytest.raises(creation.ReturnUrlNotAllowed, match=r"must begin with one of: https://shop\.example"):
        SessionFactory(company=company, return_url=address)
    assert not VerificationSession.objects.exists()


def test_company_without_allowed_origins_is_told_so() -> None:
    with pytest.raises(creation.ReturnUrlNotAllowed, match="allows no return addresses"):
        SessionFactory(return_url="https://shop.example/")


@pytest.mark.parametrize(("length", "fits"), [(499, True), (500, True), (501, False)])
def test_return_address_is_as_long_as_its_column(length: int, fits: bool) -> None:
    company = CompanyFactory(allowed_return_origins=["https://shop.example"])
    address = "https://shop.example/".ljust(length, "x")
    with nullcontext() if fits else pytest.raises(creation.ReturnUrlNotAllowed):
        SessionFactory(company=company, return_url=address)


def test_return_address_is_followed_in_the_spelling_that_was_checked() -> None:
    """R47: what was compared is where the person is led."""
    company = CompanyFactory(allowed_return_origins=["https://xn--bcher-kva.example"])
    session = SessionFactory(company=company, return_url="HTTPS://BÜCHER.example:443/Done")
    assert creation.return_address(session) == session.return_url == "https://xn--bcher-kva.example/Done"


def test_return_address_that_is_allowed_no_longer_is_not_followed() -> None:
    """R47: the list counts at the moment when somebody would be led there."""
    session = SessionFactory(company=CompanyFactory(allowed_return_origins=["https://shop.example"]), return_url="https://shop.example/")
    session.company.allowed_return_origins = ["https://other.example"]
    session.company.save()
    assert creation.return_address(VerificationSession.objects.get(pk=session.pk)) == ""


def test_session_without_return_address_leads_nowhere() -> None:
    assert creation.return_address(SessionFactory()) == ""


def test_unknown_extra_field_is_refused_with_its_name() -> None:
    """R45: unknown keys are refused with a clear error; another company's fields are unknown."""
    field = ExtraFieldFactory(key="plan")
    ExtraFieldFactory(key="city")
    with pytest.raises(creation.UnknownExtraField, match="city, shoe"):
        SessionFactory(company=field.company, extra_values={"plan": "gold", "shoe": "43", "city": "x"})
    assert not VerificationSession.objects.exists()


def test_creation_is_audited() -> None:
    agent = UserFactory()
    session = SessionFactory(company=agent.company, created_by=agent)
    event = agent.company.audit_events.get()
    assert (event.kind, event.actor, event.session_public_id) == (AuditKind.SESSION_CREATED, agent, session.public_id)


def test_session_is_found_by_its_token_alone() -> None:
    """R1: nothing else in the row opens it."""
    session, token = SessionFactory.with_token()
    assert access.find_by_token(token) == session
    for wrong in ("", token[:-1], token + "A", session.token_hash, session.handle, str(session.public_id)):
        assert access.find_by_token(wrong) is None


def test_handle_opens_a_page_only_with_its_own_token() -> None:
    """R1: the address of a page is no secret and opens nothing."""
    session, token = SessionFactory.with_token()
    other, other_token = SessionFactory.with_token()
    assert access.find_by_handle(session.handle, token) == session
    for handle, wrong in (
        (session.handle, ""),
        (session.handle, other_token),
        (other.handle, token),
        ("", token),
        (session.handle, session.token_hash),
    ):
        assert access.find_by_handle(handle, wrong) is None


def test_language_that_the_company_does_not_offer_creates_nothing() -> None:
    """R47: whoever asks."""
    company = CompanyFactory(languages=["ka"])
    with pytest.raises(creation.LanguageNotOffered):
        creation.create_session(company=company, created_by=None, now=NOW, language="en")
    assert not company.sessions.exists()
