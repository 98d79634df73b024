"""Who may work on a capture or attempt: one worker at a time, and never the one whose time ran out."""

from datetime import timedelta

import pytest
from django.db import transaction

from sessions_app import leases
from sessions_app.choices import AttemptState, CaptureKind, CaptureState
from sessions_app.models import Attempt, Capture
from tests.captures import add_capture, answered_session, processing_attempt
from tests.factories import NOW

pytestmark = pytest.mark.django_db


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


def test_tries_are_counted_before_the_work_and_the_fourth_is_one_too_many(waiting: Capture) -> None:
    """The third death gives up: a task that always kills its worker must not run for ever."""
    straws = []
    for turn in range(4):
        leases.claim(waiting, now=NOW + turn * leases.LEASE)
        straws.append((another(waiting).tries, leases.is_last_straw(waiting)))
    assert straws == [(1, False), (2, False), (3, False), (4, True)]


def test_lease_outlives_the_hard_time_limit_of_a_task() -> None:
    """Else a living worker would lose its work."""
    from django.conf import settings

    assert leases.LEASE.total_seconds() > settings.CELERY_TASK_TIME_LIMIT
