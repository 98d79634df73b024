"""Who may work on a capture or attempt: one worker at a time, and never the one whose time ran out."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from sessions_app import leases
from sessions_app.choices import AttemptState, CaptureKind, CaptureState
from sessions_app.models import Attempt, Capture
from tests.captures import add_capture, answered_session, die_three_times, processing_attempt
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PATIENCE = 30  # seconds until a test gives up waiting for a thread
SOON = timedelta(milliseconds=60)


@pytest.fixture
def waiting() -> Capture:
    return add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)


def another(work: Capture) -> Capture:
    """The same work as another worker loads it."""
    return Capture.objects.get(pk=work.pk)


def held(work: Capture) -> bool:
    with transaction.atomic():
        return leases.still_held(work)


def test_first_worker_takes_the_work_and_the_second_does_not(waiting: Capture) -> None:
    assert [leases.claim(waiting, now=NOW), leases.claim(another(waiting), now=NOW)] == [True, False]
    assert held(waiting)


@pytest.mark.parametrize(("late", "free"), [(-1, False), (0, True), (1, True)])
def test_lease_ends_after_exactly_its_time(waiting: Capture, late: int, free: bool) -> None:
    leases.claim(waiting, now=NOW)
    assert leases.claim(another(waiting), now=NOW + leases.LEASE + timedelta(seconds=late)) is free


def test_worker_that_lost_its_lease_does_not_hold_it_any_more(waiting: Capture) -> None:
    """Fencing: the newer token counts."""
    leases.claim(waiting, now=NOW)
    successor = another(waiting)
    leases.claim(successor, now=NOW + leases.LEASE)
    assert (held(waiting), held(successor)) == (False, True)


def test_worker_that_is_only_late_still_holds_what_nobody_took(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    assert held(waiting)


def test_work_that_nobody_claimed_is_held_by_nobody(waiting: Capture) -> None:
    """An empty token is no token."""
    assert not held(waiting)


@pytest.mark.parametrize("state", [CaptureState.INSPECTED, CaptureState.CRASHED])
def test_capture_that_is_done_is_not_taken_again(waiting: Capture, state: CaptureState) -> None:
    Capture.objects.filter(pk=waiting.pk).update(state=state, findings_sealed=b"x", inspected_at=NOW)
    assert not leases.claim(waiting, now=NOW)


def test_capture_done_by_another_worker_is_not_held_any_more(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    Capture.objects.filter(pk=waiting.pk).update(state=CaptureState.CRASHED)
    assert not held(waiting)


def test_attempt_that_is_decided_is_not_taken_again() -> None:
    attempt = processing_attempt()
    Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.DECIDED, verdict="APPROVE", decided_at=NOW)
    assert not leases.claim(attempt, now=NOW)


def test_tries_are_counted_before_the_work_and_there_are_three(waiting: Capture) -> None:
    """The third death is the last: a task that always kills its worker must not run for ever."""
    taken = [leases.claim(waiting, now=NOW + turn * leases.LEASE) for turn in range(4)]
    assert (taken, another(waiting).tries) == ([True, True, True, False], 3)


def test_work_is_given_up_by_one_worker_only_after_its_third_lease_and_without_a_fourth_try(waiting: Capture) -> None:
    later = die_three_times(waiting)
    early = leases.claim_used_up(waiting, now=later - timedelta(seconds=1))
    taken = [leases.claim_used_up(another(waiting), now=later) for _ in range(2)]
    assert (early, taken, another(waiting).tries) == (False, [True, False], 3)


def test_work_with_tries_left_is_not_given_up(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    assert not leases.claim_used_up(waiting, now=NOW + leases.LEASE)


def test_work_that_was_put_down_costs_no_try_and_is_looked_for_later(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    leases.give_back(waiting, now=NOW)
    found = [Capture.objects.waiting(NOW + leases.POSTPONED + timedelta(seconds=late)).exists() for late in (-1, 0)]
    assert (another(waiting).tries, found) == (0, [False, True])


def test_worker_that_lost_its_lease_gives_nothing_back(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    leases.claim(another(waiting), now=NOW + leases.LEASE)
    leases.give_back(waiting, now=NOW)
    assert another(waiting).tries == 2


def test_lost_work_is_handed_out_once_in_a_while_and_free_to_whoever_gets_it(waiting: Capture) -> None:
    """Behind a long queue no heap of repetitions grows, and the first repetition that arrives is worked on."""
    moments = (NOW, NOW + timedelta(seconds=1), NOW + leases.HANDED_OUT)
    found = [leases.hand_out(Capture.objects.all(), now=moment, most=10) for moment in moments]
    assert found == [[waiting.pk], [], [waiting.pk]]
    assert leases.claim(waiting, now=moments[-1])


def test_handed_out_work_is_not_held_by_the_worker_that_was_too_slow(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    leases.hand_out(Capture.objects.all(), now=NOW + leases.LEASE, most=10)
    assert not held(waiting)


def test_lease_is_renewed_several_times_before_it_ends_and_not_for_ever() -> None:
    """A database that restarts costs a renewal or two; what hangs where nobody kills it is not kept longer than a task may run."""
    assert leases.RENEWED_EVERY * 3 < leases.LEASE
    assert timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) < leases.KEPT_AT_MOST


@pytest.mark.django_db(transaction=True)
def test_lease_of_long_work_is_renewed_while_it_goes_on_and_no_longer(waiting: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY", timedelta(milliseconds=20))
    leases.claim(waiting, now=NOW)
    with leases.kept(waiting):
        wait_until(lambda: Capture.objects.filter(pk=waiting.pk, lease_until__gt=NOW + leases.LEASE + SOON).exists())
    ended = renewals_end(waiting)
    time.sleep(0.1)
    assert another(waiting).lease_until == ended


@pytest.mark.django_db(transaction=True)
def test_lease_that_passed_to_another_worker_is_not_renewed(waiting: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED_EVERY", timedelta(milliseconds=20))
    leases.claim(waiting, now=NOW)
    successor = another(waiting)
    leases.claim(successor, now=NOW + leases.LEASE)
    with leases.kept(waiting):
        wait_until(lambda: "lease" not in {thread.name for thread in threading.enumerate()})
    assert another(waiting).lease_until == successor.lease_until


@pytest.mark.django_db(transaction=True)
def test_short_work_opens_no_connection_for_its_lease(waiting: Capture) -> None:
    leases.claim(waiting, now=NOW)
    with leases.kept(waiting):
        pass
    wait_until(lambda: "lease" not in {thread.name for thread in threading.enumerate()})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)


def renewals_end(work: Capture) -> Any:
    """Wait for the thread, and return until when the lease then stands."""
    wait_until(lambda: "lease" not in {thread.name for thread in threading.enumerate()})
    return another(work).lease_until


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
