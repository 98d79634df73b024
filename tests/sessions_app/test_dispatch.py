"""Handing work to the queue: nobody waits for one that is away, and nothing depends on it."""

from __future__ import annotations

import pytest
from celery.exceptions import OperationalError as QueueAway

from sessions_app import dispatch


class Task:
    """Counts how often it was handed over; it answers the last so many times as it is told."""

    name = "task"

    def __init__(self, *, fails: int = 100, seconds: float = 0.0) -> None:
        self.asked, self.fails, self.seconds = 0, fails, seconds
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def apply_async(self, *, kwargs: dict[str, int], retry: bool) -> None:
        self.asked += 1
        self.now += self.seconds
        if self.asked <= self.fails:
            raise QueueAway("no answer")


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_not_before", 0.0)


def hand_over(task: Task, times: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Hand a task over so often and return how often the queue was asked."""
    monkeypatch.setattr(dispatch, "time", task)
    before = task.asked
    for _ in range(times):
        dispatch.send(task, pk=1)
    return task.asked - before


def test_queue_that_refuses_is_asked_once_more_and_then_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hand_over(Task(), 3, monkeypatch) == 2


def test_connection_that_died_meanwhile_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker was restarted since the last submission."""
    assert hand_over(Task(fails=1), 1, monkeypatch) == 2


def test_queue_that_says_nothing_is_not_waited_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asking takes seconds, and somebody's page waits behind it."""
    assert hand_over(Task(seconds=dispatch.STALE), 3, monkeypatch) == 1


def test_queue_that_answers_again_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task(fails=2)
    hand_over(task, 1, monkeypatch)
    task.now += dispatch.LEFT_ALONE
    assert hand_over(task, 3, monkeypatch) == 3


def test_error_of_ours_is_not_mistaken_for_a_queue_that_is_away() -> None:
    class Wrong(Task):
        def apply_async(self, *, kwargs: dict[str, int], retry: bool) -> None:
            raise TypeError("no such argument")

    with pytest.raises(TypeError):
        dispatch.send(Wrong(), pk=1)
