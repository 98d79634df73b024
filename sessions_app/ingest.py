"""Safe ingest: bytes from a stranger become a fresh JPEG of our own making, or a sentence that says what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

log = structlog.get_logger(__name__)

MAX_BYTES = 20 * 1024 * 1024
"""Per file. The largest phone photos (50 MP JPEG) stay below."""

MAX_TOTAL_BYTES = 40 * 1024 * 1024
"""Of one upload with all its frames, because all of them pass through memory together."""

CHILD_SECONDS = 30
"""Wall time for all files of one upload; the child's own limits usually end it before."""

CHILD = Path(__file__).with_name("ingest_child.py")


class Refusal(TextChoices):
    """Why a file was not taken; the label is the sentence for the user."""

    EMPTY = "EMPTY", _("The file is empty. Please take the picture again.")
    TOO_LARGE = "TOO_LARGE", _("The file is larger than 20 MB. Please take the picture with the camera, or choose a smaller file.")
    NOT_AN_IMAGE = "NOT_AN_IMAGE", _("This file is not a picture that we can read. Please use JPEG, PNG or WebP.")
    TRUNCATED = "TRUNCATED", _("The picture is damaged or did not arrive whole. Please try again.")
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS", _("The picture has too many pixels. Please take it with the camera, or choose a smaller one.")
    ANIMATED = "ANIMATED", _("This is a moving picture. Please use a photo.")
    TOO_SMALL = "TOO_SMALL"  # these two are said of logos alone, which have words of their own: logos.py
    NOTHING_SEEN = "NOTHING_SEEN"
    HEIC = "HEIC", _("HEIC pictures cannot be read here. Please take the photo with this page's camera, or save it as JPEG.")


class UnreadableImage(Exception):
    """The file is not taken. `code` says why; the text is the sentence for the user."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(str(code.label))
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we encoded ourselves: upright, RGB, without metadata."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LogoPicture:
    """A logo that we encoded ourselves: small, RGBA, without metadata. dark, pale: shares (0..1) of what is seen."""

    png: bytes
    width: int
    height: int
    dark: float
    pale: float


def decode_all(files: Sequence[bytes]) -> list[Picture]:
    """Decode all files in one child process. Raises UnreadableImage for the first one that is refused."""
    if max(map(len, files)) > MAX_BYTES or sum(map(len, files)) > MAX_TOTAL_BYTES:
        raise UnreadableImage(Refusal.TOO_LARGE)
    request = json.dumps([len(data) for data in files]).encode() + b"\n" + b"".join(files)
    head, _newline, rest = _ask_child(request).partition(b"\n")
    pictures: list[Picture] = []
    for answer in json.loads(head):
        if "refused" in answer:
            raise UnreadableImage(Refusal(answer["refused"]))
        pictures.append(Picture(jpeg=rest[: answer["length"]], width=answer["width"], height=answer["height"]))
        rest = rest[answer["length"] :]
    return pictures


def decode_logo(file: bytes) -> LogoPicture:
    """Decode a logo in a child process of the same limits. Raises UnreadableImage."""
    head, _newline, png = _ask_child(json.dumps([len(file)]).encode() + b"\n" + file, "logo").partition(b"\n")
    (answer,) = json.loads(head)
    if "refused" in answer:
        raise UnreadableImage(Refusal(answer["refused"]))
    return LogoPicture(png=png, width=answer["width"], height=answer["height"], dark=answer["dark"], pale=answer["pale"])


def _ask_child(request: bytes, *arguments: str) -> bytes:
    try:
        return subprocess.run(
            [sys.executable, "-I", str(CHILD), *arguments], input=request, capture_output=True, timeout=CHILD_SECONDS, check=True
        ).stdout
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("ingest_child_died", reason=repr(error), errors=(error.stderr or b"")[-500:].decode(errors="replace"))
        raise UnreadableImage(Refusal.TOO_MANY_PIXELS) from error
