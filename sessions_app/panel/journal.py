"""What the journal's page and file print: one entry for each save of thresholds (R42)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.panel import effect_cards
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.threshold_words import place_of
from settings_app import journal
from settings_app.journal import Direction, Entry, Line
from settings_app.models import Company
from settings_app.thresholds import PARTS

ENTRIES = 10  # on a page
COMPANY = "company"
"""How the address names the company's own thresholds; a market is named by its code."""

PART_LABELS: dict[str, type_of_text] = {
    "full_document": _("Full document"),
    "screen_replay": _("Document on a screen"),
    "photocopy": _("Photocopy"),
    "liveness": _("Liveness"),
    "face_match": _("Face match"),
}
TONES = {Direction.LOOSENED: "review", Direction.TIGHTENED: "approve", Direction.UNCHANGED: "abandoned"}

COLUMNS = (
    "Time",
    "Person",
    "Market",
    "Threshold",
    "Old value",
    "New value",
    "Applied before",
    "Applied after",
    "Direction",
    "Reason",
    "Replay",
    "Save",
)


class JournalFilter(forms.Form):
    """Which entries to show; what is no choice of it shows everything."""

    market = forms.ChoiceField(label=_("Market"), required=False)
    threshold = forms.ChoiceField(label=_("Threshold"), required=False, choices=[("", _("All")), *PART_LABELS.items()])

    def __init__(self, data: QueryDict, *, company: Company) -> None:
        super().__init__(data)
        markets = sorted(set(company.threshold_changes.exclude(market="").values_list("market", flat=True)), key=place_of)
        named = [(code, place_of(code)) for code in markets]
        self.fields["market"].choices = [("", _("All")), (COMPANY, place_of("")), *named]  # type: ignore[attr-defined]
        self.is_valid()

    def wanted(self) -> dict[str, Any]:
        """The arguments of `journal.entries`."""
        market, part = self.cleaned_data.get("market"), self.cleaned_data.get("threshold")
        wanted: dict[str, Any] = {"names": PARTS[part]} if part else {}
        return {**wanted, "market": "" if market == COMPANY else market} if market else wanted


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One threshold with the badge of its direction."""

    line: Line
    badge: Badge


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One save, as the page prints it."""

    entry: Entry
    where: str
    who: str
    lines: list[ShownLine]
    effect: effect_cards.Card | None

    @property
    def replay(self) -> str:
        return replay_words(self.entry.replay)


def page_of(company: Company, address: QueryDict, *, now: datetime) -> dict[str, Any]:
    """Everything that the page prints."""
    form = JournalFilter(address, company=company)
    wanted = form.wanted()
    page: Page = Paginator(journal.saves(company, **wanted), ENTRIES).get_page(address.get("page"))
    page.object_list = _entries_of(company, list(page.object_list), now=now)
    return {"form": form, "page": page, "is_filtered": bool(wanted)}


def rows_of(company: Company, entries: list[Entry]) -> Iterator[list[str]]:
    """The lines of the file, one for each threshold of each save."""
    for entry in entries:
        at = entry.at.astimezone(company.zone)
        before = [f"{at:%Y-%m-%d %H:%M:%S}", entry.actor.email if entry.actor else "", entry.market]
        after = [entry.reason, replay_words(entry.replay), str(entry.number)]
        for line in entry.lines:
            values = [line.old, line.new, line.applied_before, line.applied_after]
            yield [*before, line.name, *("" if value is None else f"{value:g}" for value in values), str(line.direction), *after]


def replay_words(summary: dict[str, Any] | None) -> str:
    """What trying the change on past sessions had shown before it was saved: `runs.summary_for`, as it was kept."""
    if summary is None:
        return gettext("Saved without replay.")
    in_order = sorted(summary.items(), key=lambda kept: ("→" in kept[0], kept[0]))  # the database keeps no order: totals come first
    counts = " · ".join(f"{name}: {count}" for name, count in in_order)
    return gettext("Replayed before saving. %(counts)s") % {"counts": counts}


def _entries_of(company: Company, saves: list[tuple[str, datetime]], *, now: datetime) -> list[ShownEntry]:
    """What one page shows, with what else was saved around it; the rest of a long journal is not read."""
    if not saves:
        return []
    every = journal.entries(company, since=saves[-1][1] - effect_cards.MIXES, until=saves[0][1] + effect_cards.MIXES)
    by_key = {entry.key: entry for entry in every}
    entries = [by_key[key] for key, _moment in saves]
    effects = effect_cards.cards_of(company, entries, every=every, now=now)
    return [_shown(entry, effects.get(entry.number)) for entry in entries]


def _shown(entry: Entry, effect: effect_cards.Card | None) -> ShownEntry:
    lines = [ShownLine(line, Badge(TONES[line.direction], line.direction_word)) for line in entry.lines]
    return ShownEntry(entry, place_of(entry.market), journal.by_whom(entry.actor), lines, effect)
