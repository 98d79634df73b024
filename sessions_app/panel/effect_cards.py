"""Seven days later, as a table: what followed a change of thresholds (R42, R44)."""

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
from sessions_app.metrics.differences import Difference
from sessions_app.metrics.rates import Rate, Share
from sessions_app.panel.check_words import TITLES
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.metrics_words import market_words
from sessions_app.panel.shares import NONE, percent, points
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
class Side:
    """A share as it is printed. counted: 'n of N'."""

    share: str
    counted: str


@dataclass(frozen=True, slots=True)
class Row:
    """One figure before and after. is_clear: a difference of nothing at all would not be plausible; note: what else must be known."""

    what: str
    before: Side
    after: Side
    change: str = ""
    interval: str = ""
    verdict: str = ""
    is_clear: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What followed one save. others: saves in the same days, whose effects mix with it."""

    title: str
    rows: list[Row]
    others: list[str]


def cards_of(company: Company, entries: Sequence[Entry], *, every: Sequence[Entry], now: datetime) -> dict[int, Card]:
    """The cards of some saves, by their number; one that judges nothing differently has none. every: all saves within MIXES of them."""
    effects = tuning_effects.effects_of(company, entries=entries, every=every, now=now)
    return {number: _card(company, effect) for number, effect in effects.items()}


def _card(company: Company, effect: Effect) -> Card:
    rows = _rows(effect)
    return Card(_title(effect, rows), rows, [_other(company, one) for one in effect.others])


def _title(effect: Effect, rows: list[Row]) -> str:
    if not effect.days:
        return gettext("What follows is counted from tomorrow on: the first whole day after the change is not over yet.")
    if not rows:
        return gettext("No session finished in the days before and after.")
    if effect.is_whole:
        return gettext("%(days)s days later") % {"days": DAYS}
    return ngettext("So far, %(days)s day", "So far, %(days)s days", effect.days) % {"days": effect.days}


def _rows(effect: Effect) -> list[Row]:
    if not (effect.days and any(moved.before.of or moved.after.of for moved in effect.moved)):
        return []
    return [*(_row(moved) for moved in effect.moved), *_waiting(*effect.waiting)]


def _waiting(before: Share, after: Share) -> list[Row]:
    """What is not decided yet could pass for fewer approvals."""
    if not (before.n or after.n):
        return []
    return [Row(gettext("Wait for a reviewer"), _side(before), _side(after), note=gettext("Neither approved nor rejected yet."))]


def _row(moved: Moved) -> Row:
    what = str(RATES[moved.what]) if isinstance(moved.what, Rate) else _failures(moved.what)
    sides, found = (_side(moved.before), _side(moved.after)), moved.difference
    if found is None:
        return Row(what, *sides, verdict=gettext("nothing to compare"))
    interval = gettext("%(low)s to %(high)s") % {"low": points(found.interval.low), "high": points(found.interval.high)}
    return Row(what, *sides, points(found.change), interval, _verdict(found), found.is_clear)


def _verdict(found: Difference) -> str:
    if not found.is_clear:
        return gettext("no clear change")
    return gettext("rose") if found.change > 0 else gettext("fell")


def _failures(check: Check) -> str:
    return gettext("Failures of “%(check)s”") % {"check": TITLES[check]}


def _side(share: Share) -> Side:
    if not share.of:
        return Side(NONE, gettext("no sessions"))
    return Side(percent(share.share), gettext("%(n)s of %(of)s") % {"n": f"{share.n:,}", "of": f"{share.of:,}"})


def _other(company: Company, entry: Entry) -> str:
    day = date_format(day_of(entry.at, company.zone), "j M")
    where = market_words(entry.market) if entry.market else gettext("whole company")
    return gettext("%(day)s, %(where)s: %(what)s") % {"day": day, "where": where, "what": entry.what}
