"""What each match level costs, and which ones the company uses: read only (R33, R41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.face import match_level
from checks_app.face.match_level import LevelCost
from sessions_app.panel.labels import Badge, type_of_text
from settings_app import resolution
from settings_app.models import Company


@dataclass(frozen=True, slots=True)
class Line:
    """One level. rejected, low, high: per cent of the right people who are turned away, with the 95 % interval."""

    level: int
    one_in: str
    rejected: str
    low: str
    high: str
    badges: list[Badge]
    warnings: list[type_of_text]


def context_of(company: Company) -> dict[str, Any]:
    """Everything that the page prints."""
    calibration = match_level.load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    marks = _marks(company)
    return {
        "calibration": calibration,
        "measured_on": parse_date(calibration.date),
        "evidenced_one_in": round(calibration.evidenced_one_in),
        "lines": [_line(cost, marks.get(cost.level, [])) for cost in match_level.costs(calibration)],
    }


def _line(cost: LevelCost, badges: list[Badge]) -> Line:
    warnings: list[type_of_text] = [_("Not evidenced: the data hold too few pairs of strangers.")] if not cost.evidenced else []
    if cost.level >= match_level.FIRST_SOFT_LEVEL:
        warnings.append(_("Turns away a large part of the right people: for special cases only."))
    return Line(
        level=cost.level,
        one_in=f"{cost.one_in:,}",
        rejected=_percent(cost.rejected),
        low=_percent(cost.rejected_interval.low),
        high=_percent(cost.rejected_interval.high),
        badges=badges,
        warnings=warnings,
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


def _marks(company: Company) -> dict[int, list[Badge]]:
    """Which levels are accepted and which send to review, for the company and for each market that has levels of its own."""
    own = company.threshold_sets.filter(face_match_level__isnull=False).exclude(market="")
    marks: dict[int, list[Badge]] = {}
    for market in ["", *sorted(own.values_list("market", flat=True))]:
        applied = resolution.thresholds_for(company=company, market=market)
        where = f" · {_market_name(market)}" if market else ""
        if applied.face_review_level < applied.face_match_level:
            marks.setdefault(applied.face_review_level, []).append(Badge("review", gettext("review from here") + where))
        marks.setdefault(applied.face_match_level, []).append(Badge("approve", gettext("accepted from here") + where))
    return marks


def _market_name(market: str) -> str:
    return countries.name(market) if countries.is_known(market) else market
