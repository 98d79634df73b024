"""How people log in: by e-mail address, with a second factor if they set one up. Accounts are given, never taken."""

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):
    """No page lets a stranger open an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def mail(request: HttpRequest) -> dict[str, bool]:
    """Context of every page: whether this portal can send e-mail, so that nobody is promised one that never comes."""
    return {"mail_offered": bool(settings.EMAIL_HOST)}


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str | None:
    """Return the name that failed logins are counted under: the e-mail address, in whichever form it arrives."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login")
    return name.strip().lower() if name else None
