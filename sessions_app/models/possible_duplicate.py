from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PossibleDuplicate(models.Model):
    """Another session of the same company that shows the same face under another identity, found while this attempt was judged (R36)."""

    attempt = models.ForeignKey("sessions_app.Attempt", on_delete=models.CASCADE, related_name="possible_duplicates")
    other = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="named_as_duplicate")
    level = models.PositiveSmallIntegerField()
    one_in = models.FloatField(help_text="False acceptance equivalent of the distance: 1 in N.")

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.UniqueConstraint(name="duplicate_named_once_per_attempt", fields=["attempt", "other"]),
            models.CheckConstraint(name="duplicate_level_in_range", condition=Q(level__range=(1, 7))),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} ~ {self.other_id}"
