from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import EventKind


class SessionEvent(models.Model):
    """One step in the life of a session. Holds codes and counts, never personal data."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    actor = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    details = models.JSONField(default=dict)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, help_text="Set when the review behind this end of the session was undone.")

    class Meta:
        verbose_name = _("session event")
        verbose_name_plural = _("session events")
        indexes = [models.Index(name="event_by_session", fields=["session", "at", "id"])]
        constraints = [
            models.UniqueConstraint(
                name="event_one_end_per_session",
                fields=["session"],
                condition=Q(kind__in=["APPROVED", "DECLINED", "ABANDONED", "EXPIRED", "CANCELLED"], withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
