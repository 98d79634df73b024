"""Who may enter the flow: whoever holds the link (R1, R2). Each view starts from `request.verification`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from sessions_app import access, lifecycle, steps
from sessions_app.choices import Outcome
from sessions_app.flow import language
from sessions_app.models import VerificationSession
from sessions_app.steps import Step

COOKIE = "vp_link"
DEAD = frozenset({Outcome.EXPIRED, Outcome.CANCELLED})


class FlowRequest(HttpRequest):
    """A request that came with the right cookie; `verification` is the only session that exists for it."""

    verification: VerificationSession


type_of_view = Callable[..., HttpResponse]


def flow_view(view: type_of_view) -> type_of_view:
    """Let in the holder of the link, in his language; everybody else gets the one page that tells nothing."""

    @wraps(view)
    def guarded(request: FlowRequest, handle: str, *args: object, **kwargs: object) -> HttpResponse:
        session = access.find_by_handle(handle, request.COOKIES.get(COOKIE, ""))
        if session is None or not is_alive(session):
            return link_does_not_work(request)
        request.verification = session
        with translation.override(language.of(request, session)):
            try:
                response = view(request, *args, **kwargs)
            except lifecycle.SessionClosed:
                response = go_on(request)
            response.headers["Content-Language"] = translation.get_language() or "en"
        return _private(response)

    return guarded


def at_step(*allowed: Step) -> Callable[[type_of_view], type_of_view]:
    """Let an act through only at its own step; in a second tab, or after a step back, the user goes on where he really is (R5)."""

    def decorate(view: type_of_view) -> type_of_view:
        @wraps(view)
        def guarded(request: FlowRequest, *args: object, **kwargs: object) -> HttpResponse:
            if steps.step_of(request.verification) not in allowed:
                return go_on(request, note="elsewhere")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_alive(session: VerificationSession) -> bool:
    """R3, R8: an expired or cancelled link opens nothing; a finished session still shows its result."""
    return session.outcome not in DEAD and session.link_works(timezone.now())


def page_url(session: VerificationSession, *, note: str = "") -> str:
    url = reverse("flow:page", args=[session.handle])
    return f"{url}?note={note}" if note else url


def go_on(request: FlowRequest, *, note: str = "") -> HttpResponse:
    """Lead the user to the current step: by redirect, or in words that the page's scripts understand."""
    url = page_url(request.verification, note=note)
    return JsonResponse({"next": url}) if wants_json(request) else redirect(url)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def link_does_not_work(request: HttpRequest) -> HttpResponse:
    """R1: unknown, foreign, expired or cancelled: the same page and the same status, so that nobody learns which sessions exist."""
    with translation.override(translation.get_language_from_request(request)):
        response = render(request, "flow/no_link.html", {"languages": ()}, status=404)
        response.headers["Content-Language"] = translation.get_language() or "en"
    response.headers["Referrer-Policy"] = "no-referrer"
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    # The browser sends no Origin along with a form under "no-referrer", and the CSRF check needs one.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
