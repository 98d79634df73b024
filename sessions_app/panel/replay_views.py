"""A change of thresholds is tried on sessions of the past before it is saved: its start, its progress, its report (R43)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_POST
@panel_view(Role.MASTER)
def replay_start(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/tuning/_replay.html", {}, status=422)


@require_safe
@panel_view(Role.MASTER)
def replay(request: PanelRequest, public_id: UUID) -> HttpResponse:
    run = get_object_or_404(request.company.replay_runs, public_id=public_id)
    return render_page(request, "panel/tuning/_replay.html", {"run": run})


@require_POST
@panel_view(Role.MASTER)
def replay_cancel(request: PanelRequest, public_id: UUID) -> HttpResponse:
    run = get_object_or_404(request.company.replay_runs, public_id=public_id)
    return render_page(request, "panel/tuning/_replay.html", {"run": run})


@require_safe
@panel_view(Role.MASTER)
def replay_sessions(request: PanelRequest, public_id: UUID) -> HttpResponse:
    run = get_object_or_404(request.company.replay_runs, public_id=public_id)
    return render_page(request, "panel/tuning/_replay.html", {"run": run})
