"""How often one address may mistype a code. Only a brake: forty bits that live five minutes are not found by guessing."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

MOST_WRONG = 20
"""Wrong codes from one address in `WINDOW`. A whole office may share one."""

WINDOW = 600
"""Seconds."""

Answer = TypeVar("Answer")


def used_up(ip: str | None) -> bool:
    """True when the address has to wait. Without a cache nobody is counted, and everybody may type."""
    return (_asked(lambda: cache.get(_key(ip))) or 0) >= MOST_WRONG


def count(ip: str | None) -> None:
    """Count one wrong code."""
    _asked(lambda: cache.add(_key(ip), 0, WINDOW))
    with suppress(ValueError):  # it has run out between the two
        _asked(lambda: cache.incr(_key(ip)))


def _key(ip: str | None) -> str:
    """One household or one phone holds a whole /64 of IPv6."""
    address = ipaddress.ip_address(ip or "0.0.0.0")  # noqa: S104 - no address to bind to
    return f"typed-codes:{ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address}"


def _asked(question: Callable[[], Answer]) -> Answer | None:
    try:
        return question()
    except (RedisError, OSError):
        return None
