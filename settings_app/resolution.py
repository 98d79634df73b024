"""Which thresholds apply: market overrides company, company overrides the built-in defaults (R41)."""

from __future__ import annotations

from collections.abc import Mapping

from checks_app.thresholds import DEFAULTS, Band, Thresholds
from settings_app.models import Company, ThresholdSet
from settings_app.models.threshold_set import SCORES


def thresholds_for(*, company: Company, market: str) -> Thresholds:
    """Return the thresholds that apply to a session of `company` in `market` (alpha-3, or empty)."""
    sets = {stored.market: stored for stored in company.threshold_sets.filter(market__in=["", market])}
    return _resolve(sets, market)


class ThresholdsOf:
    """The thresholds of a company in each of its markets, as they are stored, or as they would be with a change that is not saved.

    changed: a market, or '' for the company itself, and the values that it would have; None inherits, names left out stay as they are.
    """

    def __init__(self, company: Company, changed: tuple[str, Mapping[str, float | None]] | None = None) -> None:
        self._sets = {stored.market: stored for stored in company.threshold_sets.all()}
        self._resolved: dict[str, Thresholds] = {}
        if changed is not None:
            market, values = changed
            candidate = self._sets.setdefault(market, ThresholdSet(company=company, market=market))
            for name, value in values.items():
                setattr(candidate, name, value)

    def in_market(self, market: str) -> Thresholds:
        """Raise ValueError where the changed values make no band."""
        if market not in self._resolved:
            self._resolved[market] = _resolve(self._sets, market)
        return self._resolved[market]

    def everywhere(self) -> dict[str, Thresholds]:
        """The thresholds of the company itself ('') and of each market that has its own: whatever else there is follows from these."""
        return {market: self.in_market(market) for market in sorted({"", *self._sets})}


def _resolve(sets: Mapping[str, ThresholdSet], market: str) -> Thresholds:
    layers = [sets[name] for name in dict.fromkeys([market, ""]) if name in sets]
    bands = {score: _band(score, layers) for score in SCORES}
    review, accepted = _levels(layers)
    return Thresholds(**bands, face_review_level=review, face_match_level=accepted)


def _band(score: str, layers: list[ThresholdSet]) -> Band:
    for layer in layers:
        decline, approve = getattr(layer, f"{score}_decline"), getattr(layer, f"{score}_approve")
        if decline is not None and approve is not None:
            return Band(decline, approve)
    default: Band = getattr(DEFAULTS, score)
    return default


def _levels(layers: list[ThresholdSet]) -> tuple[int, int]:
    for layer in layers:
        if layer.face_review_level is not None and layer.face_match_level is not None:
            return layer.face_review_level, layer.face_match_level
    return DEFAULTS.face_review_level, DEFAULTS.face_match_level
