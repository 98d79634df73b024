"""How far an export is: a note in the cache that the page reads. Nothing depends on it; without a cache there is only no news."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

EVERY = 0.5
"""Seconds between two notes."""

KEPT = 3600
"""Seconds for which a note is kept after its last change."""

RUNNING, DONE, BROKEN_OFF = "running", "done", "broken-off"


@dataclass(slots=True)
class Progress:
    """The note about one export. Its key names company and user, so that nobody reads or stops another's."""

    company_id: int
    user_id: int
    export_id: UUID
    _next: float = field(default=0.0, init=False)
    _silent: bool = field(default=False, init=False)

    def begin(self) -> None:
        """Note an export that has written nothing yet, and forget that an earlier one with this id was cancelled."""
        self._ask(lambda: cache.set(self._key, {"state": RUNNING, "rows": 0}, KEPT))
        self._ask(lambda: cache.delete(self._cancel_key))

    def report(self, rows: int) -> bool:
        """Note how many rows are written, at most every half second. True when the user has cancelled the export."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + EVERY
        self._ask(lambda: cache.set(self._key, {"state": RUNNING, "rows": rows}, KEPT))
        return bool(self._ask(lambda: cache.get(self._cancel_key)))

    def end(self, rows: int, *, complete: bool) -> None:
        self._ask(lambda: cache.set(self._key, {"state": DONE if complete else BROKEN_OFF, "rows": rows}, KEPT))

    def cancel(self) -> None:
        self._ask(lambda: cache.set(self._cancel_key, True, KEPT))

    def read(self) -> dict[str, Any] | None:
        """Return state and rows; None when there is no such export, or no cache."""
        note: dict[str, Any] | None = self._ask(lambda: cache.get(self._key))
        return note

    @property
    def _key(self) -> str:
        return f"export:{self.company_id}:{self.user_id}:{self.export_id}"

    @property
    def _cancel_key(self) -> str:
        return f"{self._key}:cancel"

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Ask the cache, and never again after it failed once: each failure may take seconds, and the rows are waiting."""
        if self._silent:
            return None
        try:
            return question()
        except (RedisError, OSError):
            self._silent = True
            return None
