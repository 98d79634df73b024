"""The short code that a person copies from one screen to another: no look-alikes, and forgiving about how it is typed (R13)."""

from __future__ import annotations

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: without I, L, O (they read as 1, 1, 0) and without U."""

LENGTH = 8
"""40 bits. For the five minutes that a code lasts nobody guesses one of a thousand open ones, even at a hundred tries a second."""

MEANT = str.maketrans("ILOАВСЕКМНРТХ", "110ABCEKMHPTX")
"""Look-alikes, and the Cyrillic letters that a Russian keyboard gives for the Latin ones that it prints."""


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return the code in two groups, as people read it."""
    return f"{code[:4]}-{code[4:]}"


def hash_code(typed: str) -> str:
    """Return what is stored. Keyed: forty bits alone could be tried through by whoever has a copy of the table."""
    return salted_hmac("sessions_app.typed_codes", cleaned(typed), algorithm="sha256").hexdigest()


def cleaned(typed: str) -> str:
    """Return what was meant: upper-case, without spaces, dashes and anything else that no code has."""
    plain = unicodedata.normalize("NFKC", typed[:100]).upper().translate(MEANT)
    return "".join(character for character in plain if character in ALPHABET)
