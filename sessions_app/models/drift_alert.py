from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

OPEN = Q(acknowledged_at=None, faded_at=None)


class DriftAlert(models.Model):
    """A rate that left its own baseline: of the company, or of one market (R44). Open until it is acknowledged.

    What a single market shows begins as an early sign, which becomes an alert, or fades by itself.
    """

    company = models.ForeignKey("settings_app.Company", on_delete=models.CASCADE, related_name="drift_alerts")
    market = models.CharField(max_length=3, blank=True, help_text="Empty: all markets together.")
    rate = models.CharField(max_length=40, help_text="A metric's name, or `check:` and the name of a check.")
    is_early = models.BooleanField(default=False, help_text="An early sign of a market: not in the ribbon, and not in a mail.")
    rising = models.BooleanField()
    first_day = models.DateField(help_text="Since when the rate differs.")
    last_day = models.DateField(help_text="The day on which it was noticed.")
    observed = models.PositiveIntegerField(help_text="Counted since the first day ...")
    observed_of = models.PositiveIntegerField(help_text="... of so many.")
    baseline = models.PositiveIntegerField(help_text="Counted in the four weeks before ...")
    baseline_of = models.PositiveIntegerField(help_text="... of so many.")
    raised_at = models.DateTimeField(help_text="When it was noticed; of an early sign that grew, when it became an alert.")
    faded_at = models.DateTimeField(null=True, help_text="When an early sign was none any more.")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("settings_app.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("drift alert")
        verbose_name_plural = _("drift alerts")
        constraints = [
            models.UniqueConstraint(name="drift_one_open_alert_per_rate", fields=["company", "market", "rate"], condition=OPEN),
            models.CheckConstraint(name="drift_early_signs_are_of_markets", condition=Q(is_early=False) | ~Q(market="")),
            models.CheckConstraint(
                name="drift_only_open_early_signs_fade", condition=Q(faded_at=None) | Q(is_early=True, acknowledged_at=None)
            ),
            models.CheckConstraint(
                name="drift_acknowledged_by_somebody",
                condition=Q(acknowledged_at=None, acknowledged_by=None) | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="drift_newest_first", fields=["company", "-raised_at"])]

    @property
    def is_open(self) -> bool:
        return self.acknowledged_at is None and self.faded_at is None

    def __str__(self) -> str:
        return f"{self.rate} {self.market} {self.first_day}"
