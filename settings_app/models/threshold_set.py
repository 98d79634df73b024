from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checks_app.thresholds import HIGHEST_LEVEL, LOWEST_LEVEL

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SCORES = ("full_document", "screen_replay", "photocopy", "liveness")


def _score(label: StrOrPromise) -> models.FloatField[float | None, float | None]:
    return models.FloatField(label, null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])


def _level(label: StrOrPromise) -> models.PositiveSmallIntegerField[int | None, int | None]:
    validators = [MinValueValidator(LOWEST_LEVEL), MaxValueValidator(HIGHEST_LEVEL)]
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=validators)


def _score_constraints() -> list[models.CheckConstraint]:
    """A band is inherited whole or set whole: half of one would be journalled and never applied."""
    return [
        models.CheckConstraint(
            name=f"threshold_{score}_bands_in_order",
            condition=Q(**{f"{score}_decline": None, f"{score}_approve": None})
            | Q(**{f"{score}_decline__isnull": False, f"{score}_approve__isnull": False})
            & Q(**{f"{score}_decline__gte": 0, f"{score}_approve__lte": 1, f"{score}_decline__lte": F(f"{score}_approve")}),
        )
        for score in SCORES
    ]


class ThresholdSet(models.Model):
    """The thresholds of a company (market empty) or of one of its markets; an empty value is inherited (R41)."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="threshold_sets")
    market = models.CharField(_("market"), max_length=3, blank=True)
    full_document_decline = _score(_("full document: decline below"))
    full_document_approve = _score(_("full document: approve from"))
    screen_replay_decline = _score(_("screen replay: decline below"))
    screen_replay_approve = _score(_("screen replay: approve from"))
    photocopy_decline = _score(_("photocopy: decline below"))
    photocopy_approve = _score(_("photocopy: approve from"))
    liveness_decline = _score(_("liveness: decline below"))
    liveness_approve = _score(_("liveness: approve from"))
    face_match_level = _level(_("face match: accepted level"))
    face_review_level = _level(_("face match: review from level"))

    class Meta:
        verbose_name = _("threshold set")
        verbose_name_plural = _("threshold sets")
        constraints = [
            models.UniqueConstraint(name="threshold_set_unique_per_market", fields=["company", "market"]),
            *_score_constraints(),
            models.CheckConstraint(
                name="threshold_levels_in_order",
                condition=Q(face_match_level=None, face_review_level=None)
                | Q(face_match_level__isnull=False, face_review_level__isnull=False)
                & Q(face_review_level__gte=LOWEST_LEVEL, face_match_level__lte=HIGHEST_LEVEL, face_review_level__lte=F("face_match_level")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.market or 'every market'}"


class ThresholdChange(models.Model):
    """One change of thresholds with its reason: the tuning journal, append-only (R42)."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.PROTECT, related_name="threshold_changes")
    market = models.CharField(max_length=3, blank=True)
    name = models.CharField(max_length=40)
    old = models.FloatField(null=True)
    new = models.FloatField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    saved_together = models.UUIDField(null=True, help_text="The same for everything that one save changed.")
    replay = models.JSONField(null=True, help_text="Counts of the replay that was seen before saving; null: there was none.")
    actor = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("threshold change")
        verbose_name_plural = _("threshold changes")
        indexes = [models.Index(name="threshold_change_by_time", fields=["company", "-at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.old} → {self.new}"
