"""Pictures on disk: each file under its own key, bound to its session, kind and place; nobody reads them but through here."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from sessions_app import outages
from sessions_app.ingest import Picture
from sessions_app.models import Capture, CaptureImage, VerificationSession
from settings_app import keys
from verifyportal import crypto

DISK_AWAY = OSError(errno.ESTALE, "The disk of the captures is not there")
"""A company's folder is never removed: where that is missing, nothing is known about its pictures."""


class PictureMissing(Exception):
    """The file of a picture is gone from the disk, or does not open."""


class DiskFull(Exception):
    """There is no room for a picture; nothing of it was stored. The text is the sentence for the user."""

    def __init__(self) -> None:
        super().__init__(_("We cannot store pictures at the moment. What you sent before is safe. Please try again in a few minutes."))


def write_picture(capture: Capture, picture: Picture, *, position: int, step: int | None, at_ms: int | None) -> CaptureImage:
    """Encrypt a picture to a new file and return its row, not saved yet. Raises DiskFull, or OSError when the disk refuses otherwise."""
    key, context = crypto.new_key(), _context(capture, position)
    path = f"{_folder(capture.session)}/{uuid.uuid4()}.bin"
    image = CaptureImage(
        capture=capture,
        position=position,
        path=path,
        wrapped_key=crypto.seal(keys.key_of(capture.session.company), key, context=context),
        sha256=hashlib.sha256(picture.jpeg).hexdigest(),
        width=picture.width,
        height=picture.height,
        step=step,
        at_ms=at_ms,
    )
    _write_durably(Path(settings.CAPTURE_ROOT) / path, crypto.seal(key, picture.jpeg, context=context))
    return image


def read_image(image: CaptureImage) -> bytes:
    """Return the JPEG of a stored picture. Raises PictureMissing."""
    capture, context = image.capture, _context(image.capture, image.position)
    path = Path(settings.CAPTURE_ROOT) / image.path
    try:
        key = crypto.unseal(keys.key_of(capture.session.company), bytes(image.wrapped_key), context=context)
        return crypto.unseal(key, path.read_bytes(), context=context)
    except FileNotFoundError as error:
        raise PictureMissing(image.pk) from (error if path.parents[1].is_dir() else DISK_AWAY)
    except (OSError, crypto.DoesNotOpen) as error:
        raise PictureMissing(image.pk) from error


def discard(image: CaptureImage) -> None:
    """Remove the file of a picture whose row was never stored."""
    (Path(settings.CAPTURE_ROOT) / image.path).unlink(missing_ok=True)


def discard_folder(session: VerificationSession) -> None:
    """Remove every file of a session, if any is there. Raises OSError when the disk refuses."""
    folder = Path(settings.CAPTURE_ROOT) / _folder(session)
    if folder.exists():
        shutil.rmtree(folder)


def _folder(session: VerificationSession) -> str:
    return f"{session.company.public_id}/{session.public_id}"


def _context(capture: Capture, position: int) -> str:
    return f"picture:{capture.session.public_id}:{capture.kind}:{capture.public_id}:{position}"


def _write_durably(path: Path, blob: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if outages.is_full(error):
            raise DiskFull from error
        raise
