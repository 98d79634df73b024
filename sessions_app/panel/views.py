"""The pages of the company panel. Every view starts from `request.company`: another company's session is a 404 (R81)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app import creation, lifecycle, storage
from sessions_app.models import CaptureImage
from sessions_app.panel import details, invitation, listing, photos, review_card, toolbar
from sessions_app.panel import match_levels as levels
from sessions_app.panel.forms import NewSessionForm
from settings_app import audit
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import AuditKind, Role
from verifyportal.web import render_page


@require_safe
@panel_view(Role.AGENT)
def session_list(request: PanelRequest) -> HttpResponse:
    now = timezone.now()
    found, shown = listing.listing_of(request, now=now)
    around = SimpleLazyObject(partial(toolbar.toolbar_of, request, found, now=now))  # not for the live part
    context = {"filter": found, "listing": shown, "toolbar": around}
    return render_page(request, "panel/sessions/list.html", context, fragment="panel/sessions/_results.html")


@require_safe
@panel_view(Role.AGENT)
def session_count(request: PanelRequest) -> HttpResponse:
    """The exact number of what the list shows; without scripts, a page of its own that leads back."""
    context = {"count": listing.exact_count_of(request), "back": request.GET.urlencode()}
    return render_page(request, "panel/sessions/count.html", context, fragment="panel/sessions/_count.html")


@require_safe
@panel_view(Role.AGENT)
def session_rows(request: PanelRequest) -> HttpResponse:
    """The rows that changed since they were printed: what the list asks for every few seconds (R64)."""
    rows, changed = listing.changed_rows(request, now=timezone.now())
    if not changed:
        return HttpResponse(status=204)
    return render_page(request, "panel/sessions/_rows.html", {"rows": changed, "live": listing.live_query(rows)})


@require_safe
@panel_view(Role.AGENT)
def session_menu(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """What a row's menu offers; fetched when it is opened, so that a page of rows does not carry a hundred menus."""
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    context = {"session": session, "link_works": session.is_open and session.link_works(timezone.now())}
    return render_page(request, "panel/sessions/_menu.html", context)


@require_safe
@panel_view(Role.AGENT)
def session_details(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session = get_object_or_404(details.with_everything(request.company.sessions), public_id=public_id)
    now = timezone.now()
    audit.record(company=request.company, kind=AuditKind.SESSION_VIEWED, actor=request.user, session_id=public_id, now=now)
    context = details.context_of(session, listing.extra_fields_of(request.company), now=now)
    context |= review_card.context_of(session=session, user=request.user, now=now)
    return render_page(request, "panel/sessions/details.html", context)


@require_safe
@panel_view(Role.AGENT)
def session_photo(request: PanelRequest, public_id: UUID, capture_id: UUID, position: int) -> HttpResponse:
    image = _find_image(request, public_id, capture_id, position)
    try:
        size = photos.Size(request.GET.get("size", ""))
        jpeg = photos.photo(image, size)
    except (ValueError, photos.NotFoundOnPicture, storage.PictureMissing) as gone:
        raise Http404 from gone
    photos.leave_trace(session=image.capture.session, image=image, size=size, actor=request.user, now=timezone.now())
    return HttpResponse(
        jpeg, content_type="image/jpeg", headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_new(request: PanelRequest) -> HttpResponse:
    now, before = timezone.now(), {} if request.method == "POST" else _same_again(request)
    form = _new_session_form(request, before, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            session, _token = creation.create_session(company=request.company, created_by=request.user, now=now, **form.values())
        except creation.ReturnUrlNotAllowed as refusal:
            form.add_error("return_url", str(refusal))
        else:
            return redirect("panel:session_ready", session.public_id)
    return render_page(request, "panel/sessions/new.html", {"form": form, "again": before}, status=422 if form.errors else 200)


@require_safe
@panel_view(Role.AGENT)
def session_ready(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """The page after creation: link, QR code, message. Each showing is audited, like every other."""
    return render_page(request, "panel/sessions/ready.html", _revealed(request, public_id))


@require_POST
@panel_view(Role.AGENT)
def session_link(request: PanelRequest, public_id: UUID) -> HttpResponse:
    context = _revealed(request, public_id)
    return render_page(request, "panel/sessions/ready.html", context, fragment="panel/sessions/_link_dialog.html")


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_cancel(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    if request.method != "POST":
        return render_page(request, "panel/sessions/cancel.html", {"session": session}, fragment="panel/sessions/_cancel_dialog.html")
    try:
        lifecycle.cancel(session=session, actor=request.user, now=timezone.now())
        messages.success(request, _("The session is cancelled. Its link no longer works."))
    except lifecycle.TransitionRefused:
        messages.error(request, _("The session had ended before it could be cancelled."))
    return redirect("panel:session_details", public_id)


@require_safe
@panel_view(Role.AGENT)
def match_levels(request: PanelRequest) -> HttpResponse:
    return render_page(request, "panel/match_levels.html", levels.context_of(request.company))


def _revealed(request: PanelRequest, public_id: UUID) -> dict[str, Any]:
    """The session with its invitation; a link that no longer works is not handed out."""
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    now = timezone.now()
    works = session.is_open and session.link_works(now)
    return {"session": session, "invitation": invitation.show(session=session, actor=request.user, now=now) if works else None}


def _new_session_form(request: PanelRequest, before: dict[str, Any], *, now: datetime) -> NewSessionForm:
    company = request.company
    return NewSessionForm(
        request.POST if request.method == "POST" else None,
        initial=before,
        extra_fields=list(company.extra_fields.asked()),
        languages=company.languages,
        today=now.astimezone(company.zone).date(),
    )


def _same_again(request: PanelRequest) -> dict[str, Any]:
    """What the form begins with when the address names a session that is to be made again."""
    try:
        session = get_object_or_404(request.company.sessions, public_id=UUID(request.GET["like"])) if "like" in request.GET else None
    except ValueError as no_id:
        raise Http404 from no_id
    return NewSessionForm.like(session) if session else {}


def _find_image(request: PanelRequest, public_id: UUID, capture_id: UUID, position: int) -> CaptureImage:
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    capture = get_object_or_404(session.captures, public_id=capture_id)
    return get_object_or_404(capture.images, position=position)
