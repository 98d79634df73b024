"""The pages on which a master user changes thresholds: change, look at what it means, save (R40, R41, R42)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app.panel import threshold_matrix as matrix_of_markets
from sessions_app.panel import threshold_pages
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.MASTER)
def thresholds(request: PanelRequest) -> HttpResponse:
    """What applies, to be changed. What is posted here comes back unsaved, for whoever goes on changing it."""
    form = threshold_pages.unsaved(request) if request.method == "POST" else threshold_pages.stored(request)
    return threshold_pages.edit(request, form)


@require_POST
@panel_view(Role.MASTER)
def threshold_review(request: PanelRequest) -> HttpResponse:
    """What the change means, before anything is saved."""
    return threshold_pages.ask(request, threshold_pages.entered(request))


@require_POST
@panel_view(Role.MASTER)
def threshold_save(request: PanelRequest) -> HttpResponse:
    return threshold_pages.save(request, now=timezone.now())


@require_safe
@panel_view(Role.MASTER)
def threshold_matrix(request: PanelRequest) -> HttpResponse:
    context = matrix_of_markets.context_of(request.company, now=timezone.now())
    return render_page(request, "panel/tuning/matrix.html", context)
