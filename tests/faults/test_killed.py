"""A real prefork worker that is killed, cut off or asked to end in the middle of its work: nothing is lost, and nothing runs for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from sessions_app import leases, submission, tasks
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, Outcome, ReplayState
from sessions_app.models import Capture, ReplayRun
from sessions_app.replay import runs
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory
from tests.replays import GOOD, STRICT, ends, past, start
from tests.workers import fresh_session, inspected, outcome_of, send, send_all, wait_for, worker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("drawn_checks", "empty_queues"),
]


@dataclass(frozen=True, slots=True)
class Worker:
    """A prefork worker with one child, whose inspections do not end by themselves."""

    process: subprocess.Popen[bytes]
    marker: Path
    released: Path

    def children(self) -> list[int]:
        """The processes that have begun an inspection, one for each beginning."""
        return [int(line) for line in self.marker.read_text().split()] if self.marker.exists() else []

    def have_begun(self, inspections: int) -> bool:
        return len(self.children()) >= inspections

    def child_at_work(self) -> int:
        wait_for(self.children)
        return self.children()[-1]


StartWorker = Callable[[str], Worker]


@pytest.fixture
def start_prefork(tmp_path: Path, capture_root: Path) -> Iterator[StartWorker]:
    started: list[Worker] = []
    with (tmp_path / "worker.log").open("wb") as log:

        def start(fault: str) -> Worker:
            marker, released = tmp_path / "working", tmp_path / "released"
            given = {
                "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
                "REDIS_PREFIX": django_settings.REDIS_PREFIX,
                "CAPTURE_ROOT": str(capture_root),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "FAULT": fault,
                "FAULT_MARKER": str(marker),
                "FAULT_RELEASE": str(released),
            }
            command = [sys.executable, "-m", "celery", "-A", "tests.faults.slow_app", "worker", "--pool", "prefork", "-c", "1"]
            root = django_settings.BASE_DIR
            child = subprocess.Popen([*command, "--without-mingle"], cwd=root, env=os.environ | given, stdout=log, stderr=log)
            started.append(Worker(child, marker, released))
            return started[-1]

        yield start
        for each in started:
            each.process.kill()
            each.process.wait()


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs; one that is dead and not yet buried does not."""
    try:
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False


def let_the_lease_run_out(capture: Capture) -> None:
    Capture.objects.filter(pk=capture.pk).update(lease_until=timezone.now())


def test_worker_killed_in_the_middle_of_an_inspection_delays_the_session_and_no_more(start_prefork: StartWorker) -> None:
    """SIGKILL: no farewell, no clean-up. The lease runs out, the sweep finds the work, another worker does it."""
    prefork = start_prefork("hang")
    session = fresh_session()
    capture = send(session, CaptureKind.DOCUMENT_FRONT)
    child = prefork.child_at_work()
    prefork.process.send_signal(signal.SIGKILL)
    prefork.process.wait()
    wait_for(lambda: not is_alive(child))
    capture.refresh_from_db()
    assert (capture.state, capture.tries) == (CaptureState.WAITING, 1)
    assert capture.lease_until is not None
    assert capture.lease_until > timezone.now()
    let_the_lease_run_out(capture)
    with worker():
        tasks.recover_overdue.delay()
        wait_for(lambda: inspected(capture))
        send_all(session)
        submission.submit_attempt(session=session, now=timezone.now())
        wait_for(lambda: outcome_of(session) == Outcome.APPROVE)
    assert Capture.objects.get(pk=capture.pk).tries == 2
    assert session.attempts.get().state == AttemptState.DECIDED


def test_replay_of_a_killed_worker_is_carried_on_where_it_was(start_prefork: StartWorker) -> None:
    """R43: SIGKILL in its second slice. Who watches the page has it handed on, and nothing is counted twice."""
    run = start(three_sessions(), STRICT)
    prefork = start_prefork("hang")
    child = prefork.child_at_work()
    prefork.process.send_signal(signal.SIGKILL)
    prefork.process.wait()
    wait_for(lambda: not is_alive(child))
    run.refresh_from_db()
    assert (run.state, run.done) == (ReplayState.RUNNING, 1)
    with worker():
        runs.look_after(run, now=timezone.now() + runs.PATIENCE)
        wait_for(lambda: ReplayRun.objects.filter(pk=run.pk, state=ReplayState.DONE).exists())
    run.refresh_from_db()
    assert (ends(run), len({row[0] for row in run.changed})) == ({"APPROVE>REVIEW": 3}, 3)


def three_sessions() -> Company:
    company: Company = CompanyFactory()
    for number in range(3):
        past(company, GOOD, at=NOW - timedelta(minutes=number))
    return company


def test_picture_that_kills_its_worker_is_tried_three_times_and_given_up(start_prefork: StartWorker) -> None:
    """R22: the broker delivers such a task again and again; the database counts, and its check is unclear."""
    prefork = start_prefork("kill")
    capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    for deaths in range(1, leases.MAX_TRIES + 1):
        wait_for(partial(prefork.have_begun, deaths))
        let_the_lease_run_out(capture)
        tasks.recover_overdue.delay()
    wait_for(lambda: Capture.objects.filter(pk=capture.pk, state=CaptureState.CRASHED).exists())
    assert (len(prefork.children()), Capture.objects.get(pk=capture.pk).tries) == (leases.MAX_TRIES, leases.MAX_TRIES)


def test_database_that_restarts_during_an_inspection_costs_neither_the_result_nor_a_try(start_prefork: StartWorker) -> None:
    """Every connection of the worker is cut, as by a restart; what it found is stored all the same."""
    prefork = start_prefork("hang")
    capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    prefork.child_at_work()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.rowcount > 0
    prefork.released.touch()
    wait_for(lambda: inspected(capture))
    assert Capture.objects.get(pk=capture.pk).tries == 1


def test_worker_asked_to_end_finishes_what_it_has_begun(start_prefork: StartWorker) -> None:
    """SIGTERM, as at every release: no lease has to run out for it."""
    prefork = start_prefork("hang")
    capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    prefork.child_at_work()
    prefork.process.send_signal(signal.SIGTERM)
    prefork.released.touch()
    assert prefork.process.wait() == 0
    assert (inspected(capture), Capture.objects.get(pk=capture.pk).tries) == (True, 1)
