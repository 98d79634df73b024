"""The report of a session, made while one waits; making it leaves a trace like a look at each of its photos (R70)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.panel import listing
from sessions_app.panel.report import document, fonts
from settings_app import audit
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import AuditKind, Role


@require_safe
@panel_view(Role.AGENT)
def session_report(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session = get_object_or_404(document.with_everything(request.company.sessions), public_id=public_id)
    now, kind = timezone.now(), AuditKind.REPORT_MADE
    try:
        report = document.make(session, listing.extra_fields_of(request.company), made_for=request.user, now=now)
    except fonts.FontsMissing as missing:
        messages.error(request, _("The report cannot be made on this machine: %(why)s") % {"why": missing})
        return redirect("panel:session_details", public_id)
    audit.record(company=request.company, kind=kind, actor=request.user, session_id=public_id, now=now, photos=report.photos)
    return HttpResponse(report.pdf, content_type="application/pdf", headers=headers_of(f"session-{public_id}.pdf"))


def headers_of(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
