"""What the page of thresholds shows: a card for each check, with its limits, their source and their defaults (R40, R41)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext as _

from checks_app.face import match_level
from checks_app.thresholds import DEFAULTS
from sessions_app import recent_scores
from sessions_app.panel.shares import in_hundred
from sessions_app.panel.threshold_forms import TuningForm, market_names, note_of
from sessions_app.panel.threshold_words import WORDS, Words, place_of, written
from sessions_app.recent_scores import STEPS, Spread
from settings_app import inheritance, thresholds
from settings_app.inheritance import Inheritance, Row, Source
from settings_app.models import Company, ThresholdChange
from settings_app.models.threshold_set import SCORES
from settings_app.thresholds import FACE_MATCH, PARTS

TALLEST_BAR = 36
"""Pixels of the highest bar; the smallest that is not empty has two, so that nobody overlooks a single score."""

PLAIN_DEFAULTS = thresholds.applied(DEFAULTS)


@dataclass(frozen=True, slots=True)
class Limit:
    """One edge of a check. given: as entered, '' inherits; shown: what that comes to; now: what applies at present."""

    field: BoundField
    given: str
    shown: str
    inherited: str
    default: str
    now: str

    @property
    def at(self) -> str:
        """Where it lies on the track, in per cent of its width."""
        return f"{float(self.shown) * 100:.1f}%"

    @property
    def rest(self) -> str:
        """How much of the track lies beyond it."""
        return f"{100 - float(self.shown) * 100:.1f}%"

    @property
    def default_at(self) -> str:
        return f"{float(self.default) * 100:.1f}%"


class Bar(NamedTuple):
    """How many scores lie in a fiftieth of the scale, as a bar of the picture above the track."""

    x: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Card:
    """A check with the limit below which it fails and the one from which it passes."""

    part: str
    words: Words
    low: Limit
    high: Limit
    source: Source
    inherited_from: Source
    is_own: bool
    spread: Spread
    last: ThresholdChange | None

    @property
    def between(self) -> str:
        """The width of the zone of review on the track."""
        return f"{max(0.0, float(self.high.shown) - float(self.low.shown)) * 100:.1f}%"

    @property
    def lately(self) -> tuple[int, int, int]:
        """How many of the newest scores would fail, be unclear, and pass."""
        low, high = (ceil(float(limit.shown) * STEPS - 1e-9) for limit in (self.low, self.high))
        return self.spread.between(0, low), self.spread.between(low, high), self.spread.between(high, STEPS + 1)

    @property
    def counts(self) -> str:
        """For the script that moves the limits: the counts by hundredths."""
        return ",".join(map(str, self.spread.counts))

    @property
    def bars(self) -> list[Bar]:
        counts = [*self.spread.counts[: STEPS - 2], sum(self.spread.counts[STEPS - 2 :])]  # a full score stands with the last bar
        pairs = [sum(counts[step : step + 2]) for step in range(0, STEPS, 2)]
        tallest = max(pairs)
        heights = [max(2.0, TALLEST_BAR * count / tallest) if count else 0 for count in pairs] if tallest else []
        return [Bar(f"{2 * i}%", f"{TALLEST_BAR - height:.1f}", f"{height:.1f}") for i, height in enumerate(heights) if height]


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """One of the seven levels. rejected, low, high: per cent of the right people who are turned away, with the 95 % interval.

    reached: how many of the newest attempts were as alike as that and not more.
    """

    level: str
    reached: int
    one_in: str
    rejected: str
    low: str
    high: str
    warnings: list[str]


def context_of(company: Company, form: TuningForm, market: str) -> dict[str, Any]:
    """Everything that the page prints. `form` holds what was entered, or what is stored."""
    row = inheritance.row_of(company=company, market=market)
    spreads, last = recent_scores.spreads(company=company, market=market), _last_changes(company, market)
    cards = {name: card_of(form, part, spreads[name], last.get(name)) for name, part in row.parts.items()}
    own = [found.market for found in inheritance.matrix(company=company, markets=[]) if found.has_own and found.market]
    return {
        "form": form,
        "market": market,
        "place": place_of(market),
        "row": row,
        "cards": [cards[score] for score in SCORES],
        "face": cards[FACE_MATCH],
        "levels": levels(spreads[FACE_MATCH]),
        "seen": note_of(row.standing) if "seen" in form.errors else form["seen"].value(),
        "markets": [(code, place_of(code)) for code in sorted({*own, market} - {""}, key=place_of)],
        "all_markets": sorted(market_names().items(), key=lambda choice: choice[1]),
    }


def card_of(form: TuningForm, place: Inheritance, spread: Spread, last: ThresholdChange | None) -> Card:
    """One check as it was entered in `form`."""
    low, high = (
        _limit(form, name, now=now, inherited=inherited)
        for name, now, inherited in zip(PARTS[place.part], place.edges, place.inherited, strict=True)
    )
    return Card(
        part=place.part,
        words=WORDS[place.part],
        low=low,
        high=high,
        source=place.source,
        inherited_from=place.inherited_from,
        is_own=place.own,
        spread=spread,
        last=last,
    )


def stored(row: Row) -> dict[str, str]:
    """What the form begins with: a row's own values; what it inherits stays empty."""
    return {
        name: written(name, value)
        for part in row.parts.values()
        if part.own
        for name, value in zip(PARTS[part.part], part.edges, strict=True)
    }


def levels(faces: Spread) -> list[LevelChoice]:
    """What each level of the face engine in use is expected to cost."""
    calibration = match_level.load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    return [
        LevelChoice(
            level=str(cost.level),
            reached=faces.counts[cost.level],
            one_in=f"{cost.one_in:,}",
            rejected=in_hundred(cost.rejected),
            low=in_hundred(cost.rejected_interval.low),
            high=in_hundred(cost.rejected_interval.high),
            warnings=_warnings(cost),
        )
        for cost in match_level.costs(calibration)
    ]


def _last_changes(company: Company, market: str) -> dict[str, ThresholdChange]:
    """The newest entry of the journal about each check, of this place alone."""
    newest = company.threshold_changes.filter(market=market).select_related("actor").order_by("name", "-at", "-pk").distinct("name")
    return {thresholds.parts_of([change.name])[0]: change for change in sorted(newest, key=lambda change: change.at)}


def _warnings(cost: match_level.LevelCost) -> list[str]:
    found = [] if cost.evidenced else [_("Not evidenced: the data hold too few pairs of strangers.")]
    return found + ([_("Turns away a large part of the right people.")] if cost.level >= match_level.FIRST_SOFT_LEVEL else [])


def _limit(form: TuningForm, name: str, *, now: float, inherited: float) -> Limit:
    field = form[name]
    given = str(field.value() or "").strip()
    wrong = bool(form.errors.get(name)) if form.is_bound else False
    shown = written(name, inherited) if not given or wrong else given
    return Limit(
        field=field,
        given=given,
        shown=shown,
        inherited=written(name, inherited),
        default=written(name, PLAIN_DEFAULTS[name]),
        now=written(name, now),
    )
