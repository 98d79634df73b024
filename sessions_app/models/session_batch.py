from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionBatch(models.Model):
    """Sessions created together from one file of references, whose links can be fetched together again (R1, R6)."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.PROTECT, related_name="session_batches")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(help_text="How many sessions.")
    created_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("batch of sessions")
        verbose_name_plural = _("batches of sessions")
        indexes = [models.Index(name="batch_newest_first", fields=["company", "-created_at"])]

    def __str__(self) -> str:
        return str(self.public_id)
