"""What a request costs: seconds on the clock, CPU of the web process and of the database behind it, and memory."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

PAGE = 4096  # bytes, of /proc/self/statm


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one request. database: CPU of the backend process that answered it."""

    wall: float
    web: float
    database: float

    @property
    def cpu(self) -> float:
        return self.web + self.database


@dataclass(frozen=True, slots=True)
class Costs:
    """Of several equal requests."""

    each: list[Cost]

    def quantile(self, share: float, of: Callable[[Cost], float]) -> float:
        ordered = sorted(map(of, self.each))
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

    @property
    def cpu(self) -> float:
        return statistics.median(cost.cpu for cost in self.each)

    def __str__(self) -> str:
        web = statistics.median(cost.web for cost in self.each)
        high = self.quantile(0.95, lambda cost: cost.cpu)
        middle, slow = (self.quantile(share, lambda cost: cost.wall) for share in (0.5, 0.95))
        return (
            f"CPU p50 {self.cpu:8.1f} ms (web {web:6.1f}), p95 {high:8.1f}   wall p50 {middle:8.1f}, p95 {slow:8.1f}   n={len(self.each)}"
        )


def measured(work: Callable[[], object], n: int) -> Costs:
    """Do it once unmeasured, then n times."""
    work()
    return Costs([measured_once(work) for _ in range(n)])


def measured_once(work: Callable[[], object]) -> Cost:
    backend = _backend()
    wall, web, database = time.perf_counter(), time.process_time(), _cpu_of(backend)
    work()
    return Cost(*(1000 * spent for spent in (time.perf_counter() - wall, time.process_time() - web, _cpu_of(backend) - database)))


def _backend() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def cpu_of_the_ended() -> float:
    """Seconds of CPU of all database backends that have ended, to the hundredth."""
    server = Path(f"/proc/{_backend()}/stat").read_text().rsplit(")", 1)[1].split()[1]
    user, system = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[13:15]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def cpu_of_the_backend() -> float:
    """Seconds of CPU of the backend behind our connection."""
    return _cpu_of(_backend())


def _cpu_of(process: int) -> float:
    """Seconds of CPU of a process with one thread, to the nanosecond."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


@dataclass(slots=True)
class Memory:
    """grown: the most megabytes of real memory that this process held above where it began."""

    began: int = 0
    most: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def grown(self) -> float:
        return (self.most - self.began) / 1e6

    def watch(self) -> None:
        while not self.over.wait(0.01):
            self.most = max(self.most, held())


def held() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@contextmanager
def memory() -> Iterator[Memory]:
    """Watch this process's memory a hundred times a second."""
    seen = Memory(began=held(), most=held())
    watcher = threading.Thread(target=seen.watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        seen.over.set()
        watcher.join()
