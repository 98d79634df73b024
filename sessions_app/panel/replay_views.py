"""A change of thresholds is tried on sessions of the past before it is saved: its start, its progress, its report (R43)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sessions_app.models import ReplayRun
from sessions_app.panel import replay_report
from sessions_app.panel.replay_forms import ReplayForm
from sessions_app.replay import runs
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page, wants_fragment

PAGE, FRAGMENT = "panel/tuning/replay.html", "panel/tuning/_replay.html"


@require_POST
@panel_view(Role.MASTER)
def replay_start(request: PanelRequest) -> HttpResponse:
    form = ReplayForm(request.POST, company=request.company)
    if not form.is_valid():
        status = 200 if wants_fragment(request) else 422
        return render_page(request, PAGE, {"refusals": form.refusals}, fragment=FRAGMENT, status=status)
    run = runs.start(
        company=request.company,
        market=form.market,
        values=form.thresholds(),
        wanted=form.wanted(),
        actor=request.user,
        now=timezone.now(),
    )
    return _shown(request, run) if wants_fragment(request) else redirect("panel:replay", run.public_id)


@require_safe
@panel_view(Role.MASTER)
def replay(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """The report; its live part asks for itself until the replay has ended."""
    return _shown(request, runs.look_after(_find(request, public_id), now=timezone.now()))


@require_POST
@panel_view(Role.MASTER)
def replay_cancel(request: PanelRequest, public_id: UUID) -> HttpResponse:
    run = _find(request, public_id)
    runs.cancel(run=run, now=timezone.now())
    return _shown(request, _find(request, public_id)) if wants_fragment(request) else redirect("panel:replay", public_id)


@require_safe
@panel_view(Role.MASTER)
def replay_sessions(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """The sessions that would end differently, all or those of one cell of the table."""
    run = _find(request, public_id)
    context = replay_report.context_of(run, now=timezone.now()) | replay_report.changed_page(request, run, move=request.GET.get("move", ""))
    return render_page(request, "panel/tuning/replay_sessions.html", context)


def _find(request: PanelRequest, public_id: UUID) -> ReplayRun:
    found: ReplayRun = get_object_or_404(request.company.replay_runs.select_related("company", "started_by"), public_id=public_id)
    return found


def _shown(request: PanelRequest, run: ReplayRun) -> HttpResponse:
    context = replay_report.context_of(run, now=timezone.now())
    if not wants_fragment(request):
        context |= replay_report.changed_page(request, run) | {"tried": replay_report.tried_of(run)}
    return render_page(request, PAGE, context, fragment=FRAGMENT)
