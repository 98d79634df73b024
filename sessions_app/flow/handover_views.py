"""The hand-over to a phone: what the first device shows, how the phone comes in, and the way back (R10-R14)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app import steps, tokens, transfers
from sessions_app.choices import DeviceKind
from sessions_app.flow import client, language, pages, phones, tries
from sessions_app.flow.access import FlowRequest, admit, flow_view, go_on, page_url, private
from sessions_app.flow.forms import CodeForm
from sessions_app.steps import Step

CODE_COOKIE = "vp_code"
"""The scanned code between two redirects, so that it stands in no address for longer than one request."""

KEY_COOKIE = "vp_phone"
"""Drawn before the phone asks: by it a phone is known again whose answer was lost, or that scans once more."""

KEY_LASTS = 24 * 3600
"""Seconds: as long as the longest transfer."""


@require_safe
@flow_view
def handover(request: FlowRequest) -> HttpResponse:
    """The code to scan, or where the phone is. A phone never gets a code; it goes on itself (R10)."""
    session, now = request.verification, timezone.now()
    phone = transfers.running(session, now) if request.transfer is None else None
    if phone is None and not _may_show_code(request):
        return go_on(request)
    context = pages.frame(request, steps.step_of(session)) | {"reach": phones.obstacle()}
    context |= {"phone": phones.mirror(phone, now=now)} if phone else phones.shown(transfers.issue_code(session=session, now=now), now=now)
    return render(request, "flow/handover.html", context)


@require_POST
@flow_view
def code(request: FlowRequest) -> HttpResponse:
    """A fresh code; the ones before stay good until their own end."""
    if not _may_show_code(request):
        return go_on(request)
    now = timezone.now()
    issued = transfers.issue_code(session=request.verification, now=now)
    return render(request, "flow/_handover_code.html", phones.shown(issued, now=now))


@require_POST
@flow_view
def take_back(request: FlowRequest) -> HttpResponse:
    if request.transfer is None:
        transfers.take_back(session=request.verification, now=timezone.now())
    return redirect(f"{page_url(request.handle)}?here")


def _may_show_code(request: FlowRequest) -> bool:
    if request.transfer is not None or client.facts(request).device == DeviceKind.MOBILE:
        return False
    return steps.step_of(request.verification) not in (Step.CHECKING, Step.DONE)


@require_safe
def phone_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Put the scanned code into a cookie and lead to `phone_connect`: what only previews a link never comes so far."""
    response = redirect("flow:phone_connect")
    _remember(request, response, CODE_COOKIE, token, seconds=int(transfers.CODE_LASTS.total_seconds()))
    _give_key(request, response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return private(response)


@require_safe
@language.of_browser
def phone_connect(request: HttpRequest) -> HttpResponse:
    """Let the phone that scanned a code in."""
    if not client.is_looked_at(request):
        return private(HttpResponse(status=204))
    token = request.COOKIES.get(CODE_COOKIE, "")
    response = _connect(request, token=token) if token else redirect("flow:phone")
    response.delete_cookie(CODE_COOKIE, path=reverse("flow:phone"))
    return private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@language.of_browser
def phone(request: HttpRequest) -> HttpResponse:
    """The form for the typed code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return private(_connect(request, typed=form.cleaned_data["code"]))
    return private(_ask_for_code(request, form, status=422 if form.is_bound else 200))


def _connect(request: HttpRequest, *, token: str = "", typed: str = "") -> HttpResponse:
    if typed and tries.used_up(request.META.get("REMOTE_ADDR")):
        return _refuse(request, typed, _("Too many wrong codes. Please wait ten minutes, or scan the code on your computer."), status=429)
    now, key = timezone.now(), request.COOKIES.get(KEY_COOKIE) or tokens.new_token()
    try:
        found = transfers.find_code(token=token, typed=typed, now=now)
        transfer, secret = transfers.connect(code=found, phone_key=key, client=client.facts(request), now=now)
    except transfers.AnotherPhone:
        return render(request, "flow/another_phone.html", {"languages": ()}, status=409)
    except transfers.CodeNotValid:
        if typed:
            tries.count(request.META.get("REMOTE_ADDR"))
        return _refuse(
            request, typed, _("This code does not work, or its time is over. Please use the new one on your computer."), status=404
        )
    response = admit(request, handle=transfer.handle, token=secret, until=found.session.expires_at)
    _remember(request, response, KEY_COOKIE, key, seconds=KEY_LASTS)
    return response


def _refuse(request: HttpRequest, typed: str, sentence: str, *, status: int) -> HttpResponse:
    form = CodeForm({"code": typed} if typed else {}, initial={})
    form.errors.clear()
    form.add_error("code", sentence)
    return _ask_for_code(request, form, status=status)


def _ask_for_code(request: HttpRequest, form: CodeForm, *, status: int) -> HttpResponse:
    response = render(request, "flow/phone.html", {"form": form, "languages": ()}, status=status)
    _give_key(request, response)
    return response


def _give_key(request: HttpRequest, response: HttpResponse) -> None:
    if KEY_COOKIE not in request.COOKIES:
        _remember(request, response, KEY_COOKIE, tokens.new_token(), seconds=KEY_LASTS)


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str, *, seconds: int) -> None:
    path = reverse("flow:phone")
    response.set_cookie(name, value, max_age=seconds, path=path, secure=request.is_secure(), httponly=True, samesite="Lax")
