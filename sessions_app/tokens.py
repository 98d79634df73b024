"""The secret in a session's link: 256 random bits, looked up by hash, so that a copy of the table opens nothing (R1, R6)."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32
HANDLE_LENGTH = 16


def new_token() -> str:
    """Draw a token: 43 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token as 64 hexadecimal characters. A 256-bit random token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_handle() -> str:
    """Draw the public name of a session's pages: it appears in addresses and opens nothing without the cookie."""
    return secrets.token_hex(HANDLE_LENGTH // 2)
