"""The sessions as a file: its download, how far it is, and its end before time (R65, R81)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST, require_safe

from sessions_app import export
from sessions_app.export_progress import Progress
from sessions_app.panel.export_columns import TEXTS, columns
from sessions_app.panel.filters import SessionFilter
from sessions_app.panel.listing import extra_fields_of
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role


@require_GET
@panel_view(Role.AGENT)
def session_export(request: PanelRequest) -> StreamingHttpResponse:
    """What search and filters find, newest first; the order and the place of the list mean nothing here."""
    now = timezone.now()
    wanted, active = _asked(request)
    export.begin(wanted, filters=[name for name in active if name != "q"], searched="q" in active, now=now)
    day = now.astimezone(request.company.zone).date()
    return _download(export.stream(wanted, clock=timezone.now), f"{request.company.name} sessions {day}")


@require_safe
@panel_view(Role.AGENT)
def session_export_progress(request: PanelRequest, export_id: UUID) -> HttpResponse:
    note = _progress(request, export_id).read()
    if note is None:
        raise Http404
    return JsonResponse(note)


@require_POST
@panel_view(Role.AGENT)
def session_export_cancel(request: PanelRequest, export_id: UUID) -> HttpResponse:
    progress = _progress(request, export_id)
    if progress.read() is None:
        raise Http404
    progress.cancel()
    return HttpResponse(status=204)


def _asked(request: PanelRequest) -> tuple[export.Export, list[str]]:
    """Return what the address asks for, and the names of the filters that are set."""
    everything = request.company.sessions.newest_first()
    found = SessionFilter(request.GET, queryset=everything, request=request)
    wanted = export.Export(
        id=_id(request.GET.get("export", "")),
        company=request.company,
        actor=request.user,
        sessions=found.narrowing.looked_up(everything),
        columns=columns(request.company, extra_fields_of(request.company)),
        texts=TEXTS,
    )
    return wanted, sorted(name for name, value in found.form.cleaned_data.items() if value)


def _progress(request: PanelRequest, export_id: UUID) -> Progress:
    return Progress(company_id=request.company.pk, user_id=request.user.pk, export_id=export_id)


def _id(text: str) -> UUID:
    """The id that the page chose; a plain link has none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _download(lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A file that nothing on the way keeps, changes or collects before it passes it on."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{slugify(name, allow_unicode=True)}.csv")
    answer["Cache-Control"] = "private, no-store, no-transform"
    answer["X-Accel-Buffering"] = "no"
    return answer
