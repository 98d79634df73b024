from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import Outcome, ReviewReason


class Review(models.Model):
    """What a person decided about a session in review (R24, R26). Never changed; undone at most once."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey("settings_app.User", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=9, choices=[(Outcome.APPROVE, Outcome.APPROVE.label), (Outcome.DECLINE, Outcome.DECLINE.label)])
    reason = models.CharField(max_length=40, choices=ReviewReason.choices)
    note_sealed = models.BinaryField(null=True, editable=False, help_text="The reviewer's words, sealed by the company's key.")
    reasons_before = ArrayField(models.CharField(max_length=40), default=list, help_text="Why the session was in review.")
    in_review_since = models.DateTimeField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(name="review_one_standing_per_session", fields=["session"], condition=Q(undone_at=None)),
            models.CheckConstraint(name="review_approves_or_declines", condition=Q(outcome__in=[Outcome.APPROVE, Outcome.DECLINE])),
            models.CheckConstraint(
                name="review_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.outcome}"
