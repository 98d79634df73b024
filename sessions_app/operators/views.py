"""The page for operators: what works, what waits, and what to do about it. Lives in the admin, behind its door."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.operators import state
from verifyportal.web import render_page


@require_safe
def portal_state(request: HttpRequest) -> HttpResponse:
    context = {"title": _("State of the portal"), "state": state.state_of(now=timezone.now())}
    if request.headers.get("HX-Request") != "true":
        context |= admin.site.each_context(request)
    return render_page(request, "admin/state.html", context, fragment="admin/_state.html")
