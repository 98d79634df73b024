"""The nine columns of the sessions list and the orders in which it can be read (R60, R63)."""

from __future__ import annotations

import django_tables2 as tables
from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce, Collate, Lower, NullIf
from django.utils.translation import gettext_lazy as _

from sessions_app.models import VerificationSession

Sessions = QuerySet[VerificationSession]

NEWEST_FIRST = "-created_at"
BEYOND_EVERY_NAME = "\U0010ffff"
"""Sorts after any name, so that unidentified people come last in both directions."""


class SessionTable(tables.Table):
    """Columns and orders alone: rows are printed by `panel/sessions/_row.html`, which costs a tenth of the library's rendering."""

    selfie = tables.Column(_("Selfie"), orderable=False)
    first_name = tables.Column(_("First Name"))
    last_name = tables.Column(_("Last Name"))
    created_at = tables.Column(_("Date"))
    document = tables.Column(_("Document"), orderable=False)
    liveness = tables.Column(_("Liveness"), orderable=False)
    verified = tables.Column(_("Verified"), orderable=False)
    extra = tables.Column(_("Extra"), orderable=False)
    more = tables.Column(_("More"), orderable=False)

    def order_created_at(self, queryset: Sessions, is_descending: bool) -> tuple[Sessions, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}created_at", f"{sign}id"), True

    def order_first_name(self, queryset: Sessions, is_descending: bool) -> tuple[Sessions, bool]:
        return _by_name(queryset, "first_name", is_descending), True

    def order_last_name(self, queryset: Sessions, is_descending: bool) -> tuple[Sessions, bool]:
        return _by_name(queryset, "last_name", is_descending), True


def table_of(sessions: Sessions, sort: str) -> SessionTable:
    """Return the table in the order that the address asks for, newest first when it asks for none that there is."""
    known = {name for name, column in SessionTable.base_columns.items() if column.orderable is not False}
    return SessionTable(sessions, order_by=sort if sort.removeprefix("-") in known else NEWEST_FIRST)


def ordered_sessions(table: SessionTable) -> Sessions:
    sessions: Sessions = table.data.data
    return sessions


def _by_name(queryset: Sessions, column: str, is_descending: bool) -> Sessions:
    blank = Value("" if is_descending else BEYOND_EVERY_NAME, output_field=CharField())
    name: Func = Collate(Lower(Coalesce(NullIf(F(column), Value("")), blank)), "C")
    sign = "-" if is_descending else ""
    return queryset.annotate(name_key=name).order_by(f"{sign}name_key", f"{sign}id")
