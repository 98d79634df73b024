"""What the holder of a link reads when his verification has an end that leads nowhere: expired, cancelled, abandoned.

Only who comes with the cookie is told which it was; the bare link says the same to everybody (R1).
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sessions_app.choices import AttemptState, Outcome
from sessions_app.models import VerificationSession

GONE = 410


def closed(request: HttpRequest, session: VerificationSession, *, page_url: str, as_json: bool) -> HttpResponse:
    """Answer for a session that is over. Scripts are led to the page, which then says why."""
    if as_json:
        return JsonResponse({"step": "done", "next": page_url})
    context = {"company": session.company, "languages": (), "ending": ending(session)}
    return render(request, "flow/closed.html", context, status=GONE)


def ending(session: VerificationSession) -> str:
    """Return the word for why nothing more can be done: `finished` and `in_time` are those who did their part before the link expired."""
    if session.outcome == Outcome.CANCELLED:
        return "cancelled"
    if session.outcome == Outcome.ABANDONED:
        return "abandoned"
    if session.outcome in (Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE):
        return "finished"
    return "in_time" if session.attempts.filter(state=AttemptState.PROCESSING).exists() else "expired"


def is_over(session: VerificationSession, *, now: datetime) -> bool:
    """R3, R8: an expired or cancelled link opens nothing; a finished session still shows its result."""
    return session.outcome in (Outcome.EXPIRED, Outcome.CANCELLED) or not session.link_works(now)
