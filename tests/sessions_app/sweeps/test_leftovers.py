"""What a kill leaves behind goes, and nothing else ever does."""

from __future__ import annotations

import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from sessions_app import storage, sweeps
from sessions_app.choices import CaptureKind
from sessions_app.models import CaptureImage, SweepRun, TransferCode, VerificationSession
from sessions_app.sweeps import Sweep, leftovers, runs
from tests import findings
from tests.concurrency import race
from tests.factories import NOW, SessionFactory, store_inspected

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def session() -> VerificationSession:
    return SessionFactory()


def leave(session: VerificationSession, at: datetime, suffix: str = ".bin") -> Path:
    """A file without a row, last written at that moment, in a folder that changed at the same time."""
    folder = Path(settings.CAPTURE_ROOT) / storage._folder(session)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{uuid.uuid4()}{suffix}"
    file.write_bytes(b"sealed")
    for path in (file, folder):
        os.utime(path, (at.timestamp(), at.timestamp()))
    return file


def drop(now: datetime = NOW) -> int:
    return sweeps.drop_leftovers(now=now)


@pytest.mark.parametrize("suffix", [".bin", ".part"])
@pytest.mark.parametrize(("older", "dropped"), [(-1, False), (0, True), (1, True)])
def test_file_without_a_row_goes_after_a_day(older: int, dropped: bool, suffix: str, session: VerificationSession) -> None:
    """At −1, 0 and +1 s: whatever a running upload may still commit is younger."""
    file = leave(session, NOW - leftovers.AGE - older * SECOND, suffix)
    assert drop() == dropped
    assert file.exists() is not dropped


def test_picture_with_a_row_stays_however_old(session: VerificationSession) -> None:
    store_inspected(session, CaptureKind.SELFIE, findings.selfie())
    (file,) = Path(settings.CAPTURE_ROOT).rglob("*.bin")
    os.utime(file, (0, 0))
    leave(session, NOW - timedelta(days=30))
    assert drop() == 1
    assert storage.read_image(CaptureImage.objects.get())


def test_folders_of_other_installations_are_left_alone() -> None:
    """Only our own companies are looked at: a store may be shared by mistake."""
    strange = Path(settings.CAPTURE_ROOT) / str(uuid.uuid4()) / str(uuid.uuid4()) / "1.bin"
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"sealed")
    os.utime(strange, (0, 0))
    SessionFactory()
    assert drop() == 0
    assert strange.exists()


def test_nothing_is_dropped_when_most_files_are_unknown(session: VerificationSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that knows none of them is more likely the wrong one."""
    monkeypatch.setattr(leftovers, "MOST_UNKNOWN", 2)
    files = [leave(session, NOW - timedelta(days=2)) for _ in range(3)]
    assert drop() == 0
    assert all(file.exists() for file in files)
    assert SweepRun.objects.get(name=Sweep.LEFTOVERS).failure == "TooManyUnknownFiles (1)"


def test_folder_that_did_not_change_is_not_looked_into_again(session: VerificationSession) -> None:
    """With a million folders, the hourly look is at those of the last days."""
    drop(NOW)
    file = leave(session, NOW - timedelta(days=3))
    assert drop(NOW + timedelta(hours=1)) == 0
    assert file.exists()


def test_run_that_was_cut_short_makes_the_next_look_everywhere(session: VerificationSession) -> None:
    leave(session, NOW - timedelta(days=3))
    assert sweeps.drop_leftovers(now=NOW, seconds=-1) == 0
    assert SweepRun.objects.get().failure == f"{runs.MORE} (1)"
    assert drop(NOW + timedelta(hours=1)) == 1


def test_eight_days_without_the_scheduler_leave_nothing_for_ever(session: VerificationSession) -> None:
    drop(NOW)
    leave(session, NOW + timedelta(hours=1))
    assert drop(NOW + timedelta(days=8)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_of_one_store_drop_each_file_once() -> None:
    session = SessionFactory()
    for _ in range(4):
        leave(session, NOW - timedelta(days=2))
    assert sum(race(drop, drop)) == 4
    assert not list(Path(settings.CAPTURE_ROOT).rglob("*.bin"))


def test_file_that_another_sweeper_took_first_is_no_error(session: VerificationSession) -> None:
    leave(session, NOW - timedelta(days=2)).unlink()
    assert leftovers._drop_files([f"{storage._folder(session)}/gone.bin"]) == 1


def test_store_that_does_not_exist_yet_is_no_error(session: VerificationSession) -> None:
    assert not Path(settings.CAPTURE_ROOT).exists()
    assert drop() == 0
    assert SweepRun.objects.get().failure == ""


@pytest.mark.parametrize(("late", "left"), [(-1, 1), (0, 0), (1, 0)])
def test_code_of_a_hand_over_goes_a_day_after_its_end(late: int, left: int, session: VerificationSession) -> None:
    session.transfer_codes.create(token_hash="1", typed_hash="1", issued_at=NOW, expires_at=NOW + timedelta(minutes=5))
    drop(NOW + timedelta(minutes=5) + leftovers.AGE + late * SECOND)
    assert TransferCode.objects.count() == left
