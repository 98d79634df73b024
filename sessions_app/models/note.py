from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Note(models.Model):
    """What a member of the company wrote about a session, for his colleagues. The text is sealed by the company's key."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey("settings_app.User", on_delete=models.PROTECT, related_name="+")
    text_sealed = models.BinaryField(editable=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(name="note_by_session", fields=["session", "at", "id"])]

    def __str__(self) -> str:
        return f"{self.session_id} {self.at:%Y-%m-%d %H:%M:%S}"
