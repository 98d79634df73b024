"""The fields that a company adds to its sessions: their list and order, one of them, and their preview (R45)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app.panel import extra_field_page
from sessions_app.panel.extra_field_forms import ExtraFieldForm, OrderForm
from sessions_app.panel.flow_preview import THEMES, framed, framing, wants_json
from settings_app import extra_fields as fields
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page, wants_fragment

LIST, FRAGMENT, ONE = "panel/settings/extra_fields.html", "panel/settings/_extra_fields.html", "panel/settings/extra_field.html"


@require_safe
@framing
@panel_view(Role.MASTER)
def extra_fields(request: PanelRequest) -> HttpResponse:
    return render_page(request, LIST, extra_field_page.context_of(request.company))


@require_POST
@panel_view(Role.MASTER)
def extra_fields_order(request: PanelRequest) -> HttpResponse:
    """Save an order at once. An order of fields that are not those any more changes nothing and says so."""
    extra_field_page.put_in_order(request, OrderForm(request.POST), now=timezone.now())
    if not wants_fragment(request):
        return redirect("panel:extra_fields")
    return render_page(request, LIST, extra_field_page.context_of(request.company), fragment=FRAGMENT)


@require_http_methods(["GET", "HEAD", "POST"])
@framing
@panel_view(Role.MASTER)
def extra_field_new(request: PanelRequest) -> HttpResponse:
    form = ExtraFieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = fields.add(company=request.company, words=form.words(), actor=request.user, now=timezone.now())
        except (fields.LabelTaken, fields.TooManyFields) as refusal:
            extra_field_page.add_error(form, refusal)
        else:
            messages.success(request, _("“%(label)s” is asked from now on.") % {"label": added.label})
            return redirect("panel:extra_fields")
    return render_page(request, ONE, {"form": form, "themes": THEMES}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@framing
@panel_view(Role.MASTER)
def extra_field(request: PanelRequest, field_id: int) -> HttpResponse:
    field = get_object_or_404(request.company.extra_fields.asked(), pk=field_id)
    form = ExtraFieldForm(request.POST if request.method == "POST" else None, initial=ExtraFieldForm.about(field))
    if request.method == "POST" and form.is_valid():
        try:
            fields.edit(field=field, words=form.words(), actor=request.user, now=timezone.now())
        except fields.LabelTaken as refusal:
            extra_field_page.add_error(form, refusal)
        else:
            messages.success(request, _("“%(label)s” is saved.") % {"label": field.label})
            return redirect("panel:extra_fields")
    return render_page(request, ONE, {"form": form, "field": field, "themes": THEMES}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.MASTER)
def extra_field_remove(request: PanelRequest, field_id: int) -> HttpResponse:
    field = get_object_or_404(request.company.extra_fields.asked(), pk=field_id)
    if request.method != "POST":
        return render_page(request, "panel/settings/extra_field_remove.html", {"field": field})
    fields.remove(field=field, actor=request.user, now=timezone.now())
    messages.success(request, _("“%(label)s” is asked no more.") % {"label": field.label})
    return redirect("panel:extra_fields")


@require_http_methods(["GET", "HEAD", "POST"])
@framed
@panel_view(Role.MASTER)
def extra_fields_preview(request: PanelRequest) -> HttpResponse:
    """The flow's page of these fields; `field` in the address is the one that the posted form changes, else it is a new one."""
    form = ExtraFieldForm(request.POST) if request.method == "POST" else None
    chosen = request.GET.get("field", "")
    field = get_object_or_404(request.company.extra_fields.asked(), pk=int(chosen)) if chosen.isdecimal() else None
    page = extra_field_page.preview_of(request, request.company, form, field)
    return JsonResponse({"page": page}) if wants_json(request) else HttpResponse(page)
