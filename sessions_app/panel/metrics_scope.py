"""What the address asks of the metrics: days, steps and filters. What it asks wrongly is said, and the usual shown in its place (R50)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app.choices import DeviceKind
from sessions_app.metrics.reading import Scope
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.metrics_periods import Step, Stretch, fitting
from sessions_app.panel.metrics_words import device_words, document_words, market_words
from sessions_app.panel.widgets import PlainDay, PlainSelect
from settings_app.choices import DocumentChoice
from settings_app.models import Company

LONGEST = 3 * 366  # days
FIRST_DAY = date(2000, 1, 1)
NOTHING = "-"
"""In the address: the sessions that have no market, document or device."""


class Period(TextChoices):
    """Which days; the first three end today."""

    WEEK = "7", _("7 days")
    MONTH = "30", _("30 days")
    QUARTER = "90", _("90 days")
    DAYS = "days", _("From – to")


def _one_of(label: Any, choices: Iterable[tuple[str, type_of_text]], every: type_of_text) -> forms.ChoiceField:
    found = [("", every), *choices]
    wrong = {"invalid_choice": _("“%(value)s” is not one of the choices. Everything is shown.")}
    return forms.ChoiceField(label=label, choices=found, required=False, widget=PlainSelect, error_messages=wrong)


def _day(label: Any) -> forms.DateField:
    wrong = {"invalid": _("This is no day. Write it as 2026-01-31.")}
    sensible = MinValueValidator(FIRST_DAY, _("This day lies too far back."))
    return forms.DateField(label=label, required=False, widget=PlainDay, validators=[sensible], error_messages=wrong)


def _is_market(code: str) -> None:
    if code != NOTHING and not countries.is_known(code):
        raise ValidationError(_("There is no “%(value)s”. Every market is shown."), params={"value": code})


class MetricsForm(forms.Form):
    """The controls above the figures."""

    period = forms.ChoiceField(
        label=_("Period"),
        choices=Period.choices,
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is no period. The last 30 days are shown.")},
    )
    from_day = _day(_("From"))
    to_day = _day(_("To"))
    by = _one_of(_("By"), Step.choices, _("Automatic"))
    market = forms.CharField(label=_("Market"), required=False, validators=[_is_market])
    document = _one_of(_("Document"), [*DocumentChoice.choices, (NOTHING, _("No document yet"))], _("Every document"))
    device = _one_of(_("Device"), [*DeviceKind.choices, (NOTHING, _("Unknown device"))], _("Every device"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown. problems: what the address asks that could not be followed, in words."""

    scope: Scope
    stretch: Stretch
    step: Step
    period: Period
    now: datetime
    today: date
    form: MetricsForm
    problems: list[str]

    @property
    def is_open(self) -> bool:
        """Whether the last day is not over yet."""
        return self.stretch.last == self.today

    @property
    def narrowed(self) -> list[str]:
        """The filters in words, for paper, where there are no controls."""
        scope = self.scope
        words = ((scope.market, market_words), (scope.document, document_words), (scope.device, device_words))
        return [say(value) for value, say in words if value is not None]


def asked_of(data: QueryDict, *, company: Company, now: datetime) -> Asked:
    """Read the address. Days are those of the company's time zone."""
    today = now.astimezone(company.zone).date()
    form = MetricsForm(data)
    form.is_valid()
    problems = [f"{form.fields[name].label}: {words}" for name, errors in form.errors.items() for words in errors]
    period = _period(form)
    stretch = Stretch(today - timedelta(days=int(period) - 1), today) if period is not Period.DAYS else _days(form, today, problems)
    narrowed = {name: _narrowed(form.cleaned_data.get(name)) for name in ("market", "document", "device")}
    return Asked(
        scope=Scope(company, stretch.first, stretch.last, **narrowed),
        stretch=stretch,
        step=Step(form.cleaned_data.get("by") or fitting(stretch)),
        period=period,
        now=now,
        today=today,
        form=form,
        problems=problems,
    )


def _period(form: MetricsForm) -> Period:
    """Days in the address speak for themselves, without naming the period."""
    asked: dict[str, Any] = form.cleaned_data
    if chosen := asked.get("period"):
        return Period(chosen)
    return Period.DAYS if "period" in asked and (asked.get("from_day") or asked.get("to_day")) else Period.MONTH


def _days(form: MetricsForm, today: date, problems: list[str]) -> Stretch:
    last = form.cleaned_data.get("to_day") or today
    first = form.cleaned_data.get("from_day") or min(last, today) - timedelta(days=29)
    usual = Stretch(today - timedelta(days=29), today)
    if first > last:
        problems.append(gettext("The first day lies after the last one. The last 30 days are shown."))
        return usual
    if first > today:
        problems.append(gettext("These days have not begun. The last 30 days are shown."))
        return usual
    if last > today:
        problems.append(gettext("Days after today are left out."))
    found = Stretch(first, min(last, today))
    if found.days > LONGEST:
        words = gettext("More than three years do not fit on a page. The newest %(days)s days are shown.")
        problems.append(words % {"days": f"{LONGEST:,}"})
        return Stretch(found.last - timedelta(days=LONGEST - 1), found.last)
    return found


def _narrowed(chosen: str | None) -> str | None:
    """None: all together; '': those that have none."""
    return None if not chosen else "" if chosen == NOTHING else chosen
