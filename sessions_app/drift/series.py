"""Which rates are watched, and how many of how many each had on each day: a company in two queries (R44)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from checks_app.results import Check
from sessions_app.drift.detection import DAYS, SURE
from sessions_app.metrics import reading
from sessions_app.metrics.rates import Counts, Rate, Share
from sessions_app.metrics.reading import Scope
from settings_app.models import Company

OF_CHECK = "check:"
"""Begins the name of a check's failure rate, where alerts are stored."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A rate in a place. market: '' is all markets together, and those sessions that have none."""

    market: str
    name: str

    @property
    def check(self) -> Check | None:
        """The check whose failures are counted; None: one of the four rates."""
        return Check(self.name.removeprefix(OF_CHECK)) if self.name.startswith(OF_CHECK) else None

    @property
    def rate(self) -> Rate | None:
        return None if self.check else Rate(self.name)

    def is_early(self, nats: float) -> bool:
        """Whether evidence that is worth telling is no alert yet."""
        return bool(self.market) and nats < SURE


@dataclass(frozen=True, slots=True)
class Series:
    """days: (2, DAYS), how many and of how many, the oldest day first; a day without sessions is 0 of 0."""

    watched: Watched
    days: NDArray[np.int64]


def read(company: Company, *, last: date) -> list[Series]:
    """The daily counts of everything that is watched, up to `last`."""
    first = last - timedelta(days=DAYS - 1)
    scope = Scope(company, first=first, last=last)
    found: dict[Watched, NDArray[np.int64]] = defaultdict(lambda: np.zeros((2, DAYS), dtype=np.int64))
    by_market, by_check = reading.by_market_and_day(scope), reading.checks_by_market_and_day(scope)
    for market, days in by_market.items():
        shares = {(day - first).days: _of_rates(counts) for day, counts in days.items()}
        _add(found, _places(market, alone=len(by_market) == 1), shares)
    for (check, market), counted in by_check.items():
        shares = {(day - first).days: {OF_CHECK + check.value: counts.failing} for day, counts in counted.items()}
        _add(found, _places(market, alone=len(by_market) == 1), shares)
    return [Series(watched, days) for watched, days in found.items()]


def _places(market: str, *, alone: bool) -> list[str]:
    """alone: the only market there is says nothing of its own."""
    return [""] if alone or not market else ["", market]


def _add(found: dict[Watched, NDArray[np.int64]], places: list[str], shares: dict[int, dict[str, Share]]) -> None:
    """shares: by the place of their day, and by name."""
    for day, named in shares.items():
        for name, share in named.items():
            for place in places:
                found[Watched(place, name)][:, day] += (share.n, share.of)


def _of_rates(counts: Counts) -> dict[str, Share]:
    """Without the sessions that wait for a reviewer, who moves them to the day of his decision: only the newest days have many of these,
    and would always look as if fewer were approved. Whether a picture was taken again is known of them as of all others.
    """
    decided = replace(counts, in_review=0)
    return {rate.value: (counts if rate is Rate.FORCED_RETRY else decided).share_of(rate) for rate in Rate}
