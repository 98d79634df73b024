"""Read the settings that differ between installations from environment variables; every error names its variable."""

import base64
import binascii
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

MASTER_KEY_BYTES = 32  # AES-256
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or `default` when it is unset or empty. Without a default the variable is required."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is required and is not set.")
    return value


def folder(name: str) -> Path | None:
    """Return a folder that may be left out."""
    named = text(name, "")
    return Path(named) if named else None


def flag(name: str, default: bool = False) -> bool:
    """Return a yes-or-no variable: 1, true, yes, on against 0, false, no, off."""
    value = text(name, "1" if default else "0").lower()
    if value not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in ("1", "true", "yes", "on")


def whole(name: str, default: int) -> int:
    """Return a whole number that is not negative."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated variable."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def master_keys(name: str) -> dict[str, bytes]:
    """Parse `id:base64,id:base64`. The first key wraps what is new; all of them unwrap what is old."""
    keys: dict[str, bytes] = {}
    for position, part in enumerate(listing(name), start=1):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != MASTER_KEY_BYTES:  # the value itself stays out of the message: it is a secret
            raise ImproperlyConfigured(f"{name}: key {position} must read id:base64 of {MASTER_KEY_BYTES} random bytes.")
        if key_id in keys:
            raise ImproperlyConfigured(f"{name}: the key id {key_id!r} occurs twice.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured(f"The environment variable {name} is required and is not set.")
    return keys


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """Turn a PostgreSQL URL into Django's settings; parameters such as sslmode or a socket's host are carried over."""
    url = text(name, default)
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"{name} must start with postgresql://")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"{name} is no PostgreSQL address that libpq understands.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }


def public_base_url(name: str, default: str | None = None) -> str:
    """Return the address under which people reach us, without a final slash: https, or http on this machine alone.

    Browsers open a camera only in a secure context, and links carry secrets, so plain http to anywhere else is refused.
    """
    url = text(name, default).rstrip("/")
    parts = urlsplit(url)
    if not parts.hostname or parts.path or parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(f"{name} must read https://host or https://host:port, not {url!r}.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"{name} must be https: browsers refuse the camera on plain http to {parts.hostname}.")
    return url
