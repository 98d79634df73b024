"""Redis as a cache that may be away: then nothing was kept, and nobody waits for it. The login counts its tries in here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

LEFT_ALONE = 5.0
"""Seconds after a failure in which it is not asked again: a page asks several times, and each may take a time-out."""


def _or_else(answer: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    def asked(self: ForgetfulClient, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.away_until:
            return answer
        try:
            return method(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            self.away_until = time.monotonic() + LEFT_ALONE
            log.warning("cache_away", error=type(error).__name__)
            return answer

    return asked


class ForgetfulClient(RedisCacheClient):
    """Answers as an empty cache would while Redis is away. `add` says yes: it serves as a lock, and nobody could get it otherwise."""

    away_until = 0.0
    add = _or_else(True, RedisCacheClient.add)
    set = _or_else(None, RedisCacheClient.set)
    touch = _or_else(False, RedisCacheClient.touch)
    delete = _or_else(False, RedisCacheClient.delete)
    get_many = _or_else({}, RedisCacheClient.get_many)
    has_key = _or_else(False, RedisCacheClient.has_key)
    set_many = _or_else(None, RedisCacheClient.set_many)
    delete_many = _or_else(None, RedisCacheClient.delete_many)
    incr = _or_else(1, RedisCacheClient.incr)

    def get(self, key: Any, default: Any = None) -> Any:
        return _or_else(default, RedisCacheClient.get)(self, key, default)


class ForgetfulCache(RedisCache):
    """The portal's cache. Nothing whose loss matters is kept in it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgetfulClient
