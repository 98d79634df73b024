"""The step between a change of thresholds and its saving: what becomes of each, what it takes, and what others did meanwhile (R42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from sessions_app.panel.threshold_forms import TuningForm, note_of
from sessions_app.panel.threshold_words import WORDS, Words, place_of, titles_of
from sessions_app.replay import runs
from settings_app import inheritance, journal, thresholds
from settings_app.access import PanelRequest
from settings_app.journal import DIRECTION_WORDS, Direction
from settings_app.models import Company
from settings_app.resolution import ThresholdsOf
from settings_app.thresholds import NAMES, PARTS, parts_of


@dataclass(frozen=True, slots=True)
class Line:
    """One threshold that would change. old, new: as printed, with what is inherited said so; direction: what that means for the check."""

    label: str
    old: str
    new: str
    direction: Direction

    @property
    def word(self) -> str:
        return str(DIRECTION_WORDS[self.direction])


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one check."""

    words: Words
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Review:
    """A change before it is saved. spared: markets that keep values of their own for some of what changes."""

    place: str
    groups: list[Group]
    spared: list[str]
    seen: str

    @property
    def loosens(self) -> bool:
        return any(line.direction is Direction.LOOSENED for group in self.groups for line in group.lines)

    @property
    def several(self) -> str:
        """The checks that would change at once; empty for a single one."""
        return ", ".join(str(group.words.title) for group in self.groups) if len(self.groups) > 1 else ""


def review_of(company: Company, form: TuningForm) -> Review:
    """Set the entered thresholds beside what applies now. `form` is valid where its thresholds are concerned."""
    market, values = form.market, form.thresholds()
    before = thresholds.standing(company=company, market=market)
    after = thresholds.applied(ThresholdsOf(company, (market, values)).in_market(market))
    changed = {name for name, value in values.items() if value != before[name][0]}
    groups = [
        Group(WORDS[part], [_line(name, before[name], values[name], after[name]) for name in PARTS[part] if name in changed])
        for part in parts_of(changed)
    ]
    return Review(place_of(market), groups, _spared(company, market, parts_of(changed)), note_of(before))


def _line(name: str, before: tuple[float | None, float], new: float | None, applies: float) -> Line:
    old, applied = before
    direction = Direction.UNCHANGED if applies == applied else Direction.LOOSENED if applies < applied else Direction.TIGHTENED
    return Line(
        label=journal.label_of(name),
        old=journal.shown(name, old, inherited=applied),
        new=journal.shown(name, new, inherited=applies),
        direction=direction,
    )


def _spared(company: Company, market: str, parts: tuple[str, ...]) -> list[str]:
    if market:
        return []
    rows = inheritance.matrix(company=company, markets=[])
    return [place_of(row.market) for row in rows if row.market and any(row.parts[part].own for part in parts)]


def up_to_date(company: Company, form: TuningForm) -> tuple[TuningForm, str]:
    """Take over what others changed since the page was shown, but where the person entered something else; with a word about it."""
    market, values, seen = form.market, form.thresholds(), form.cleaned_data["seen"]
    current = thresholds.standing(company=company, market=market)
    overtaken = parts_of([name for name in NAMES if current[name] != seen[name]])
    if not overtaken:
        return form, ""
    data = {name: form[name].value() for name in form.fields} | {"seen": note_of(current)}
    for part in overtaken:
        if all(values[name] == seen[name][0] for name in PARTS[part]):
            data |= {name: "" if current[name][0] is None else str(current[name][0]) for name in PARTS[part]}
    fresh = TuningForm(data, company=company)
    fresh.full_clean()
    return fresh, _overtaken_text(company, market, overtaken)


def _overtaken_text(company: Company, market: str, parts: tuple[str, ...]) -> str:
    names = [name for part in parts for name in PARTS[part]]
    last = company.threshold_changes.filter(market__in=["", market], name__in=names).select_related("actor").order_by("-at", "-pk").first()
    who = last.actor.shown_name if last and last.actor else _("Somebody")
    words = _("Meanwhile %(who)s changed %(titles)s. Look again: below stands what your change means now.")
    return words % {"who": who, "titles": titles_of(parts)}


def save(request: PanelRequest, form: TuningForm, *, now: datetime) -> bool:
    """Store the change. False: the form says what stands in the way, or somebody else was faster."""
    values, given = form.thresholds(), form.cleaned_data
    try:
        made = thresholds.change(
            company=request.company,
            market=form.market,
            values=values,
            reason=given["reason"],
            actor=request.user,
            now=now,
            several_confirmed=given["several_confirmed"],
            replay=_replay_seen(request.company, form),
            seen=given["seen"],
        )
    except thresholds.ReasonRequired:
        _miss_reason(form)
    except thresholds.SeveralAtOnce as refusal:
        form.add_error("several_confirmed", _("Confirm that these change together: %(titles)s.") % {"titles": titles_of(refusal.parts)})
        if not given["reason"] and review_of(request.company, form).loosens:
            _miss_reason(form)
    except thresholds.ChangedMeanwhile:
        return False
    else:
        _report(request, form.market, parts_of([change.name for change in made]))
        return True
    return False


def _miss_reason(form: TuningForm) -> None:
    form.add_error("reason", _("Something becomes less strict. Write down why, so that others understand it later."))


def _replay_seen(company: Company, form: TuningForm) -> dict[str, Any] | None:
    """What the replay had shown that the person started for exactly this change; None where there was none."""
    public_id = form.cleaned_data["replay"]
    if public_id is None:
        return None
    return runs.summary_for(company=company, public_id=public_id, market=form.market, values=form.thresholds())


def _report(request: PanelRequest, market: str, parts: tuple[str, ...]) -> None:
    if not parts:
        messages.info(request, _("These values apply already. Nothing was changed."))
        return
    words = _(
        'Saved for {place}: {titles}. It applies from now on; past outcomes stay. The change stands in the <a href="{journal}">journal</a>.'
    )
    place = place_of(market) if market else _("the whole company")
    messages.success(request, format_html(words, place=place, titles=titles_of(parts), journal=reverse("panel:journal")))
