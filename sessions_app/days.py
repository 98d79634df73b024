"""Days in a company's time zone: the one rule for filters and counts."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in a time zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
