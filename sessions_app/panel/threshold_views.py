"""The pages on which a master user changes thresholds (R40, R41, R42)."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_safe
@panel_view(Role.MASTER)
def thresholds(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/tuning/thresholds.html", {})
