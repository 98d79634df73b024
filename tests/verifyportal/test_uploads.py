"""A picture never lies on a disk unencrypted, not even while it arrives."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from sessions_app import ingest

MEGABYTE = 1024 * 1024


def received(megabytes: int) -> object:
    sent = SimpleUploadedFile("picture.jpg", bytes(megabytes * MEGABYTE), "image/jpeg")
    return RequestFactory().post("/", {"image": sent}).FILES.get("image")


def test_large_photograph_stays_in_memory() -> None:
    """By default Django writes it to the temporary folder, where a kill would leave it."""
    assert isinstance(received(5), InMemoryUploadedFile)


def test_request_beyond_every_limit_is_not_kept_at_all() -> None:
    assert received(settings.FILE_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE + 1) is None


def test_whatever_ingest_takes_arrives() -> None:
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE > ingest.MAX_TOTAL_BYTES
