"""Stretches of days, cut into days, weeks or months (R50). A day is the company's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

BY_DAY_UP_TO, BY_WEEK_UP_TO = 45, 200  # days: beyond, points stand too close to be told apart
DAY = timedelta(days=1)


class Step(TextChoices):
    """What one point of a chart counts."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Stretch:
        """As many days, right before these."""
        return Stretch(self.first - self.days * DAY, self.first - DAY)

    @property
    def words(self) -> str:
        if self.first == self.last:
            return date_format(self.first, "j M Y")
        begin = "j M" if self.first.year == self.last.year else "j M Y"
        return gettext("%(first)s to %(last)s") % {"first": date_format(self.first, begin), "last": date_format(self.last, "j M Y")}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days of one point. words: as a chart and a table name them.

    is_open: today is among them, so its figures will still change; is_cut: the stretch holds a part of it only.
    """

    first: date
    last: date
    words: str
    is_open: bool
    is_cut: bool


def fitting(stretch: Stretch) -> Step:
    """The step that leaves a readable number of points."""
    if stretch.days <= BY_DAY_UP_TO:
        return Step.DAY
    return Step.WEEK if stretch.days <= BY_WEEK_UP_TO else Step.MONTH


def cut(stretch: Stretch, step: Step, *, today: date) -> list[Bucket]:
    """Cut a stretch into steps, oldest first. Weeks begin on Monday; at both ends a week or month may be incomplete."""
    months = {number: str(name).title() for number, name in MONTHS_3.items()}  # `date_format` takes ten times as long
    found: list[Bucket] = []
    first = stretch.first
    while first <= stretch.last:
        begin, end = _whole(first, step)
        last = min(end, stretch.last)
        is_cut = (begin, end) != (first, last)
        words = date_format(first, "M Y") if step is Step.MONTH and not is_cut else _words(first, last, months)
        found.append(Bucket(first, last, words, is_open=first <= today <= last, is_cut=is_cut))
        first = last + DAY
    return found


def _words(first: date, last: date, months: Mapping[int, str]) -> str:
    begin, end = (f"{day.day} {months[day.month]}" for day in (first, last))
    return begin if first == last else f"{begin} – {end}"


def _whole(day: date, step: Step) -> tuple[date, date]:
    """First and last day of the step in which a day lies."""
    if step is Step.DAY:
        return day, day
    if step is Step.WEEK:
        monday = day - day.weekday() * DAY
        return monday, monday + 6 * DAY
    begin = day.replace(day=1)
    return begin, (begin + 31 * DAY).replace(day=1) - DAY
