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
import resource
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import django

NOW = datetime.now(UTC)
AIM_A_SECOND, AIM_SECONDS = 10_000, 10.0
BATCH = 5_000
RETRIED = 0.15
"""Of the sessions had a first attempt that failed."""

SESSIONS = """
INSERT INTO sessions_app_verificationsession (
    company_id, public_id, token_hash, token_sealed, handle, reference, market, language, return_url, expected_first_name,
    expected_last_name, extra_values, max_retries, created_at, expires_at, opened_at, closed_at, outcome, reasons, decided_by_hand,
    forced_retries, result_attempt, consent_version, consent_language, chosen_country, chosen_document, document_kind, issuing_state,
    first_name, last_name, personal_number, document_number, nationality, sex, digital_spoof, not_full_id, low_far, judged_checks,
    failed_checks, unclear_checks, search_text, device, browser, os, device_model)
SELECT %(company)s, gen_random_uuid(), md5(%(company)s || 't' || n) || md5('u' || n), '', substr(md5(%(company)s || 'h' || n), 1, 16), '',
    (array['', 'GEO', 'DEU'])[1 + n %% 3], '', '', '', '', '{}', 5, %(now)s - n * interval '1 second' - interval '1 day', %(now)s,
    %(now)s - n * interval '1 second', %(now)s - n * interval '1 second', 'APPROVE', '{}', false, 0, 1, '', '', 'GEO', 'PASSPORT',
    'PASSPORT', 'GEO', 'NINO', 'BERIDZE', '', '', 'GEO', 'F', false, false, false, '{}', '{}', '{}', '', '', '', '', ''
FROM generate_series(1, %(many)s) AS n RETURNING id, market, closed_at
"""


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
    from sessions_app.replay.tally import Line, Tally

    pasts = [[Line(number, "APPROVE", essence) for essence in attempts] for number, attempts in enumerate(essences(sessions // 10))]
    candidate = replace(DEFAULTS, liveness=replace(DEFAULTS.liveness, approve=0.8))
    speeds = []
    for _ in range(rounds):
        tally, cpu = Tally(), time.process_time()
        for past in pasts:
            tally.count_ended(past, DEFAULTS, candidate)
        speeds.append(len(pasts) / (time.process_time() - cpu))
    found = f"{statistics.median(speeds):,.0f} sessions a CPU-second (lowest of {rounds}: {min(speeds):,.0f})"
    print(f"judging, before and after: {found}; aim {AIM_A_SECOND:,}")


def show_queue(company: Any, sessions: int, rounds: int) -> None:
    """As from the page: started, worked by whichever child of the worker is free, watched by looking at its row."""
    walls, steps, first = [], [], []
    for number in range(rounds):
        began = time.perf_counter()
        seen: list[tuple[int, float]] = []
        run = begin(company, sessions, number)
        while run.state in ("WAITING", "RUNNING"):
            time.sleep(0.1)
            run.refresh_from_db()
            if run.done and run.done not in [done for done, _ in seen]:
                seen.append((run.done, time.perf_counter() - began))
        if run.state != "DONE":
            raise RuntimeError(f"{run.state}: {run.result}")
        walls.append(time.perf_counter() - began)
        steps.append(len(seen))
        first.append(seen[0][1])
    print(
        f"{sessions:,} sessions through the queue: {statistics.median(walls):.1f} s wall (slowest of {rounds}: {max(walls):.1f}), "
        f"progress seen {min(steps)} to {max(steps)} times, the first after {statistics.median(first):.1f} s; aim {AIM_SECONDS:.0f} s"
    )


def show_memory(company: Any, sessions: int) -> float:
    """The work of the worker alone, in fresh processes. Returns sessions a CPU-second of the largest."""
    speed = 0.0
    for many in (sessions // 100, sessions // 10, sessions):
        run = begin(company, many, many, hand_over=False)
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


def begin(company: Any, newest: int, number: int, *, hand_over: bool = True) -> Any:
    """Start a replay as the page does, or keep it from the queue."""
    from sessions_app import dispatch
    from sessions_app.replay import runs
    from sessions_app.replay.runs import Wanted
    from settings_app.models import User

    actor, _ = User.objects.get_or_create(email=f"{company.public_id}@example.com", company=company, role="MASTER")
    values = {"liveness_decline": 0.4, "liveness_approve": 0.75 + number % 7 / 100}
    with nullcontext() if hand_over else patch.object(dispatch, "send", lambda *_, **__: True):
        return runs.start(company=company, market="", values=values, wanted=Wanted(newest=newest), actor=actor, now=datetime.now(UTC))


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

    run = begin(company, 1_000, 0, hand_over=False)
    ReplayRun.objects.filter(pk=run.pk).update(values={"liveness_decline": candidate.liveness.decline, "liveness_approve": 0.8})
    slices.go_on(run_id=run.pk, hand_on=lambda: False, now=datetime.now(UTC))
    return dict(runs.tally_of(ReplayRun.objects.get(pk=run.pk)).ends)


# Sessions


def a_company() -> Any:
    from settings_app import keys
    from settings_app.models import Company

    company = Company(name=f"Benchmark {uuid.uuid4()}", created_at=NOW, duplicate_faces=False, max_retries=0)
    keys.give_key(company)
    company.save(force_insert=True)
    return company


def essences(sessions: int) -> Any:
    """The attempts of so many sessions: most good, some with a doubt, some that failed first."""
    from checks_app.rejudging import Essence

    luck = random.Random(43)
    good = Essence(5, True, False, False, False, 0.9, False, 0.9, False, 0.9, False, 0.9, False, 7, False, 7)
    for _ in range(sessions):
        last = good._replace(
            retries_left=0,
            full_document=luck.betavariate(9, 1),
            screen_replay=luck.betavariate(9, 1),
            photocopy=luck.betavariate(9, 1),
            liveness=luck.betavariate(9, 1),
            face_level=luck.choice((7, 7, 6, 5, 4, 3)),
            unclear=luck.random() < 0.03,
            failed=luck.random() < 0.05,
        )
        yield (good._replace(liveness=0.2), last) if luck.random() < RETRIED else (last,)


def fill(many: int) -> Any:
    """A company with so many decided sessions and the lines of their attempts."""
    from django.db import connection

    company, began = a_company(), time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS, {"company": company.pk, "now": NOW, "many": many})
        sessions = cursor.fetchall()
        for start in range(0, many, BATCH):
            write_attempts(company, sessions[start : start + BATCH])
        cursor.execute("VACUUM ANALYZE")
    print(f"{many:,} sessions made in {time.perf_counter() - began:.0f} s")
    return company


def write_attempts(company: Any, sessions: list[Any]) -> None:
    from checks_app.rejudging import judge_again
    from checks_app.thresholds import DEFAULTS
    from sessions_app.choices import AttemptState
    from sessions_app.models import Attempt, ReplayLine

    attempts, lines = [], []
    for (session_id, market, closed_at), tried in zip(sessions, essences(len(sessions)), strict=True):
        for number, essence in enumerate(tried, start=1):
            at = closed_at - timedelta(minutes=len(tried) - number)
            verdict = judge_again(essence, DEFAULTS).verdict
            attempts.append(
                Attempt(
                    session_id=session_id, number=number, max_retries=5, state=AttemptState.DECIDED, verdict=verdict,
                    submitted_at=at, decided_at=at,
                )
            )  # fmt: skip
            lines.append(
                ReplayLine(session_id=session_id, company=company, market=market, decided_at=at, verdict=verdict, **essence._asdict())
            )
    for attempt, line in zip(Attempt.objects.bulk_create(attempts), lines, strict=True):
        line.attempt_id = attempt.pk
    ReplayLine.objects.bulk_create(lines)


def sealed_session(company: Any, luck: random.Random) -> Any:
    """A session with sealed findings as the pipeline leaves them, and faces of 128 numbers."""
    from sessions_app import verification
    from sessions_app.choices import CaptureKind
    from sessions_app.models import Attempt
    from tests import findings as drawn
    from tests.captures import add_capture, processing_attempt, ready_session

    session = ready_session(company=company, now=NOW - timedelta(hours=1))
    face = replace(drawn.face(), embedding=tuple(luck.gauss(0, 0.08) for _ in range(128)))
    near = replace(face, embedding=tuple(value + luck.gauss(0, 0.02) for value in face.embedding))
    liveness = drawn.liveness(liveness=drawn.measure(luck.betavariate(9, 1)), embedding=near.embedding)
    add_capture(session, CaptureKind.DOCUMENT_FRONT, drawn.passport(portrait=face, full_document=drawn.measure(luck.betavariate(9, 1))))
    add_capture(session, CaptureKind.SELFIE, drawn.selfie(face=near))
    add_capture(session, CaptureKind.LIVENESS, liveness)
    attempt = processing_attempt(session)
    with patch.object(verification, "load_calibration", lambda *_: drawn.CALIBRATION):
        verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=datetime.now(UTC))
    session.refresh_from_db()
    return session


if __name__ == "__main__":
    main()
