"""The page of an error that nobody expected. It needs neither database nor session, because these may be what is away."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults

from sessions_app.flow.access import wants_json
from sessions_app.outages import DATABASE_AWAY

OF_THE_FLOW = ("/verify/", "/v/", "/phone/")
FAILED, AWAY = 500, 503
COME_BACK_AFTER = "10"
"""Seconds, for whoever asks by itself; a restart of the database takes about as long."""


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer in the user's words inside the flow, in those of staff elsewhere. 503: the database is away and will be back."""
    if not request.path.startswith(OF_THE_FLOW):
        return defaults.server_error(request)
    status = AWAY if isinstance(sys.exc_info()[1], DATABASE_AWAY) else FAILED
    with translation.override(translation.get_language_from_request(request)):
        response = _answer(request, status)
    if status == AWAY:
        response.headers["Retry-After"] = COME_BACK_AFTER
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": _("Something went wrong on our side. Please try again in a moment.")}, status=status)
    handle = request.path.split("/")[2] if request.path.startswith("/verify/") else ""
    return HttpResponse(render_to_string("flow/trouble.html", {"again": f"/verify/{handle}/" if handle else ""}), status=status)
