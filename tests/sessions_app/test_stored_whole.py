"""An upload is stored whole or not at all, whatever refuses it half way."""

import errno
import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError

from sessions_app import challenges, lifecycle, storage
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.models import Capture
from tests.captures import answered_session
from tests.factories import NOW
from tests.sessions_app.test_submission import files_under, frames, nothing_saved, send, waiting_for

pytestmark = pytest.mark.django_db


def test_disk_that_fails_half_way_leaves_no_row_and_no_file(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = waiting_for(CaptureKind.LIVENESS)
    nonce = challenges.issue(session=session, now=NOW).nonce
    write, written = storage._write_durably, list[Path]()

    def fill_up(path: Path, blob: bytes) -> None:
        if len(written) == 2:
            raise OSError("No space left on device")
        write(path, blob)
        written.append(path)

    monkeypatch.setattr(storage, "_write_durably", fill_up)
    with pytest.raises(OSError, match="No space"):
        send(session, CaptureKind.LIVENESS, uploads=frames(4), nonce=nonce)
    assert len(written) == 2
    assert files_under(capture_root) == []
    assert not session.captures.filter(kind=CaptureKind.LIVENESS).exists()


def test_upload_that_a_full_disk_refused_succeeds_when_there_is_room_again(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = answered_session()
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(storage.DiskFull):
            send(session)
    assert nothing_saved(capture_root)
    assert send(session).state == CaptureState.WAITING
    assert len(files_under(capture_root)) == 1


def test_database_without_room_refuses_like_a_full_disk(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull()

    session = answered_session()
    monkeypatch.setattr(lifecycle, "note", full)
    with pytest.raises(storage.DiskFull):
        send(session)
    assert nothing_saved(capture_root)


def test_files_stay_when_the_database_went_away_and_may_have_stored_their_rows(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to COMMIT can be lost: rows without their files would be a picture lost for ever."""

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    session = answered_session()
    monkeypatch.setattr(lifecycle, "note", gone)
    with pytest.raises(OperationalError):
        send(session)
    assert len(files_under(capture_root)) == 1


def test_folder_that_cannot_be_written_leaves_no_row(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    settings.CAPTURE_ROOT = tmp_path / "a file"
    with pytest.raises(OSError):
        send(answered_session())
    assert not Capture.objects.exists()


def test_database_that_fails_leaves_no_row_and_no_file(capture_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("gone")

    session = answered_session()
    monkeypatch.setattr(lifecycle, "note", fail)
    with pytest.raises(DatabaseError, match="gone"):
        send(session)
    assert nothing_saved(capture_root)
