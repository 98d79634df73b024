from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """Filters and order of the sessions list that a user keeps under a name. Never a search: that could name a person."""

    user = models.ForeignKey("settings_app.User", on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True, help_text="The address's query: filters, order and page size.")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(name="saved_view_name_unique_for_user", fields=["user", "name"])]

    def __str__(self) -> str:
        return self.name
