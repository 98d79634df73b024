"""The one door through which a company changes how its sessions go: bounds, nobody's work overwritten, every change audited (R46, R47)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from settings_app import audit, origins
from settings_app.choices import AuditKind, DocumentChoice
from settings_app.models import Company, User
from settings_app.models.company import LONGEST_RETENTION, MAX_RETRIES_LIMIT, OLDEST

LEAST_INACTIVITY, MOST_INACTIVITY = 5, 90 * 24 * 60  # minutes: time to fetch a passport, and the longest life of a link
MOST_ORIGINS = 50

BOUNDS = {
    "link_days": (1, 90),
    "max_retries": (0, MAX_RETRIES_LIMIT),
    "inactivity_minutes": (LEAST_INACTIVITY, MOST_INACTIVITY),
    "transfer_minutes": (5, 24 * 60),
    "minimum_age": (1, OLDEST),
    "retention_days": (1, LONGEST_RETENTION),
}
MAY_BE_EMPTY = frozenset({"inactivity_minutes", "minimum_age", "retention_days"})
SWITCHES = ("strict_names", "allow_uploads", "face_first", "liveness_flash", "manual_review", "duplicate_faces")
LISTS = {"allowed_documents": tuple(DocumentChoice.values), "languages": tuple(code for code, _name in settings.LANGUAGES)}
"""Whatever may be chosen, at least one; kept in this order."""

NAMES = (*BOUNDS, *SWITCHES, *LISTS, "allowed_return_origins", "time_zone")
Value = Any  # int, bool, str, list[str] or None, as the setting wants it; whatever else is refused


class NotAllowed(ValueError):
    """The value of a setting lies outside what it may be; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ChangedMeanwhile(ValueError):
    """Somebody else changed the same settings after they were shown; `names` says which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class ErasureNotConfirmed(ValueError):
    """Pictures would be kept for a shorter time than before, and nobody confirmed that what is older will be erased."""


def standing(company: Company) -> dict[str, Any]:
    """How every setting of a company stands."""
    stored = {name: getattr(company, name) for name in NAMES}
    return stored | {name: [one for one in offered if one in stored[name]] for name, offered in LISTS.items()}


@cache
def time_zones() -> tuple[str, ...]:
    """Every place of the world by which clocks are set."""
    return tuple(sorted(available_timezones() - {"localtime", "Factory"}))


def default_of(name: str) -> Any:
    return Company._meta.get_field(name).get_default()  # type: ignore[union-attr]


@transaction.atomic
def change(
    *,
    company: Company,
    values: Mapping[str, Value],
    actor: User | None,
    now: datetime,
    seen: Mapping[str, Value] | None = None,
    erasure_confirmed: bool = False,
) -> tuple[str, ...]:
    """Set settings of a company and return the names of those that changed. Outcomes that exist never change.

    seen: how they stood when the person decided, so that what he left alone keeps what a colleague gave it meanwhile; None: as they
    stand. erasure_confirmed: he knows that older pictures will be erased. Raises NotAllowed, ChangedMeanwhile, ErasureNotConfirmed,
    and KeyError for an unknown name.
    """
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    before, wanted = standing(locked), {name: _checked(name, values[name]) for name in values}
    decided = {name: value for name, value in wanted.items() if value != (before if seen is None else seen)[name]}
    changed = tuple(name for name in NAMES if name in decided and decided[name] != before[name])
    overtaken = tuple(name for name in changed if seen is not None and before[name] != seen[name])
    if overtaken:
        raise ChangedMeanwhile(overtaken)
    if "retention_days" in changed and _is_shorter(before["retention_days"], decided["retention_days"]) and not erasure_confirmed:
        raise ErasureNotConfirmed
    for name in changed:
        setattr(locked, name, decided[name])
    if changed:
        locked.save(update_fields=changed)
        values = {name: [before[name], decided[name]] for name in changed}
        audit.record(company=locked, kind=AuditKind.SETTINGS_CHANGED, actor=actor, now=now, changed=values)
    return changed


def _is_shorter(before: int | None, after: int | None) -> bool:
    return after is not None and (before is None or after < before)


def _checked(name: str, value: Value) -> Value:
    """Return the value as it is stored. Raises NotAllowed, or KeyError for an unknown name."""
    if name in BOUNDS:
        fits = (value is None and name in MAY_BE_EMPTY) or _is_within(value, *BOUNDS[name])
    elif name in SWITCHES:
        fits = isinstance(value, bool)
    elif name == "time_zone":
        fits = value in time_zones()
    elif name == "allowed_return_origins":
        fits = isinstance(value, list) and len(value) <= MOST_ORIGINS and all(_is_origin(one) for one in value)
    else:
        value, fits = _in_order(value, LISTS[name])
    if not fits:
        raise NotAllowed(name)
    return value


def _is_within(value: Value, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_origin(written: str) -> bool:
    try:
        return origins.clean(written) == written
    except origins.NotAnAddress:
        return False


def _in_order(value: Value, offered: Sequence[str]) -> tuple[list[str], bool]:
    chosen = value if isinstance(value, list) else []
    return [one for one in offered if one in chosen], bool(chosen) and set(chosen) <= set(offered)
