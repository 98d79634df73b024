"""Saved views of the list: save, rename, delete. Every view starts from the user: another one's is a 404."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app import saved_views
from sessions_app.panel.saved_queries import NameForm, SaveViewForm, views_of
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page

PAGE = "panel/sessions/views.html"


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def view_list(request: PanelRequest) -> HttpResponse:
    """All views of the user; what is posted becomes one of them and is opened."""
    form = SaveViewForm(request.POST if request.method == "POST" else None, company=request.company)
    if request.method == "POST" and form.is_valid():
        try:
            replaced = saved_views.save(user=request.user, now=timezone.now(), **form.cleaned_data)
        except saved_views.TooManyViews:
            form.add_error(None, _("You keep %(most)s views already. Delete one first.") % {"most": saved_views.MOST})
        else:
            messages.success(request, _said(form.cleaned_data["name"], replaced=replaced))
            return redirect(f"{reverse('panel:session_list')}?{form.cleaned_data['query']}")
    return _page(request, form=form)


@require_POST
@panel_view(Role.AGENT)
def view_rename(request: PanelRequest, view_id: int) -> HttpResponse:
    view, form = get_object_or_404(request.user.saved_views, pk=view_id), NameForm(request.POST)
    if form.is_valid():
        try:
            saved_views.rename(view=view, name=form.cleaned_data["name"])
        except saved_views.NameTaken:
            form.add_error("name", _("Another view has this name."))
        else:
            return redirect("panel:view_list")
    return _page(request, renamed=view, form=form)


@require_POST
@panel_view(Role.AGENT)
def view_delete(request: PanelRequest, view_id: int) -> HttpResponse:
    get_object_or_404(request.user.saved_views, pk=view_id).delete()
    messages.success(request, _("The view is deleted."))
    return redirect("panel:view_list")


def _page(request: PanelRequest, **context: Any) -> HttpResponse:
    shown = {"views": views_of(request.user, request.company), **context}
    return render_page(request, PAGE, shown, status=422 if context["form"].errors else 200)


def _said(name: str, *, replaced: bool) -> str:
    return (_("The view “%(name)s” now shows this.") if replaced else _("The view “%(name)s” is saved.")) % {"name": name}
