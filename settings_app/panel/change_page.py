"""Who changed which setting when, from what to what: the page of changes, out of the audit trail (R46, R47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from settings_app import journal
from settings_app.audit import Changed
from settings_app.choices import SETTINGS_KINDS
from settings_app.models import AuditEvent, Company
from settings_app.panel.session_page import said
from settings_app.panel.session_words import SETTINGS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SAVES = 20  # on a page

TITLES: dict[str, StrOrPromise] = {name: words.title for name, words in SETTINGS.items()} | {
    "brand_colour": _("Colour"),
    "logo": _("Logo"),
    "support_email": _("Support address"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One setting. is_kept: whether the trail has its values, or only that it changed."""

    title: StrOrPromise
    before: str
    after: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Save:
    """Everything that somebody saved at once."""

    at: datetime
    who: str
    lines: list[Line]


def page_of(company: Company, wanted: str) -> Page:
    """Return a page of the company's changes, newest first."""
    found = company.audit_events.filter(kind__in=SETTINGS_KINDS).select_related("actor").order_by("-number")
    page: Page = Paginator(found, SAVES).get_page(wanted)
    page.object_list = [_save(event) for event in page.object_list]
    return page


def _save(event: AuditEvent) -> Save:
    changed: Changed | str = event.details["changed"]
    if isinstance(changed, str):  # the trail's first entries hold names alone
        changed = dict.fromkeys(changed.split(", "))
    in_order = sorted(changed, key=lambda name: [*TITLES, name].index(name))  # the database keeps none
    return Save(event.at, journal.by_whom(event.actor), [_line(name, changed[name]) for name in in_order])


def _line(name: str, values: object) -> Line:
    title = TITLES.get(name, name)
    if not isinstance(values, list):
        return Line(title, "", "", is_kept=False)
    before, after = values
    return Line(title, said(name, before), said(name, after), is_kept=True)
