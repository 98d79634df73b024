"""Threads with database connections of their own, for races in real PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection

PATIENCE = 30  # seconds until a thread that hangs fails its test
JITTER = 0.002  # seconds by which either side may be late, so that now one is first and now the other


@contextmanager
def finish_connection() -> Iterator[None]:
    """Close the thread's connection at the end, else the test database cannot be dropped."""
    try:
        yield
    finally:
        connection.close()


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment, each on its own connection. Returns each one's answer, or the error that it raised."""
    return list(duels(1, *[lambda _, call=call: call() for call in calls], jitter=0)[0])


def duels(rounds: int, *sides: Callable[[int], Any], jitter: float = JITTER) -> list[tuple[Any, ...]]:
    """Let the sides meet again and again, on connections that are kept. Each is told the number of the round.

    Returns for each round every side's answer, or the error that it raised.
    """
    start = Barrier(len(sides))

    def run(side: Callable[[int], Any], late: random.Random) -> list[Any]:
        answers: list[Any] = []
        with finish_connection():
            connection.ensure_connection()
            for number in range(rounds):
                start.wait(PATIENCE)
                time.sleep(late.random() * jitter)
                try:
                    answers.append(side(number))
                except Exception as error:
                    answers.append(error)
        return answers

    with ThreadPoolExecutor(len(sides)) as pool:
        return list(zip(*pool.map(run, sides, map(random.Random, range(len(sides)))), strict=True))
