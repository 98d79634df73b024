"""The days that people ask for most, as links: both ends included, like the fields that they fill (R62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from sessions_app.panel.labels import type_of_text


@dataclass(frozen=True, slots=True)
class Preset:
    """A stretch of days with a name."""

    label: type_of_text
    from_day: date
    to_day: date
    is_chosen: bool


def presets(today: date, *, chosen: tuple[date | None, date | None]) -> list[Preset]:
    """The stretches as seen from a day (the caller knows which one it is where the company is), and which of them is asked for."""
    yesterday = today - timedelta(days=1)
    this_month = today.replace(day=1)
    end_of_last = this_month - timedelta(days=1)
    stretches: list[tuple[type_of_text, date, date]] = [
        (_("Today"), today, today),
        (_("Yesterday"), yesterday, yesterday),
        (_("Last 7 days"), today - timedelta(days=6), today),
        (_("Last 30 days"), today - timedelta(days=29), today),
        (_("This month"), this_month, today),
        (_("Last month"), end_of_last.replace(day=1), end_of_last),
    ]
    return [Preset(label, first, last, is_chosen=(first, last) == chosen) for label, first, last in stretches]
