"""The parts of the fault bench. Each prints what happened and returns which of its aims were met."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.faults_people import People, again, someone_works, wait_until
from benchmarks.faults_stack import Stack
from benchmarks.faults_visitor import FULL, Asked
from benchmarks.verify import quantile
from sessions_app.choices import CaptureKind, CaptureState, Outcome
from sessions_app.models import VerificationSession

ROUNDS = 2
SETTLED_SECONDS = 60
AFTERMATH = 3.0  # seconds; a request that began in an outage may still fail then
FINISHED_SECONDS = 300
GOOD_BESIDE_POISON = 50
BROKER_BACK_SECONDS = 30
SUBMITTED_WITHOUT_BROKER, UPLOADING_WITHOUT_BROKER, SUBMITTED_TO_SILENCE = 20, 4, 5
SILENCE_SECONDS = 20


class Fault(NamedTuple):
    """Something that dies, and how it is done."""

    name: str
    strike: Callable[[Stack], None]
    leaves_requests_alone: bool  # no request may be answered with an error while it lasts


@dataclass(frozen=True, slots=True)
class Struck:
    """One fault that happened, by the monotonic clock."""

    fault: Fault
    began: float
    ended: float


FAULTS = (
    Fault("a child of the worker killed", Stack.kill_a_child, True),
    Fault("Valkey: FLUSHALL", Stack.flush_broker, True),
    Fault("the whole worker killed", Stack.kill_the_worker, True),
    Fault("PostgreSQL: immediate restart", Stack.restart_database, False),
    Fault("disk full for 8 s", Stack.fill_disk, False),
    Fault("Valkey killed, empty after 3 s", Stack.restart_broker, True),
)


def everything_dies(people: People, sessions: int, visitors: int) -> list[bool]:
    """Sessions go on while one part after the other dies."""
    people.learn()
    cases = people.cases(sessions)
    faults = [fault for fault in FAULTS * ROUNDS if people.stack.disk is not None or fault.strike is not Stack.fill_disk]
    print(f"\n{sessions} sessions, {visitors} visitors at a time, {len(faults)} faults", flush=True)
    if people.stack.disk is None:
        print("Nobody may mount a file system here, so the full disk is left out.")
    all_done = people.crowd(cases, size=visitors)[0]
    struck = []
    for number, fault in enumerate(faults, start=1):
        wait_until(lambda number=number: people.diary.finished >= (sessions - visitors) * number / len(faults), FINISHED_SECONDS)  # type: ignore[misc]
        wait_until(someone_works, 10)
        began = time.monotonic()
        fault.strike(people.stack)
        struck.append(Struck(fault, began, time.monotonic()))
        again()
    all_done.join(SETTLED_SECONDS)
    found = people.verdict(cases)
    print(found.text, f"({time.monotonic() - struck[-1].ended:.0f} s after the last fault)")
    all_done.join(FINISHED_SECONDS)
    slowest = [_recovery(people, one) for one in struck]
    errors_outside = _requests(people, struck)
    print(f"after the last fault the slowest result came within {slowest[-1]:.1f} s; after any fault {max(slowest):.1f} s")
    print(people.naive_losses(), flush=True)
    settled = found.terminal + found.waiting == sessions and not found.lost
    return [settled, not found.doubled, not errors_outside, slowest[-1] <= SETTLED_SECONDS]


def _recovery(people: People, one: Struck) -> float:
    """Seconds from the end of a fault to the last result that somebody waited for while it happened."""
    hit = [waited for waited in people.diary.waited if waited.began <= one.ended and waited.ended >= one.began]
    slowest = max((waited.ended - one.ended for waited in hit if waited.ended > one.ended), default=0.0)
    lasted = one.ended - one.began
    print(f"  {one.fault.name:32} lasted {lasted:4.1f} s; {len(hit)} waited, the slowest result came {slowest:4.1f} s after it")
    return slowest


def _requests(people: People, struck: list[Struck]) -> int:
    """Print how requests were answered. Returns how many failed although nothing was away."""
    asked = people.diary.asked
    failed = [one for one in asked if one.status >= 500 or one.status == 0]
    expected = [one for one in failed if any(in_outage(one, outage) for outage in struck if not outage.fault.leaves_requests_alone)]
    refused = sum(one.status == FULL for one in failed)
    outside = len(failed) - len(expected)
    print(f"{len(asked)} requests; {len(expected)} failed in an outage, {refused} of them for want of room; {outside} failed outside")
    for one in set(failed) - set(expected):
        print(f"  outside: {one.what} {one.status} after {one.seconds:.1f} s")
    return outside


def in_outage(one: Asked, outage: Struck) -> bool:
    return one.at + one.seconds >= outage.began and one.at <= outage.ended + AFTERMATH


def poison(people: People, visitors: int) -> list[bool]:
    """One picture among fifty sessions kills whoever inspects it."""
    people.learn()
    poisoned, *good = people.cases(1 + GOOD_BESIDE_POISON)
    print(f"\na poisonous picture before {GOOD_BESIDE_POISON} sessions", flush=True)
    began = time.monotonic()
    people.crowd([poisoned, *good], size=visitors, poisoned=poisoned.pk)[0].join(FINISHED_SECONDS * 2)
    found, session = people.verdict(good), VerificationSession.objects.get(pk=poisoned.pk)
    (capture,) = session.captures.filter(kind=CaptureKind.DOCUMENT_FRONT)
    deaths = len(Path(people.stack.environment["FAULTS_DEATHS"]).read_text().split())
    print(f"the others: {found.text}")
    print(f"the poison killed {deaths} processes in {capture.tries} tries and ended as {session.outcome}")
    print(f"all in {time.monotonic() - began:.0f} s", flush=True)
    ended_well = session.outcome == Outcome.REVIEW and capture.state == CaptureState.CRASHED
    return [found.terminal == GOOD_BESIDE_POISON and not found.doubled, deaths == capture.tries == 3, ended_well]


def broker_away(people: People, seconds: int) -> list[bool]:
    """People submit while the broker is gone, and while it is there and says nothing."""
    people.learn()
    cases = people.cases(SUBMITTED_WITHOUT_BROKER + UPLOADING_WITHOUT_BROKER + SUBMITTED_TO_SILENCE)
    ready = cases[:SUBMITTED_WITHOUT_BROKER] + cases[-SUBMITTED_TO_SILENCE:]
    print(f"\n{SUBMITTED_WITHOUT_BROKER} submissions and {UPLOADING_WITHOUT_BROKER} uploads in {seconds} s without Valkey", flush=True)
    visitors = [people.visitor(case) for case in ready]
    for visitor in visitors:
        visitor.go(until="overview")
    people.diary.asked.clear()
    people.stack.stop_broker()
    beginners = [people.visitor(case).go for case in cases[SUBMITTED_WITHOUT_BROKER:-SUBMITTED_TO_SILENCE]]
    submitters = [visitor.go for visitor in visitors[:SUBMITTED_WITHOUT_BROKER]]
    threads = [_at(0, go) for go in beginners] + [_at(seconds * place / len(submitters), go) for place, go in enumerate(submitters)]
    time.sleep(seconds)
    people.stack.start_broker()
    returned = time.monotonic()
    for thread in threads:
        thread.join(FINISHED_SECONDS)
    slowest = max(one.ended - returned for one in people.diary.waited if one.began <= returned)
    failed = _submissions(people, "without a broker")
    print(f"everything handed over meanwhile was done {slowest:.1f} s after its return")

    people.diary.asked.clear()
    people.stack.broker.child.send_signal(signal.SIGSTOP)
    threads = [_at(0, visitor.go) for visitor in visitors[SUBMITTED_WITHOUT_BROKER:]]
    time.sleep(SILENCE_SECONDS)
    people.stack.broker.child.send_signal(signal.SIGCONT)
    for thread in threads:
        thread.join(FINISHED_SECONDS)
    failed += _submissions(people, "to a broker that does not answer")
    found = people.verdict(cases)
    print(found.text, flush=True)
    return [not failed, slowest <= BROKER_BACK_SECONDS, found.terminal == len(cases) and not found.doubled]


def _submissions(people: People, when: str) -> int:
    asked = [one for one in people.diary.asked if one.what in ("submit", "captures")]
    failed = sum(not 200 <= one.status < 300 for one in asked)
    took = [one.seconds for one in asked if one.what == "submit"]
    print(f"{len(took)} submissions and {len(asked) - len(took)} uploads {when}: {failed} failed", end="; ")
    print(f"a submission took {quantile(took, 0.5) * 1000:.0f} ms (median), {max(took) * 1000:.0f} ms at most")
    return failed


def _at(seconds: float, go: Callable[[], None]) -> threading.Thread:
    def later() -> None:
        time.sleep(seconds)
        go()

    thread = threading.Thread(target=later, daemon=True)
    thread.start()
    return thread
