"""The page of people, and what a master does there (R46, R80)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from settings_app import people
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role
from settings_app.panel import people_page
from settings_app.panel.people_forms import InviteForm, RoleForm
from verifyportal.web import render_page

PAGE = "panel/settings/people.html"


@require_http_methods(["GET", "HEAD", "POST"])
@panel_view(Role.MASTER)
def people_list(request: PanelRequest) -> HttpResponse:
    """Who is here, and the form that invites somebody. The link of an invitation is in the answer and nowhere else."""
    now, form = timezone.now(), InviteForm(request.POST or None)
    shown = None
    if form.is_valid():
        try:
            invited = people.invite(company=request.company, actor=request.user, now=now, **form.cleaned_data)
            shown, form = people_page.hand_on(invited, by=request.POST.get("by", "")), InviteForm()
        except people.IsHereAlready:
            form.add_error("email", _("Somebody here has this address already."))
    return render_page(request, PAGE, people_page.context_of(request, now=now, form=form, shown=shown), status=422 if form.errors else 200)


@require_POST
@panel_view(Role.MASTER)
def invitation_renew(request: PanelRequest, public_id: UUID) -> HttpResponse:
    """A new link in place of the old one, which dies."""
    now, old = timezone.now(), get_object_or_404(people.pending(request.company), public_id=public_id)
    invited = people.invite(company=request.company, email=old.email, role=Role(old.role), actor=request.user, now=now)
    shown = people_page.hand_on(invited, by=request.POST.get("by", ""))
    return render_page(request, PAGE, people_page.context_of(request, now=now, shown=shown))


@require_POST
@panel_view(Role.MASTER)
def invitation_withdraw(request: PanelRequest, public_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(people.pending(request.company), public_id=public_id)
    if people.withdraw(invitation=invitation, actor=request.user, now=timezone.now()):
        messages.success(request, _("The invitation is withdrawn; its link does not work any more."))
    return redirect("settings:people")


@require_POST
@panel_view(Role.MASTER)
def person_role(request: PanelRequest, person_id: int) -> HttpResponse:
    person, form = get_object_or_404(request.company.users, pk=person_id), RoleForm(request.POST)
    if form.is_valid() and _did(request, people.change_role, person=person, role=Role(form.cleaned_data["role"])):
        messages.success(request, _("%(name)s has another role now.") % {"name": person.shown_name})
    return redirect("settings:people")


@require_POST
@panel_view(Role.MASTER)
def person_access(request: PanelRequest, person_id: int, active: bool) -> HttpResponse:
    person = get_object_or_404(request.company.users, pk=person_id)
    if _did(request, people.reactivate if active else people.deactivate, person=person):
        words = _("%(name)s can log in again.") if active else _("%(name)s is logged out and cannot come in any more.")
        messages.success(request, words % {"name": person.shown_name})
    return redirect("settings:people")


def _did(request: PanelRequest, act: Callable[..., None], **given: Any) -> bool:
    """Do it, or say why it cannot be done."""
    try:
        act(actor=request.user, now=timezone.now(), **given)
    except people.NotOneself:
        messages.error(request, _("Nobody can change his own role or access. Ask another master user."))
        return False
    return True
