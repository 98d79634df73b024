"""R44: one short e-mail about new alerts, where there is a mail server; never more than that something is to be looked at."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from sessions_app import sweeps
from settings_app.models import Company
from tests.drifts import course
from tests.factories import NOW, CompanyFactory, MasterFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    """One whose rejections went up."""
    company = CompanyFactory(name="Demo Bank", counted_zone="UTC")
    course(company, *[3] * 40, *[12] * 4)
    return company


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_BASE_URL = "https://portal.example"


def test_active_masters_are_told_once(company: Company, with_mail: None) -> None:
    master = MasterFactory(company=company)
    UserFactory(company=company)
    MasterFactory(company=company, is_active=False)
    MasterFactory()
    for _ in range(2):
        sweeps.watch_for_drift(now=NOW)
    (sent,) = mail.outbox
    assert sent.recipients() == [master.email]
    assert sent.subject == "VerifyPortal, Demo Bank: 2 rates left their baselines"
    assert "https://portal.example/metrics/drift/" in sent.body


def test_nobody_is_told_where_there_is_no_mail_server(company: Company, with_mail: None, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    MasterFactory(company=company)
    assert sweeps.watch_for_drift(now=NOW) == 2
    assert mail.outbox == []


def test_mail_server_that_is_away_costs_no_alert(company: Company, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    MasterFactory(company=company)
    assert sweeps.watch_for_drift(now=NOW) == 2
    assert company.drift_alerts.count() == 2


def test_line_break_in_the_name_of_a_company_forges_no_header(company: Company, with_mail: None) -> None:
    Company.objects.filter(pk=company.pk).update(name="Demo\r\nBcc: all@example.com")
    MasterFactory(company=company)
    sweeps.watch_for_drift(now=NOW)
    assert mail.outbox[0].subject.startswith("VerifyPortal, Demo Bcc: all@example.com:")
