"""The pages of the manual review. Every view starts from `request.company`: another company's session is a 404 (R24, R26, R81)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions_app import claims, review
from sessions_app.choices import Outcome, RedoStep
from sessions_app.panel import review_acts, review_bulk, review_card, review_queue
from sessions_app.panel.review_forms import BulkDeclineForm, CorrectionForm, DecisionForm, RedoForm
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from verifyportal.web import render_page


@require_safe
@panel_view(Role.AGENT)
def review_list(request: PanelRequest) -> HttpResponse:
    queue = review_queue.queue_of(company=request.company, user=request.user, asked=request.GET.dict(), now=timezone.now())
    return render_page(request, "panel/review/queue.html", {"queue": queue})


@require_safe
@panel_view(Role.AGENT)
def review_badge(request: PanelRequest) -> HttpResponse:
    """The number in the ribbon, asked for now and then by every page of the panel."""
    return render_page(request, "panel/review/_badge.html", {})


@require_POST
@panel_view(Role.AGENT)
def review_start(request: PanelRequest) -> HttpResponse:
    """Take the session that has waited longest."""
    session = claims.claim_next(company=request.company, actor=request.user, now=timezone.now())
    if session is None:
        messages.info(request, _("No session waits that nobody else has."))
        return redirect("panel:review_list")
    return redirect("panel:session_details", session.public_id)


@require_POST
@panel_view(Role.AGENT)
def review_bulk_act(request: PanelRequest) -> HttpResponse:
    """Claim, release or decline what was ticked. Declining asks first, on a page that lists everything."""
    picked = review_bulk.chosen(request.company, request.POST.getlist("session"))
    action = request.POST.get("action", "")
    form = BulkDeclineForm(request.POST if "confirmed" in request.POST else None)
    if action == "decline" and picked and not review_acts.is_complete(form):
        context = {"picked": picked, "form": form}
        return render_page(request, "panel/review/decline_several.html", context, status=422 if form.errors else 200)
    acts = {"claim": review_bulk.claim, "release": review_bulk.release, "decline": review_bulk.decline}
    if action in acts:
        given = form.values() if action == "decline" and picked else {}
        done = review_bulk.each(picked, acts[action], actor=request.user, now=timezone.now(), **given)
        review_bulk.report(request, action, *done)
    return redirect("panel:review_list")


@require_POST
@panel_view(Role.AGENT)
def session_claim(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """Keep the session for oneself; a master may take it over from somebody else."""
    session, take_over = get_object_or_404(request.company.sessions, public_id=public_id), "take_over" in request.POST
    review_acts.attempt(
        request, lambda: claims.claim(session=session, actor=request.user, now=timezone.now(), take_over=take_over), done=""
    )
    return redirect("panel:session_details", public_id)


@require_POST
@panel_view(Role.AGENT)
def session_release(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    done = _("The session is free for others.")
    review_acts.attempt(request, lambda: claims.release(session=session, actor=request.user, now=timezone.now()), done=done)
    return redirect("panel:session_details", public_id)


@require_POST
@panel_view(Role.AGENT)
def session_keep(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """Asked while the reviewer works on the page: his claim lasts longer, and the page says who has the session now."""
    session, now = get_object_or_404(request.company.sessions, public_id=public_id), timezone.now()
    claims.renew(session=session, actor=request.user, now=now)
    session.refresh_from_db()
    context = {"session": session, "review": review_card.card_of(session, user=request.user, now=now)}
    return render_page(request, "panel/review/_claim.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_decide(request: PanelRequest, public_id: UUID, outcome: Outcome) -> HttpResponse:
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    form = DecisionForm(request.POST or None, outcome=outcome, initial={"attempt": session.result_attempt})
    if request.method == "POST" and form.is_valid() and review_acts.decide(request, session, form, outcome, now=timezone.now()):
        return redirect("panel:session_details", public_id)
    return review_acts.ask(request, session, form, act=outcome.value, now=timezone.now())


@require_POST
@panel_view(Role.AGENT)
def session_undo(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    done = _("The decision is undone. The session is in review again, and you have it.")
    review_acts.attempt(request, lambda: review.undo(session=session, actor=request.user, now=timezone.now()), done=done)
    return redirect("panel:session_details", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_redo(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """Ask for one step again; then comes the page with the link, which works once more."""
    session = get_object_or_404(request.company.sessions, public_id=public_id)
    form = RedoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step, done = RedoStep(form.cleaned_data["step"]), _("The session is open again at that step. Send the link once more.")
        if review_acts.attempt(request, lambda: review.ask_again(session=session, step=step, actor=request.user, now=timezone.now()), done):
            return redirect("panel:session_ready", public_id)
        return redirect("panel:session_details", public_id)
    return review_acts.ask(request, session, form, act="redo", now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.AGENT)
def session_correct(request: PanelRequest, public_id: UUID) -> HttpResponse:
    session, now = get_object_or_404(request.company.sessions, public_id=public_id), timezone.now()
    form = CorrectionForm(request.POST or None, session=session, today=now.astimezone(request.company.zone).date())
    if request.method == "POST" and form.is_valid() and review_acts.correct(request, session, form, now=now):
        return redirect("panel:session_details", public_id)
    return review_acts.ask(request, session, form, act="correct", now=now)
