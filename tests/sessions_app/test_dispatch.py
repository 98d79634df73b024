"""Handing work to the queue: nobody waits for one that is away, and nothing depends on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery.exceptions import OperationalError as QueueAway

from sessions_app import dispatch


class Task:
    """Counts how often it was handed over."""

    name = "task"

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = True

    def delay(self, **ids: int) -> None:
        self.asked += 1
        if self.is_away:
            raise QueueAway("no answer")


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(dispatch, "_not_before", 0.0)
    return


def test_queue_that_does_not_answer_is_left_alone_for_a_while() -> None:
    """Each asking may take seconds, and somebody's page waits behind it."""
    task = Task()
    for _ in range(3):
        dispatch.send(task, pk=1)
    assert task.asked == 1


def test_queue_that_answers_again_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    dispatch.send(task, pk=1)
    monkeypatch.setattr(dispatch, "_not_before", dispatch._not_before - dispatch.LEFT_ALONE)
    task.is_away = False
    for _ in range(3):
        dispatch.send(task, pk=1)
    assert task.asked == 4


def test_error_of_ours_is_not_mistaken_for_a_queue_that_is_away() -> None:
    class Wrong(Task):
        def delay(self, **ids: int) -> None:
            raise TypeError("no such argument")

    with pytest.raises(TypeError):
        dispatch.send(Wrong(), pk=1)
