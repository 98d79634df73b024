"""A company's colour and logo, at addresses that name their content: browsers keep them, and nobody can list companies by them."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from settings_app import branding
from settings_app.colours import Accent, scheme_of

COLOUR = re.compile(r"[0-9a-f]{6}")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
TOKENS = {"link": "accent", "fill": "accent-fill", "hover": "accent-strong", "ink": "accent-ink", "pale": "accent-pale"}


@require_safe
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of a colour: that and nothing else, so it tells nothing about anybody."""
    if not COLOUR.fullmatch(colour):
        raise Http404
    scheme = scheme_of(f"#{colour}")
    return HttpResponse(_style_sheet(scheme.light, scheme.dark), content_type="text/css; charset=utf-8", headers=FOR_EVER)


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The logo with this SHA-256, for whoever was told it by a page of the flow."""
    png = branding.picture(digest)
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers=FOR_EVER)


def _style_sheet(light: Accent, dark: Accent) -> str:
    """The accent's tokens, written as in tokens.css: browsers without light-dark() get the light theme."""
    plain = "".join(f"--{token}:{getattr(light, name)};" for name, token in TOKENS.items())
    both = "".join(f"--{token}:light-dark({getattr(light, name)},{getattr(dark, name)});" for name, token in TOKENS.items())
    return f":root{{{plain}}}@supports (color:light-dark(#000,#fff)){{:root{{{both}}}}}\n"
