"""The page of metrics, and its tables as files (R50)."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_safe

from sessions_app.metrics import recount
from sessions_app.panel import csv_file, drift_cards, metrics_page, metrics_tables
from sessions_app.panel.metrics_counts import read
from sessions_app.panel.metrics_scope import asked_of
from settings_app import audit
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import AuditKind, Role
from verifyportal.web import render_page, wants_fragment


@require_safe
@panel_view(Role.AGENT)
def metrics(request: PanelRequest) -> HttpResponse:
    is_counted = recount.ensure_soon(request.company)
    asked = asked_of(request.GET, company=request.company, now=timezone.now())
    context = metrics_page.context_of(asked, request.GET) if is_counted else metrics_page.context_of_waiting(asked, request.GET)
    context["is_live"] = wants_fragment(request)
    context["drift"] = drift = SimpleLazyObject(partial(drift_cards.drift_of, request.company, today=asked.today))  # not for the live part
    context["drifts_open"] = lambda: drift_cards.badge(drift.alerts.number if drift else 0)  # the ribbon need not ask as well
    return render_page(request, "panel/metrics/metrics.html", context, fragment="panel/metrics/_figures.html")


@require_GET
@panel_view(Role.AGENT)
def metrics_table(request: PanelRequest) -> HttpResponse:
    """One table of the page as a file."""
    now, company = timezone.now(), request.company
    wanted = request.GET.get("table", "")
    if wanted not in metrics_tables.TableName:
        raise Http404
    if not recount.ensure_soon(company):
        return redirect("panel:metrics")  # which says that it is being counted
    table, asked = metrics_tables.TableName(wanted), asked_of(request.GET, company=company, now=now)
    head, rows = metrics_tables.file_of(table, asked.scope, read(asked))
    days = f"{asked.stretch.first} {asked.stretch.last}"
    audit.record(company=company, kind=AuditKind.METRICS_EXPORTED, actor=request.user, now=now, table=table.value, days=days)
    name = slugify(f"{company.name} metrics {table.value} {days}", allow_unicode=True)
    return csv_file.answer(f"{name}.csv", head, rows)
