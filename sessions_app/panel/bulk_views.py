"""The pages of sessions that are created together, from a file of references."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app import batches
from sessions_app.panel import batch_file, bulk, csv_file
from sessions_app.panel.forms import BatchForm
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page, wants_fragment


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_bulk(request: PanelRequest) -> HttpResponse:
    """Look at a file, and create its sessions once somebody has seen what is in it. The file itself is never kept."""
    form = BatchForm(request.POST, request.FILES) if request.method == "POST" else BatchForm(initial={"key": uuid4()})
    fields, now = list(request.company.extra_fields.asked()), timezone.now()
    look = bulk.look_at(form, company=request.company, fields=fields, now=now)
    if look and request.POST.get("act") == bulk.PROBLEMS:
        return bulk.problem_file(look)
    if look and (made := bulk.create(look, form, request, now)):
        return redirect("panel:batch", made.public_id)
    context = {"form": form, "look": look, "columns": batch_file.described(fields, request.company)}
    wrong = form.errors or (look and look.problems)
    status = 422 if wrong and not wants_fragment(request) else 200
    return render_page(request, "panel/sessions/bulk.html", context, fragment="panel/sessions/_looked_at.html", status=status)


@require_safe
@panel_view(Role.AGENT)
def bulk_template(request: PanelRequest) -> HttpResponse:
    """A file with the company's own columns and nothing below."""
    columns = batch_file.described(list(request.company.extra_fields.asked()), request.company)
    return csv_file.answer("sessions.csv", [column.name for column in columns])


@require_safe
@panel_view(Role.AGENT)
def batch_list(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/sessions/batches.html", {"page": bulk.batch_list(request)})


@require_safe
@panel_view(Role.AGENT)
def batch(request: PanelRequest, batch_id: UUID) -> HttpResponse:
    found = get_object_or_404(request.company.session_batches.select_related("created_by", "company"), public_id=batch_id)
    return render_page(request, "panel/sessions/batch.html", {"shown": bulk.batch_page(request, found)})


@require_POST
@panel_view(Role.AGENT)
def batch_links(request: PanelRequest, batch_id: UUID) -> HttpResponse:
    """The file of links. Each time stands in the audit trail, so it takes a POST: nothing fetches it ahead."""
    found = get_object_or_404(request.company.session_batches.select_related("company"), public_id=batch_id)
    return bulk.link_file(found, batches.hand_out(batch=found, actor=request.user, now=timezone.now()))
