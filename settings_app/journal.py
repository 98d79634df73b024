"""The tuning journal read: who changed which threshold when and why, and what that meant for what applied (R42, R50)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, cast

from django.db.models import CharField, Field, Max, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from checks_app.thresholds import DEFAULTS
from settings_app.models import Company, ThresholdChange, ThresholdSet, User
from settings_app.thresholds import LEVELS, NAMES, applied

DEFAULT_VALUES = applied(DEFAULTS)

Stored = dict[str, dict[str, float | None]]
"""What is stored, by threshold and market ('' is the company); what is missing or None inherits."""


class Direction(StrEnum):
    """What a change did to the value that applied. UNCHANGED: only where it comes from changed."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    UNCHANGED = "unchanged"


DIRECTION_WORDS = {
    Direction.LOOSENED: _("looser"),
    Direction.TIGHTENED: _("stricter"),
    Direction.UNCHANGED: _("as strict as before"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One threshold of one save. old, new: as stored, None is inherited; applied_before, applied_after: what that came to.

    overridden_in: the markets with a value of their own at that time, which a change of the company's own value did not reach.
    """

    name: str
    old: float | None
    new: float | None
    applied_before: float
    applied_after: float
    overridden_in: frozenset[str]

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def direction(self) -> Direction:
        if self.applied_after == self.applied_before:
            return Direction.UNCHANGED
        return Direction.LOOSENED if self.applied_after < self.applied_before else Direction.TIGHTENED

    @property
    def direction_word(self) -> str:
        return str(DIRECTION_WORDS[self.direction])

    @property
    def before(self) -> str:
        return shown(self.name, self.old, inherited=self.applied_before)

    @property
    def after(self) -> str:
        return shown(self.name, self.new, inherited=self.applied_after)


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that one save changed. replay: the counts that were seen before saving, None: none were.

    number: of its first row; key: what all of its rows have in common.
    """

    number: int
    key: str
    at: datetime
    market: str
    actor: User | None
    reason: str
    replay: dict[str, Any] | None
    lines: tuple[Line, ...]

    @property
    def is_loosening(self) -> bool:
        return any(line.direction is Direction.LOOSENED for line in self.lines)

    @property
    def what(self) -> str:
        """All changes in one sentence, for a marker on a chart."""
        return "; ".join(f"{line.label} {line.before} → {line.after}" for line in self.lines)

    def reaches(self, market: str) -> bool:
        """Whether sessions of a market ('': without one) are judged by what was changed."""
        return self.market == market or (not self.market and any(market not in line.overridden_in for line in self.lines))


@dataclass(frozen=True, slots=True)
class Marker:
    """A change on a chart. day: in the company's time zone; market '': the company's own thresholds."""

    day: date
    at: datetime
    market: str
    what: str
    reason: str
    entry: Entry


def entries(
    company: Company,
    *,
    market: str | None = None,
    names: Collection[str] = NAMES,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """Return the company's saves, newest first. market: only of this row ('' is the company's own); names: with one of these thresholds.

    since, until: only what was saved from one moment to another, both included; nothing else is read then.
    """
    found = (entry for entry in _walked_back(company, since, until) if market is None or entry.market == market)
    return [entry for entry in found if any(line.name in names for line in entry.lines)]


def saves(
    company: Company, *, market: str | None = None, names: Collection[str] = NAMES
) -> QuerySet[ThresholdChange, tuple[str, datetime]]:
    """The same as pairs of key and moment, for whoever shows a part of a long journal: the database counts and cuts."""
    found = company.threshold_changes.filter(name__in=names)
    if market is not None:
        found = found.filter(market=market)
    key = Coalesce(Cast("saved_together", CharField()), Cast("pk", CharField()))
    together = found.annotate(key=key).values("key").annotate(moment=Max("at"), last=Max("pk"))
    return together.order_by("-moment", "-last").values_list("key", "moment")


def markers(company: Company, *, market: str | None, first: date, last: date) -> list[Marker]:
    """Return the changes of these days, oldest first. market: only what reaches its sessions, None: everything."""
    zone = company.zone
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, last + timedelta(days=1)))
    if not company.threshold_changes.filter(at__gte=begin, at__lt=end).exists():
        return []
    found = entries(company, since=begin, until=end)
    dated = [(entry.at.astimezone(zone).date(), entry) for entry in found if market is None or entry.reaches(market)]
    return [
        Marker(day=day, at=entry.at, market=entry.market, what=entry.what, reason=entry.reason, entry=entry)
        for day, entry in reversed(dated)
        if first <= day <= last
    ]


def label_of(name: str) -> str:
    """A threshold by its name in words."""
    field = cast("Field[Any, Any]", ThresholdSet._meta.get_field(name))
    return capfirst(str(field.verbose_name))


def by_whom(actor: User | None) -> str:
    """Who changed something, as records name him."""
    if actor is None:
        return pgettext("who changed thresholds", "Set up with the portal")
    return actor.shown_name if actor.is_active else gettext("%(name)s (deactivated)") % {"name": actor.shown_name}


def shown(name: str, value: float | None, *, inherited: float) -> str:
    """A stored value in words; one that is inherited says what that came to."""
    if value is None:
        return gettext("inherited (%(value)s)") % {"value": _written(name, inherited)}
    return _written(name, value)


def _written(name: str, value: float) -> str:
    return str(round(value)) if name in LEVELS else f"{value:.3f}".rstrip("0").ljust(4, "0")


def _walked_back(company: Company, since: datetime | None, until: datetime | None) -> Iterator[Entry]:
    """Go from what is stored now back through the journal, undoing each save: so every entry knows what applied around it."""
    standing = _standing(company, until)
    changes = company.threshold_changes.select_related("actor").order_by("-at", "-pk")
    if since is not None:
        changes = changes.filter(at__gte=since)
    if until is not None:
        changes = changes.filter(at__lte=until)
    for key, rows in groupby(changes, key=lambda change: str(change.saved_together or change.pk)):
        saved = sorted(rows, key=lambda change: change.pk)
        after = {change.name: dict(standing[change.name]) for change in saved}
        for change in saved:
            standing[change.name][change.market] = change.old
        yield _entry(key, saved, before=standing, after=after)


def _standing(company: Company, until: datetime | None) -> Stored:
    """What was stored at a moment; None: what is stored now."""
    sets = list(company.threshold_sets.all())
    stored = {name: {row.market: getattr(row, name) for row in sets} for name in NAMES}
    if until is not None:
        later = company.threshold_changes.filter(at__gt=until).order_by("market", "name", "at", "pk").distinct("market", "name")
        for market, name, old in later.values_list("market", "name", "old"):
            stored[name][market] = old
    return stored


def _entry(key: str, saved: list[ThresholdChange], *, before: Stored, after: Stored) -> Entry:
    first = saved[0]
    return Entry(
        number=first.pk,
        key=key,
        at=first.at,
        market=first.market,
        actor=first.actor,
        reason=first.reason,
        replay=first.replay,
        lines=tuple(_line(change, before, after) for change in sorted(saved, key=lambda change: NAMES.index(change.name))),
    )


def _line(change: ThresholdChange, before: Stored, after: Stored) -> Line:
    return Line(
        name=change.name,
        old=change.old,
        new=change.new,
        applied_before=_applied(change.name, (change.old, before[change.name].get(""))),
        applied_after=_applied(change.name, (change.new, after[change.name].get(""))),
        overridden_in=frozenset(market for market, value in after[change.name].items() if market and value is not None),
    )


def _applied(name: str, layers: Iterable[float | None]) -> float:
    """The first value that is set, the market's before the company's; otherwise the built-in default."""
    return next((float(value) for value in layers if value is not None), DEFAULT_VALUES[name])
