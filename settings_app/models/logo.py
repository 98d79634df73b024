from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from settings_app.choices import LogoPlate

WIDEST_SHOWN, HIGHEST_SHOWN = 160, 48  # CSS pixels


class Logo(models.Model):
    """The company's logo in the hosted flow, re-encoded by us (R47)."""

    company = models.OneToOneField("settings_app.Company", primary_key=True, on_delete=models.CASCADE, related_name="logo")
    png = models.BinaryField()
    sha256 = models.CharField(max_length=64, help_text="Of the picture: a part of its address, so that browsers may keep it.")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    plate = models.CharField(max_length=8, choices=LogoPlate.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return f"{self.company_id} {self.width}x{self.height}"

    @property
    def shown_width(self) -> int:
        return max(1, round(self.width * self._shown_scale))

    @property
    def shown_height(self) -> int:
        return max(1, round(self.height * self._shown_scale))

    @property
    def _shown_scale(self) -> float:
        return min(1.0, WIDEST_SHOWN / self.width, HIGHEST_SHOWN / self.height)
