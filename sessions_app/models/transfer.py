from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import DeviceKind, TransferEnd


class Transfer(models.Model):
    """A session carried on by a phone (R11): a record, an address and a secret of its own, from the scan on."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="transfers")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    handle = models.CharField(max_length=16, unique=True, editable=False, help_text="Addresses the phone's pages as the session's does.")
    digits = models.CharField(max_length=2, help_text="Shown on both screens, so that a person sees which phone it is.")
    connected_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(help_text="Of the phone; kept to a few seconds, not to the request.")
    rivals = models.PositiveSmallIntegerField(default=0, help_text="Other phones that tried to connect meanwhile and were told.")
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=TransferEnd.choices, blank=True)
    # the phone
    client_ip = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=8, choices=DeviceKind.choices, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    os = models.CharField(max_length=60, blank=True)
    device_model = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(name="transfer_one_phone_at_a_time", fields=["session"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="transfer_expires_after_scan", condition=Q(expires_at__gt=F("connected_at"))),
            models.CheckConstraint(
                name="transfer_end_has_a_reason",
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
            ),
        ]
        indexes = [models.Index(name="transfer_running_by_expiry", fields=["expires_at"], condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.session_id} {self.handle}"

    def is_running(self, now: datetime) -> bool:
        """Computed when read, so that a dead scheduler never lets an old transfer act."""
        return self.ended_at is None and now < self.expires_at


class TransferCode(models.Model):
    """What the desktop shows for a few minutes: as a QR code, as a link, and as a short code to type. Renewed, never prolonged."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="transfer_codes")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    typed_hash = models.CharField(max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("transfer code")
        verbose_name_plural = _("transfer codes")

    def __str__(self) -> str:
        return f"{self.session_id} until {self.expires_at:%H:%M:%S}"
