"""The page of metrics (R50)."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_safe
@panel_view(Role.AGENT)
def metrics(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/metrics/metrics.html", {})
