"""How an end user's request finds its session: by the token of the link, later by the page's handle and the token in the cookie.

A phone that carries a session has pages of the same kind under a handle and a token of its own.
"""

from __future__ import annotations

import hmac

from sessions_app import tokens
from sessions_app.models import Transfer, VerificationSession

COMPANY, PICTURE = "company__logo", "company__logo__png"
"""Every page shows its company, and its logo by an address; the picture itself has a request of its own."""


def find_by_token(token: str) -> VerificationSession | None:
    """Return the session whose link holds this token, whatever its state."""
    return VerificationSession.objects.select_related("company").filter(token_hash=tokens.hash_token(token)).first()


def find_by_handle(handle: str, token: str) -> VerificationSession | None:
    """Return the session of a flow page, if the cookie's token opens it."""
    session = VerificationSession.objects.select_related(COMPANY).defer(PICTURE).filter(handle=handle).first()
    if session is None or not hmac.compare_digest(session.token_hash, tokens.hash_token(token)):
        return None
    return session


def find_phone(handle: str, token: str) -> Transfer | None:
    """Return the transfer of a phone's page, if the cookie's token opens it."""
    transfer = Transfer.objects.select_related(f"session__{COMPANY}").defer(f"session__{PICTURE}").filter(handle=handle).first()
    if transfer is None or not hmac.compare_digest(transfer.token_hash, tokens.hash_token(token)):
        return None
    return transfer
