from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from checks_app.decision import Verdict
from sessions_app.choices import ReplayState


class ReplayLine(models.Model):
    """What an attempt's verdict depends on besides thresholds, unsealed and small, so that a change can be replayed over it (R43).

    Scores and levels alone: nothing here tells who the person is. Written once, with the verdict.
    """

    attempt = models.OneToOneField("sessions_app.Attempt", primary_key=True, on_delete=models.CASCADE, related_name="replay_line")
    session = models.ForeignKey("sessions_app.VerificationSession", on_delete=models.CASCADE, related_name="replay_lines", db_index=False)
    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="+", db_index=False)
    market = models.CharField(max_length=3, blank=True)
    decided_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=[(verdict.value, verdict.value) for verdict in Verdict])
    retries_left = models.PositiveSmallIntegerField()
    manual_review = models.BooleanField(help_text="Whether the company had unclear sessions reviewed at that time.")
    # required checks that no threshold moves
    failed = models.BooleanField(help_text="One of them failed.")
    failed_for_good = models.BooleanField(help_text="One of them failed for a reason that no retry can mend.")
    unclear = models.BooleanField(help_text="One of them was unclear.")
    # checks with a band: the lowest score that was measured, and whether something forbids to pass however high it is
    full_document = models.FloatField(null=True)
    full_document_held = models.BooleanField()
    screen_replay = models.FloatField(null=True)
    screen_replay_held = models.BooleanField()
    photocopy = models.FloatField(null=True)
    photocopy_held = models.BooleanField()
    liveness = models.FloatField(null=True)
    liveness_held = models.BooleanField()
    # faces: match level of selfie and portrait, and of selfie and challenge; null: could not be compared
    face_level = models.PositiveSmallIntegerField(null=True)
    face_held = models.BooleanField()
    tie_level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("replay line")
        verbose_name_plural = _("replay lines")
        indexes = [
            models.Index(name="replay_line_newest_first", fields=["company", "-decided_at"]),
            models.Index(name="replay_line_by_session", fields=["session"]),
        ]

    def __str__(self) -> str:
        return str(self.attempt_id)


class ReplayRun(models.Model):
    """A change of thresholds, tried on sessions of the past before it is saved."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="replay_runs")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    market = models.CharField(max_length=3, blank=True)
    values = models.JSONField(help_text="The candidate: thresholds by name; null inherits.")
    newest = models.PositiveIntegerField(null=True, help_text="So many of the newest sessions; empty: a range of days.")
    from_day = models.DateField(null=True)
    to_day = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=ReplayState.choices, default=ReplayState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, help_text="Counts of the table and of what moved; see `replay`.")
    changed = models.JSONField(default=list, help_text="Sessions whose outcome would change: [id, before, after].")
    started_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        indexes = [models.Index(name="replay_run_newest_first", fields=["company", "-created_at"])]

    def __str__(self) -> str:
        return str(self.public_id)
