from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from settings_app.choices import DocumentChoice

MAX_RETRIES_LIMIT = 50
OLDEST = 120  # years
LONGEST_RETENTION = 3650  # days


def every_document() -> list[str]:
    return list(DocumentChoice.values)


def every_language() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class Company(models.Model):
    """A tenant: sealed from every other company (R81)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    support_email = models.EmailField(_("support e-mail"), blank=True)
    link_days = models.PositiveSmallIntegerField(
        _("days a link stays valid"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    max_retries = models.PositiveSmallIntegerField(
        _("retries in one session"), default=5, validators=[MaxValueValidator(MAX_RETRIES_LIMIT)]
    )
    inactivity_minutes = models.PositiveIntegerField(
        _("minutes without activity until a started session is abandoned"),
        null=True,
        blank=True,
        help_text=_("Empty: a started session stays open as long as its link."),
    )
    transfer_minutes = models.PositiveSmallIntegerField(
        _("minutes that a session may be continued on a phone"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
        help_text=_("Counted from the scan of the QR code, and never longer than the link is valid."),
    )
    allowed_documents = ArrayField(
        models.CharField(max_length=16, choices=DocumentChoice.choices), verbose_name=_("accepted documents"), default=every_document
    )
    allowed_return_origins = ArrayField(
        models.CharField(max_length=200), verbose_name=_("allowed return origins"), default=list, blank=True
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(OLDEST)],
        help_text=_("Years. Empty: people of every age are accepted."),
    )
    strict_names = models.BooleanField(
        _("expected names must match exactly"),
        default=False,
        help_text=_("Otherwise slips, word order and missing further names are forgiven. Accents and transliteration never matter."),
    )
    duplicate_faces = models.BooleanField(
        _("look for the same face in other sessions"),
        default=True,
        help_text=_(
            "A face that another person's session shows sends the session to review. Up to 10,000 faces, level 6 (1 in 100,000) counts "
            "as the same: at 10,000 faces one session in ten names a stranger. Above, level 7 (1 in 500,000): at 100,000 faces one in five."
        ),
    )
    liveness_flash = models.BooleanField(
        _("screen flashes during the liveness check"),
        default=False,
        help_text=_("The page shows a few soft colours and the checks look for them on the face. Of no use in bright light."),
    )
    allow_uploads = models.BooleanField(
        _("pictures may come as files"),
        default=True,
        help_text=_("For people without a working camera. A picture from a file proves no presence: the session goes to review."),
    )
    face_first = models.BooleanField(_("face before document"), default=False)
    languages = ArrayField(
        models.CharField(max_length=8, choices=settings.LANGUAGES), verbose_name=_("languages of the flow"), default=every_language
    )
    brand_colour = models.CharField(
        _("colour"), max_length=7, blank=True, validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z")], help_text=_("Empty: the portal's own.")
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days until pictures are erased"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RETENTION)],
        help_text=_("Counted from the outcome. Empty: pictures are kept until somebody erases them."),
    )
    counted_zone = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Time zone of the daily counts; empty: nothing is counted yet."
    )
    manual_review = models.BooleanField(_("manual review"), default=True)
    wrapped_key = models.BinaryField(editable=False, help_text="The company's key, wrapped by the master key.")
    master_key_id = models.CharField(max_length=32, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(name="company_link_lasts_at_least_a_day", condition=Q(link_days__gte=1)),
            models.CheckConstraint(name="company_transfer_lasts_a_moment", condition=Q(transfer_minutes__gte=1)),
            models.CheckConstraint(name="company_retries_within_limit", condition=Q(max_retries__lte=MAX_RETRIES_LIMIT)),
            models.CheckConstraint(name="company_minimum_age_is_an_age", condition=Q(minimum_age__range=(1, OLDEST))),
            models.CheckConstraint(name="company_accepts_a_document", condition=~Q(allowed_documents=[])),
            models.CheckConstraint(name="company_speaks_a_language", condition=~Q(languages=[])),
            models.CheckConstraint(name="company_keeps_pictures_a_day", condition=Q(retention_days=None) | Q(retention_days__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
