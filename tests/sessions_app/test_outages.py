"""The machine's faults and the picture's: who is waited for, and who is judged."""

from __future__ import annotations

import errno
from typing import Any

import psycopg
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from sessions_app import outages
from sessions_app.storage import DiskFull, PictureMissing


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


PASSING = [
    OperationalError("the server restarts"),
    InterfaceError("the connection is closed"),
    OSError(errno.ENOSPC, "no room for a temporary file"),
    OSError(errno.EIO, "the disk does not answer"),
    OSError(errno.EMFILE, "too many files are open"),
    caused(PictureMissing(1), OSError(errno.ESTALE, "the shared disk is away")),
]
FOR_EVER = [
    RuntimeError("boom"),
    MemoryError(),
    SoftTimeLimitExceeded(),
    DataError("a number out of range"),
    IntegrityError("twice"),
    FileNotFoundError(errno.ENOENT, "gone"),
    caused(PictureMissing(1), FileNotFoundError(errno.ENOENT, "gone")),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_fault_of_the_machine_passes(error: Exception) -> None:
    assert outages.is_passing(error)


@pytest.mark.parametrize("error", FOR_EVER, ids=repr)
def test_fault_of_the_work_itself_does_not_pass(error: Exception) -> None:
    """R22: waiting would not make it better, so its check is unclear."""
    assert not outages.is_passing(error)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EDQUOT, ""), True),
        (OSError(errno.EIO, ""), False),
        (caused(OperationalError(), psycopg.errors.DiskFull()), True),
        (OperationalError(), False),
        (DiskFull(), False),
    ],
)
def test_only_a_disk_without_room_is_full(error: Exception, full: bool) -> None:
    assert outages.is_full(error) is full


def test_database_that_comes_back_gets_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "ASK_AGAIN", 0)
    monkeypatch.setattr(outages, "connection", Unconnected)
    answers: list[Any] = [OperationalError("away"), InterfaceError("closed"), "stored"]
    assert outages.patiently(lambda: given(answers)) == "stored"


def test_database_that_stays_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "PATIENCE", 0)
    monkeypatch.setattr(outages, "connection", Unconnected)
    with pytest.raises(OperationalError):
        outages.patiently(lambda: given([OperationalError("away")]))


def test_half_a_transaction_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood before it in the same transaction is gone with the connection."""
    monkeypatch.setattr(outages, "connection", InTransaction)
    with pytest.raises(OperationalError):
        outages.patiently(lambda: given([OperationalError("away"), "stored"]))


class Unconnected:
    in_atomic_block = False

    @staticmethod
    def close() -> None: ...


class InTransaction(Unconnected):
    in_atomic_block = True


def given(answers: list[Any]) -> Any:
    answer = answers.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return answer
