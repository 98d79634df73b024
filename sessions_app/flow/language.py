"""In which language the flow speaks: the user's own choice, else the company's for this session, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from sessions_app.models import VerificationSession


def of(request: HttpRequest, session: VerificationSession) -> str:
    for wish in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), session.language):
        if is_offered(wish):
            return wish
    return translation.get_language_from_request(request)


def of_browser(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page that knows no session yet speak the browser's language."""

    @wraps(view)
    def speaking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        return response

    return speaking


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


def offered() -> list[tuple[str, str]]:
    """Return (code, name in that language itself) of every language of the flow."""
    return [(code, translation.get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
