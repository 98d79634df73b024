from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checks_app.decision import Verdict
from sessions_app.choices import AttemptState
from sessions_app.models.lease import Leased


class Attempt(Leased):
    """One submission of captures for checking (R4): never a retake, a reload or a time-out."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    max_retries = models.PositiveSmallIntegerField(help_text="The session's limit when this attempt was made.")
    submit_key = models.CharField(
        max_length=64, blank=True, help_text="Chosen by the page: the same submission repeated is the same attempt."
    )
    captures = models.ManyToManyField("sessions_app.Capture", related_name="attempts")
    state = models.CharField(max_length=12, choices=AttemptState.choices, default=AttemptState.PROCESSING)
    verdict = models.CharField(max_length=8, choices=[(verdict.value, verdict.value) for verdict in Verdict], blank=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(name="attempt_number_unique_in_session", fields=["session", "number"]),
            models.UniqueConstraint(name="attempt_submitted_once", fields=["session", "submit_key"], condition=~Q(submit_key="")),
            models.CheckConstraint(name="attempt_number_within_retries", condition=Q(number__gte=1) & Q(number__lte=F("max_retries") + 1)),
            models.UniqueConstraint(
                name="attempt_one_processing_per_session", fields=["session"], condition=Q(state=AttemptState.PROCESSING)
            ),
            models.CheckConstraint(
                name="attempt_decided_has_verdict",
                condition=Q(state=AttemptState.PROCESSING, verdict="", decided_at=None)
                | Q(state=AttemptState.DECIDED, decided_at__isnull=False) & ~Q(verdict=""),
            ),
        ]
        indexes = [models.Index(name="attempt_processing_by_lease", fields=["lease_until"], condition=Q(state=AttemptState.PROCESSING))]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"
