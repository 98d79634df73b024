"""The sweep that closes overdue sessions, among a million: `./run bench sweeps`.

100,000 sessions that had been abandoned are opened again, with links that expired; one run closes them, each in its own transaction.
Also printed: what each sweep costs when there is nothing to do, which is the ordinary case, and the plan of each question.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django
from django.db import connection
from django.utils import timezone

EVERY = 5_000
OPEN_AGAIN = """
WITH chosen AS (SELECT id FROM sessions_app_verificationsession WHERE outcome = 'ABANDONED' ORDER BY id LIMIT %s)
UPDATE sessions_app_verificationsession s SET outcome = 'PENDING', closed_at = NULL FROM chosen WHERE s.id = chosen.id
"""
ENDS = "DELETE FROM sessions_app_sessionevent WHERE kind IN ('ABANDONED', 'EXPIRED')"
IDLE_TIMES = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench sweeps", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="sessions in the database")
    parser.add_argument("--overdue", type=int, default=100_000, help="of these, how many are overdue")
    options = parser.parse_args()
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from benchmarks import databases
    from sessions_app import sweeps

    databases.use(options.rows)
    print(f"{options.rows:,} sessions, load {os.getloadavg()[0]:.1f}\n")
    sweeps.close_overdue_sessions(now=timezone.now(), seconds=math.inf)  # what expired since the database was made
    idle()
    with connection.cursor() as cursor:
        cursor.execute(ENDS)
        cursor.execute(OPEN_AGAIN, [options.overdue])
        cursor.execute("VACUUM (ANALYZE) sessions_app_verificationsession")
    explain(timezone.now())
    close()


def idle() -> None:
    """CPU of this process and wall time of a run that finds nothing."""
    from sessions_app import sweeps

    runs: dict[str, Callable[..., int]] = {
        "close-overdue-sessions": sweeps.close_overdue_sessions,
        "end-transfers": sweeps.end_transfers,
        "recover-overdue": sweeps.recover_overdue,
        "watch-for-stuck": sweeps.watch_for_stuck,
        "erase-old-pictures": sweeps.erase_old_pictures,
    }
    for name, run in runs.items():
        began, used = time.monotonic(), time.process_time()
        for _ in range(IDLE_TIMES):
            run(now=timezone.now())
        wall, cpu = (time.monotonic() - began) / IDLE_TIMES, (time.process_time() - used) / IDLE_TIMES
        print(f"{name:24} nothing to do: {wall * 1000:6.1f} ms, {cpu * 1000:5.1f} ms of them CPU of the worker (n {IDLE_TIMES})")


def explain(now: datetime) -> None:
    from sessions_app.models import VerificationSession

    for name, found in {
        "expired": VerificationSession.objects.expired(now).order_by("expires_at", "pk").values_list("expires_at", "pk")[:500],
        "away, one company": VerificationSession.objects.filter(company_id=1)
        .inactive_since(now - timedelta(minutes=30))
        .order_by("last_activity_at", "pk")
        .values_list("last_activity_at", "pk")[:500],
    }.items():
        print(f"\n{name}\n{found.explain(analyze=True, buffers=True)}")


def close() -> None:
    """Close them all in one run, and look at the clock and the memory on the way."""
    from sessions_app import lifecycle, sweeps

    closed, act = [0], lifecycle.close_overdue
    began = last = time.monotonic()

    def counted(**given: Any) -> Any:
        nonlocal last
        closed[0] += 1
        if closed[0] % EVERY == 0:
            now, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{closed[0]:8,} closed, the last {EVERY:,} at {EVERY / (now - last):5.0f} a second, memory {memory:.0f} MiB", flush=True)
            last = now
        return act(**given)

    lifecycle.close_overdue = counted
    used, handled = time.process_time(), sweeps.close_overdue_sessions(now=timezone.now(), seconds=math.inf)
    wall, cpu = time.monotonic() - began, time.process_time() - used
    print(f"\n{handled:,} closed in {wall:.0f} s: {handled / wall:.0f} a second, {cpu / handled * 1000:.2f} ms of CPU each in the worker")


if __name__ == "__main__":
    main()
