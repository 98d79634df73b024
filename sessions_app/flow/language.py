"""In which language the flow speaks: the user's own choice, else the company's for this session, else the browser's.

Of a company's pages all three count only within the languages that it offers (R47).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from sessions_app.models import VerificationSession
from settings_app.models import Company


def of(request: HttpRequest, session: VerificationSession) -> str:
    for wish in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), session.language):
        if is_offered(wish, session.company):
            return wish
    return _of_browser(request, [code for code, _name in settings.LANGUAGES if is_offered(code, session.company)])


def _of_browser(request: HttpRequest, among: Collection[str]) -> str:
    """The browser's first wish that is among these languages, else English, else the first of them."""
    for wish, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            spoken = translation.get_supported_language_variant(wish)
        except LookupError:
            continue
        if spoken in among:
            return spoken
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in among else next(iter(among), settings.LANGUAGE_CODE)


def of_browser(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page that knows no session yet speak the browser's language."""

    @wraps(view)
    def speaking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
        return response

    return speaking


def is_offered(code: str, company: Company) -> bool:
    return code in company.languages and code in dict(settings.LANGUAGES)


def offered(company: Company) -> list[tuple[str, str]]:
    """Return (code, name in that language itself) of every language of a company's flow; none where there is nothing to choose."""
    codes = [code for code, _name in settings.LANGUAGES if is_offered(code, company)]
    return [(code, translation.get_language_info(code)["name_local"].capitalize()) for code in codes] if len(codes) > 1 else []
