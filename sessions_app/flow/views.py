"""The pages of the hosted flow and the answers that need no picture. The current step lives on the server alone (R5, R12)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from sessions_app import access as links
from sessions_app import answers, steps, submission, transfers
from sessions_app.flow import client, pages, phones, unchanged
from sessions_app.flow import language as languages
from sessions_app.flow.access import (
    COOKIE,
    FlowRequest,
    Place,
    admit,
    at_step,
    flow_view,
    go_on,
    is_alive,
    link_does_not_work,
    page_url,
    place,
    telling_view,
)
from sessions_app.flow.forms import DocumentForm, ExtraFieldsForm, SubmitForm
from sessions_app.steps import Step


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Swap the link's token for a cookie, so that it does not stay in the address bar, the history or a screenshot."""
    session = links.find_by_token(token)
    if session is None or not is_alive(session):
        return link_does_not_work(request)
    return admit(request, handle=session.handle, token=token, until=session.expires_at)


@require_safe
@telling_view
def page(request: FlowRequest) -> HttpResponse:
    """Show the current step, or who has the session. Opening counts here, behind the cookie: a preview of the link never comes so far."""
    session, now = request.verification, timezone.now()
    elsewhere = place(request, now=now)
    if elsewhere is not None:
        return pages.show_elsewhere(request, elsewhere)
    if session.is_open and client.is_looked_at(request):
        answers.open_link(session=session, client=client.facts(request), via=request.transfer, now=now)
    return pages.show(request, steps.step_of(session))


@require_POST
@flow_view
@at_step(Step.CONSENT)
def consent(request: FlowRequest) -> HttpResponse:
    session, now = request.verification, timezone.now()
    if request.POST.get("answer") == "yes":
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        answers.consent(session=session, version=pages.CONSENT_VERSION, language=spoken, via=request.transfer, now=now)
    elif request.POST.get("answer") == "no":
        answers.refuse_consent(session=session, via=request.transfer, now=now)
    return go_on(request)


@require_POST
@flow_view
@at_step(Step.EXTRA_FIELDS)
def extra(request: FlowRequest) -> HttpResponse:
    form = ExtraFieldsForm(request.POST, session=request.verification)
    if not form.is_valid():
        return pages.show(request, Step.EXTRA_FIELDS, status=422, form=form)
    answers.fill_extra(session=request.verification, values=form.values(), via=request.transfer, now=timezone.now())
    return go_on(request)


@require_POST
@flow_view
@at_step(Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK, Step.OVERVIEW)
def document(request: FlowRequest) -> HttpResponse:
    form = DocumentForm(request.POST, session=request.verification)
    if not form.is_valid():
        return pages.show(request, Step.DOCUMENT_CHOICE, status=422, form=form)
    choice = form.cleaned_data
    answers.choose_document(
        session=request.verification, country=choice["country"], document=choice["document"], via=request.transfer, now=timezone.now()
    )
    return go_on(request)


@require_POST
@flow_view
def submit(request: FlowRequest) -> HttpResponse:
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return go_on(request, note="elsewhere")
    try:
        key = form.cleaned_data["submit_key"]
        submission.submit_attempt(session=request.verification, submit_key=key, via=request.transfer, now=timezone.now())
    except (submission.NotReady, submission.RetriesExhausted):
        return go_on(request, note="elsewhere")
    return go_on(request)


@require_safe
@telling_view
def progress(request: FlowRequest) -> HttpResponse:
    """Asked every second or two by every page that waits: where the user is now, and where his phone is."""
    now = timezone.now()
    standing = unchanged.look(handle=request.handle, token=request.COOKIES.get(COOKIE, ""), now=now)  # first: what comes later is news
    elsewhere = place(request, now=now)
    running = transfers.running(request.verification, now) if elsewhere is Place.HANDOVER else None
    answer = {
        "step": elsewhere or steps.step_of(request.verification),
        "next": page_url(request.handle),
        "phone": phones.mirror(running, now=now) if running else None,
    }
    return JsonResponse(answer, headers={"ETag": f'"{standing.tag}"'} if standing else {})


@require_POST
@telling_view
def language(request: FlowRequest) -> HttpResponse:
    response = go_on(request)
    code = request.POST.get("language", "")
    if languages.is_offered(code, request.verification.company):
        url = page_url(request.handle)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, path=url, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response
