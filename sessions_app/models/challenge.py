from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from checks_app.liveness.challenge import Challenge, Move


class LivenessChallenge(models.Model):
    """The moves that the server asked for: drawn at random, answered once, within a time limit (R34)."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="challenges")
    nonce = models.CharField(max_length=43, unique=True)
    moves = ArrayField(models.CharField(max_length=8))
    flashes = ArrayField(models.CharField(max_length=7), default=list, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("liveness challenge")
        verbose_name_plural = _("liveness challenges")

    def __str__(self) -> str:
        return " ".join(self.moves)

    @property
    def asked(self) -> Challenge:
        return Challenge(tuple(Move(move) for move in self.moves), self.nonce, tuple(self.flashes))
