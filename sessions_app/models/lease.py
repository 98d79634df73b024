from __future__ import annotations

from django.db import models


class Leased(models.Model):
    """Work that one worker at a time holds. Results are written only by the holder of the current token (fencing)."""

    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
