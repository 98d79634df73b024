"""All markets and all thresholds on one page: what each market has of its own, and what it inherits from where (R41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from sessions_app.metrics import reading
from sessions_app.metrics.reading import Scope
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.threshold_forms import market_names
from sessions_app.panel.threshold_words import WORDS, place_of, written
from settings_app import inheritance
from settings_app.inheritance import Inheritance, Row
from settings_app.models import Company
from settings_app.thresholds import PARTS

DAYS = 30
"""How far back the sessions of a market are counted."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The limits of one check in one place. source: where they come from, in words."""

    title: type_of_text
    low: str
    high: str
    own: bool
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One place with its thresholds. finished: sessions in the last days."""

    market: str
    place: str
    finished: int
    cells: list[Cell]
    has_own: bool


def context_of(company: Company, *, now: datetime) -> dict[str, Any]:
    """The company first, then every market with thresholds of its own or with finished sessions in the last days."""
    last = now.astimezone(company.zone).date()
    finished = {
        market: counts.finished
        for market, counts in reading.by_market(Scope(company, last - timedelta(days=DAYS - 1), last)).items()
        if not market or market in market_names()
    }
    first, *others = inheritance.matrix(company=company, markets=finished)
    lines = [_line(row, finished.get(row.market, 0)) for row in others]
    return {
        "company_line": _line(first, sum(finished.values())),
        "lines": sorted(lines, key=lambda line: (-line.finished, line.place)),
        "titles": [WORDS[part].title for part in PARTS],
        "days": DAYS,
        "all_markets": sorted(market_names().items(), key=lambda choice: choice[1]),
    }


def _line(row: Row, finished: int) -> Line:
    return Line(row.market, place_of(row.market), finished, [_cell(part) for part in row.parts.values()], row.has_own)


def _cell(part: Inheritance) -> Cell:
    low, high = (written(name, value) for name, value in zip(PARTS[part.part], part.edges, strict=True))
    return Cell(WORDS[part.part].title, low, high, part.own, str(_("own") if part.own else part.source.label))
