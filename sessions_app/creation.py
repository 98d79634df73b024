"""How a session begins: created before its user appears, with a secret link that the company can show again (R1, R6, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sessions_app import lifecycle, tokens
from sessions_app.choices import EventKind
from sessions_app.models import SessionBatch, SessionEvent, VerificationSession
from settings_app import audit, keys, origins
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from verifyportal import crypto

LONGEST_ADDRESS = 500
"""Characters of a return address, as its column holds them."""

AT_ONCE = 500
"""Sessions that one statement inserts."""


class ReturnUrlNotAllowed(ValueError):
    """The return address is not on the company's list of allowed origins."""


class LanguageNotOffered(ValueError):
    """The company's flow does not speak this language (R47)."""


class UnknownExtraField(ValueError):
    """A value was given for a field that the company has not defined (R45)."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a company gives of a session before its user appears (R7); all of it may be left out."""

    reference: str = ""
    market: str = ""
    language: str = ""
    return_url: str = ""
    expected_first_name: str = ""
    expected_last_name: str = ""
    expected_birth_date: date | None = None
    extra_values: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def create_session(
    *,
    company: Company,
    created_by: User | None,
    now: datetime,
    reference: str = "",
    market: str = "",
    language: str = "",
    return_url: str = "",
    expected_first_name: str = "",
    expected_last_name: str = "",
    expected_birth_date: date | None = None,
    extra_values: Mapping[str, str] | None = None,
) -> tuple[VerificationSession, str]:
    """Create a session and return it with its token, which is not stored in the clear.

    Raises ReturnUrlNotAllowed, LanguageNotOffered or UnknownExtraField.
    """
    given = NewSession(
        reference=reference,
        market=market,
        language=language,
        return_url=return_url,
        expected_first_name=expected_first_name,
        expected_last_name=expected_last_name,
        expected_birth_date=expected_birth_date,
        extra_values=extra_values or {},
    )
    _check_extra_values(company, [given])
    session, token = born(given, company=company, key=keys.key_of(company), created_by=created_by, now=now)
    session.save(force_insert=True)
    lifecycle.note(session=session, kind=EventKind.CREATED, actor=created_by, now=now)
    audit.record(company=company, kind=AuditKind.SESSION_CREATED, actor=created_by, session_id=session.public_id, now=now)
    return session, token


@transaction.atomic
def create_many(*, batch: SessionBatch, given: Sequence[NewSession], now: datetime) -> None:
    """Create the sessions of a batch: the same as one by one, in a few statements. The batch is what the audit trail records.

    Raises ReturnUrlNotAllowed, LanguageNotOffered or UnknownExtraField, and then creates none.
    """
    company, actor = batch.company, batch.created_by
    _check_extra_values(company, given)
    key = keys.key_of(company)
    unsaved = (born(one, company=company, key=key, created_by=actor, now=now)[0] for one in given)
    while some := list(islice(unsaved, AT_ONCE)):
        for session in some:
            session.batch = batch
        VerificationSession.objects.bulk_create(some)
        SessionEvent.objects.bulk_create(SessionEvent(session=one, kind=EventKind.CREATED, actor=actor, at=now) for one in some)


def reveal_link(*, session: VerificationSession, actor: User, now: datetime) -> str:
    """Return the session's link again, the same as at creation; each showing is in the audit trail (R6)."""
    sealed = bytes(session.token_sealed)
    token = crypto.unseal(keys.key_of(session.company), sealed, context=_token_context(session)).decode()
    audit.record(company=session.company, kind=AuditKind.LINK_SHOWN, actor=actor, session_id=session.public_id, now=now)
    return link_for(token)


def links_of(sessions: Iterable[VerificationSession], *, company: Company) -> Iterator[tuple[VerificationSession, str]]:
    """Yield sessions of one company with their links. Whoever shows them leaves the trace before."""
    unseal = crypto.unsealer(keys.key_of(company))
    for session in sessions:
        yield session, link_for(unseal(bytes(session.token_sealed), _token_context(session)).decode())


def link_for(token: str) -> str:
    """Return the absolute address that is sent to the person."""
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}/v/{token}/"


def allowed_address(company: Company, address: str) -> str:
    """Return the address in the spelling that was checked. Raises ReturnUrlNotAllowed."""
    if not address:
        return ""
    with suppress(origins.NotAnAddress):
        origin, rest = origins.split(address)
        if origin in company.allowed_return_origins and len(origin + rest) <= LONGEST_ADDRESS:
            return origin + rest
    if not company.allowed_return_origins:
        raise ReturnUrlNotAllowed(_("Your company allows no return addresses. A master user can allow some in the settings."))
    allowed = ", ".join(company.allowed_return_origins)
    raise ReturnUrlNotAllowed(_("This return address is not allowed. It must begin with one of: %(allowed)s") % {"allowed": allowed})


def return_address(session: VerificationSession) -> str:
    """Where the person may go when done: what was given at creation, or nothing once the company no longer allows it (R47)."""
    try:
        return allowed_address(session.company, session.return_url)
    except ReturnUrlNotAllowed:
        return ""


def born(given: NewSession, *, company: Company, key: bytes, created_by: User | None, now: datetime) -> tuple[VerificationSession, str]:
    """Make a session that is not saved yet, and draw its token."""
    if given.language and given.language not in company.languages:
        raise LanguageNotOffered(given.language)
    token = tokens.new_token()
    session = VerificationSession(
        company=company,
        created_by=created_by,
        reference=given.reference,
        market=given.market,
        language=given.language,
        return_url=allowed_address(company, given.return_url),
        expected_first_name=given.expected_first_name,
        expected_last_name=given.expected_last_name,
        expected_birth_date=given.expected_birth_date,
        extra_values=dict(given.extra_values),
        max_retries=company.max_retries,
        created_at=now,
        expires_at=now + timedelta(days=company.link_days),
        token_hash=tokens.hash_token(token),
        handle=tokens.new_handle(),
    )
    session.token_sealed = crypto.seal(key, token.encode(), context=_token_context(session))
    return session, token


def _token_context(session: VerificationSession) -> str:
    return f"token:{session.public_id}"


def _check_extra_values(company: Company, given: Iterable[NewSession]) -> None:
    named = {key for one in given for key in one.extra_values}
    unknown = sorted(named - set(company.extra_fields.asked().values_list("key", flat=True))) if named else []
    if unknown:
        raise UnknownExtraField(_("Your company has no extra field named %(names)s.") % {"names": ", ".join(unknown)})
