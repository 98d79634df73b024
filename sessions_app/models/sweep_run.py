from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """One row for each sweep: when it last worked, what it did, and what went wrong. An operator reads here that the scheduler lives."""

    name = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, help_text="Of the last run that came to its end.")
    handled = models.PositiveIntegerField(default=0, help_text="By the last run that came to its end.")
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True, help_text="Name of the error, never its text: that could hold personal data.")

    place = models.BigIntegerField(null=True, help_text="How far a sweep that walks through the past has come: a key.")

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return self.name
