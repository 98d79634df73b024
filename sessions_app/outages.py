"""What is the fault of the machine and not of the picture: a database or a disk that is away. It is waited for, and judges nobody."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

PATIENCE = 30.0
"""Seconds for which a result waits for its database: a restart with recovery takes some of them. The soft limit of a task is longer."""

ASK_AGAIN = 0.5  # seconds

WAITED_AT_MOST = timedelta(hours=1)
"""For a machine that could do the work again; after that nobody should go on waiting, and a person looks at the session."""

DATABASE_AWAY = (OperationalError, InterfaceError)
"""PostgreSQL stopped, restarts, has no room or no connection left; nothing that a statement itself could be wrong about."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
PASSING = FULL | {errno.EIO, errno.ESTALE, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM}
"""What the operating system refuses for a while: room, a shared disk, descriptors, processes."""

Answer = TypeVar("Answer")


def is_passing(error: BaseException | None) -> bool:
    """True when the same work, or that which caused its error, may well succeed later or on another machine."""
    if error is None:
        return False
    refused = isinstance(error, OSError) and error.errno in PASSING
    return refused or isinstance(error, DATABASE_AWAY) or is_passing(error.__cause__)


def is_full(error: BaseException) -> bool:
    """True when a disk has no room: the one of the pictures, or that of PostgreSQL."""
    return isinstance(error.__cause__, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno in FULL)


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask the database until it answers, for `PATIENCE` seconds. `ask` must be one transaction that may be repeated."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except DATABASE_AWAY as error:
            if connection.in_atomic_block or time.monotonic() >= give_up_at:
                raise
            log.warning("database_away", error=type(error).__name__)
            connection.close()
            time.sleep(ASK_AGAIN)
