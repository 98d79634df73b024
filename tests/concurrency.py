"""Threads with database connections of their own, for races in real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection


@contextmanager
def finish_connection() -> Iterator[None]:
    """Close the thread's connection at the end, else the test database cannot be dropped."""
    try:
        yield
    finally:
        connection.close()


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment, each on its own connection. Returns each one's answer, or the error that it raised."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        with finish_connection():
            connection.ensure_connection()
            start.wait(10)
            try:
                return call()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
