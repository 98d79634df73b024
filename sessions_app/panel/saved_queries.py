"""What a saved view keeps of an address: filters, order and page size that there are; never the search, never the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.models import SavedView
from sessions_app.panel.filters import SessionFilter, chips
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.listing import size_of
from sessions_app.panel.paging import PAGE_SIZE
from sessions_app.panel.widgets import PlainSelect
from settings_app.models import Company, User

NAME_LENGTH = 60
QUERY_LENGTH = 4000
"""Of what a browser sends: more than every filter together takes."""

ORDERS: list[tuple[str, type_of_text]] = [
    ("", _("Newest first")),
    ("created_at", _("Oldest first")),
    ("first_name", _("First name, A to Z")),
    ("-first_name", _("First name, Z to A")),
    ("last_name", _("Last name, A to Z")),
    ("-last_name", _("Last name, Z to A")),
]
"""Blank is what the list does without being asked, so that the address stays short."""


class OrderForm(forms.Form):
    """The order of the list, also where no column has a head: on phones."""

    sort = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False, widget=PlainSelect)


class NameForm(forms.Form):
    """The name of a view."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Give the view a name."), "max_length": _("The name may have 60 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class SaveViewForm(NameForm):
    """A name and the query of the list's address."""

    query = forms.CharField(max_length=QUERY_LENGTH, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._company = company

    def clean_query(self) -> str:
        return kept_of(filters_of(self.cleaned_data["query"].removeprefix("?"), self._company))


@dataclass(frozen=True, slots=True)
class Described:
    """A saved view with what it shows, in words."""

    view: SavedView
    words: str


def filters_of(query: str, company: Company) -> SessionFilter:
    """The filters that an address's query sets, without a search behind them."""
    return SessionFilter(QueryDict(query), queryset=company.sessions.none())


def kept_of(found: SessionFilter) -> str:
    """Return the query as it is kept: the same filters in another order or written twice give the same text."""
    form = found.form
    form.is_valid()
    pairs = [(name, text) for name, value in form.cleaned_data.items() if name != "q" for text in _texts(form.fields[name], value)]
    return urlencode([*pairs, *_display(found.data).items()])


def views_of(user: User, company: Company) -> list[Described]:
    """The views of a user by name."""
    return [Described(view, _words(filters_of(view.query, company))) for view in user.saved_views.order_by("name")]


def _words(found: SessionFilter) -> str:
    found.form.is_valid()
    display = _display(found.data)
    words: list[type_of_text] = [chip.label for chip in chips(found)]
    if "sort" in display:
        words.append(dict(ORDERS)[display["sort"]])
    if "size" in display:
        words.append(gettext("%(rows)s rows") % {"rows": display["size"]})
    return " · ".join(map(str, words)) or gettext("All sessions, newest first")


def _display(data: QueryDict) -> dict[str, str]:
    """Order and page size where they are not the usual ones."""
    asked = OrderForm(data)
    order, size = asked.cleaned_data.get("sort", "") if asked.is_valid() else "", size_of(data)
    return {**({"sort": order} if order else {}), **({"size": str(size)} if size != PAGE_SIZE else {})}


def _texts(field: forms.Field, value: Any) -> list[str]:
    """A cleaned value as the address writes it; several in the order of their choices."""
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, list):
        chosen = set(map(str, value))
        return [str(choice) for choice, _label in field.choices if str(choice) in chosen]  # type: ignore[attr-defined]
    return [str(value)] if value else []
