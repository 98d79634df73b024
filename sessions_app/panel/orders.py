"""The orders in which sessions are read, and places in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import Combinable, OrderBy

from sessions_app.indexed import name_key
from sessions_app.models import VerificationSession

Sessions = QuerySet[VerificationSession]
Keyed = QuerySet[Any]
"""Sessions with their key in an order as `sort_key`."""

Place = tuple[Any, int]
"""A session's key in an order, and its number, which parts equal keys."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column in one direction. Each has an index that begins with the company."""

    column: str
    key: Combinable
    descending: bool

    @property
    def by_date(self) -> bool:
        return self.column == "created_at"

    def backwards(self) -> Order:
        """The same order read from its end."""
        return replace(self, descending=not self.descending)

    def keyed(self, sessions: Sessions) -> Keyed:
        return sessions.annotate(sort_key=self.key)

    def sort(self, keyed: Keyed) -> Keyed:
        return keyed.order_by(OrderBy(F("sort_key"), descending=self.descending), OrderBy(F("id"), descending=self.descending))

    def sort_found(self, keyed: Keyed) -> Keyed:
        """Sort so that no index is in this order: whoever knows that matches are few must not walk past everything else to find them."""
        return keyed.order_by(OrderBy(_row(F("sort_key"), F("id")), descending=self.descending))

    def beyond(self, keyed: Keyed, place: Place | None) -> Keyed:
        return keyed if place is None else keyed.filter(_compare(place, "<" if self.descending else ">"))

    def up_to(self, keyed: Keyed, place: Place | None) -> Keyed:
        return keyed if place is None else keyed.filter(_compare(place, ">=" if self.descending else "<="))


def order_of(sort: str) -> Order:
    """The order that an address names; newest first when it names none that there is."""
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    if column in ("first_name", "last_name"):
        return Order(column, name_key(column, descending=descending), descending)
    return Order("created_at", F("created_at"), descending=sort != "created_at")


def _compare(place: Place, sign: str) -> Func:
    """Compare key and number at once, as one row: an index goes straight to the place, however many sessions share the key."""
    key, number = place
    rows = _row(F("sort_key"), F("id")), _row(Value(key), Value(number))
    return Func(*rows, template="(%(expressions)s)", arg_joiner=f" {sign} ", output_field=BooleanField())


def _row(*values: Combinable) -> Func:
    return Func(*values, template="ROW(%(expressions)s)", output_field=BooleanField())  # rows have no type of their own in the ORM
