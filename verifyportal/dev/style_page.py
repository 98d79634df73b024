"""The living style page: every token and component in its states, made of the very templates that the pages use. For development alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from checks_app.results import Check, Status
from sessions_app.choices import Outcome
from sessions_app.flow import drawings
from sessions_app.models import CheckRecord, VerificationSession
from sessions_app.panel import check_cards, facts, labels, rows
from sessions_app.panel.labels import Badge
from sessions_app.panel.review_card import Decision
from settings_app.choices import DocumentChoice

TOKEN = re.compile(r"^  --([\w-]+): ([^;]+);", re.MULTILINE)
KINDS = {"text": "text-", "space": "space-", "radius": "radius"}
MOMENT = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
ENDINGS = ("cancelled", "abandoned", "finished", "in_time", "expired")
ERROR_PAGES: dict[str, tuple[str, dict[str, str]]] = {
    **{name: (f"{name}.html", {}) for name in ("403", "403_csrf", "404", "500")},
    "flow-trouble": ("flow/trouble.html", {"again": "/"}),
    **{f"flow-{ending}": ("flow/closed.html", {"ending": ending}) for ending in ENDINGS},
}
"""Template and context by name: what is seen when something is wrong, or over."""
LONG_NAME = "Aleksandra-Konstantina Papadopoulou-Wolfeschlegelsteinhausen von der Hohenberg"


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the two columns; `form` carries its own ids, so that every label finds its field."""

    name: str
    form: forms.Form


class EveryField(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label="Text", help_text="A sentence that helps.")
    email = forms.EmailField(label="Text with an error")
    level = forms.IntegerField(label="Number", min_value=0, max_value=7)
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(label="Password", widget=forms.PasswordInput(render_value=True))
    document = forms.ChoiceField(label="Choice of many", choices=DocumentChoice.choices)
    note = forms.CharField(label="Long text", widget=forms.Textarea(attrs={"rows": 3}))
    picture = forms.FileField(label="File", required=False)
    agreed = forms.BooleanField(label="A box to tick", required=False, help_text="What ticking it does.")
    way = forms.ChoiceField(label="One of few", choices=[("a", "By mail"), ("b", "By message")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(label="Some of few", choices=[("a", "Passed"), ("b", "Failed")], widget=forms.CheckboxSelectMultiple)
    shown = forms.CharField(label="To read only", widget=forms.TextInput(attrs={"readonly": True}))
    closed = forms.CharField(label="Disabled", disabled=True, initial="Not now")


GIVEN = {"name": "Nino Beridze", "email": "nino@", "level": "4", "day": "1990-05-14", "secret": "demonstration", "document": "PASSPORT"}
GIVEN |= {"note": "ნინო ბერიძე, ქ. თბილისი", "agreed": "on", "way": "a", "shown": "AB1234567"}


@require_GET
def style_page(request: HttpRequest, front: str) -> HttpResponse:
    """Show the components of one of the two front ends; a portal that serves people has no such page."""
    if not apps.is_installed("verifyportal.dev"):
        raise Http404
    themes = [Theme(name, EveryField(prefixed(name), prefix=name)) for name in ("light", "dark")]
    return render(request, f"styleguide/{front}.html", {"themes": themes, "tokens": tokens()} | specimens())


@require_GET
def error_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a page that is seen when something is wrong, with nothing wrong."""
    if name not in ERROR_PAGES or not apps.is_installed("verifyportal.dev"):
        raise Http404
    template, context = ERROR_PAGES[name]
    return render(request, template, {"company": {"name": "Demo Bank"}} | context)


def prefixed(theme: str) -> dict[str, list[str] | str]:
    return {f"{theme}-{name}": value for name, value in GIVEN.items()} | {f"{theme}-kinds": ["b"]}


def tokens() -> dict[str, list[str]]:
    """Return the names of the tokens by kind, as the style sheet has them; `colour` is whatever has a value like one."""
    found = TOKEN.findall((settings.BASE_DIR / "static" / "css" / "tokens.css").read_text("utf-8"))
    by_kind = {kind: [name for name, _value in found if name.startswith(start)] for kind, start in KINDS.items()}
    return by_kind | {"colour": [name for name, value in found if value.startswith("#")]}


def specimens() -> dict[str, object]:
    """Return what the templates print: badges, facts and checks in all their states."""
    return {
        "badges": [labels.outcome_badge(outcome) for outcome in Outcome],
        "facts": [
            facts.Fact("A text", "Nino Beridze"),
            facts.Fact("A long text", LONG_NAME),
            facts.Fact("From right to left", "محمد عبد الله"),
            facts.Fact("A number to copy", "01001012345", is_code=True),
            facts.Fact("A day", day=date(1990, 5, 14)),
            facts.Fact("A moment", moment=MOMENT),
            facts.Fact("A judgement", badge=Badge("review", "In review"), notes=["and why"]),
            facts.Fact("Unknown"),
        ],
        "cards": [check_cards.card_of(record) for record in _checks()],
        "rows": rows.rows_of(_sessions(), [], ZoneInfo("UTC"), now=MOMENT),
        "decisions": list(_decisions()),
        "drawings": sorted({drawings.drawing([code]) for code in drawings.DRAWINGS}),
    }


def _checks() -> Iterator[CheckRecord]:
    """Each status once, and a check that came to no result."""
    for status, score in ((Status.PASSED, 0.82), (Status.UNCLEAR, 0.44), (Status.FAILED, 0.12), (Status.UNCLEAR, None)):
        yield CheckRecord(
            check_name=Check.SCREEN_REPLAY,
            status=status.value,
            score=score,
            decline_below=0.3,
            approve_from=0.6,
            engine="moire-texture",
            engine_version="3",
            took_ms=214,
        )


def _sessions() -> Iterator[VerificationSession]:
    """One of each outcome, never stored: with names short and long, from left and from right, and without."""
    names = [("", ""), ("Nino", "Beridze"), ("محمد", "عبد الله"), (LONG_NAME, LONG_NAME), ("", ""), ("ნინო", "ბერიძე"), ("", "")]
    for number, (outcome, (first, last)) in enumerate(zip(Outcome, names, strict=True)):
        stands = {"outcome": outcome.value, "document_kind": "PASSPORT", "created_at": MOMENT, "expires_at": MOMENT + timedelta(days=7)}
        session = VerificationSession(public_id=UUID(int=number), first_name=first, last_name=last, **stands)
        session.selfie_id = session.being_checked = None  # type: ignore[attr-defined]  # what the list annotates
        yield session


def _decisions() -> Iterator[Decision]:
    who = ("Nino Kapanadze", MOMENT)
    yield Decision(Badge("approve", "Approved"), "The faces are the same person's", "Other hair, the same scar.", *who, None, "")
    yield Decision(Badge("decline", "Declined"), "The document is forged or altered", "", *who, MOMENT, "Nino Kapanadze")
