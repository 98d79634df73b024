"""Seven days later, in words: what followed a change of thresholds (R42, R44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks_app.results import Check
from sessions_app import tuning_effects
from sessions_app.days import day_of
from sessions_app.metrics.rates import Rate, Share
from sessions_app.panel.check_words import TITLES
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.metrics_words import market_words
from sessions_app.panel.shares import percent, points
from sessions_app.tuning_effects import DAYS, Effect, Moved
from settings_app.journal import Entry
from settings_app.models import Company

RATES: dict[Rate, type_of_text] = {
    Rate.APPROVAL: _("Approvals"),
    Rate.REJECTION: _("Rejections"),
    Rate.ABANDONMENT: _("Abandoned sessions"),
    Rate.FORCED_RETRY: _("Forced retries"),
}


MIXES = timedelta(days=DAYS + 2)
"""How far from a save another one can lie that mixes with it: whole days on both sides, and their hours in every time zone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. is_clear: a difference of nothing at all would not be plausible."""

    words: str
    is_clear: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What followed one save. others: saves in the same days, whose effects mix with it."""

    title: str
    lines: list[Line]
    others: list[str]


def cards_of(company: Company, entries: Sequence[Entry], *, every: Sequence[Entry], now: datetime) -> dict[int, Card]:
    """The cards of some saves, by their number; one that judges nothing differently has none. every: all saves within MIXES of them."""
    effects = tuning_effects.effects_of(company, entries=entries, every=every, now=now)
    return {number: _card(company, effect) for number, effect in effects.items()}


def _card(company: Company, effect: Effect) -> Card:
    return Card(_title(effect), _lines(effect), [_other(company, one) for one in effect.others])


def _title(effect: Effect) -> str:
    if effect.is_whole:
        return gettext("%(days)s days later") % {"days": DAYS}
    if not effect.days:
        return gettext("What follows is counted from tomorrow on: the first whole day after the change is not over yet.")
    return ngettext("So far, %(days)s day", "So far, %(days)s days", effect.days) % {"days": effect.days}


def _lines(effect: Effect) -> list[Line]:
    if not effect.days:
        return []
    if not any(moved.before.of or moved.after.of for moved in effect.moved):
        return [Line(gettext("No session finished in the days before and after."), is_clear=False)]
    return [*(_line(moved) for moved in effect.moved), *_waiting(*effect.waiting)]


def _waiting(before: Share, after: Share) -> list[Line]:
    """What is not decided yet could pass for fewer approvals."""
    if not (before.n or after.n):
        return []
    words = gettext("Still waiting for a reviewer, and so neither approved nor rejected: %(before)s before, %(after)s after.")
    return [Line(words % {"before": _counted(before), "after": _counted(after)}, is_clear=False)]


def _line(moved: Moved) -> Line:
    what = str(RATES[moved.what]) if isinstance(moved.what, Rate) else _failures(moved.what)
    said = {"what": what, "before": _counted(moved.before), "after": _counted(moved.after)}
    found = moved.difference
    if found is None:
        return Line(gettext("%(what)s: nothing to compare; before %(before)s, after %(after)s.") % said, is_clear=False)
    said |= {"points": points(found.change), "low": points(found.interval.low), "high": points(found.interval.high)}
    if not found.is_clear:
        unclear = gettext("%(what)s: no clear change, %(before)s before and %(after)s after; %(points)s points, %(low)s to %(high)s.")
        return Line(unclear % said, is_clear=False)
    if found.change > 0:
        words = gettext("%(what)s rose from %(before)s to %(after)s; the difference is %(points)s points, %(low)s to %(high)s.")
    else:
        words = gettext("%(what)s fell from %(before)s to %(after)s; the difference is %(points)s points, %(low)s to %(high)s.")
    return Line(words % said, is_clear=True)


def _failures(check: Check) -> str:
    return gettext("Failures of “%(check)s”") % {"check": TITLES[check]}


def _counted(share: Share) -> str:
    if not share.of:
        return gettext("no sessions")
    return gettext("%(share)s (%(n)s of %(of)s)") % {"share": percent(share.share), "n": f"{share.n:,}", "of": f"{share.of:,}"}


def _other(company: Company, entry: Entry) -> str:
    day = date_format(day_of(entry.at, company.zone), "j M")
    where = market_words(entry.market) if entry.market else gettext("whole company")
    return gettext("%(day)s, %(where)s: %(what)s") % {"day": day, "where": where, "what": entry.what}
