"""Alerts of drift and early signs: which are open, and how a person says that he has seen one (R44)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from sessions_app.models import DriftAlert
from sessions_app.models.drift_alert import OPEN
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User

NOTE_LENGTH = 500


class NoteRequired(ValueError):
    """An alert was acknowledged without a word about it."""


class AlreadyClosed(Exception):
    """Somebody was faster, or the early sign has faded."""


def open_of(company: Company) -> QuerySet[DriftAlert]:
    """What nobody has acknowledged: alerts before early signs, the company's own before those of a market, newest first."""
    return company.drift_alerts.filter(OPEN).order_by("is_early", "market", "-raised_at", "pk")


def history_of(company: Company) -> QuerySet[DriftAlert]:
    """Every alert, and the early signs that somebody wrote a note on, newest first."""
    told = Q(is_early=False) | Q(acknowledged_at__isnull=False)
    return company.drift_alerts.filter(told).select_related("acknowledged_by").order_by("-raised_at", "-pk")


def faded_of(company: Company, *, since: datetime) -> QuerySet[DriftAlert]:
    """Early signs that went as they had come, the last to go first."""
    return company.drift_alerts.filter(faded_at__gte=since).order_by("-faded_at", "-pk")


@transaction.atomic
def acknowledge(*, alert: DriftAlert, note: str, actor: User, now: datetime) -> None:
    """Close an alert or an early sign with a note; its rate gets a new baseline, which begins on the next day.

    Raises NoteRequired or AlreadyClosed.
    """
    note = note.strip()
    if not note:
        raise NoteRequired("Say what you found out, or what is done about it.")
    if not DriftAlert.objects.filter(OPEN, pk=alert.pk).update(acknowledged_at=now, acknowledged_by=actor, note=note[:NOTE_LENGTH]):
        raise AlreadyClosed(alert.pk)
    audit.record(company=alert.company, kind=AuditKind.DRIFT_ACKNOWLEDGED, actor=actor, now=now, alert=alert.pk)
