"""Where each threshold comes from: the market's own, the company's, or the default (R41)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from checks_app.thresholds import DEFAULTS
from settings_app.models import Company, ThresholdSet
from settings_app.resolution import ThresholdsOf
from settings_app.thresholds import PARTS, Standing, applied

Edges = tuple[float, float]
"""Below the first a check fails, from the second on it passes."""


class Source(TextChoices):
    """Who set a threshold."""

    DEFAULT = "DEFAULT", _("default")
    COMPANY = "COMPANY", _("from the company")
    MARKET = "MARKET", _("own")


@dataclass(frozen=True, slots=True)
class Inheritance:
    """The thresholds of one check (a key of PARTS) as they apply, and what would apply if the place had none of its own."""

    part: str
    edges: Edges
    source: Source
    inherited: Edges
    inherited_from: Source
    own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A market, or '' for the company itself, with each of its thresholds."""

    market: str
    parts: Mapping[str, Inheritance]

    @property
    def has_own(self) -> bool:
        return any(part.own for part in self.parts.values())

    @property
    def standing(self) -> Standing:
        return {
            name: (value if part.own else None, value)
            for part in self.parts.values()
            for name, value in zip(PARTS[part.part], part.edges, strict=True)
        }


def row_of(*, company: Company, market: str) -> Row:
    """The thresholds of the company itself (market empty) or of one of its markets."""
    return _rows(company, [market])[0]


def matrix(*, company: Company, markets: Iterable[str]) -> list[Row]:
    """The company first, then every market that has thresholds of its own, and those of `markets`, by code."""
    sets = company.threshold_sets.all()
    own = {stored.market for stored in sets if any(_has(stored, part) for part in PARTS)}
    return _rows(company, ["", *sorted((own | set(markets)) - {""})])


def _rows(company: Company, markets: list[str]) -> list[Row]:
    sets = {stored.market: stored for stored in company.threshold_sets.all()}
    thresholds = ThresholdsOf(company)
    values = {market: applied(thresholds.in_market(market)) for market in {"", *markets}}
    return [Row(market, {part: _inheritance(part, market, sets, values) for part in PARTS}) for market in markets]


def _inheritance(part: str, market: str, sets: Mapping[str, ThresholdSet], values: Mapping[str, Mapping[str, float]]) -> Inheritance:
    of_company = Source.COMPANY if _has(sets.get(""), part) else Source.DEFAULT
    own = _has(sets.get(market), part)
    inherited_from = of_company if market else Source.DEFAULT
    return Inheritance(
        part=part,
        edges=_edges(part, values[market]),
        source=(Source.MARKET if market else Source.COMPANY) if own else inherited_from,
        inherited=_edges(part, values[""] if market else applied(DEFAULTS)),
        inherited_from=inherited_from,
        own=own,
    )


def _edges(part: str, values: Mapping[str, float]) -> Edges:
    low, high = PARTS[part]
    return values[low], values[high]


def _has(stored: ThresholdSet | None, part: str) -> bool:
    return stored is not None and getattr(stored, PARTS[part][0]) is not None
