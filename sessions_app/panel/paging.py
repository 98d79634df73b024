"""Pages by key instead of number: as quick at the millionth session as at the first, and stable while new ones arrive.

Search and filters take two looks. The first goes through the next few thousand sessions in their order, which fills a page for
whatever is common. Only when it does not, matches are rare, and the second finds all of them in the inverted index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from sessions_app.models import VerificationSession
from sessions_app.panel.narrowing import Narrowing, Sessions
from sessions_app.panel.orders import Keyed, Order, Place

PAGE_SIZES = (25, 50, 100)
PAGE_SIZE = PAGE_SIZES[0]

WINDOW = 5000
"""Sessions that the first look goes through at most. In the order of dates they lie side by side on the disk."""

WINDOW_BY_NAME = 2000
"""The same in the order of names, in which each session lies elsewhere."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some sessions in order; `newer` and `older` name the session beyond which the neighbouring page begins."""

    sessions: list[VerificationSession]
    newer: UUID | None
    older: UUID | None


def page_of(sessions: Sessions, narrowing: Narrowing, order: Order, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """Return the page after or before the session with a public id; an id that is unknown here gives the first page.

    sessions: those of the company. A session that stopped matching still marks its place.
    """
    if before and (place := _place_of(sessions, order, before)):
        found = _first(sessions, narrowing, order.backwards(), place, size + 1)[::-1]
        if len(found) > size:
            return _page(found[1:], newer=True, older=True)
    elif after and (place := _place_of(sessions, order, after)):
        found = _first(sessions, narrowing, order, place, size + 1)
        return _page(found[:size], newer=True, older=len(found) > size)
    found = _first(sessions, narrowing, order, None, size + 1)
    return _page(found[:size], newer=False, older=len(found) > size)


def edge_of(source: Keyed, order: Order) -> Place | None:
    """Where the first look ends; None when it reaches the end of everything."""
    window = WINDOW if order.by_date else WINDOW_BY_NAME
    return next(iter(order.sort(source).values_list("sort_key", "id")[window - 1 : window]), None)


def _first(sessions: Sessions, narrowing: Narrowing, order: Order, place: Place | None, many: int) -> list[Any]:
    """The first matches beyond a place."""
    if narrowing.is_impossible:
        return []
    sources = narrowing.sources(by_date=order.by_date)
    found = [match for source in sources for match in _first_in(sessions, source, narrowing, order, place, many)]
    return sorted(found, key=lambda match: (match.sort_key, match.pk), reverse=order.descending)[:many]


def _first_in(sessions: Sessions, source: Q, narrowing: Narrowing, order: Order, place: Place | None, many: int) -> list[Any]:
    keyed = order.beyond(order.keyed(sessions), place)
    if narrowing.is_in_order(by_date=order.by_date):
        return _rows(order.sort(keyed.filter(source)), many)
    edge = edge_of(keyed.filter(source), order)
    near = _rows(order.sort(narrowing.matching(order.up_to(keyed.filter(source), edge))), many)
    if edge is None or len(near) == many:
        return near
    numbers = order.sort_found(narrowing.looked_up(keyed)).values_list("pk", flat=True)[:many]
    return _rows(keyed.filter(pk__in=list(numbers)), many)  # apart, so that what a row needs is not read for all that is sorted


def _rows(keyed: Keyed, many: int) -> list[Any]:
    return list(keyed.for_rows()[:many])  # type: ignore[attr-defined]  # SessionQuerySet's own


def _page(shown: list[Any], *, newer: bool, older: bool) -> Page:
    return Page(
        shown,
        newer=shown[0].public_id if newer and shown else None,
        older=shown[-1].public_id if older and shown else None,
    )


def _place_of(sessions: Sessions, order: Order, public_id: str) -> Place | None:
    try:
        named = UUID(public_id)
    except ValueError:
        return None
    return order.keyed(sessions.filter(public_id=named)).values_list("sort_key", "id").first()
