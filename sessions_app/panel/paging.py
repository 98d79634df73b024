"""Pages by key instead of number: as quick at the millionth session as at the first, and stable while new ones arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sessions_app.models import VerificationSession

Sessions = QuerySet[VerificationSession]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order; `newer` and `older` name the session beyond which the neighbouring page begins."""

    sessions: list[VerificationSession]
    newer: UUID | None
    older: UUID | None


def page_of(matching: Sessions, everything: Sessions, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """Return the page after or before the session with a public id; an id that is unknown here gives the first page.

    matching, everything: the same order, with and without search and filters: a session that stopped matching still marks its place.
    """
    if before and (place := _place_of(everything, before)):
        found = list(matching.filter(_beyond(place, backwards=True)).reverse()[: size + 1])[::-1]
        if len(found) > size:
            return Page(found[1:], newer=found[1].public_id, older=found[-1].public_id)
    elif after and (place := _place_of(everything, after)):
        return _page(list(matching.filter(_beyond(place))[: size + 1]), size, newer=True)
    return _page(list(matching[: size + 1]), size, newer=False)


def _page(found: list[VerificationSession], size: int, *, newer: bool) -> Page:
    shown = found[:size]
    return Page(
        shown,
        newer=shown[0].public_id if newer and shown else None,
        older=shown[-1].public_id if len(found) > size else None,
    )


def _place_of(everything: Sessions, public_id: str) -> dict[str, Any]:
    try:
        session = UUID(public_id)
    except ValueError:
        return {}
    keys = [key for key in everything.query.order_by if isinstance(key, str)]
    values = everything.filter(public_id=session).values_list(*(key.removeprefix("-") for key in keys)).first()
    return dict(zip(keys, values, strict=True)) if values else {}


def _beyond(place: dict[str, Any], *, backwards: bool = False) -> Q:
    """Everything after a place in a two-key order. The first condition repeats the second's edge, because an index can use it."""
    (key, value), (tie, number) = place.items()
    name = key.removeprefix("-")
    direction = "lt" if key.startswith("-") is not backwards else "gt"
    past_key = Q(**{f"{name}__{direction}": value})
    past_tie = Q(**{f"{tie.removeprefix('-')}__{direction}": number})
    return Q(**{f"{name}__{direction}e": value}) & (past_key | past_tie)
