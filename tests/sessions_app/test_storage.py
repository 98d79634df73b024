"""Pictures on disk: encrypted, bound to their place, never half there."""

import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from sessions_app import outages, storage
from sessions_app.choices import CaptureKind
from sessions_app.ingest import Picture
from sessions_app.models import Capture, CaptureImage, VerificationSession
from settings_app import keys
from tests import files
from tests.captures import add_capture, answered_session
from tests.factories import NOW
from verifyportal import crypto

pytestmark = pytest.mark.django_db
PICTURE = Picture(jpeg=files.jpeg(), width=320, height=240)


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.CAPTURE_ROOT = tmp_path / "captures"
    return tmp_path / "captures"


def stored(session: VerificationSession | None = None, kind: CaptureKind = CaptureKind.DOCUMENT_FRONT, position: int = 0) -> CaptureImage:
    capture = add_capture(session or answered_session(), kind)
    image = storage.write_picture(capture, PICTURE, position=position, step=None, at_ms=None)
    image.save()
    return CaptureImage.objects.get(pk=image.pk)


def everything_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_picture_read_again_is_the_one_that_was_written() -> None:
    assert storage.read_image(stored()) == PICTURE.jpeg


def test_file_on_disk_does_not_contain_the_picture(root: Path) -> None:
    stored()
    (file,) = everything_under(root)
    content = file.read_bytes()
    assert not [start for start in range(0, len(PICTURE.jpeg) - 16, 16) if PICTURE.jpeg[start : start + 16] in content]
    assert b"JFIF" not in content


def test_file_and_folders_are_for_the_portal_alone(root: Path) -> None:
    stored()
    (file,) = everything_under(root)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) & 0o077 == 0


def test_path_names_neither_the_person_nor_the_kind(root: Path) -> None:
    image = stored()
    assert image.path.count("/") == 2
    assert "DOCUMENT" not in image.path.upper()


def test_row_describes_the_picture_before_encryption() -> None:
    image = stored()
    assert (image.sha256, image.width, image.height) == (hashlib.sha256(PICTURE.jpeg).hexdigest(), 320, 240)


def test_same_picture_twice_is_stored_under_different_keys(root: Path) -> None:
    stored()
    stored()
    first, second = (path.read_bytes() for path in everything_under(root))
    assert first != second


@pytest.mark.parametrize("position", [0, 12, 500, -1])
def test_altered_file_does_not_open(root: Path, position: int) -> None:
    image = stored()
    (file,) = everything_under(root)
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)
    with pytest.raises(storage.PictureMissing):
        storage.read_image(image)


def swap_files(one: CaptureImage, other: CaptureImage) -> None:
    one.path, other.path = other.path, one.path
    one.wrapped_key, other.wrapped_key = other.wrapped_key, one.wrapped_key


def test_picture_moved_to_another_session_does_not_open() -> None:
    """A face cannot be lent to somebody else by rewriting rows, not even with its key."""
    session = answered_session()
    one, other = stored(session), stored(answered_session(company=session.company))
    swap_files(one, other)
    for image in (one, other):
        with pytest.raises(storage.PictureMissing):
            storage.read_image(image)


def test_picture_moved_to_another_kind_does_not_open() -> None:
    image = stored()
    Capture.objects.filter(pk=image.capture_id).update(kind=CaptureKind.SELFIE)
    with pytest.raises(storage.PictureMissing):
        storage.read_image(CaptureImage.objects.get(pk=image.pk))


def test_picture_moved_to_another_position_does_not_open() -> None:
    image = stored()
    image.position = 1
    with pytest.raises(storage.PictureMissing):
        storage.read_image(image)


def test_picture_moved_to_another_capture_of_the_same_kind_does_not_open() -> None:
    session = answered_session()
    image = stored(session)
    image.capture = add_capture(session, CaptureKind.DOCUMENT_FRONT, created_at=NOW)
    with pytest.raises(storage.PictureMissing):
        storage.read_image(image)


def test_picture_whose_file_is_gone_is_missing(root: Path) -> None:
    image = stored()
    (file,) = everything_under(root)
    file.unlink()
    with pytest.raises(storage.PictureMissing):
        storage.read_image(image)


def test_picture_still_opens_after_master_keys_were_rotated(settings: Any) -> None:
    """Files need not be touched: the company's key is the same, only its wrapping is new."""
    settings.MASTER_KEYS = {"old": crypto.new_key()}
    image = stored()
    settings.MASTER_KEYS = {"new": crypto.new_key(), **settings.MASTER_KEYS}
    keys.rotate(company=image.capture.session.company, now=NOW)
    del settings.MASTER_KEYS["old"]
    assert storage.read_image(CaptureImage.objects.get(pk=image.pk)) == PICTURE.jpeg


def test_discarded_picture_is_gone_and_a_second_time_is_no_error(root: Path) -> None:
    image = stored()
    storage.discard(image)
    storage.discard(image)
    assert everything_under(root) == []


@pytest.mark.parametrize("function", ["fsync", "fdopen"])
def test_disk_that_fails_while_writing_leaves_no_part_of_a_file(root: Path, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    monkeypatch.setattr(os, function, full)
    with pytest.raises(storage.DiskFull):
        storage.write_picture(capture, PICTURE, position=0, step=None, at_ms=None)
    monkeypatch.undo()
    assert everything_under(root) == []


def test_disk_that_refuses_otherwise_is_not_called_full(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    monkeypatch.setattr(os, "fsync", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
    with pytest.raises(OSError, match="broken"):
        storage.write_picture(capture, PICTURE, position=0, step=None, at_ms=None)


def test_disk_that_is_not_there_is_told_from_a_picture_that_is_gone(root: Path) -> None:
    """Otherwise a shared disk that is not mounted would end every session as if its pictures were bad."""
    images = [stored(), stored()]
    (root / images[0].path).unlink()
    shutil.rmtree((root / images[1].path).parents[1])
    passing = []
    for image in images:
        with pytest.raises(storage.PictureMissing) as missing:
            storage.read_image(image)
        passing.append(outages.is_passing(missing.value))
    assert passing == [False, True]


def test_company_whose_key_does_not_open_leaves_no_file(root: Path, settings: Any) -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    settings.MASTER_KEYS = {"another": crypto.new_key()}
    with pytest.raises(crypto.MasterKeyMissing):
        storage.write_picture(capture, PICTURE, position=0, step=None, at_ms=None)
    assert everything_under(root) == []
