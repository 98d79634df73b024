"""Alerts of drift: which are open, and how a person says that he has seen one (R44)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sessions_app.models import DriftAlert
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User

NOTE_LENGTH = 500


class NoteRequired(ValueError):
    """An alert was acknowledged without a word about it."""


class AlreadyAcknowledged(Exception):
    """Somebody was faster."""


def open_of(company: Company) -> QuerySet[DriftAlert]:
    """Those that nobody has acknowledged: the company's own before those of a market, newest first."""
    return company.drift_alerts.filter(acknowledged_at=None).order_by("market", "-raised_at", "pk")


def history_of(company: Company) -> QuerySet[DriftAlert]:
    """All of them, newest first."""
    return company.drift_alerts.select_related("acknowledged_by").order_by("-raised_at", "-pk")


@transaction.atomic
def acknowledge(*, alert: DriftAlert, note: str, actor: User, now: datetime) -> None:
    """Close an alert with a note; its rate gets a new baseline, which begins on the next day.

    Raises NoteRequired or AlreadyAcknowledged.
    """
    note = note.strip()
    if not note:
        raise NoteRequired("Say what you found out, or what is done about it.")
    is_open = DriftAlert.objects.filter(pk=alert.pk, acknowledged_at=None)
    if not is_open.update(acknowledged_at=now, acknowledged_by=actor, note=note[:NOTE_LENGTH]):
        raise AlreadyAcknowledged(alert.pk)
    audit.record(company=alert.company, kind=AuditKind.DRIFT_ACKNOWLEDGED, actor=actor, now=now, alert=alert.pk)
