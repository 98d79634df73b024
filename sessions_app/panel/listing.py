"""The sessions list put together: filtered, ordered, cut to a page, with the queries of every link that it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from sessions_app.models import VerificationSession
from sessions_app.panel import paging
from sessions_app.panel.filters import PLACE, Chip, SessionFilter, chips
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.rows import Row, rows_of
from sessions_app.panel.tables import SessionTable, ordered_sessions, table_of
from settings_app.access import PanelRequest
from settings_app.models import Company

COUNTED = 1000
"""Counting stops here: beyond it the exact number costs more than it says."""

REFRESHED = 2 * paging.PAGE_SIZE
"""Rows that one refresh may ask for; a page has fewer."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head; `query` leads to the list in this column's order, the other way round when it has that order already."""

    name: str
    label: type_of_text
    direction: str  # "ascending", "descending" or ""
    query: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that the live part of the list prints. Queries are without the question mark; '' means no such link."""

    headers: list[Header]
    rows: list[Row]
    chips: list[Chip]
    count: str
    narrowed: bool  # by search or filters
    searched: str
    refresh: str
    newer: str
    older: str
    live: str


def listing_of(request: PanelRequest) -> tuple[SessionFilter, Listing]:
    """Read the list that the address asks for."""
    everything = request.company.sessions.all()
    found = SessionFilter(request.GET, queryset=everything, request=request)
    matching = found.qs
    table = table_of(matching.for_listing(), request.GET.get("sort", ""))
    page = paging.page_of(
        ordered_sessions(table),
        ordered_sessions(table_of(everything, request.GET.get("sort", ""))),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    rows = rows_of(page.sessions, extra_fields_of(request.company), request.company.zone)
    active = chips(found)
    searched = request.GET.get("q", "").strip()
    return found, Listing(
        headers=_headers(table, request.GET),
        rows=rows,
        chips=active,
        count=_count(matching),
        narrowed=bool(active or searched),
        searched=searched,
        refresh=request.GET.urlencode(),
        newer=_query(request.GET, before=page.newer) if page.newer else "",
        older=_query(request.GET, after=page.older) if page.older else "",
        live=live_query(rows),
    )


def live_query(rows: list[Row]) -> str:
    """The query that asks for whichever of these rows is still open and has changed since."""
    return urlencode([("row", f"{row.public_id}.{row.stamp}") for row in rows if row.is_open])


def changed_rows(request: PanelRequest) -> tuple[list[Row], list[Row]]:
    """Return the rows that the browser names, and those of them that look different now."""
    known = {row: stamp for row, _, stamp in (text.partition(".") for text in request.GET.getlist("row")[:REFRESHED]) if _is_uuid(row)}
    sessions = request.company.sessions.filter(public_id__in=list(known)).for_listing()
    rows = rows_of(sessions, extra_fields_of(request.company), request.company.zone) if known else []
    return rows, [row for row in rows if row.stamp != known[str(row.public_id)]]


def extra_fields_of(company: Company) -> list[Any]:
    return list(company.extra_fields.order_by("position", "id"))


def _headers(table: SessionTable, data: QueryDict) -> list[Header]:
    return [
        Header(
            name=column.name,
            label=column.verbose_name,
            direction=("descending" if column.order_by_alias.is_descending else "ascending") if column.is_ordered else "",
            query=_query(data, sort=column.order_by_alias.next) if column.orderable else "",
        )
        for column in table.columns
    ]


def _query(data: QueryDict, **changes: object) -> str:
    query = data.copy()
    for key in PLACE:
        query.pop(key, None)
    for key, value in changes.items():
        query[key] = str(value)
    return query.urlencode()


def _count(matching: QuerySet[VerificationSession]) -> str:
    number = matching.order_by()[: COUNTED + 1].count()
    if number > COUNTED:
        return gettext("1,000+ sessions")
    return ngettext("%(number)s session", "%(number)s sessions", number) % {"number": f"{number:,}"}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
