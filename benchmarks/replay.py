"""A change of thresholds over a hundred thousand past sessions: `./run bench replay --sessions 100000`.

Three figures, in one run. How many sessions one core judges a second, before and after the change. What a replay takes end to end, through
the queue and a real worker as from the page, with the progress that the page would have shown. And its memory at a tenth and at all of
the sessions, each in a process of its own. Beside it the naive way: open the sealed findings of each session, judge and decide anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import django

from benchmarks.replay_material import NOW, a_company, essences, fill, sealed_session

AIM_A_SECOND, AIM_SECONDS = 10_000, 10.0
HTMX = {"HX-Request": "true"}
ASKS_AGAIN = re.compile(r'hx-get="(?P<address>[^"]+)"\s+hx-trigger="every (?P<after>\d+)ms"')
PROGRESS = re.compile(r"[\d,]+ of [\d,]+ sessions tried")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench replay", description=__doc__)
    parser.add_argument("--sessions", type=int, default=100_000, help="past sessions of the company")
    parser.add_argument("--naive", type=int, default=300, help="sessions with sealed findings, for the naive way")
    parser.add_argument("--rounds", type=int, default=5, help="replays of each kind")
    parser.add_argument("--of-run", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    if options.of_run:
        print(json.dumps(worked(options.of_run)))
        return
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}\n")
    company = fill(options.sessions)
    show_judging(options.sessions, options.rounds)
    show_queue(company, options.sessions, options.rounds)
    fast = show_memory(company, options.sessions)
    show_naive(options.naive, fast)
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")


def show_judging(sessions: int, rounds: int) -> None:
    """Judging alone, of lines that are read already."""
    from checks_app.thresholds import DEFAULTS
    from sessions_app.replay.tally import Line, Tally, tried

    pasts = [[Line("APPROVE", essence) for essence in attempts] for attempts in essences(sessions // 10)]
    candidate = replace(DEFAULTS, liveness=replace(DEFAULTS.liveness, approve=0.8))
    speeds = []
    for _ in range(rounds):
        tally, cpu = Tally(), time.process_time()
        for past in pasts:
            tally.count_ended(tried(past, DEFAULTS, candidate))
        speeds.append(len(pasts) / (time.process_time() - cpu))
    found = f"{statistics.median(speeds):,.0f} sessions a CPU-second (lowest of {rounds}: {min(speeds):,.0f})"
    print(f"judging, before and after: {found}; aim {AIM_A_SECOND:,}")


def show_queue(company: Any, sessions: int, rounds: int) -> None:
    """From the button to the result, through the pages themselves, which ask as often as a browser would."""
    walls, steps, first = [], [], []
    browser = logged_in(company)
    for number in range(rounds):
        began = time.perf_counter()
        seen: dict[str, float] = {}
        change = {name: str(value) for name, value in candidate_values(number).items()}
        page = asked(browser.post("/settings/replays/", change | {"newest": str(sessions)}, headers=HTMX))
        while (again := ASKS_AGAIN.search(page)) is not None:
            time.sleep(int(again["after"]) / 1000)
            page = asked(browser.get(again["address"], headers=HTMX))
            if told := PROGRESS.search(page):
                seen.setdefault(told[0], time.perf_counter() - began)
        if "replay-table" not in page:
            raise RuntimeError(page)
        walls.append(time.perf_counter() - began)
        steps.append(len(seen))
        first += list(seen.values())[:1]
    print(
        f"{sessions:,} sessions from the button to the result: {statistics.median(walls):.1f} s wall "
        f"(slowest of {rounds}: {max(walls):.1f}), load now {os.getloadavg()[0]:.1f}; aim {AIM_SECONDS:.0f} s\n"
        f"progress seen {min(steps)} to {max(steps)} times on the way, the first after {statistics.median(first or [0]):.1f} s"
    )


def logged_in(company: Any) -> Any:
    from django.test import Client

    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(master_of(company), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def asked(answer: Any) -> str:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:500]}")
    return str(answer.content.decode())


def show_memory(company: Any, sessions: int) -> float:
    """The work of the worker alone, in fresh processes. Returns sessions a CPU-second of the largest."""
    speed = 0.0
    for many in (sessions // 100, sessions // 10, sessions):
        run = begin(company, many, many)
        command = [sys.executable, __file__, "--of-run", str(run.pk)]
        cost = json.loads(subprocess.run(command, check=True, capture_output=True, env=os.environ, text=True).stdout.splitlines()[-1])
        speed = many / cost["cpu"]
        print(
            f"{many:>9,} sessions in one process: {cost['wall']:.1f} s wall, {cost['cpu']:.1f} CPU-s and {cost['database']:.1f} of the "
            f"database ({speed:,.0f} sessions a CPU-second of the worker, reading included), "
            f"at most {cost['peak']:.0f} MB, {cost['before']:.0f} MB before"
        )
    return speed


def worked(run_id: int) -> dict[str, float]:
    from benchmarks.costs import measured_once
    from sessions_app.models import ReplayRun
    from sessions_app.replay import slices

    ReplayRun.objects.count()  # connects
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = measured_once(lambda: slices.go_on(run_id=run_id, hand_on=lambda: False, now=datetime.now(UTC)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if ReplayRun.objects.get(pk=run_id).state != "DONE":
        raise RuntimeError("The replay did not come to its end")
    return {"wall": cost.wall / 1000, "cpu": cost.web / 1000, "database": cost.database / 1000, "before": before, "peak": peak}


def begin(company: Any, newest: int, number: int) -> Any:
    """Start a replay as the page does, but keep it from the queue."""
    from sessions_app import dispatch
    from sessions_app.replay import runs

    given = {"market": "", "values": candidate_values(number), "wanted": runs.Wanted(newest=newest), "actor": master_of(company)}
    with patch.object(dispatch, "send", lambda *_, **__: True):
        return runs.start(company=company, now=datetime.now(UTC), **given)


def candidate_values(number: int) -> dict[str, float]:
    return {"liveness_decline": 0.4, "liveness_approve": round(0.75 + number % 7 / 100, 2)}


def master_of(company: Any) -> Any:
    from settings_app.models import User

    return User.objects.get_or_create(email=f"{company.public_id}@example.com", company=company, role="MASTER")[0]


def show_naive(sessions: int, fast: float) -> None:
    """Unseal, judge and decide anew, twice, as without lines; and the same sessions replayed, which must say the same."""
    from checks_app.thresholds import DEFAULTS

    company = a_company()
    luck = random.Random(7)
    captured = [sealed_session(company, luck) for _ in range(sessions)]
    candidate = replace(DEFAULTS, liveness=replace(DEFAULTS.liveness, approve=0.8))
    cpu = time.process_time()
    ends = Counter(f"{naive(company, session, DEFAULTS)}>{naive(company, session, candidate)}" for session in captured)
    speed = sessions / (time.process_time() - cpu)
    print(f"\nthe naive way, {sessions} sessions: {speed:,.0f} a CPU-second with reading; a replay is {fast / speed:,.0f} times as quick")
    told = replayed_ends(company, candidate)
    print(f"both ways say the same of them: {dict(ends) == told}")
    if dict(ends) != told:
        raise RuntimeError(f"{dict(ends)} and {told}")


def naive(company: Any, session: Any, thresholds: Any) -> str:
    from checks_app import decision, judging
    from sessions_app import verification
    from tests import findings as drawn

    attempt = session.attempts.get()
    captures = verification.captures_of(attempt)
    expected = verification.expectations_of(session, captures, today=NOW.date())
    results = judging.judge(verification.findings_of(captures), thresholds=thresholds, expectations=expected, calibration=drawn.CALIBRATION)
    decided = decision.decide(results, required=judging.required_checks(expected), retries_left=0, manual_review=True)
    return decided.verdict.value


def replayed_ends(company: Any, candidate: Any) -> dict[str, int]:
    from sessions_app.models import ReplayRun
    from sessions_app.replay import runs, slices

    run = begin(company, 1_000, 0)
    ReplayRun.objects.filter(pk=run.pk).update(values={"liveness_decline": candidate.liveness.decline, "liveness_approve": 0.8})
    slices.go_on(run_id=run.pk, hand_on=lambda: False, now=datetime.now(UTC))
    return dict(runs.tally_of(ReplayRun.objects.get(pk=run.pk)).ends)


if __name__ == "__main__":
    main()
