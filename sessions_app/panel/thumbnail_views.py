"""Faces for the rows of the list: one answer and one trace for a whole page (R80, R81)."""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sessions_app import thumbnails
from settings_app.access import PanelRequest, panel_view
from settings_app.choices import Role

MOST_ROWS = 100
"""The longest page of the list."""


@require_safe
@panel_view(Role.AGENT)
def session_thumbnails(request: PanelRequest) -> HttpResponse:
    ids = _ids(request.GET.getlist("row")[:MOST_ROWS])
    shown = thumbnails.show(company=request.company, session_ids=ids, actor=request.user, now=timezone.now())
    return JsonResponse({str(public_id): f"data:image/webp;base64,{base64.b64encode(webp).decode()}" for public_id, webp in shown.items()})


def _ids(texts: list[str]) -> set[UUID]:
    ids = set()
    for text in texts:
        try:
            ids.add(UUID(text))
        except ValueError:
            continue  # an unknown row is simply missing from the answer
    return ids
