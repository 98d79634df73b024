"""The company's own look of the flow, and its preview (R47)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions_app.panel import branding_page
from sessions_app.panel.flow_preview import framed, framing, wants_json
from settings_app import branding as brands
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@framing
@panel_view(Role.MASTER)
def branding(request: PanelRequest) -> HttpResponse:
    form = branding_page.form_of(request, request.company)
    if request.method == "POST" and form.is_valid():
        changed = brands.change(company=request.company, actor=request.user, now=timezone.now(), **form.values())
        messages.success(request, _("Saved. People see it from their next page on.") if changed else _("Nothing was changed."))
        return redirect("panel:branding")
    context = branding_page.context_of(request.company, form)
    return render_page(request, "panel/settings/branding.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@framed
@panel_view(Role.MASTER)
def branding_preview(request: PanelRequest) -> HttpResponse:
    """A page of the flow with what is stored, or with what a form holds; for scripts together with what there is to say about it."""
    form = branding_page.form_of(request, request.company)
    page = branding_page.preview_of(request, request.company, form)
    if not wants_json(request):
        return HttpResponse(page)
    context = branding_page.context_of(request.company, form)
    return JsonResponse({"page": page, "notes": render_to_string("panel/settings/_branding_notes.html", context, request)})
