"""Where baselines begin anew: after thresholds changed on purpose, and after an alert was acknowledged (R44)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sessions_app.days import day_of, start_of
from sessions_app.drift.detection import BASELINE_AT_LEAST, DAYS
from sessions_app.drift.series import Watched
from sessions_app.models import DriftAlert
from sessions_app.tuning_effects import touched
from settings_app import journal
from settings_app.journal import Entry
from settings_app.models import Company


@dataclass(frozen=True, slots=True)
class Restarts:
    """tuned: saves of thresholds and their days, newest first; seen: the newest day on which an alert of a rate was acknowledged."""

    tuned: list[tuple[date, Entry]]
    seen: dict[Watched, date]

    def last_of(self, watched: Watched) -> date | None:
        """The newest day that belongs to what was before: on it, both are mixed."""
        days = [day for day, entry in self.tuned if _concerns(entry, watched)][:1]
        return max([*days, *([self.seen[watched]] if watched in self.seen else [])], default=None)


@dataclass(frozen=True, slots=True)
class Anew:
    """A place with a baseline that is still too short. market '': the company's own thresholds. again: the earliest verdict."""

    market: str
    since: date
    again: date


def restarts(company: Company, *, last: date, alerts: Iterable[DriftAlert]) -> Restarts:
    """What begins anew within the days that count for `last`. alerts: those of the company that were acknowledged."""
    zone, seen = company.zone, dict[Watched, date]()
    for alert in alerts:
        if alert.acknowledged_at:
            watched, day = Watched(alert.market, alert.rate), day_of(alert.acknowledged_at, zone)
            seen[watched] = max(day, seen.get(watched, day))
    return Restarts(tuned=_tuned(company, since=last - timedelta(days=DAYS)), seen=seen)


def anew(company: Company, *, today: date) -> list[Anew]:
    """Places whose thresholds changed so lately that nothing is watched there yet."""
    found: dict[str, Anew] = {}
    for day, entry in _tuned(company, since=today - timedelta(days=BASELINE_AT_LEAST + 1)):
        found.setdefault(entry.market, Anew(entry.market, day, day + timedelta(days=BASELINE_AT_LEAST + 2)))
    return list(found.values())


def _tuned(company: Company, *, since: date) -> list[tuple[date, Entry]]:
    found = journal.entries(company, since=start_of(since, company.zone))
    return [(day_of(entry.at, company.zone), entry) for entry in found if touched(entry)]


def _concerns(entry: Entry, watched: Watched) -> bool:
    """All markets together are moved by each of them."""
    checks = touched(entry, market=watched.market or None)
    return watched.check in checks if watched.check else bool(checks)
