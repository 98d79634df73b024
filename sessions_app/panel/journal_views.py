"""The tuning journal: its page and its file (R42)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_safe

from sessions_app.panel import csv_file
from sessions_app.panel import journal as shown
from settings_app import audit, journal
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import AuditKind, Role
from verifyportal.web import render_page


@require_safe
@panel_view(Role.MASTER)
def journal_page(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/tuning/journal.html", shown.page_of(request.company, request.GET, now=timezone.now()))


@require_GET
@panel_view(Role.MASTER)
def journal_export(request: PanelRequest) -> HttpResponse:
    """What the filters find, newest first, whole: the journal grows with what people write and stays small."""
    now, company = timezone.now(), request.company
    wanted = shown.JournalFilter(request.GET, company=company).wanted()
    found = journal.entries(company, **wanted)
    audit.record(company=company, kind=AuditKind.JOURNAL_EXPORTED, actor=request.user, now=now, saves=len(found))
    name = slugify(f"{company.name} tuning journal {now.astimezone(company.zone):%Y-%m-%d}", allow_unicode=True)
    return csv_file.answer(f"{name}.csv", shown.COLUMNS, shown.rows_of(company, found))
