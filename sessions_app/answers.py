"""What the user tells before any picture: that he came, that he agrees, the extra fields, and which document he will show.

`via` is the transfer of the phone that acts, None when the link itself does; each function raises UsedElsewhere for whoever has not got
the session now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from sessions_app import lifecycle, transfers
from sessions_app.choices import CaptureKind, EventKind, Outcome
from sessions_app.clients import ClientFacts
from sessions_app.models import Transfer, VerificationSession
from settings_app.choices import DocumentChoice


class DocumentNotAccepted(ValueError):
    """The company does not accept this kind of document."""


@transaction.atomic
def open_link(*, session: VerificationSession, client: ClientFacts, now: datetime, via: Transfer | None = None) -> None:
    """Record that the link was opened. The first opening counts; later ones only keep the session alive. Raises SessionClosed."""
    locked = _lock(session, via=via, now=now)
    locked.last_activity_at = now
    if locked.opened_at is None:
        locked.opened_at = now
        lifecycle.note(session=locked, kind=EventKind.OPENED, now=now, device=client.device)
    if not locked.captures.exists():
        record_client(session=locked, client=client)
    locked.save(update_fields=["last_activity_at", "opened_at"])


def record_client(*, session: VerificationSession, client: ClientFacts) -> None:
    """Keep the facts of the device that acts in the session now; once there are pictures, of the device that took the last one (R65).

    A session that has ended meanwhile keeps its device: it is counted with it.
    """
    VerificationSession.objects.filter(pk=session.pk, outcome=Outcome.PENDING).update(
        client_ip=client.ip, device=client.device, browser=client.browser, os=client.os, device_model=client.model
    )


@transaction.atomic
def consent(*, session: VerificationSession, version: str, language: str, now: datetime, via: Transfer | None = None) -> None:
    """Record the consent with the version and language of the text that was read. A second time changes nothing."""
    locked = _lock(session, via=via, now=now)
    if locked.consented_at is None:
        locked.consented_at, locked.consent_version, locked.consent_language = now, version, language
        locked.consent_refused_at = None
        lifecycle.note(session=locked, kind=EventKind.CONSENTED, now=now, version=version, language=language)
    _touch(locked, now, "consented_at", "consent_version", "consent_language", "consent_refused_at")


@transaction.atomic
def refuse_consent(*, session: VerificationSession, now: datetime, via: Transfer | None = None) -> None:
    """Record that the user does not agree. The link goes on to work, in case he changes his mind."""
    locked = _lock(session, via=via, now=now)
    if locked.consented_at is None and locked.consent_refused_at is None:
        locked.consent_refused_at = now
        lifecycle.note(session=locked, kind=EventKind.CONSENT_REFUSED, now=now)
    _touch(locked, now, "consent_refused_at")


@transaction.atomic
def fill_extra(*, session: VerificationSession, values: Mapping[str, str], now: datetime, via: Transfer | None = None) -> None:
    """Store the extra fields beside those that the company gave at creation."""
    locked = _lock(session, via=via, now=now)
    locked.extra_values = {**locked.extra_values, **values}
    locked.extra_filled_at = now
    lifecycle.note(session=locked, kind=EventKind.EXTRA_FILLED, now=now, fields=len(values))
    _touch(locked, now, "extra_values", "extra_filled_at")


@transaction.atomic
def choose_document(*, session: VerificationSession, country: str, document: str, now: datetime, via: Transfer | None = None) -> None:
    """Store which document the user will show. Another choice than before drops the pictures of the document, not the face.

    Raises DocumentNotAccepted, SessionClosed or, while an attempt is being checked, BeingChecked.
    """
    locked = _lock(session, via=via, now=now)
    lifecycle.require_unchecked(locked)
    if document not in locked.company.allowed_documents:
        raise DocumentNotAccepted(document)
    if (locked.chosen_country, locked.chosen_document) != (country, document):
        sides = [CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK]
        locked.captures.current().filter(kind__in=sides).update(replaced_at=now)
        lifecycle.note(session=locked, kind=EventKind.DOCUMENT_CHOSEN, now=now, document=DocumentChoice(document), country=country)
    locked.chosen_country, locked.chosen_document = country, document
    _touch(locked, now, "chosen_country", "chosen_document")


def _lock(session: VerificationSession, *, via: Transfer | None, now: datetime) -> VerificationSession:
    locked = lifecycle.lock(session.pk)
    lifecycle.require_open(locked, now=now)
    transfers.require_hand(locked, via=via, now=now)
    return locked


def _touch(session: VerificationSession, now: datetime, *fields: str) -> None:
    session.last_activity_at = now
    session.save(update_fields=["last_activity_at", *fields])
