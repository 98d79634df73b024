"""How the newest attempts scored: what a threshold is set against. Counts alone, read from what is kept for replays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checks_app.thresholds import HIGHEST_LEVEL
from sessions_app.models import ReplayLine
from settings_app.models import Company
from settings_app.models.threshold_set import SCORES
from settings_app.thresholds import FACE_MATCH

SEARCHED = 5_000
"""Attempts of the company that are looked through, newest first; a market's own are those among them."""

STEPS = 100
"""A score counts by the hundredth that it reaches, so that every limit of two decimals divides the counts exactly."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many of the newest attempts had which score, by hundredths 0..100 or by level 0..7. What was not measured is left out."""

    counts: tuple[int, ...]

    @property
    def measured(self) -> int:
        return sum(self.counts)

    def between(self, low: int, high: int) -> int:
        """How many lie from `low` on and below `high`, in steps of the counts."""
        return sum(self.counts[low:high])


def spreads(*, company: Company, market: str) -> dict[str, Spread]:
    """Return the spread of each check. market: '' for all attempts of the company."""
    lines = ReplayLine.objects.filter(company=company).order_by("-decided_at").values_list("market", "face_level", *SCORES)[:SEARCHED]
    counted: dict[str, Counter[int]] = {part: Counter() for part in (*SCORES, FACE_MATCH)}
    for of_market, level, *scores in lines:
        if market and of_market != market:
            continue
        counted[FACE_MATCH].update([level] if level is not None else [])
        for name, score in zip(SCORES, scores, strict=True):
            counted[name].update([_step(score)] if score is not None else [])
    last = dict.fromkeys(SCORES, STEPS) | {FACE_MATCH: HIGHEST_LEVEL}
    return {part: Spread(tuple(found[step] for step in range(last[part] + 1))) for part, found in counted.items()}


def _step(score: float) -> int:
    """The hundredth that a score reaches; what a float lacks to a hundredth does not count."""
    return int(score * STEPS + 1e-9)
