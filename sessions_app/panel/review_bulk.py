"""Several sessions of the queue at once: each goes through the same door as alone, and whichever cannot is named (R24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app import claims, review
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel import facts
from sessions_app.panel.review_queue import PAGE_SIZE
from sessions_app.panel.review_words import REFUSALS, refusal_text
from settings_app.models import Company, User


@dataclass(frozen=True, slots=True)
class Chosen:
    """A session that was ticked, with the attempt that stood beside its box."""

    session: VerificationSession
    attempt: int

    @property
    def name(self) -> str:
        return facts.name_of(self.session)

    @property
    def ticked(self) -> str:
        return f"{self.session.public_id}.{self.attempt}"


def chosen(company: Company, ticked: Iterable[str]) -> list[Chosen]:
    """The company's sessions behind the boxes, longest waiting first; what names none of them is left out."""
    attempts = dict(filter(None, map(_read, list(ticked)[:PAGE_SIZE])))
    sessions = company.sessions.filter(public_id__in=attempts).order_by("closed_at", "id")
    return [Chosen(session, attempts[session.public_id]) for session in sessions]


def claim(picked: Chosen, *, actor: User, now: datetime) -> None:
    claims.claim(session=picked.session, actor=actor, now=now)


def release(picked: Chosen, *, actor: User, now: datetime) -> None:
    claims.release(session=picked.session, actor=actor, now=now)


def decline(picked: Chosen, *, actor: User, now: datetime, **given: Any) -> None:
    review.decide(session=picked.session, outcome=Outcome.DECLINE, attempt=picked.attempt, actor=actor, now=now, **given)


def each(picked: list[Chosen], act: Callable[..., None], **given: Any) -> tuple[int, list[str]]:
    """Do it with each in a transaction of its own. Returns how many it was, and a sentence for each that was left as it is."""
    refused = []
    for one in picked:
        try:
            act(one, **given)
        except REFUSALS as refusal:
            refused.append(_("Skipped: %(name)s. %(why)s") % {"name": one.name, "why": refusal_text(refusal)})
    return len(picked) - len(refused), refused


def report(request: HttpRequest, action: str, done: int, refused: list[str]) -> None:
    """Tell what was done and what was not."""
    words = {
        "claim": ngettext("You have %d session now.", "You have %d sessions now.", done),
        "release": ngettext("%d session is free again.", "%d sessions are free again.", done),
        "decline": ngettext("%d session declined.", "%d sessions declined.", done),
    }
    if done:
        messages.success(request, words[action] % done)
    for sentence in refused:
        messages.warning(request, sentence)
    if not (done or refused):
        messages.warning(request, _("No session was selected."))


def _read(ticked: str) -> tuple[UUID, int] | None:
    public_id, _dot, attempt = ticked.partition(".")
    try:
        return UUID(public_id), int(attempt[:4])
    except ValueError:
        return None
