"""What a page tells about the phone that carries the session: which one it is and where it stands (R13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sessions_app import qr, steps, typed_codes
from sessions_app.flow import words
from sessions_app.models import Transfer, VerificationSession
from sessions_app.steps import CAPTURE_STEPS, Step
from sessions_app.transfers import QUIET_AFTER, ShownCode
from settings_app.choices import DocumentChoice
from verifyportal.env import LOOPBACK


def mirror(phone: Transfer, *, now: datetime) -> dict[str, Any]:
    """Return what the first device shows while the phone works. is_quiet: nothing was heard of it for a while."""
    return {
        "device": device_name(phone),
        "digits": phone.digits,
        "steps": list(_steps(phone.session)),
        "is_quiet": phone.last_seen_at <= now - QUIET_AFTER,
        "rivals": phone.rivals,
    }


def device_name(phone: Transfer) -> str:
    """Return what its owner knows it by, as far as the browser tells: "Pixel 8 · Chrome 126"."""
    return " · ".join(part for part in (phone.device_model or phone.os, phone.browser) if part) or _("A phone")


def _steps(session: VerificationSession) -> Iterator[dict[str, str]]:
    at, document = steps.step_of(session), session.chosen_document or DocumentChoice.PASSPORT
    of_face, of_document = _pictures(steps.FACE_STEPS, document), _pictures(steps.document_steps(document), document)
    of_document = [(_("Choice of document"), {Step.DOCUMENT_CHOICE}), *of_document]
    named = [
        (_("About you"), {Step.CONSENT, Step.EXTRA_FIELDS}),
        *([*of_face, *of_document] if session.company.face_first else [*of_document, *of_face]),
        (_("Sending"), {Step.OVERVIEW}),
        (_("Checking"), {Step.CHECKING}),
    ]
    reached = next((number for number, (_name, part) in enumerate(named) if at in part), len(named))
    for number, (name, _part) in enumerate(named):
        yield {"name": str(name), "state": "done" if number < reached else "now" if number == reached else "todo"}


def _pictures(asked: Iterable[Step], document: str) -> list[tuple[str, set[Step]]]:
    return [(str(words.of_capture(CAPTURE_STEPS[step], document)["short"]), {step}) for step in asked]


def shown(code: ShownCode, *, now: datetime) -> dict[str, Any]:
    """Return what `_handover_code.html` shows."""
    return {
        "code": qr.draw(code.link),
        "link": code.link,
        "typed": typed_codes.shown(code.typed),
        "host": urlsplit(settings.PUBLIC_BASE_URL).netloc,
        "expires_in_s": int((code.expires_at - now).total_seconds()),
    }


def obstacle() -> str:
    """Return why no phone can use this portal's address, or ""."""
    address = urlsplit(settings.PUBLIC_BASE_URL)
    if address.hostname in LOOPBACK:
        return "loopback"
    return "" if address.scheme == "https" else "insecure"
