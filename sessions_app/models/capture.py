from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
from sessions_app.models.lease import Leased
from sessions_app.querysets import CaptureQuerySet


class Capture(Leased):
    """One upload of the flow: a picture of a side, a selfie, or the frames of one challenge, with what its inspection found."""

    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="captures")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=CaptureKind.choices)
    source = models.CharField(max_length=8, choices=CaptureSource.choices)
    upload_key = models.CharField(max_length=64, help_text="Chosen by the browser: the same upload repeated is the same capture.")
    challenge = models.OneToOneField("sessions_app.LivenessChallenge", null=True, on_delete=models.PROTECT, related_name="capture")
    state = models.CharField(max_length=12, choices=CaptureState.choices, default=CaptureState.WAITING)
    problems = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    kept_despite_problems = models.BooleanField(default=False)
    findings_sealed = models.BinaryField(null=True, editable=False)
    face_sealed = models.BinaryField(null=True, editable=False, help_text="The selfie's embedding alone, for the search of duplicates.")
    face_engine = models.CharField(max_length=60, blank=True, editable=False, help_text="Engine and version that made the embedding.")
    thumbnail_sealed = models.BinaryField(null=True, editable=False, help_text="A small picture of the selfie's face, for the list.")
    created_at = models.DateTimeField()
    inspected_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True, help_text="Set when a newer capture of this kind took its place.")

    objects: ClassVar[CaptureQuerySet] = CaptureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.UniqueConstraint(name="capture_upload_unique_in_session", fields=["session", "upload_key"]),
            models.UniqueConstraint(name="capture_one_current_per_kind", fields=["session", "kind"], condition=Q(replaced_at=None)),
            models.CheckConstraint(
                name="capture_inspected_has_findings",
                condition=~Q(state=CaptureState.INSPECTED) | Q(findings_sealed__isnull=False, inspected_at__isnull=False),
            ),
            models.CheckConstraint(
                name="capture_erased_holds_nothing",
                condition=~Q(state=CaptureState.ERASED) | Q(findings_sealed=None, face_sealed=None, thumbnail_sealed=None),
            ),
            models.CheckConstraint(
                name="capture_face_names_its_engine",
                condition=Q(face_sealed=None, face_engine="") | Q(face_sealed__isnull=False) & ~Q(face_engine=""),
            ),
            models.CheckConstraint(
                name="capture_liveness_answers_a_challenge",
                condition=Q(kind=CaptureKind.LIVENESS, challenge__isnull=False) | ~Q(kind=CaptureKind.LIVENESS) & Q(challenge=None),
            ),
        ]
        indexes = [
            models.Index(name="capture_waiting_by_lease", fields=["lease_until"], condition=Q(state=CaptureState.WAITING)),
            models.Index(name="capture_face_by_session", fields=["session", "-id"], condition=Q(face_sealed__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_usable(self) -> bool:
        """True when the flow may go on: good, kept by the user, or beyond our power to inspect (the check is then unclear)."""
        if self.state == CaptureState.WAITING:
            return False
        return not self.problems or self.kept_despite_problems


class CaptureImage(models.Model):
    """One encrypted image file of a capture; position 0 is the picture itself, later ones are frames."""

    capture = models.ForeignKey("sessions_app.Capture", on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=200, unique=True, help_text="Relative to CAPTURE_ROOT.")
    wrapped_key = models.BinaryField(help_text="The file's data key, wrapped by the company's key.")
    sha256 = models.CharField(max_length=64, help_text="Of the stored picture before encryption.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    step = models.SmallIntegerField(null=True, help_text="Liveness: which phase of the challenge the frame belongs to.")
    at_ms = models.PositiveIntegerField(null=True, help_text="Liveness: milliseconds since the challenge began.")

    class Meta:
        verbose_name = _("capture image")
        verbose_name_plural = _("capture images")
        constraints = [models.UniqueConstraint(name="image_position_unique_in_capture", fields=["capture", "position"])]

    def __str__(self) -> str:
        return f"{self.capture_id}/{self.position}"
