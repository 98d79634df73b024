from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from checks_app.results import Check, Status


class CheckRecord(models.Model):
    """What one check concluded in one attempt, with the threshold as applied (R37). Written once."""

    attempt = models.ForeignKey("sessions_app.Attempt", on_delete=models.CASCADE, related_name="checks")
    check_name = models.CharField(max_length=20, choices=[(check.value, check.value) for check in Check])
    status = models.CharField(max_length=8, choices=[(status.value, status.value) for status in Status])
    score = models.FloatField(null=True)
    decline_below = models.FloatField(null=True)
    approve_from = models.FloatField(null=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    engine = models.CharField(max_length=60)
    engine_version = models.CharField(max_length=60)
    took_ms = models.PositiveIntegerField()
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("check record")
        verbose_name_plural = _("check records")
        constraints = [models.UniqueConstraint(name="check_once_per_attempt", fields=["attempt", "check_name"])]

    def __str__(self) -> str:
        return f"{self.check_name} {self.status}"
