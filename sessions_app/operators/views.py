"""The page for operators: what works, what waits, and what to do about it. Lives in the admin, behind its door."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.operators import state
from verifyportal.web import render_page, wants_fragment


@require_safe
def portal_state(request: HttpRequest) -> HttpResponse:
    """The page; it asks for its live part every few seconds, and once the login is over, for itself, which leads to the login."""
    if wants_fragment(request) and not admin.site.has_permission(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return admin.site.admin_view(_shown)(request)


def _shown(request: HttpRequest) -> HttpResponse:
    context = {"title": _("State of the portal"), "state": state.state_of(now=timezone.now())}
    if not wants_fragment(request):
        context |= admin.site.each_context(request)
    return render_page(request, "admin/state.html", context, fragment="admin/_state.html")
