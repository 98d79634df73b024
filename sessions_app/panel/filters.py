"""Search and filters of the sessions list, and the chips that name what is active (R61, R62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app import search
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel.labels import FinalStatus, Spoof, outcomes_of, type_of_text
from settings_app.choices import DocumentChoice

Sessions = QuerySet[VerificationSession]

SEARCH_LENGTH = 100
PLACE = ("after", "before")
"""What the address says about the page; it means nothing once search or filters change."""


def _markets() -> tuple[tuple[str, str], ...]:
    return countries.choices(with_specimen=True)


class AnyOf(django_filters.MultipleChoiceFilter):
    """Check boxes; none means everything."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **options)


class SessionFilter(django_filters.FilterSet):
    """Narrows the sessions of a company. `request.company` gives the time zone of the days."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="filter_search",
        max_length=SEARCH_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    document = AnyOf(label=_("Document"), choices=DocumentChoice.choices, method="filter_document")
    status = AnyOf(label=_("Status"), choices=FinalStatus.choices, method="filter_status")
    spoof = AnyOf(label=_("Possible spoof"), choices=Spoof.choices, method="filter_spoof")
    from_day = django_filters.DateFilter(label=_("From"), method="filter_from_day", widget=forms.DateInput(attrs={"type": "date"}))
    to_day = django_filters.DateFilter(label=_("To"), method="filter_to_day", widget=forms.DateInput(attrs={"type": "date"}))
    outcome = AnyOf(label=_("Outcome"), choices=Outcome.choices)
    market = django_filters.ChoiceFilter(label=_("Market"), choices=_markets, empty_label=_("Every market"))

    def filter_search(self, sessions: Sessions, name: str, text: str) -> Sessions:
        return search.matching(sessions, text)

    def filter_document(self, sessions: Sessions, name: str, kinds: list[str]) -> Sessions:
        """What the checks read counts; before they have read anything, what the user chose."""
        if not kinds:
            return sessions
        return sessions.filter(Q(document_kind__in=kinds) | Q(document_kind="", chosen_document__in=kinds))

    def filter_status(self, sessions: Sessions, name: str, statuses: list[str]) -> Sessions:
        outcomes = [outcome for status in statuses for outcome in outcomes_of(status)]
        return sessions.filter(outcome__in=outcomes) if outcomes else sessions

    def filter_spoof(self, sessions: Sessions, name: str, flags: list[str]) -> Sessions:
        any_of = Q()
        for flag in flags:
            any_of |= Q(**{flag: True})
        return sessions.filter(any_of)

    def filter_from_day(self, sessions: Sessions, name: str, day: date) -> Sessions:
        return sessions.filter(created_at__gte=start_of(day, self._zone))

    def filter_to_day(self, sessions: Sessions, name: str, day: date) -> Sessions:
        return sessions if day == date.max else sessions.filter(created_at__lt=start_of(day + timedelta(days=1), self._zone))

    @property
    def _zone(self) -> ZoneInfo:
        zone: ZoneInfo = self.request.company.zone
        return zone


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in a time zone."""
    return datetime.combine(day, time.min, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter and the query of the address without it."""

    label: type_of_text
    query: str


def chips(found: SessionFilter) -> list[Chip]:
    """Name every active filter; the search has its own field to clear."""
    return [Chip(label, _without(found.data, name, value)) for name, value, label in _active(found)]


def _active(found: SessionFilter) -> Iterator[tuple[str, str, type_of_text]]:
    for name, value in found.form.cleaned_data.items():
        field = found.form.fields[name]
        if isinstance(value, date):
            yield name, "", gettext("%(edge)s %(day)s") % {"edge": field.label, "day": date_format(value, "j M Y")}
        elif isinstance(value, list):
            labels = dict(field.choices)
            yield from ((name, chosen, labels[chosen]) for chosen in value)
        elif value and name != "q":
            yield name, "", dict(field.choices)[value]


def _without(data: QueryDict, name: str, value: str) -> str:
    rest = data.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if value and other != value])
    for key in PLACE:
        rest.pop(key, None)
    return rest.urlencode()
