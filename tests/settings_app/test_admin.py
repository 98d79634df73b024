"""R80: what operators can do, and what they cannot see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.choices import Outcome
from settings_app import audit, keys
from settings_app.choices import AuditKind, Role
from settings_app.models import Company, User
from tests.factories import NOW, CompanyFactory, MasterFactory, OperatorFactory, finished_session

NO_EXTRA_FIELDS = {"extra_fields-TOTAL_FORMS": "0", "extra_fields-INITIAL_FORMS": "0"}


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(OperatorFactory())
    return client


def test_new_company_gets_its_key(operator: Client) -> None:
    values = {
        "name": "Demo Bank",
        "time_zone": "Asia/Tbilisi",
        "link_days": 7,
        "max_retries": 5,
        "transfer_minutes": 60,
        "allowed_documents": ["PASSPORT"],
    }
    response = operator.post(reverse("admin:settings_app_company_add"), {**values, **NO_EXTRA_FIELDS})
    assert response.status_code == 302
    assert len(keys.key_of(Company.objects.get(name="Demo Bank"))) == 32


def test_changed_company_keeps_its_key(operator: Client) -> None:
    company = CompanyFactory()
    key = keys.key_of(company)
    values = {
        "name": "New name",
        "time_zone": "UTC",
        "link_days": 7,
        "max_retries": 5,
        "transfer_minutes": 60,
        "allowed_documents": ["PASSPORT"],
    }
    assert operator.post(reverse("admin:settings_app_company_change", args=[company.pk]), {**values, **NO_EXTRA_FIELDS}).status_code == 302
    company.refresh_from_db()
    assert company.name == "New name"
    assert keys.key_of(company) == key


def test_operator_sets_what_is_asked_of_holders(operator: Client) -> None:
    """R36: both are off until somebody asks."""
    company = CompanyFactory()
    assert (company.minimum_age, company.strict_names) == (None, False)
    values = {
        "name": "New name",
        "time_zone": "UTC",
        "link_days": 7,
        "max_retries": 5,
        "transfer_minutes": 60,
        "allowed_documents": ["PASSPORT"],
    }
    asked = {"minimum_age": 18, "strict_names": "on"}
    operator.post(reverse("admin:settings_app_company_change", args=[company.pk]), {**values, **asked, **NO_EXTRA_FIELDS})
    company.refresh_from_db()
    assert (company.minimum_age, company.strict_names) == (18, True)


COMPANY = {
    "name": "Demo Bank",
    "time_zone": "UTC",
    "link_days": 7,
    "max_retries": 5,
    "transfer_minutes": 60,
    "allowed_documents": ["PASSPORT"],
    **NO_EXTRA_FIELDS,
}


def change(operator: Client, company: Company, **values: object) -> dict[str, list[str]]:
    """Change a company and return what the form objects to."""
    given = {name: value for name, value in {**COMPANY, **values}.items() if value is not None}
    response = operator.post(reverse("admin:settings_app_company_change", args=[company.pk]), given)
    company.refresh_from_db()
    return {} if response.status_code == 302 else dict(response.context["adminform"].form.errors)


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("link_days", 0, False),
        ("link_days", 1, True),
        ("link_days", 90, True),
        ("link_days", 91, False),
        ("max_retries", -1, False),
        ("max_retries", 0, True),
        ("max_retries", 50, True),
        ("max_retries", 51, False),
        ("transfer_minutes", 4, False),
        ("transfer_minutes", 5, True),
        ("transfer_minutes", 1440, True),
        ("transfer_minutes", 1441, False),
        ("inactivity_minutes", 4, False),
        ("inactivity_minutes", 5, True),
        ("inactivity_minutes", 129_600, True),
        ("inactivity_minutes", 129_601, False),
        ("inactivity_minutes", "", True),
    ],
)
def test_limits_of_sessions_have_bounds(operator: Client, name: str, value: int | str, fits: bool) -> None:
    """R47."""
    company = CompanyFactory()
    assert list(change(operator, company, **{name: value})) == ([] if fits else [name])
    assert (getattr(company, name) == (value or None if value == "" else value)) is fits


def test_allowed_origins_are_kept_in_one_spelling_each_once(operator: Client) -> None:
    """R47: one a line, whatever separates them."""
    company = CompanyFactory()
    written = "https://Shop.example/\r\n\r\n  https://shop.example:443 https://shop.example:8443\r\nhttp://localhost:8000"
    assert change(operator, company, allowed_return_origins=written) == {}
    assert company.allowed_return_origins == ["https://shop.example", "https://shop.example:8443", "http://localhost:8000"]


def test_every_entry_that_is_no_origin_is_named_and_nothing_is_stored(operator: Client) -> None:
    company = CompanyFactory(allowed_return_origins=["https://shop.example"])
    refusals = change(operator, company, allowed_return_origins="https://a.example/path\nhttp://b.example\nhttps://c.example")
    assert [refusal.split("”")[0] for refusal in refusals["allowed_return_origins"]] == ["“https://a.example/path", "“http://b.example"]
    assert company.allowed_return_origins == ["https://shop.example"]


@pytest.mark.parametrize(("number", "fits"), [(49, True), (50, True), (51, False)])
def test_number_of_origins_is_limited(operator: Client, number: int, fits: bool) -> None:
    written = "\n".join(f"https://shop{place}.example" for place in range(number))
    assert bool(change(operator, CompanyFactory(), allowed_return_origins=written)) is not fits


def test_form_shows_the_origins_one_a_line(operator: Client) -> None:
    company = CompanyFactory(allowed_return_origins=["https://a.example", "https://b.example"])
    page = operator.get(reverse("admin:settings_app_company_change", args=[company.pk])).content.decode()
    assert "https://a.example\nhttps://b.example</textarea>" in page


def test_time_zone_must_exist(operator: Client) -> None:
    """A page of the panel could not be printed without one."""
    assert list(change(operator, CompanyFactory(), time_zone="Tbilisi")) == ["time_zone"]


def test_operator_opens_an_account_for_a_master_user(operator: Client) -> None:
    company = CompanyFactory()
    secret = "correct horse battery"
    values = {"email": "m@example.com", "company": company.pk, "role": Role.MASTER, "usable_password": "true"}
    response = operator.post(reverse("admin:settings_app_user_add"), {**values, "password1": secret, "password2": secret})
    assert response.status_code == 302
    user = User.objects.get(email="m@example.com")
    assert user.is_master
    assert user.check_password(secret)


def test_operator_with_a_company_is_refused_in_the_form(operator: Client) -> None:
    values = {"email": "m@example.com", "company": CompanyFactory().pk, "role": Role.AGENT, "is_staff": "on", "usable_password": "true"}
    response = operator.post(
        reverse("admin:settings_app_user_add"), {**values, "password1": "correct horse x", "password2": "correct horse x"}
    )
    assert response.status_code == 200
    assert not User.objects.filter(email="m@example.com").exists()


def test_operator_sees_how_a_session_ended_but_not_of_whom(operator: Client) -> None:
    session = finished_session(
        Outcome.DECLINE,
        reference="KYC-4711",
        first_name="Nino",
        last_name="Beridze",
        personal_number="01001012345",
        document_number="12AB34567",
        client_ip="203.0.113.9",
        extra_values={},
    )
    pages = [
        operator.get(reverse("admin:sessions_app_verificationsession_changelist")).content.decode(),
        operator.get(reverse("admin:sessions_app_verificationsession_change", args=[session.pk])).content.decode(),
    ]
    assert all(str(session.public_id) in page and "Declined" in page for page in pages)
    for private in ("Nino", "Beridze", "01001012345", "12AB34567", "KYC-4711", "203.0.113.9", "/photos/"):
        assert not any(private in page for page in pages), private


READ_ONLY = (
    "sessions_app_verificationsession",
    "settings_app_thresholdset",
    "settings_app_thresholdchange",
    "settings_app_auditevent",
)


@pytest.mark.parametrize("model", READ_ONLY)
def test_operator_reads_without_changing(operator: Client, model: str) -> None:
    assert operator.get(reverse(f"admin:{model}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:{model}_add")).status_code == 403


def test_session_and_audit_event_cannot_be_changed_or_deleted(operator: Client) -> None:
    session = finished_session()
    event = audit.record(company=session.company, kind=AuditKind.SESSION_VIEWED, now=NOW)
    for model, pk in (("sessions_app_verificationsession", session.pk), ("settings_app_auditevent", event.pk)):
        assert operator.post(reverse(f"admin:{model}_change", args=[pk]), {"outcome": "APPROVE"}).status_code == 403
        assert operator.post(reverse(f"admin:{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_company_cannot_be_deleted(operator: Client) -> None:
    assert operator.post(reverse("admin:settings_app_company_delete", args=[CompanyFactory().pk]), {"post": "yes"}).status_code == 403


def test_master_user_is_no_operator(db: None) -> None:
    client = Client()
    client.force_login(MasterFactory())
    assert client.get("/admin/").status_code in (302, 403)
    assert client.get(reverse("admin:settings_app_company_changelist")).status_code in (302, 403)


def test_operator_has_no_panel(operator: Client) -> None:
    assert operator.get("/sessions/").status_code == 404
