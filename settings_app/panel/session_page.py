"""What the page of the session settings prints: groups of settings, each with its bounds, its default and a way back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from settings_app import company_settings
from settings_app.choices import DocumentChoice
from settings_app.company_settings import BOUNDS, MAY_BE_EMPTY, SWITCHES
from settings_app.models import Company
from settings_app.panel.session_forms import SessionSettingsForm, default_data, initial_of, note_of
from settings_app.panel.session_words import GROUPS, LANGUAGE_NAMES, SETTINGS, Setting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_COUNTED = 100_000
"""Sessions to be erased are counted so far; more would take the page long and change nobody's mind."""


@dataclass(frozen=True, slots=True)
class Option:
    """One side of a switch: its radio button, and what it means."""

    radio: Any
    means: StrOrPromise


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting on the page. now: how it stands, where somebody else changed it meanwhile."""

    name: str
    words: Setting
    field: BoundField
    bounds: str
    default: str
    default_value: str
    now: str = ""

    @property
    def is_default(self) -> bool:
        value = self.field.value()
        return _written(value) == self.default_value

    @property
    def options(self) -> list[Option]:
        return [Option(radio, self.words.option_means[value]) for radio, value in zip(self.field, self.words.order, strict=True)]

    @property
    def is_switch(self) -> bool:
        return self.name in SWITCHES


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many sessions the next run would erase. days: what would be saved."""

    days: int
    sessions: int
    is_more: bool

    @property
    def time(self) -> str:
        return ngettext("%(days)s day", "%(days)s days", self.days) % {"days": f"{self.days:,}"}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a good form was not saved. overtaken: what somebody else changed meanwhile. erasure: what has to be confirmed first."""

    overtaken: tuple[str, ...] = ()
    erasure: Erasure | None = None


def form_of(company: Company) -> SessionSettingsForm:
    """The form with what is stored."""
    standing = company_settings.standing(company)
    return SessionSettingsForm(initial={**initial_of(standing), "seen": note_of(standing)})


def reset(data: Any, name: str) -> Any:
    """What was sent, with one setting at its default. Nothing is saved by that."""
    given = data.copy()
    default = default_data(name)
    given.setlist(name, default if isinstance(default, list) else [_written(default)])
    return given


def context_of(form: SessionSettingsForm, company: Company, refused: Refused | None = None) -> dict[str, Any]:
    refused = refused or Refused()
    if refused.overtaken:
        company.refresh_from_db()
    standing = company_settings.standing(company)
    return {
        "form": form,
        "groups": [(group, [_shown(form, name, standing, refused.overtaken) for name in group.names]) for group in GROUPS],
        "wrong": [(name, SETTINGS[name].title) for name in form.errors if name in SETTINGS] if form.is_bound else [],
        "seen": note_of(standing) if refused.overtaken else form["seen"].value(),
        "overtaken": titles(refused.overtaken),
        "erasure": refused.erasure,
        "zones": company_settings.time_zones(),
    }


def erasure_of(company: Company, days: int, *, now: datetime) -> Erasure:
    """Count the sessions whose pictures would be erased if they were kept for so many days."""
    ended = company.sessions.keeping_pictures(closed_by=now - timedelta(days=days))
    sessions = ended.order_by()[: MOST_COUNTED + 1].count()
    return Erasure(days, min(sessions, MOST_COUNTED), sessions > MOST_COUNTED)


def told(changed: tuple[str, ...]) -> str:
    return _("Saved: %(names)s.") % {"names": titles(changed)} if changed else _("Nothing was changed.")


def titles(names: tuple[str, ...]) -> str:
    return ", ".join(str(SETTINGS[name].title) for name in names)


def _shown(form: SessionSettingsForm, name: str, standing: dict[str, Any], overtaken: tuple[str, ...]) -> Shown:
    default = company_settings.default_of(name)
    now = said(name, standing[name]) if name in overtaken else ""
    return Shown(name, SETTINGS[name], form[name], _bounds(name), said(name, default), _written(default_data(name)), now)


def _bounds(name: str) -> str:
    if name not in BOUNDS:
        return ""
    least, most = (f"{edge:,}" for edge in BOUNDS[name])
    words = _("%(least)s to %(most)s, or nothing") if name in MAY_BE_EMPTY else _("%(least)s to %(most)s")
    return words % {"least": least, "most": most}


def said(name: str, value: Any) -> str:
    """A value as people read it."""
    if name in SWITCHES:
        return str(SETTINGS[name].options[value])
    if isinstance(value, list):
        named = dict(DocumentChoice.choices) | LANGUAGE_NAMES
        return ", ".join(str(named.get(one, one)) for one in value) or _("none")
    return _("none") if value in (None, "") else str(value)


def _written(value: Any) -> str:
    """A value as its control holds it, in one text that can be compared."""
    return "\n".join(value) if isinstance(value, list) else "" if value is None else str(value)
