"""What stands around the list: days to choose, saved views, the order and the height of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sessions_app.models import SavedView
from sessions_app.panel.filters import SessionFilter
from sessions_app.panel.presets import Preset, presets
from sessions_app.panel.saved_queries import OrderForm, kept_of
from settings_app.access import PanelRequest
from settings_app.models import User

DENSITY = "density"
"""The cookie that keeps the height of the rows; the script writes it, the server reads it, so that no page shows the other one first."""


@dataclass(frozen=True, slots=True)
class Toolbar:
    """Printed by the whole page alone: the live part of the list has none of it."""

    presets: list[Preset]
    has_days: bool
    order: OrderForm
    is_dense: bool
    query: str  # filters, order and size as a saved view would keep them
    user: User

    @property
    def views(self) -> Iterator[SavedView]:
        """The user's views by name; asked for when the page prints them, so that the live part alone costs no query."""
        yield from self.user.saved_views.order_by("name")


def toolbar_of(request: PanelRequest, found: SessionFilter, *, now: datetime) -> Toolbar:
    """Put together what the page offers for the list that `found` filters."""
    query = kept_of(found)
    days = found.form.cleaned_data.get("from_day"), found.form.cleaned_data.get("to_day")
    return Toolbar(
        presets=presets(now.astimezone(request.company.zone).date(), chosen=days),
        has_days=any(days),
        order=OrderForm(request.GET),
        is_dense=request.COOKIES.get(DENSITY) == "dense",
        query=query,
        user=request.user,
    )
