"""The one door through which thresholds change: loosening needs a reason, every change is kept (R42)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from math import isfinite
from typing import Any
from uuid import uuid4

from django.db import transaction

from checks_app.thresholds import HIGHEST_LEVEL, LOWEST_LEVEL, Thresholds
from settings_app import audit, resolution
from settings_app.choices import AuditKind
from settings_app.models import Company, ThresholdChange, ThresholdSet, User
from settings_app.models.threshold_set import SCORES

FACE_MATCH = "face_match"
LEVELS = ("face_review_level", "face_match_level")
PARTS = {score: (f"{score}_decline", f"{score}_approve") for score in SCORES} | {FACE_MATCH: LEVELS}
"""What is tuned, and the two edges of each: below the first it fails, from the second on it passes."""
NAMES = tuple(name for edges in PARTS.values() for name in edges)
REASON_LENGTH = 500


class ReasonRequired(ValueError):
    """A change that makes a check less strict came without a written reason."""


class SeveralAtOnce(ValueError):
    """More than one check would change and nobody confirmed it; `parts` says which."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


class NotABand(ValueError):
    """Half a band, one out of order, or a value beyond its scale; `part` says where."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class ChangedMeanwhile(ValueError):
    """Somebody changed thresholds after they were shown; `parts` says which."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


Standing = dict[str, tuple[float | None, float]]
"""By name: the value of its own, None where it inherits, and the value that applies."""


@transaction.atomic
def change(
    *,
    company: Company,
    market: str,
    values: Mapping[str, float | None],
    reason: str,
    actor: User | None,
    now: datetime,
    several_confirmed: bool = False,
    replay: dict[str, Any] | None = None,
    seen: Standing | None = None,
) -> list[ThresholdChange]:
    """Set thresholds of a company or one of its markets; None inherits. Returns the changes made, possibly none.

    replay: what trying it on past sessions had shown. seen: what stood there when the person decided; None: whatever stands there now.
    Raises ReasonRequired when any value becomes looser than what applied before and no reason is given, SeveralAtOnce, NotABand,
    ChangedMeanwhile, and KeyError for an unknown name.
    """
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    stored = ThresholdSet.objects.filter(company=company, market=market).first() or ThresholdSet(company=company, market=market)
    changed = {name: getattr(stored, name) for name in values if _known(name) and getattr(stored, name) != values[name]}
    if not changed:
        return []
    before = standing(company=company, market=market)
    _require_as_seen(before, seen)
    for name in changed:
        setattr(stored, name, values[name])
    _require_whole_bands(stored)
    several = parts_of(changed)
    if len(several) > 1 and not several_confirmed:
        raise SeveralAtOnce(several)
    stored.save()
    if not reason.strip() and _loosens(before, standing(company=company, market=market)):
        raise ReasonRequired("Say why this threshold becomes less strict.")
    audit.record(company=company, kind=AuditKind.THRESHOLDS_CHANGED, actor=actor, now=now, market=market, changes=len(changed))
    together = {"saved_together": uuid4(), "replay": replay, "reason": reason.strip(), "actor": actor, "at": now}
    return ThresholdChange.objects.bulk_create(
        ThresholdChange(company=company, market=market, name=name, old=old, new=values[name], **together) for name, old in changed.items()
    )


def parts_of(names: Collection[str]) -> tuple[str, ...]:
    """Which checks these thresholds belong to, in the order of the pages."""
    return tuple(part for part, edges in PARTS.items() if set(edges) & set(names))


def applied(thresholds: Thresholds) -> dict[str, float]:
    """Thresholds by the names under which they are stored."""
    edges = {f"{score}_{edge}": getattr(getattr(thresholds, score), edge) for score in SCORES for edge in ("decline", "approve")}
    return edges | {name: float(getattr(thresholds, name)) for name in LEVELS}


def standing(*, company: Company, market: str) -> Standing:
    """How every threshold of a company (market empty) or of a market stands."""
    own = company.threshold_sets.filter(market=market).first()
    values = applied(resolution.thresholds_for(company=company, market=market))
    return {name: (getattr(own, name, None), values[name]) for name in NAMES}


def _known(name: str) -> bool:
    if name not in NAMES:
        raise KeyError(name)
    return True


def _loosens(before: Standing, after: Standing) -> bool:
    return any(after[name][1] < before[name][1] for name in NAMES)


def _require_as_seen(now: Standing, seen: Standing | None) -> None:
    different = () if seen is None else parts_of([name for name in NAMES if now[name] != seen[name]])
    if different:
        raise ChangedMeanwhile(different)


def _require_whole_bands(stored: ThresholdSet) -> None:
    """The database refuses the same; this says which check it is."""
    for part, (low, high) in PARTS.items():
        lower, upper = getattr(stored, low), getattr(stored, high)
        if lower is None and upper is None:
            continue
        least, most = (LOWEST_LEVEL, HIGHEST_LEVEL) if part == FACE_MATCH else (0, 1)
        if lower is None or upper is None or not (isfinite(lower) and isfinite(upper) and least <= lower <= upper <= most):
            raise NotABand(part)
        if part == FACE_MATCH and (lower % 1 or upper % 1):
            raise NotABand(part)
