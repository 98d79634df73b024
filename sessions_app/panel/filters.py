"""Search and filters of the sessions list, and the chips that name what is active (R61, R62)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.results import Check
from sessions_app import search
from sessions_app.choices import DeviceKind, Outcome
from sessions_app.days import start_of
from sessions_app.panel.check_words import TITLES
from sessions_app.panel.labels import Decider, FinalStatus, Spoof, Without, outcomes_of, type_of_text
from sessions_app.panel.narrowing import Narrowing, Sessions
from sessions_app.panel.widgets import PlainBoxes, PlainDay, PlainSelect
from settings_app.choices import DocumentChoice

SEARCH_LENGTH = 100
PLACE = ("after", "before")
"""What the address says about the page; it means nothing once search or filters change."""

LINKED = ("closed_from", "closed_to", "by", "retaken", "failed", "unclear", "without")
"""Filters that a figure of the metrics sets with its link. The page names them by chips and offers no control for them."""


def _markets() -> tuple[tuple[str, str], ...]:
    return countries.choices(with_specimen=True)


def _levels() -> tuple[tuple[str, str], ...]:
    return tuple((str(level), gettext("Level %(level)s") % {"level": level}) for level in range(8))


def _checks(words: type_of_text) -> tuple[tuple[str, str], ...]:
    return tuple((check.value, words % {"check": TITLES[check]}) for check in Check)


class AnyOf(django_filters.MultipleChoiceFilter):
    """Check boxes; none means everything."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=PlainBoxes, **options)


class SessionFilter(django_filters.FilterSet):
    """Narrows the sessions of a company. `request.company` gives the time zone of the days."""

    q = django_filters.CharFilter(
        label=_("Search"),
        max_length=SEARCH_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    document = AnyOf(label=_("Document"), choices=DocumentChoice.choices)
    status = AnyOf(label=_("Status"), choices=FinalStatus.choices)
    spoof = AnyOf(label=_("Possible spoof"), choices=Spoof.choices)
    from_day = django_filters.DateFilter(label=_("From"), widget=PlainDay)
    to_day = django_filters.DateFilter(label=_("To"), widget=PlainDay)
    outcome = AnyOf(label=_("Outcome"), choices=Outcome.choices)
    level = AnyOf(label=_("Match level"), choices=_levels)
    market = django_filters.ChoiceFilter(label=_("Market"), choices=_markets, empty_label=_("Every market"), widget=PlainSelect)
    device = AnyOf(label=_("Device"), choices=DeviceKind.choices)
    closed_from = django_filters.DateFilter(label=_("Ended from"))
    closed_to = django_filters.DateFilter(label=_("Ended to"))
    by = django_filters.ChoiceFilter(choices=Decider.choices)
    retaken = django_filters.ChoiceFilter(choices=[("yes", _("Pictures retaken"))])
    failed = django_filters.MultipleChoiceFilter(choices=partial(_checks, _("%(check)s: failed")))
    unclear = django_filters.MultipleChoiceFilter(choices=partial(_checks, _("%(check)s: unclear")))
    without = django_filters.MultipleChoiceFilter(choices=Without.choices)

    def filter_queryset(self, queryset: Sessions) -> Sessions:
        return self.narrowing.matching(queryset)

    @cached_property
    def narrowing(self) -> Narrowing:
        """What is asked. A value that the form refuses asks for nothing."""
        self.is_valid()
        asked: dict[str, Any] = self.form.cleaned_data
        company = self.request.company
        wanted = [(condition, _listed(asked[name])) for name, condition in CONDITIONS.items() if asked.get(name)]
        closed_from, closed_to = asked.get("closed_from"), asked.get("closed_to")
        text = asked.get("q") or ""
        patterns = tuple(search.patterns(text))
        return Narrowing(
            company_id=company.pk,
            # nothing ends before it is created: so the look for what ended goes back from there
            days=_days("created_at", asked.get("from_day"), asked.get("to_day"), company.zone)
            & _days("created_at", None, closed_to, company.zone),
            outcomes=_outcomes(asked.get("status"), asked.get("outcome")),
            sieve=Q(*(condition.rule(values) for condition, values in wanted)) & _days("closed_at", closed_from, closed_to, company.zone),
            wanted=tuple(
                tuple(f"{condition.facet}{value}" for value in values) for condition, values in wanted if condition.facet is not None
            ),
            patterns=None if text.strip() and not patterns else patterns,
        )

    @property
    def linked(self) -> list[tuple[str, str]]:
        """What a link has set and no control shows: the form carries it along."""
        asked: dict[str, Any] = self.form.cleaned_data
        return [(name, str(value)) for name in LINKED if asked.get(name) for value in _listed(asked[name])]


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter for each row, and what the values of its facet begin with; None: the inverted index does not know it."""

    rule: Callable[[list[str]], Q]
    facet: str | None = None


def _document(kinds: list[str]) -> Q:
    """What the checks read counts; before they have read anything, what the user chose."""
    return Q(document_kind__in=kinds) | Q(document_kind="", chosen_document__in=kinds)


def _decided(by: list[str]) -> Q:
    return Q(decided_by_hand=Decider.HAND.value in by, outcome__in=[Outcome.APPROVE, Outcome.DECLINE])


def _without(what: list[str]) -> Q:
    """As the metrics slice: a session has no document while it neither read nor chose one."""
    rules = {"market": Q(market=""), "document": Q(document_kind="", chosen_document=""), "device": Q(device="")}
    return Q(*(rules[name] for name in what))


CONDITIONS = {
    "document": Condition(_document, "document "),
    "spoof": Condition(lambda flags: Q(*((flag, True) for flag in flags), _connector=Q.OR), ""),
    "level": Condition(lambda levels: Q(match_level__in=[int(level) for level in levels]), "level "),
    "market": Condition(lambda markets: Q(market__in=markets), "market "),
    "device": Condition(lambda devices: Q(device__in=devices)),
    "by": Condition(_decided),
    "retaken": Condition(lambda _yes: Q(forced_retries__gt=0)),
    "failed": Condition(lambda checks: Q(failed_checks__overlap=checks)),
    "unclear": Condition(lambda checks: Q(unclear_checks__overlap=checks)),
    "without": Condition(_without),
}


def _outcomes(statuses: list[str] | None, exact: list[str] | None) -> tuple[str, ...] | None:
    """The outcomes that both filters allow; None when neither is set."""
    chosen: list[set[str]] = [{outcome for status in statuses for outcome in outcomes_of(status)}] if statuses else []
    chosen += [set(exact)] if exact else []
    return tuple(sorted(set.intersection(*chosen))) if chosen else None


def _days(moment: str, first: date | None, last: date | None, zone: ZoneInfo) -> Q:
    since = Q((f"{moment}__gte", start_of(first, zone))) if first else Q()
    return since & Q((f"{moment}__lt", start_of(last + timedelta(days=1), zone))) if last and last != date.max else since


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter and the query of the address without it."""

    label: type_of_text
    query: str


def chips(found: SessionFilter) -> list[Chip]:
    """Name every active filter; the search has its own field to clear."""
    return [Chip(label, _taken_away(found.data, name, value)) for name, value, label in _active(found)]


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


def _taken_away(data: QueryDict, name: str, value: str) -> str:
    rest = data.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if value and other != value])
    for key in PLACE:
        rest.pop(key, None)
    return rest.urlencode()
