"""How every sweep runs: alone, past whatever fails, within its time, and written down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery.exceptions import OperationalError, SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from sessions_app import lifecycle, sweeps
from sessions_app.choices import Outcome
from sessions_app.models import SweepRun, VerificationSession
from sessions_app.sweeps import Sweep, runs
from tests.captures import answered_session
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, SessionFactory

pytestmark = pytest.mark.django_db
EXPIRY = NOW + timedelta(days=7)
SECRET = "Nino Beridze"


class Broken(Exception):
    pass


def close(seconds: float = runs.SECONDS) -> int:
    return sweeps.close_overdue_sessions(now=EXPIRY, seconds=seconds)


def run_of(sweep: Sweep = Sweep.CLOSE) -> SweepRun:
    return SweepRun.objects.get(name=sweep)


def still_open() -> int:
    return VerificationSession.objects.filter(outcome=Outcome.PENDING).count()


def locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database "
            "WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()",
            [runs.LOCKS],
        )
        (held,) = cursor.fetchone()
    return int(held)


def refuse(pk: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing this one session fails."""
    closed = lifecycle.close_overdue

    def close_others(*, session: VerificationSession, **given: Any) -> Outcome:
        if session.pk == pk:
            raise error
        return closed(session=session, **given)

    monkeypatch.setattr(lifecycle, "close_overdue", close_others)


@pytest.mark.django_db(transaction=True)
def test_sweep_leaves_the_work_to_one_that_is_running() -> None:
    answered_session()
    with runs._alone(Sweep.CLOSE) as alone:
        assert alone
        assert race(close) == [0]
        assert not SweepRun.objects.exists()
    assert race(close) == [1]


def test_sweeps_of_other_names_run_beside_each_other() -> None:
    answered_session()
    with runs._alone(Sweep.WATCH), runs._alone(Sweep.TRANSFERS):
        assert close() == 1


@pytest.mark.parametrize("happens", [lambda: None, connection.close], ids=["an error", "the connection is lost"])
@pytest.mark.django_db(transaction=True)
def test_lock_is_given_back_whatever_happens(happens: Callable[[], None]) -> None:
    def fail() -> None:
        with runs._alone(Sweep.CLOSE):
            assert locks_held() == 1
            happens()
            raise Broken

    with pytest.raises(Broken):
        fail()
    assert locks_held() == 0


HOLDS_A_LOCK = """
import django, time; django.setup()
from sessions_app.sweeps import Sweep, runs
with runs._alone(Sweep.CLOSE) as alone:
    print(alone, flush=True); time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sweep_that_was_killed_holds_nobody_up() -> None:
    """SIGKILL in the middle: PostgreSQL sees the connection go."""
    answered_session()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    given = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_LOCK], cwd=settings.BASE_DIR, env=os.environ | given, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        assert close() == 0
        process.send_signal(signal.SIGKILL)
    while locks_held():
        pass
    assert close() == 1


def test_run_is_written_down() -> None:
    """An operator reads here that the scheduler lives."""
    answered_session()
    close()
    run = run_of()
    assert (run.started_at, run.handled, run.failed_at, run.failure) == (EXPIRY, 1, None, "")
    assert run.finished_at is not None
    assert EXPIRY <= run.finished_at < EXPIRY + timedelta(minutes=1)


def test_each_sweep_has_one_row_however_often_it_runs() -> None:
    answered_session()
    for _ in range(2):
        close()
    assert (run_of().handled, SweepRun.objects.count()) == (0, 1)


def test_session_that_fails_never_holds_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [answered_session() for _ in range(3)]
    refuse(sessions[0].pk, RuntimeError(SECRET), monkeypatch)
    assert close() == 2
    assert still_open() == 1


def test_failure_is_named_and_counted_without_its_text(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The text of an error may hold personal data."""
    session = answered_session()
    refuse(session.pk, RuntimeError(SECRET), monkeypatch)
    close()
    run = run_of()
    assert (run.failure, run.handled) == ("RuntimeError (1)", 0)
    assert run.failed_at is not None
    assert run.failed_at >= run.started_at
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_failed_statement_of_one_session_leaves_the_others_their_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [answered_session() for _ in range(2)]
    closed = lifecycle.close_overdue

    def break_first(*, session: VerificationSession, **given: Any) -> Outcome:
        if session.pk == sessions[0].pk:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return closed(session=session, **given)

    monkeypatch.setattr(lifecycle, "close_overdue", break_first)
    assert close() == 1
    assert run_of().failure == "DataError (1)"


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded(), OperationalError()])
def test_what_concerns_the_whole_run_ends_it(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = [answered_session() for _ in range(2)]
    refuse(sessions[0].pk, error, monkeypatch)
    with pytest.raises(type(error)):
        close()
    assert still_open() == 2
    assert (run_of().finished_at, run_of().failure) == (None, f"{type(error).__name__} (1)")
    assert locks_held() == 0


def test_run_whose_database_fails_says_so_and_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise DatabaseError(SECRET)

    monkeypatch.setattr(runs, "in_batches", broken)
    with pytest.raises(DatabaseError):
        close()
    assert run_of().failure == "DatabaseError (1)"


def test_time_of_a_run_is_limited_and_the_next_goes_on() -> None:
    for _ in range(3):
        answered_session()
    assert close(seconds=-1) == 0
    assert run_of().failure == f"{runs.MORE} (1)"
    assert close() == 3


def test_run_takes_batch_after_batch_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where many expire in the same moment, and where one of them stays."""
    monkeypatch.setattr(runs, "BATCH", 2)
    sessions = [answered_session() for _ in range(5)] + [answered_session(now=NOW - timedelta(days=1)) for _ in range(2)]
    refuse(sessions[1].pk, RuntimeError(), monkeypatch)
    assert close() == 6
    assert run_of().failure == "RuntimeError (1)"


@pytest.mark.django_db(transaction=True)
def test_session_that_somebody_works_on_is_not_waited_for() -> None:
    """SKIP LOCKED: whoever holds it may just be sending the last picture; the next run looks again."""
    held, free = answered_session(), answered_session()
    with transaction.atomic():
        lifecycle.lock(held.pk)
        assert race(close) == [1]
    assert VerificationSession.objects.get(pk=free.pk).outcome == Outcome.ABANDONED
    assert race(close) == [1]


@pytest.mark.django_db(transaction=True)
def test_eight_days_without_the_scheduler_are_made_up_for_by_one_run() -> None:
    """R3, R23: with none for eight days, each session still gets the one right outcome, once."""
    for day in range(8):
        born = NOW - timedelta(days=day)
        SessionFactory(now=born)
        answered_session(now=born, company=CompanyFactory(inactivity_minutes=30))
    later = NOW + timedelta(days=8)
    assert sum(race(*[lambda: sweeps.close_overdue_sessions(now=later)] * 2)) == 16
    ended = {(session.outcome, session.opened_at is not None) for session in VerificationSession.objects.all()}
    assert ended == {(Outcome.EXPIRED, False), (Outcome.ABANDONED, True)}
    assert all(session.events.filter(kind=session.outcome).count() == 1 for session in VerificationSession.objects.all())
