"""Between the thresholds' views and their forms: what was entered, and the page that answers it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.panel import threshold_cards, threshold_review
from sessions_app.panel.threshold_forms import TuningForm, is_market, note_of
from sessions_app.panel.threshold_words import written
from sessions_app.replay.runs import NEWEST, USUAL
from settings_app import inheritance
from settings_app.access import PanelRequest
from settings_app.thresholds import NAMES, PARTS
from verifyportal.web import render_page


def stored(request: PanelRequest) -> TuningForm:
    """The form as it stands in the database, of the company or of the market in the address."""
    market = _known_market(request, request.GET.get("market", ""))
    row = inheritance.row_of(company=request.company, market=market)
    begins = {"market": market, "seen": note_of(row.standing), **threshold_cards.stored(row)}
    return TuningForm(company=request.company, initial=begins)


def unsaved(request: PanelRequest) -> TuningForm:
    """The form as it was entered; the buttons `inherit` and `default` name a check whose limits they empty or set."""
    _known_market(request, request.POST.get("market", ""))
    data = request.POST.copy()
    for name in PARTS.get(data.get("inherit", ""), ()):
        data[name] = ""
    for name in PARTS.get(data.get("default", ""), ()):
        data[name] = written(name, threshold_cards.PLAIN_DEFAULTS[name])
    return TuningForm(data, company=request.company)


def entered(request: PanelRequest) -> TuningForm:
    """The form as it was entered. Where nothing was shown before, as on the page of all markets, what stands now counts as seen."""
    market, data = _known_market(request, request.POST.get("market", "")), request.POST.copy()
    data.setdefault("seen", note_of(inheritance.row_of(company=request.company, market=market).standing))
    return TuningForm(data, company=request.company)


def edit(request: PanelRequest, form: TuningForm) -> HttpResponse:
    """The page of sliders."""
    context = threshold_cards.context_of(request.company, form, str(form["market"].value() or ""))
    return render_page(request, "panel/tuning/thresholds.html", context, status=422 if form.errors else 200)


def ask(request: PanelRequest, form: TuningForm) -> HttpResponse:
    """The page between change and save; where a value is wrong, the page of sliders again."""
    if not form.is_valid() and set(form.errors) & {*NAMES, "seen"}:
        return edit(request, form)
    errors = form.errors
    form, overtaken = threshold_review.up_to_date(request.company, form)
    review = threshold_review.review_of(request.company, form)
    if not review.groups:
        messages.info(request, overtaken or _("Nothing was changed."))
        return back_to(form.market)
    context = {
        "form": form,
        "review": review,
        "overtaken": overtaken,
        "hidden": _hidden(form, review.seen),
        "newest": NEWEST,
        "usual": USUAL,
        "replay": None if overtaken else _own_replay(request, form),
    }
    return render_page(request, "panel/tuning/review.html", context, status=422 if errors or overtaken else 200)


def save(request: PanelRequest, *, now: datetime) -> HttpResponse:
    """Store the change and go back to its thresholds, or ask once more."""
    _known_market(request, request.POST.get("market", ""))
    form = TuningForm(request.POST, company=request.company)
    if form.is_valid() and threshold_review.save(request, form, now=now):
        return back_to(form.market)
    return ask(request, form)


def back_to(market: str) -> HttpResponse:
    query = f"?{urlencode({'market': market})}" if market else ""
    return HttpResponseRedirect(reverse("panel:thresholds") + query)


def _hidden(form: TuningForm, seen: str) -> list[tuple[str, str]]:
    """What the page carries along: the change, and what it was compared with."""
    return [*((name, str(form[name].value() or "")) for name in ("market", *NAMES)), ("seen", seen)]


def _own_replay(request: PanelRequest, form: TuningForm) -> UUID | None:
    """The replay that the page had shown already; anything else is forgotten, and the page starts one."""
    public_id: UUID | None = form.cleaned_data.get("replay")
    return public_id if public_id and request.company.replay_runs.filter(public_id=public_id).exists() else None


def _known_market(request: PanelRequest, code: str) -> str:
    market = code.upper()
    if not is_market(market, request.company):
        raise Http404
    return market
