"""Where an invited person comes in and opens his account. Whatever is wrong with a link, the page is the same (R46, R80)."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from settings_app import people
from settings_app.panel.people_forms import JoinForm

INVITATION = "invitation"
"""Where the browser's session keeps the hash of the link's token, so that the token leaves the address bar at once."""


@require_safe
@never_cache
def join_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address. Nothing is used up: mail programs open links before people do."""
    token_hash = people.hash_token(token)
    try:
        people.find_invitation(token_hash=token_hash, now=timezone.now())
        request.session[INVITATION] = token_hash
    except people.InvitationOver:
        request.session.pop(INVITATION, None)  # whoever tries links leaves no sessions behind
    return redirect("join")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest) -> HttpResponse:
    """Ask for a name and a password; afterwards everybody logs in, who is new and who had an account, and reads the same words."""
    try:
        invitation = people.find_invitation(token_hash=request.session.get(INVITATION, ""), now=timezone.now())
    except people.InvitationOver:
        return render(request, "join/over.html", status=404)
    form = JoinForm(request.POST or None, invitation=invitation)
    if request.user.is_authenticated or request.method != "POST":
        return render(request, "join/join.html", {"form": form, "invitation": invitation})
    return ratelimit.consume_or_429(request, action="signup") or _joined(request, form)


def _joined(request: HttpRequest, form: JoinForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, "join/join.html", {"form": form, "invitation": form.invitation}, status=422)
    given = {"full_name": form.cleaned_data["full_name"], "password": form.cleaned_data["password"]}
    try:
        people.join(token_hash=form.invitation.token_hash, now=timezone.now(), **given)
    except people.InvitationOver:
        return render(request, "join/over.html", status=404)
    del request.session[INVITATION]
    messages.success(
        request,
        _(
            "Now log in with your e-mail address and the password that you have just chosen. If this address had an account before,"
            " that account is as it was: use its own password."
        ),
    )
    return redirect(settings.LOGIN_URL)
