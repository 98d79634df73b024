import subprocess
import sys
from pathlib import Path

import pytest

from verifyportal.dev import lock


def test_a_second_holder_learns_about_the_first(tmp_path: Path) -> None:
    first = lock.hold(tmp_path / "lock")
    first.write({"address": "http://127.0.0.1:8000"})
    with pytest.raises(lock.AlreadyHeld) as refusal:
        lock.hold(tmp_path / "lock")
    assert refusal.value.note["address"] == "http://127.0.0.1:8000"
    first.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    lock.hold(tmp_path / "lock").release()
    lock.hold(tmp_path / "lock").release()


def test_a_child_that_outlives_its_portal_keeps_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "AFTERMATH_SECONDS", 0.3)
    held = lock.hold(tmp_path / "lock")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[held.descriptor])
    held.release()
    (tmp_path / "lock").write_text('{"pid": 4194305}')  # above the largest process id: a portal that is gone
    with pytest.raises(lock.AlreadyHeld):
        lock.hold(tmp_path / "lock")
    child.communicate(b"\n")
    lock.hold(tmp_path / "lock").release()


def test_the_note_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    held = lock.hold(tmp_path / "lock")
    assert (tmp_path / "lock").stat().st_mode & 0o077 == 0
    held.release()
