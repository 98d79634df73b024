"""In which language the flow speaks: the user's own choice, else the company's for this session, else the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from sessions_app.models import VerificationSession


def of(request: HttpRequest, session: VerificationSession) -> str:
    for wish in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), session.language):
        if is_offered(wish):
            return wish
    return translation.get_language_from_request(request)


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def offered() -> list[tuple[str, str]]:
    """Return (code, name in that language itself) of every language of the flow."""
    return [(code, translation.get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
