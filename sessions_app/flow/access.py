"""Who may enter the flow: whoever holds the link, or the phone that carries its session (R1, R2, R11).

Each view starts from `request.verification`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from sessions_app import access, lifecycle, steps, transfers
from sessions_app.choices import TransferEnd
from sessions_app.flow import endings, language
from sessions_app.models import Transfer, VerificationSession
from sessions_app.steps import Step

COOKIE = "vp_link"
REMEMBERED = timedelta(days=1)
"""Beyond the end of a link: who had it open is told that it has expired, and not that it never worked. It opens nothing any more."""


class FlowRequest(HttpRequest):
    """A request that came with the right cookie; `verification` is the only session that exists for it.

    transfer: the phone's, None when the link itself asks. handle: the one in the address. now: when it came.
    """

    verification: VerificationSession
    transfer: Transfer | None
    handle: str
    now: datetime


class Place(StrEnum):
    """Where a device stands that has not got the session: the names that scripts learn in the place of a step."""

    HANDOVER = "handover"
    TAKEN_BACK = "taken_back"
    TRANSFER_OVER = "transfer_over"


type_of_view = Callable[..., HttpResponse]


def flow_view(view: type_of_view) -> type_of_view:
    """Let in the link's holder or the phone, in his language; everybody else gets the one page that tells nothing.

    A phone that carries the session no longer is led to the page that says so.
    """
    return _entrance(view, for_phones_of_before=False)


def telling_view(view: type_of_view) -> type_of_view:
    """As `flow_view`, but for what also a phone may see that carries the session no longer."""
    return _entrance(view, for_phones_of_before=True)


def _entrance(view: type_of_view, *, for_phones_of_before: bool) -> type_of_view:
    @wraps(view)
    def guarded(request: FlowRequest, handle: str, *args: object, **kwargs: object) -> HttpResponse:
        now = timezone.now()
        if not _recognise(request, handle, now=now):
            return link_does_not_work(request)
        with translation.override(language.of(request, request.verification)):
            try:
                if endings.is_over(request.verification, now=now):
                    response = endings.closed(request, request.verification, page_url=page_url(handle), as_json=wants_json(request))
                elif request.transfer is not None and not for_phones_of_before and place(request, now=now) is not None:
                    response = go_on(request)
                else:
                    response = view(request, *args, **kwargs)
            except (lifecycle.SessionClosed, transfers.UsedElsewhere):
                response = go_on(request)
            response.headers["Content-Language"] = translation.get_language() or "en"
        return private(response)

    return guarded


def _recognise(request: FlowRequest, handle: str, *, now: datetime) -> bool:
    """Find whose pages these are and note that a phone is there. False: nobody's."""
    token = request.COOKIES.get(COOKIE, "")
    session, transfer = access.find_by_handle(handle, token), None
    if session is None:
        transfer = access.find_phone(handle, token)
        session = transfer.session if transfer else None
    if session is None:
        return False
    if transfer is not None:
        transfers.seen(transfer_id=transfer.pk, last_seen_at=transfer.last_seen_at, now=now)
    request.verification, request.transfer, request.handle, request.now = session, transfer, handle, now
    return True


def place(request: FlowRequest, *, now: datetime) -> Place | None:
    """Return where the device stands when it has not got the session; None when it has, or when there is a result that it may see."""
    session, phone = request.verification, request.transfer
    if phone is None:
        return Place.HANDOVER if transfers.running(session, now) else None
    if phone.end == TransferEnd.TAKEN_BACK:
        return Place.TAKEN_BACK
    brought_the_result = phone.end == TransferEnd.COMPLETED and not session.is_open
    return None if now < phone.expires_at and (phone.ended_at is None or brought_the_result) else Place.TRANSFER_OVER


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
    return not endings.is_over(session, now=timezone.now())


def page_url(handle: str, *, note: str = "") -> str:
    url = reverse("flow:page", args=[handle])
    return f"{url}?note={note}" if note else url


def admit(request: HttpRequest, *, handle: str, token: str, until: datetime) -> HttpResponse:
    """Swap a secret for a cookie and lead to the page, so that it does not stay in the address bar, the history or a screenshot."""
    url = page_url(handle)
    response = redirect(url)
    response.set_cookie(COOKIE, token, expires=until + REMEMBERED, path=url, secure=request.is_secure(), httponly=True, samesite="Lax")
    response.headers["Referrer-Policy"] = "no-referrer"
    return private(response)


def go_on(request: FlowRequest, *, note: str = "") -> HttpResponse:
    """Lead the user to the current step: by redirect, or in words that the page's scripts understand."""
    url = page_url(request.handle, note=note)
    return JsonResponse({"next": url}) if wants_json(request) else redirect(url)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def link_does_not_work(request: HttpRequest) -> HttpResponse:
    """R1: unknown, foreign, expired or cancelled: the same page and the same status, so that nobody learns which sessions exist."""
    with translation.override(translation.get_language_from_request(request)):
        response = render(request, "flow/no_link.html", {"languages": ()}, status=404)
        response.headers["Content-Language"] = translation.get_language() or "en"
    response.headers["Referrer-Policy"] = "no-referrer"
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    # The browser sends no Origin along with a form under "no-referrer", and the CSRF check needs one.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
