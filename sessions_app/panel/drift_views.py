"""The pages of drift: every alert there was, the early signs, and the note that closes one (R44)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sessions_app.days import day_of
from sessions_app.drift import alerts
from sessions_app.panel import drift_cards
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page

ALERTS = 25  # on a page


class NoteForm(forms.Form):
    """What somebody found out about an alert."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=alerts.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What the reason was, or what is done about it. Kept for your colleagues; write no names of people."),
        error_messages={"required": gettext_lazy("Say what you found out, or what is done about it.")},
    )


@require_safe
@panel_view(Role.AGENT)
def drift_list(request: PanelRequest) -> HttpResponse:
    page = Paginator(alerts.history_of(request.company), ALERTS).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "cards": drift_cards.cards_of(request.company, page),
        "signs": drift_cards.signs_of(request.company),
        "faded": drift_cards.faded_of(request.company, now=now),
        "anew": drift_cards.anew_of(request.company, today=day_of(now, request.company.zone)),
    }
    return render_page(request, "panel/metrics/drift.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.MASTER)
def drift_acknowledge(request: PanelRequest, alert_id: int) -> HttpResponse:
    alert = get_object_or_404(request.company.drift_alerts, pk=alert_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alerts.acknowledge(alert=alert, note=form.cleaned_data["note"], actor=request.user, now=timezone.now())
            messages.success(request, _("Acknowledged. A new baseline begins tomorrow."))
        except alerts.AlreadyClosed:
            messages.info(request, _("It was closed before you, by a colleague or because it faded; your note was not kept."))
        return redirect("panel:drift_list")
    context = {"card": drift_cards.card_of(request.company, alert), "form": form}
    return render_page(request, "panel/metrics/drift_acknowledge.html", context, status=422 if form.errors else 200)
