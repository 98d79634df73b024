from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from settings_app.choices import ExtraFieldType


class ExtraFields(models.QuerySet["ExtraField"]):
    """In the company's order."""

    def asked(self) -> ExtraFields:
        """Those that people are asked now."""
        return self.filter(removed_at=None).order_by("position", "pk")

    def ever_asked(self) -> ExtraFields:
        """Also those that were removed, at the end: sessions may hold values of them."""
        return self.order_by(F("removed_at").asc(nulls_first=True), "position", "pk")


class ExtraField(models.Model):
    """A field that the company adds to its sessions (R45)."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="extra_fields")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=80)
    type = models.CharField(_("type"), max_length=8, choices=ExtraFieldType.choices, default=ExtraFieldType.TEXT)
    required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    options = ArrayField(models.CharField(max_length=80), verbose_name=_("options"), default=list, blank=True)
    removed_at = models.DateTimeField(null=True, editable=False, help_text="Asked no more; its label still names values.")

    objects = ExtraFields.as_manager()

    class Meta:
        verbose_name = _("extra field")
        verbose_name_plural = _("extra fields")
        constraints = [
            models.UniqueConstraint(name="extra_field_key_unique_in_company", fields=["company", "key"]),
            models.CheckConstraint(
                name="extra_field_has_options_only_as_choice",
                condition=Q(type=ExtraFieldType.CHOICE) & ~Q(options=[]) | ~Q(type=ExtraFieldType.CHOICE) & Q(options=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.label
