"""How many sessions match: at once as far as that is cheap, exactly when asked."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_app.panel import orders, paging
from sessions_app.panel.narrowing import Narrowing, Sessions
from sessions_app.panel.orders import Keyed

COUNTED = 1000
"""Counting stops here: beyond it the exact number costs more than it says."""

FEW = 25
"""Fewer matches than this among the newest sessions are rare enough for the inverted index."""


@dataclass(frozen=True, slots=True)
class Count:
    """At least `number` sessions; exactly so many when `is_exact`."""

    number: int
    is_exact: bool


def at_once(sessions: Sessions, narrowing: Narrowing) -> Count:
    """Count at the cost of a page: up to a thousand, and among the newest few thousand only when matches have to be looked for."""
    if narrowing.is_impossible:
        return Count(0, is_exact=True)
    newest = orders.order_of("")
    keyed = newest.keyed(sessions)
    sources = narrowing.sources(by_date=True)
    if not narrowing.is_sifted:
        return _capped(sum(_up_to_cap(newest.sort(keyed.filter(source))) for source in sources))
    source = keyed.filter(sources[0])
    edge = paging.edge_of(source, newest)
    number = _up_to_cap(newest.sort(narrowing.matching(newest.up_to(source, edge))))
    if edge is None or number > COUNTED:
        return _capped(number)
    return Count(number, is_exact=False) if number >= FEW else _capped(_up_to_cap(newest.sort_found(narrowing.looked_up(keyed))))


def exactly(sessions: Sessions, narrowing: Narrowing) -> int:
    """Count them all, however many. What is common is counted row by row, what is rare through the inverted index."""
    guess = at_once(sessions, narrowing)
    if guess.is_exact:
        return guess.number
    return narrowing.matching(sessions).count()


def _up_to_cap(ordered: Keyed) -> int:
    """Count in an order although none is needed: without one, the table might be read from its beginning, past all other companies."""
    return ordered[: COUNTED + 1].count()


def _capped(number: int) -> Count:
    return Count(min(number, COUNTED), is_exact=number <= COUNTED)
