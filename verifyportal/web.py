"""One view, one address, two forms: the page, or its live part for htmx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def render_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, fragment: str = "", status: int = 200) -> HttpResponse:
    """Render `template`, or `fragment` when there is one and htmx asks for the live part alone.

    A boosted or history-restoring request replaces the whole body, so it gets the whole page.
    """
    response = render(request, fragment if fragment and wants_fragment(request) else template, dict(context), status=status)
    patch_vary_headers(response, VARY)
    return response


def wants_fragment(request: HttpRequest) -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and not any(headers.get(name) == "true" for name in VARY[1:])
