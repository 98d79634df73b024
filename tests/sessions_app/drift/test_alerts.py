"""R44: an alert is acknowledged once, with a note, by a person whose name stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from sessions_app.drift import alerts
from sessions_app.models import DriftAlert
from settings_app import audit
from settings_app.choices import AuditKind
from tests.concurrency import race
from tests.drifts import alert_of
from tests.factories import NOW, CompanyFactory, MasterFactory

pytestmark = pytest.mark.django_db


def test_acknowledging_keeps_who_when_and_why() -> None:
    master = MasterFactory()
    alert = alert_of(master.company)
    alerts.acknowledge(alert=alert, note="  A new camera in one branch ", actor=master, now=NOW)
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.note) == (master, NOW, "A new camera in one branch")


def test_acknowledging_is_audited_by_number_alone() -> None:
    """What people write stays out of the audit trail."""
    master = MasterFactory()
    alert = alert_of(master.company)
    alerts.acknowledge(alert=alert, note="Nino says so", actor=master, now=NOW)
    event = master.company.audit_events.get(kind=AuditKind.DRIFT_ACKNOWLEDGED)
    assert (event.actor, event.details) == (master, {"alert": alert.pk})
    assert audit.first_broken(master.company) is None


@pytest.mark.parametrize("note", ["", "  \n "])
def test_note_is_required(note: str) -> None:
    master = MasterFactory()
    alert = alert_of(master.company)
    with pytest.raises(alerts.NoteRequired):
        alerts.acknowledge(alert=alert, note=note, actor=master, now=NOW)
    assert alerts.open_of(master.company).count() == 1


def test_second_person_learns_that_somebody_was_faster() -> None:
    master = MasterFactory()
    alert = alert_of(master.company)
    alerts.acknowledge(alert=alert, note="First", actor=master, now=NOW)
    with pytest.raises(alerts.AlreadyClosed):
        alerts.acknowledge(alert=alert, note="Second", actor=MasterFactory(company=master.company), now=NOW)
    alert.refresh_from_db()
    assert alert.note == "First"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_have_one_winner() -> None:
    company = CompanyFactory()
    alert, people = alert_of(company), [MasterFactory(company=company) for _ in range(2)]
    answers = race(*[lambda who=who: alerts.acknowledge(alert=alert, note=who.email, actor=who, now=NOW) for who in people])
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyClosed", "NoneType"]
    alert.refresh_from_db()
    assert alert.acknowledged_by == people[answers.index(None)]
    assert company.audit_events.filter(kind=AuditKind.DRIFT_ACKNOWLEDGED).count() == 1


def test_acknowledged_rate_may_raise_another_alert() -> None:
    master = MasterFactory()
    alerts.acknowledge(alert=alert_of(master.company), note="Seen", actor=master, now=NOW)
    again = alert_of(master.company, raised_at=NOW + timedelta(days=30))
    assert list(alerts.open_of(master.company)) == [again]
    assert list(alerts.history_of(master.company)) == [again, DriftAlert.objects.earliest("pk")]


def test_alerts_of_the_company_stand_before_those_of_markets_and_these_before_early_signs() -> None:
    company = CompanyFactory()
    sign = alert_of(company, market="ARM", is_early=True)
    of_market, of_company = alert_of(company), alert_of(company, market="")
    alert_of(CompanyFactory())
    assert list(alerts.open_of(company)) == [of_company, of_market, sign]


def test_early_sign_that_faded_meanwhile_takes_no_note() -> None:
    master = MasterFactory()
    sign = alert_of(master.company, is_early=True)
    DriftAlert.objects.filter(pk=sign.pk).update(faded_at=NOW)
    with pytest.raises(alerts.AlreadyClosed):
        alerts.acknowledge(alert=sign, note="Seen", actor=master, now=NOW)


def test_early_sign_is_history_only_with_a_note() -> None:
    """The others come and go by themselves."""
    master = MasterFactory()
    seen = alert_of(master.company, is_early=True)
    alerts.acknowledge(alert=seen, note="A new branch", actor=master, now=NOW)
    alert_of(master.company, is_early=True)
    faded = alert_of(master.company, is_early=True, rate="approval", faded_at=NOW)
    assert list(alerts.history_of(master.company)) == [seen]
    assert list(alerts.faded_of(master.company, since=NOW)) == [faded]


@pytest.mark.parametrize("columns", [{"is_early": True, "market": ""}, {"faded_at": NOW}])
def test_database_knows_only_early_signs_of_markets(columns: dict[str, Any]) -> None:
    """The company's own rates raise alerts, and an alert does not fade."""
    with pytest.raises(IntegrityError):
        alert_of(CompanyFactory(), **columns)
