"""What each match level costs, what that rests on, and which levels the company uses: read only (R33, R41)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.face import match_level
from checks_app.face.match_level import Calibration, GroupRates, LevelCost, LevelRates
from checks_app.thresholds import Thresholds
from sessions_app.panel import measured
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.measured import CheckEvidence, Kept, KeptLevel
from sessions_app.panel.shares import in_hundred, percent
from settings_app import resolution, thresholds
from settings_app.models import Company
from settings_app.resolution import ThresholdsOf

FIRST_HARD_TO_SHOW = 4
"""From this level on it is worth saying how many people a calibration needs."""

MARKS: dict[str, type_of_text] = {"review": _("review from here"), "approve": _("accepted from here")}
NAMED = 3
"""So many markets a mark names; more it counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One level. rejected, low, high: per cent of the right people who are turned away, with the 95 % interval.

    expected: pairs of strangers of the calibration's data that this level is expected to take for one person.
    """

    level: int
    one_in: str
    distance: str
    distance_between: str
    expected: str
    evidenced: bool
    rejected: str
    low: str
    high: str
    badges: list[Badge]
    warnings: list[type_of_text]


@dataclass(frozen=True, slots=True)
class Band:
    """What a check's thresholds rest on, beside the values that the company uses."""

    evidence: CheckEvidence
    fails_below: str
    passes_from: str


def context_of(company: Company) -> dict[str, Any]:
    """Everything that the page prints."""
    calibration = match_level.load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    marks = _marks(company)
    costs = match_level.costs(calibration)
    shipped = measured.of_shipped(calibration)
    return {
        "calibration": calibration,
        "measured_on": parse_date(calibration.date),
        "evidenced_one_in": round(calibration.evidenced_one_in),
        "lines": [_line(calibration, cost, marks.get(cost.level, [])) for cost in costs],
        "held_out": measured.HELD_OUT if shipped else (),
        "groups": measured.GROUPS if shipped and not calibration.groups else (),
        "own_groups": [_group(group) for group in calibration.groups],
        "bands": _bands(company),
        "people_needed": [(cost.level, f"{_people_for(cost.one_in):,}") for cost in costs if cost.level >= FIRST_HARD_TO_SHOW],
    }


def _line(calibration: Calibration, cost: LevelCost, badges: list[Badge]) -> Line:
    warnings: list[type_of_text] = [_("Not evidenced: the data hold too few pairs of strangers.")] if not cost.evidenced else []
    if cost.level >= match_level.FIRST_SOFT_LEVEL:
        warnings.append(_("Turns away a large part of the right people: for special cases only."))
    threshold = next(level for level in calibration.levels if level.level == cost.level)
    return Line(
        level=cost.level,
        one_in=f"{cost.one_in:,}",
        distance=f"{threshold.distance:.4f}",
        distance_between=f"{threshold.distance_interval.low:.4f}–{threshold.distance_interval.high:.4f}",
        expected=f"{calibration.impostor_pairs / cost.one_in:,.0f}",
        evidenced=cost.evidenced,
        rejected=in_hundred(cost.rejected),
        low=in_hundred(cost.rejected_interval.low),
        high=in_hundred(cost.rejected_interval.high),
        badges=badges,
        warnings=warnings,
    )


def _group(group: GroupRates) -> dict[str, Any]:
    """One group of the operator's own calibration."""
    return {
        "name": group.group,
        "people": f"{group.people:,}",
        "pairs": f"{group.impostor_pairs:,}",
        "levels": [_kept(rates) for rates in group.levels],
    }


def _kept(rates: LevelRates) -> KeptLevel:
    high, low = _one_in(rates.false_interval.high), _one_in(rates.false_interval.low)
    kept = Kept(_one_in(rates.false_acceptance), f"{high} to {low}", percent(rates.true_acceptance))
    return KeptLevel(rates.level, f"1/{rates.nominal_one_in:,}", kept, kept)


def _one_in(rate: float) -> str:
    return f"1/{1 / rate:,.0f}" if rate else gettext("none")


def _bands(company: Company) -> list[Band]:
    applied = thresholds.applied(resolution.thresholds_for(company=company, market=""))
    written = {name: f"{value:.3f}".rstrip("0").ljust(4, "0") for name, value in applied.items()}
    return [Band(evidence, *(written[edge] for edge in thresholds.PARTS[evidence.part])) for evidence in measured.CHECKS]


def _people_for(one_in: int) -> int:
    """How many people, with one picture each, have enough pairs to show a false acceptance of 1 in so many."""
    return math.ceil((1 + math.sqrt(1 + 8 * match_level.EXPECTED_FALSE_ACCEPTANCES * one_in)) / 2)


def _marks(company: Company) -> dict[int, list[Badge]]:
    """Which levels send to review and which are accepted: in the company, then in markets that have levels of their own."""
    resolved = ThresholdsOf(company)
    own = company.threshold_sets.filter(face_match_level__isnull=False).exclude(market="").order_by("market")
    marks = {level: [Badge(tone, str(MARKS[tone]))] for level, tone in _marked(resolved.in_market(""))}
    markets: dict[tuple[int, str], list[str]] = {}
    for market in own.values_list("market", flat=True):
        for mark in _marked(resolved.in_market(market)):
            markets.setdefault(mark, []).append(market)
    for (level, tone), codes in markets.items():
        marks.setdefault(level, []).append(Badge(tone, f"{MARKS[tone]} · {_places(codes)}"))
    return marks


def _marked(applied: Thresholds) -> list[tuple[int, str]]:
    """The levels that mean something, with the tone of their mark."""
    review = [(applied.face_review_level, "review")] if applied.face_review_level < applied.face_match_level else []
    return [*review, (applied.face_match_level, "approve")]


def _places(codes: list[str]) -> str:
    if len(codes) > NAMED:
        return gettext("%(number)s markets") % {"number": len(codes)}
    return ", ".join(countries.name_or_code(code) for code in codes)
