from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from checks_app.results import Check
from sessions_app.choices import DeviceKind
from settings_app.choices import DocumentChoice


class Slice(models.Model):
    """What is counted together: the sessions of a company that ended on one of its days, by market, document and device (R50)."""

    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="Day of the outcome, in the company's time zone.")
    market = models.CharField(max_length=3, blank=True)
    document = models.CharField(max_length=16, choices=DocumentChoice.choices, blank=True)
    device = models.CharField(max_length=8, choices=DeviceKind.choices, blank=True)

    class Meta:
        abstract = True


class DailyCount(Slice):
    """How many sessions of a slice have which outcome. Kept in the transaction of each outcome; every session counts once."""

    approved_by_checks = models.PositiveIntegerField(default=0)
    approved_by_hand = models.PositiveIntegerField(default=0)
    in_review = models.PositiveIntegerField(default=0)
    declined_by_checks = models.PositiveIntegerField(default=0)
    declined_by_hand = models.PositiveIntegerField(default=0)
    abandoned = models.PositiveIntegerField(default=0)
    retaken = models.PositiveIntegerField(default=0, help_text="Of all these: the user was asked to take a picture again.")

    class Meta:
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        constraints = [
            models.UniqueConstraint(name="daily_count_once_per_slice", fields=["company", "day", "market", "document", "device"])
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.day} {self.market} {self.document} {self.device}"


class DailyCheckCount(Slice):
    """In how many sessions of a slice a check was judged, failed in some attempt, or was unclear and never failed."""

    check_name = models.CharField(max_length=20, choices=[(check.value, check.value) for check in Check])
    judged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("daily count of a check")
        verbose_name_plural = _("daily counts of checks")
        constraints = [
            models.UniqueConstraint(
                name="daily_check_count_once_per_slice", fields=["company", "day", "check_name", "market", "document", "device"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.day} {self.check_name}"
