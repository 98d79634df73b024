"""The page on which a master user says how the company's sessions go (R46, R47)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from settings_app import company_settings
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from settings_app.panel import change_page, session_page
from settings_app.panel.session_forms import SessionSettingsForm
from settings_app.panel.session_words import SETTINGS
from verifyportal.web import render_page

PAGE = "panel/settings/sessions.html"


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.MASTER)
def sessions(request: PanelRequest) -> HttpResponse:
    if request.method != "POST":
        return render_page(request, PAGE, session_page.context_of(session_page.form_of(request.company), request.company))
    wanted = request.POST.get("reset", "")
    if wanted in SETTINGS:
        form = SessionSettingsForm(session_page.reset(request.POST, wanted))
        return render_page(request, PAGE, session_page.context_of(form, request.company) | {"was_reset": SETTINGS[wanted].title})
    return _save(request, SessionSettingsForm(request.POST))


@require_safe
@panel_view(Role.MASTER)
def session_changes(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/settings/changes.html", {"page": change_page.page_of(request.company, request.GET.get("page", ""))})


def _save(request: PanelRequest, form: SessionSettingsForm) -> HttpResponse:
    company, now, refused = request.company, timezone.now(), session_page.Refused()
    if form.is_valid():
        try:
            changed = company_settings.change(company=company, actor=request.user, now=now, **form.given())
        except company_settings.ChangedMeanwhile as refusal:
            refused = session_page.Refused(overtaken=refusal.names)
        except company_settings.ErasureNotConfirmed:
            refused = session_page.Refused(erasure=session_page.erasure_of(company, form.cleaned_data["retention_days"], now=now))
        else:
            messages.success(request, session_page.told(changed))
            return redirect("settings:sessions")
    return render_page(request, PAGE, session_page.context_of(form, company, refused), status=422)
