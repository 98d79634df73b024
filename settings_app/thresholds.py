"""The one door through which thresholds change: loosening needs a reason, every change is kept (R42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from settings_app import audit, resolution
from settings_app.choices import AuditKind
from settings_app.models import Company, ThresholdChange, ThresholdSet, User
from settings_app.models.threshold_set import SCORES

LEVELS = ("face_review_level", "face_match_level")
NAMES = tuple(f"{score}_{edge}" for score in SCORES for edge in ("decline", "approve")) + LEVELS


class ReasonRequired(ValueError):
    """A change that makes a check less strict came without a written reason."""


@transaction.atomic
def change(
    *, company: Company, market: str, values: Mapping[str, float | None], reason: str, actor: User | None, now: datetime
) -> list[ThresholdChange]:
    """Set thresholds of a company or one of its markets; None inherits. Returns the changes made, possibly none.

    Raises ReasonRequired when any value becomes looser than what applied before and no reason is given, and KeyError for an unknown name.
    """
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    stored, _ = ThresholdSet.objects.get_or_create(company=company, market=market)
    before = _applied(company, market)
    changed = {name: getattr(stored, name) for name in values if _known(name) and getattr(stored, name) != values[name]}
    for name in changed:
        setattr(stored, name, values[name])
    stored.save()
    after = _applied(company, market)
    if not reason.strip() and any(after[name] < before[name] for name in NAMES):
        raise ReasonRequired("Say why this threshold becomes less strict.")
    if changed:
        audit.record(company=company, kind=AuditKind.THRESHOLDS_CHANGED, actor=actor, now=now, market=market, changes=len(changed))
    return ThresholdChange.objects.bulk_create(
        ThresholdChange(company=company, market=market, name=name, old=old, new=values[name], reason=reason, actor=actor, at=now)
        for name, old in changed.items()
    )


def _known(name: str) -> bool:
    if name not in NAMES:
        raise KeyError(name)
    return True


def _applied(company: Company, market: str) -> dict[str, float]:
    applied = resolution.thresholds_for(company=company, market=market)
    edges = {f"{score}_{edge}": getattr(getattr(applied, score), edge) for score in SCORES for edge in ("decline", "approve")}
    return edges | {name: float(getattr(applied, name)) for name in LEVELS}
