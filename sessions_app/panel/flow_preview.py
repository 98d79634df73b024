"""Pages of the flow as a person will see them, with values that may not be saved yet: a picture in a frame, in which nothing acts.

The pages are inert and come without their scripts, and the frame's sandbox stops whatever is left.
"""

from __future__ import annotations

import copy
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin

from settings_app.branding import NewLogo
from settings_app.models import Company, Logo

View = Callable[..., Any]
THEMES = ("light", "dark")
PHASES = ("", "", "", "")
"""The four dots; nobody is told their names here."""

WITHOUT_FOCUS = ('<h1 tabindex="-1" autofocus>', "<h1>")
"""A page in a frame leaves the focus where one writes."""

HANDLE = "preview"
"""In addresses of the frame's forms, which lead nowhere."""


def framed(view: View) -> View:
    """Let pages of our own, and no others, show the answer in a frame."""
    return xframe_options_sameorigin(csp_replace({"frame-ancestors": [SELF]})(view))


def framing(view: View) -> View:
    """Let the answer show pages of our own in frames."""
    return csp_update({"frame-src": [SELF]})(view)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def candidate(company: Company, *, support_email: str, colour: str, logo: NewLogo | None, keeps_logo: bool, stored: Logo | None) -> Company:
    """Return a copy of the company as it would be, which is never saved."""
    shown = copy.copy(company)
    shown.support_email, shown.brand_colour = support_email, colour
    fresh = logo and Logo(png=logo.png, sha256=logo.sha256, width=logo.width, height=logo.height, plate=logo.plate or "")
    Company._meta.get_field("logo").set_cached_value(shown, fresh or (stored if keeps_logo else None))
    return shown


def page_of(request: HttpRequest, template: str, *, company: Company, phase: int, theme: str, **context: Any) -> str:
    """Render a page of the flow, in English where the company's flow speaks it. logo: one that is not stored is part of the page itself."""
    logo: NewLogo | None = context.pop("logo", None)
    spoken = [code for code, _name in settings.LANGUAGES if code in company.languages]
    around = {
        "company": company,
        "logo_data": f"data:image/png;base64,{b64encode(logo.png).decode()}" if logo else "",
        "preview": theme if theme in THEMES else THEMES[0],
        "session": True,
        "handle": HANDLE,
        "phase": phase,
        "phases": PHASES,
        "languages": [(code, translation.get_language_info(code)["name_local"].capitalize()) for code in spoken if len(spoken) > 1],
    }
    with translation.override(settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in spoken else spoken[0]):
        return render_to_string(f"flow/{template}.html", around | context, request).replace(*WITHOUT_FOCUS)
