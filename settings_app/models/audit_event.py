from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from settings_app.choices import SETTINGS_KINDS, AuditKind


class AuditEvent(models.Model):
    """One line of a company's audit trail. Append-only: a database trigger refuses changes, and each row seals the one before it."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.PROTECT, related_name="audit_events")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=32, choices=AuditKind.choices)
    actor = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    session_public_id = models.UUIDField(null=True, help_text="The verification session concerned; kept when the session is erased.")
    details = models.JSONField(default=dict, help_text="Ids, counts and settings, never personal data.")
    at = models.DateTimeField()
    seal = models.CharField(max_length=64, help_text="SHA-256 over this row and the seal of the row before it.")

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [models.UniqueConstraint(name="audit_number_unique_in_company", fields=["company", "number"])]
        indexes = [
            models.Index(name="audit_by_session", fields=["session_public_id", "-at"]),
            models.Index(name="audit_of_settings", fields=["company", "-number"], condition=Q(kind__in=SETTINGS_KINDS)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
