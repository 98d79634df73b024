"""Notes about a session (R70, R81)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions_app import notes
from sessions_app.panel.review_forms import NoteForm
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_notes(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """The notes alone, and where a new one comes in."""
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        notes.add(session=session, text=form.cleaned_data["text"], author=request.user, now=timezone.now())
        messages.success(request, _("The note is added."))
        return redirect("panel:session_details", public_id)
    context = {"session": session, "notes": notes.of_session(session), "note_form": form}
    return render_page(request, "panel/review/notes.html", context, status=422 if form.errors else 200)
