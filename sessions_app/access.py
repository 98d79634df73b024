"""How an end user's request finds its session: by the token of the link, later by the page's handle and the token in the cookie."""

from __future__ import annotations

import hmac

from sessions_app import tokens
from sessions_app.models import VerificationSession


def find_by_token(token: str) -> VerificationSession | None:
    """Return the session whose link holds this token, whatever its state."""
    return VerificationSession.objects.select_related("company").filter(token_hash=tokens.hash_token(token)).first()


def find_by_handle(handle: str, token: str) -> VerificationSession | None:
    """Return the session of a flow page, if the cookie's token opens it."""
    session = VerificationSession.objects.select_related("company").filter(handle=handle).first()
    if session is None or not hmac.compare_digest(session.token_hash, tokens.hash_token(token)):
        return None
    return session
