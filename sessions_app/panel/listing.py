"""The sessions list put together: filtered, ordered, cut to a page, with the queries of every link that it prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from sessions_app.panel import counting, paging
from sessions_app.panel.counting import Count
from sessions_app.panel.filters import PLACE, Chip, SessionFilter, chips
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.orders import Order, order_of
from sessions_app.panel.rows import Row, rows_of
from sessions_app.panel.tables import SessionTable
from settings_app.access import PanelRequest
from settings_app.models import Company

REFRESHED = 2 * paging.PAGE_SIZES[-1]
"""Rows that one refresh may ask for; a page has fewer."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head; `query` leads to the list in this column's order, the other way round when it has that order already."""

    name: str
    label: type_of_text
    direction: str  # "ascending", "descending" or ""
    query: str


@dataclass(frozen=True, slots=True)
class Size:
    """A number of rows on a page, and the query that asks for it; '' for the one that is shown."""

    rows: int
    query: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that the live part of the list prints. Queries are without the question mark; '' means no such link."""

    headers: list[Header]
    rows: list[Row]
    chips: list[Chip]
    sizes: list[Size]
    count: str
    exact: str  # address of the exact number, '' when it is known
    narrowed: bool  # by search or filters
    searched: str
    refresh: str
    newer: str
    older: str
    live: str


def listing_of(request: PanelRequest, *, now: datetime) -> tuple[SessionFilter, Listing]:
    """Read the list that the address asks for."""
    data, sessions = request.GET, request.company.sessions.all()
    found = SessionFilter(data, queryset=sessions, request=request)
    order = order_of(data.get("sort", ""))
    size = size_of(data)
    page = paging.page_of(sessions, found.narrowing, order, after=data.get("after", ""), before=data.get("before", ""), size=size)
    rows = rows_of(page.sessions, extra_fields_of(request.company), request.company.zone, now=now)
    active = chips(found)
    searched = data.get("q", "").strip()
    whole = not (page.newer or page.older)
    count = Count(len(rows), is_exact=True) if whole and not _has_place(data) else counting.at_once(sessions, found.narrowing)
    return found, Listing(
        headers=_headers(order, data),
        rows=rows,
        chips=active,
        sizes=[Size(rows, "" if rows == size else _query(data, size=rows)) for rows in paging.PAGE_SIZES],
        count=count_text(count),
        exact="" if count.is_exact else f"{reverse('panel:session_count')}?{_query(data)}",
        narrowed=bool(active or searched),
        searched=searched,
        refresh=data.urlencode(),
        newer=_query(data, before=page.newer) if page.newer else "",
        older=_query(data, after=page.older) if page.older else "",
        live=live_query(rows),
    )


def exact_count_of(request: PanelRequest) -> str:
    """Count what the address asks for, to the last."""
    sessions = request.company.sessions.all()
    found = SessionFilter(request.GET, queryset=sessions, request=request)
    return count_text(Count(counting.exactly(sessions, found.narrowing), is_exact=True))


def size_of(data: QueryDict) -> int:
    """How many rows a page has; the least when the address asks for a number that is not offered."""
    return next((rows for rows in paging.PAGE_SIZES if str(rows) == data.get("size")), paging.PAGE_SIZE)


def count_text(count: Count) -> str:
    number = f"{count.number:,}"
    if not count.is_exact:
        return gettext("%(number)s+ sessions") % {"number": number}
    return ngettext("%(number)s session", "%(number)s sessions", count.number) % {"number": number}


def live_query(rows: list[Row]) -> str:
    """The query that asks for whichever of these rows is still open and has changed since."""
    return urlencode([("row", f"{row.public_id}.{row.stamp}") for row in rows if row.is_open])


def changed_rows(request: PanelRequest, *, now: datetime) -> tuple[list[Row], list[Row]]:
    """Return the rows that the browser names, and those of them that look different now."""
    known = {row: stamp for row, _, stamp in (text.partition(".") for text in request.GET.getlist("row")[:REFRESHED]) if _is_uuid(row)}
    sessions = request.company.sessions.filter(public_id__in=list(known)).for_rows()
    rows = rows_of(sessions, extra_fields_of(request.company), request.company.zone, now=now) if known else []
    return rows, [row for row in rows if row.stamp != known[str(row.public_id)]]


def extra_fields_of(company: Company) -> list[Any]:
    """All whose values sessions may hold, also those that are asked no more."""
    return list(company.extra_fields.ever_asked())


def _headers(order: Order, data: QueryDict) -> list[Header]:
    table = SessionTable([], order_by=f"{'-' if order.descending else ''}{order.column}")
    return [
        Header(
            name=column.name,
            label=column.verbose_name,
            direction=("descending" if column.order_by_alias.is_descending else "ascending") if column.is_ordered else "",
            query=_query(data, sort=column.order_by_alias.next) if column.orderable else "",
        )
        for column in table.columns
    ]


def _has_place(data: QueryDict) -> bool:
    return any(data.get(key) for key in PLACE)


def _query(data: QueryDict, **changes: object) -> str:
    query = data.copy()
    for key in PLACE:
        query.pop(key, None)
    for key, value in changes.items():
        query[key] = str(value)
    return query.urlencode()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
