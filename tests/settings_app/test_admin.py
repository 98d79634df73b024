"""R80: what operators can do, and what they cannot see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.choices import Outcome
from settings_app import audit, company_settings, keys
from settings_app.choices import AuditKind, Role
from settings_app.models import Company, User
from tests.factories import NOW, CompanyFactory, ExtraFieldFactory, MasterFactory, OperatorFactory, finished_session

NO_EXTRA_FIELDS = {"extra_fields-TOTAL_FORMS": "0", "extra_fields-INITIAL_FORMS": "0"}


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(OperatorFactory())
    return client


def test_new_company_gets_its_key_and_begins_with_the_defaults(operator: Client) -> None:
    """R47: a name and a time zone are enough; its master users say the rest."""
    values = {"name": "Demo Bank", "time_zone": "Asia/Tbilisi", **NO_EXTRA_FIELDS}
    assert operator.post(reverse("admin:settings_app_company_add"), values).status_code == 302
    company = Company.objects.get(name="Demo Bank")
    assert len(keys.key_of(company)) == 32
    defaults = {name: company_settings.default_of(name) for name in company_settings.NAMES}
    assert company_settings.standing(company) == {**defaults, "time_zone": "Asia/Tbilisi"}


def change(operator: Client, company: Company, **values: object) -> int:
    given = {"name": "New name", **NO_EXTRA_FIELDS, **values}
    status = operator.post(reverse("admin:settings_app_company_change", args=[company.pk]), given).status_code
    company.refresh_from_db()
    return status


def test_renamed_company_keeps_its_key(operator: Client) -> None:
    company = CompanyFactory()
    key = keys.key_of(company)
    assert change(operator, company) == 302
    assert (company.name, keys.key_of(company)) == ("New name", key)


def test_operator_changes_no_setting_of_a_company(operator: Client) -> None:
    """R46: only its master users do, and the audit trail knows who."""
    company = CompanyFactory(retention_days=30)
    before = company_settings.standing(company)
    wishes = {"link_days": 90, "max_retries": 50, "manual_review": "", "retention_days": 1, "time_zone": "Asia/Tbilisi", "languages": "ka"}
    assert change(operator, company, **wishes, support_email="me@example.com", allowed_return_origins="https://evil.example") == 302
    assert company_settings.standing(company) == before
    assert company.support_email == ""


def test_operator_reads_the_settings_of_a_company(operator: Client) -> None:
    """To help where something does not go as expected."""
    company = CompanyFactory(allowed_return_origins=["https://a.example"], retention_days=1234)
    page = operator.get(reverse("admin:settings_app_company_change", args=[company.pk])).content.decode()
    assert "https://a.example" in page
    assert "1234" in page


@pytest.mark.parametrize("wrong", ["Tbilisi", "localtime", "", "../../etc/passwd", "x" * 65])
def test_time_zone_of_a_new_company_must_exist(operator: Client, wrong: str) -> None:
    """A page of the panel could not be printed without one."""
    response = operator.post(reverse("admin:settings_app_company_add"), {"name": "Demo Bank", "time_zone": wrong, **NO_EXTRA_FIELDS})
    assert list(response.context["adminform"].form.errors) == ["time_zone"]


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


def test_operator_removes_an_extra_field_as_its_company_would(operator: Client) -> None:
    """R45: values that sessions hold keep its label; its key cannot be changed."""
    field = ExtraFieldFactory(key="phone", label="Phone")
    company = field.company
    address = reverse("admin:settings_app_company_change", args=[company.pk])
    shared = {"name": company.name, "time_zone": "UTC", "link_days": 7, "max_retries": 5, "transfer_minutes": 60}
    row = {"id": field.pk, "company": company.pk, "key": "other", "label": "Mobile", "type": "PHONE", "position": 0}
    for more in ({}, {"DELETE": "on"}):
        inline = {f"extra_fields-0-{name}": value for name, value in {**row, **more}.items()}
        counts = {"extra_fields-TOTAL_FORMS": "1", "extra_fields-INITIAL_FORMS": "1"}
        assert operator.post(address, {**shared, "allowed_documents": ["PASSPORT"], **counts, **inline}).status_code == 302
    field.refresh_from_db()
    assert (field.key, field.label, field.removed_at is None) == ("phone", "Mobile", False)
    assert "Mobile" not in operator.get(address).content.decode()


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
