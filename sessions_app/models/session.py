from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import DeviceKind, Outcome
from sessions_app.indexed import facets, name_key
from sessions_app.querysets import SessionQuerySet
from settings_app.choices import DocumentChoice


class VerificationSession(models.Model):
    """One person's verification for one company, from the link to the outcome. Only `lifecycle` writes `outcome`."""

    company = models.ForeignKey(  # the indexes below begin with it; one of its own would only tempt the planner to read it whole
        "settings_app.Company", on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # the link: looked up by hash, shown again from the sealed copy, addressed in the flow by the handle
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_sealed = models.BinaryField(editable=False)
    handle = models.CharField(max_length=16, unique=True, editable=False)
    # what the company gave
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    market = models.CharField(_("market"), max_length=3, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    return_url = models.URLField(_("return address"), max_length=500, blank=True)
    expected_first_name = models.CharField(_("expected first name"), max_length=120, blank=True)
    expected_last_name = models.CharField(_("expected last name"), max_length=120, blank=True)
    expected_birth_date = models.DateField(_("expected birth date"), null=True, blank=True)
    extra_values = models.JSONField(_("extra fields"), default=dict, blank=True)
    created_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey("sessions_app.SessionBatch", null=True, on_delete=models.PROTECT, related_name="sessions", db_index=False)
    max_retries = models.PositiveSmallIntegerField(default=5)
    # its life
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.PENDING)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    decided_by_hand = models.BooleanField(default=False, help_text="The outcome is a reviewer's.")
    forced_retries = models.PositiveIntegerField(default=0)
    claimed_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True, help_text="Until then nobody else decides the review.")
    result_attempt = models.PositiveSmallIntegerField(default=0, help_text="Number of the attempt that gave the result; 0: none.")
    # what the user answered
    consented_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=16, blank=True)
    consent_language = models.CharField(max_length=8, blank=True)
    consent_refused_at = models.DateTimeField(null=True)
    extra_filled_at = models.DateTimeField(null=True)
    chosen_country = models.CharField(max_length=3, blank=True)
    chosen_document = models.CharField(max_length=16, choices=DocumentChoice.choices, blank=True)
    # what the checks found: written with the outcome, read by the list
    document_kind = models.CharField(max_length=16, choices=DocumentChoice.choices, blank=True)
    issuing_state = models.CharField(max_length=3, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    personal_number = models.CharField(max_length=40, blank=True)
    document_number = models.CharField(max_length=40, blank=True)
    birth_date = models.DateField(null=True)
    nationality = models.CharField(max_length=3, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    expiry_date = models.DateField(null=True)
    document_presented = models.BooleanField(null=True)
    document_valid = models.BooleanField(null=True)
    liveness_passed = models.BooleanField(null=True)
    match_level = models.PositiveSmallIntegerField(null=True)
    digital_spoof = models.BooleanField(default=False)
    not_full_id = models.BooleanField(default=False)
    low_far = models.BooleanField(default=False)
    judged_checks = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="In any attempt.")
    failed_checks = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="In any attempt.")
    unclear_checks = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="In any attempt, and failed in none.")
    search_text = models.TextField(default="", blank=True)
    # the device that captured
    client_ip = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=8, choices=DeviceKind.choices, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    os = models.CharField(max_length=60, blank=True)
    device_model = models.CharField(max_length=80, blank=True)

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("verification session")
        verbose_name_plural = _("verification sessions")
        constraints = [
            models.CheckConstraint(
                name="session_closed_unless_pending",
                condition=Q(outcome=Outcome.PENDING, closed_at=None) | ~Q(outcome=Outcome.PENDING) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(name="session_outcome_is_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="session_expires_after_creation", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="session_abandoned_only_when_opened", condition=~Q(outcome=Outcome.ABANDONED) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(name="session_expired_only_when_unopened", condition=~Q(outcome=Outcome.EXPIRED) | Q(opened_at=None)),
            models.CheckConstraint(
                name="session_claim_has_an_end",
                condition=Q(claimed_by=None, claimed_until=None) | Q(claimed_by__isnull=False, claimed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="session_decided_by_hand_only_as_decided",
                condition=Q(decided_by_hand=False) | Q(outcome__in=[Outcome.APPROVE, Outcome.DECLINE]),
            ),
            models.CheckConstraint(name="session_match_level_in_range", condition=Q(match_level=None) | Q(match_level__lte=7)),
        ]
        indexes = [
            models.Index(name="session_newest_first", fields=["company", "-created_at", "-id"]),
            models.Index(name="session_outcome_newest", fields=["company", "outcome", "-created_at", "-id"]),
            *(
                models.Index(F("company"), name_key(f"{part}_name", descending=descending), F("id"), name=f"session_{part}_name_{way}")
                for part in ("first", "last")
                for way, descending in (("up", False), ("down", True))
            ),
            # every change is written at once: a list of changes yet to be sorted in would be read by each search
            GinIndex(OpClass(facets(), "array_ops"), OpClass(F("search_text"), "gin_trgm_ops"), name="session_search", fastupdate=False),
            models.Index(name="session_by_end", fields=["company", "closed_at"], condition=Q(closed_at__isnull=False)),
            models.Index(name="session_review_queue", fields=["company", "closed_at", "id"], condition=Q(outcome=Outcome.REVIEW)),
            models.Index(name="session_by_batch", fields=["batch", "id"], condition=Q(batch__isnull=False)),
            models.Index(name="session_open_by_expiry", fields=["expires_at"], condition=Q(outcome=Outcome.PENDING)),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.PENDING

    def link_works(self, now: datetime) -> bool:
        """R3: computed when read, so that a dead scheduler never lets an expired link work."""
        return now < self.expires_at
