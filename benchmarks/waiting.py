"""What desktops cost that wait for a phone, and how soon they notice it: `./run bench waiting --desktops 1000 --seconds 60`.

A real server, real cookies, real transfers; phones take their steps through the product's own functions. Measured are the processes of
the server and of PostgreSQL, not the simulated browsers. Beside the product's way stands the plain one: the same server and the same view,
but Django is asked every time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.desktops import Answers, Page, open_pages, take_steps  # noqa: E402
from settings_app import keys  # noqa: E402
from settings_app.models import Company  # noqa: E402
from verifyportal.dev import portal, process  # noqa: E402

WAYS = {
    "the product": ["verifyportal.wsgi:application"],
    "Django asked every time": ["--factory", "django.core.wsgi:get_wsgi_application"],
}
SETTLE = 15  # seconds in which every page asks its first question, which nothing shortens
PHONE_EVERY = 4  # seconds, as static/js/phone.js asks while its page is open
START_SECONDS = 30


def main() -> None:
    options = _options()
    company = Company(name=f"Waiting {timezone.now()}", created_at=timezone.now())
    keys.give_key(company)
    company.save(force_insert=True)
    desktops, database = open_pages(company, options.desktops), _postmaster()
    print(f"{options.desktops} desktops, half of them with a phone, ask every {options.every} s; phones take {options.steps} steps/s")
    for name, application in WAYS.items():
        load = os.getloadavg()[0]
        with _server(application) as (port, server):
            heard, web, rows = asyncio.run(_measure(desktops, port, (server, database), options))
        print(f"\n{name}: {len(heard.took) / options.seconds:.0f} answers/s in {options.seconds} s, n = {len(heard.took)}, load {load:.1f}")
        print(f"  of one core: web {web:.1%}, PostgreSQL {rows:.1%}, together {web + rows:.1%}; aim 40 %")
        print(f"  a request costs {(web + rows) * options.seconds / len(heard.took) * 1e6:.0f} µs of CPU")
        print(f"  answer: {_milliseconds(heard.took)}; aim 95 % in 100 ms. Unchanged: {heard.unchanged}; wrong: {heard.wrong}")
        print(f"  the phone's step is noticed after {_milliseconds(heard.noticed)}; aim 95 % in 2000 ms")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--desktops", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--every", type=float, default=1.5, help="seconds between two questions of one page")
    parser.add_argument("--steps", type=float, default=5, help="of phones a second, all together")
    return parser.parse_args()


async def _measure(
    desktops: list[Page], port: int, measured: tuple[psutil.Process, psutil.Process], options: argparse.Namespace
) -> tuple[Answers, float, float]:
    """Return what was heard, and the CPU of both measured processes as shares of one core."""
    heard, begin = Answers(), time.monotonic() + SETTLE
    end = begin + options.seconds
    for desktop in desktops:
        desktop.tag, desktop.moved_at = "", 0.0
        if desktop.phone:
            desktop.phone.tag = ""
    steps = asyncio.create_task(asyncio.to_thread(take_steps, desktops, each_second=options.steps, end=end))
    pages = [asyncio.create_task(page.wait(port, heard, every=options.every, begin=begin, end=end)) for page in desktops]
    phones = [page.phone.wait(port, Answers(), every=PHONE_EVERY, begin=begin, end=end) for page in desktops if page.phone]
    pages += [asyncio.create_task(phone) for phone in phones]
    await asyncio.sleep(begin - time.monotonic())
    before = [_cpu(parent) for parent in measured]
    await asyncio.sleep(end - time.monotonic())
    after = [_cpu(parent) for parent in measured]
    await asyncio.gather(steps, *pages)
    web, rows = ((late - early) / options.seconds for early, late in zip(before, after, strict=True))
    return heard, web, rows


@contextmanager
def _server(application: list[str]) -> Iterator[tuple[int, psutil.Process]]:
    """Start the server as the portal does."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--blocking-threads", str(portal.WEB_THREADS), "--backlog", str(portal.WEB_CONNECTIONS), "--no-ws", *application]
    log = ROOT / "var" / "bench" / "log" / "web.log"
    child = process.spawn(command, log=log, orphan_signal=signal.SIGTERM, env={**os.environ, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"})
    try:
        _wait_for(port, child)
        yield port, psutil.Process(child.pid)
    finally:
        process.stop(child, with_signal=signal.SIGTERM, patience=portal.WEB_PATIENCE)


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The server does not answer; its log stands in var/bench/log/web.log")


def _postmaster() -> psutil.Process:
    """Return the parent of every process of PostgreSQL. It must run on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        parent = psutil.Process(cursor.fetchone()[0]).parent()
    assert parent is not None
    return parent


def _cpu(parent: psutil.Process) -> float:
    """Return the CPU seconds of a process, its children and those of its children that have ended."""
    own = parent.cpu_times()
    alive = [child.cpu_times() for child in parent.children(recursive=True)]
    return sum((times.user + times.system for times in alive), own.user + own.system + own.children_user + own.children_system)


def _milliseconds(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    middle, late = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.95))
    return f"{middle:.0f} ms, 95 % in {late:.0f} ms (n = {len(ordered)})"


if __name__ == "__main__":
    main()
