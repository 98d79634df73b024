"""Which thresholds apply: market overrides company, company overrides the built-in defaults (R41)."""

from __future__ import annotations

from checks_app.thresholds import DEFAULTS, Band, Thresholds
from settings_app.models import Company, ThresholdSet
from settings_app.models.threshold_set import SCORES


def thresholds_for(*, company: Company, market: str) -> Thresholds:
    """Return the thresholds that apply to a session of `company` in `market` (alpha-3, or empty)."""
    sets = {stored.market: stored for stored in company.threshold_sets.filter(market__in=["", market])}
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
