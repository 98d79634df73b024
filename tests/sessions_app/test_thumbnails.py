"""R63, R80: the list shows faces that are small, sealed at rest and made once."""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
import pytest
from django.db import connection
from PIL import Image

from sessions_app import erasure, storage, thumbnails, verification
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.ingest import Picture
from sessions_app.models import Capture, VerificationSession
from settings_app.models import Company
from tests import findings as drawn
from tests.captures import add_capture, answered_session
from tests.factories import NOW, OperatorFactory, SessionFactory, UserFactory, checked_session, store_inspected

pytestmark = pytest.mark.django_db

RED, BLUE, GREY = (200, 30, 30), (30, 30, 200), (128, 128, 128)
FACE = (0.6, 0.2, 0.8, 0.6)  # red on a grey picture whose middle is blue


def photo(size: tuple[int, int] = (1200, 900)) -> Picture:
    """A grey picture with a red patch where the face is, and a blue one in the middle."""
    width, height = size
    pixels = np.full((height, width, 3), GREY, np.uint8)
    pixels[int(0.45 * height) : int(0.55 * height), int(0.42 * width) : int(0.58 * width)] = BLUE
    pixels[int(FACE[1] * height) : int(FACE[3] * height), int(FACE[0] * width) : int(FACE[2] * width)] = RED
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return Picture(out.getvalue(), width, height)


def colour_at(webp: bytes, x: float, y: float) -> tuple[int, int, int]:
    picture = Image.open(io.BytesIO(webp)).convert("RGB")
    assert picture.size == (thumbnails.SIDE, thumbnails.SIDE)
    return picture.getpixel((int(x * picture.width), int(y * picture.height)))  # type: ignore[return-value]


def is_like(seen: tuple[int, int, int], meant: tuple[int, int, int]) -> bool:
    return max(abs(one - other) for one, other in zip(seen, meant, strict=True)) < 40


@pytest.mark.parametrize("size", [(1200, 900), (900, 1200), (90, 60)])
def test_thumbnail_is_a_square_around_the_face(size: tuple[int, int]) -> None:
    small = thumbnails.cut_out(photo(size).jpeg, FACE)
    assert is_like(colour_at(small, 0.5, 0.5), RED)
    assert is_like(colour_at(small, 0.05, 0.95), GREY)


def test_thumbnail_without_a_face_is_the_middle() -> None:
    assert is_like(colour_at(thumbnails.cut_out(photo().jpeg, None), 0.5, 0.5), BLUE)


@pytest.mark.parametrize("face", [(0.0, 0.0, 0.3, 0.4), (0.8, 0.7, 1.0, 1.0), (0.0, 0.0, 1.0, 1.0)])
def test_face_at_the_edge_gives_a_whole_square(face: tuple[float, float, float, float]) -> None:
    """Nothing beyond the picture is shown as black."""
    small = thumbnails.cut_out(photo().jpeg, face)
    assert not any(is_like(colour_at(small, x, y), (0, 0, 0)) for x in (0, 0.99) for y in (0, 0.99))


def test_thumbnail_of_a_grainy_picture_stays_small() -> None:
    grain = np.random.default_rng(0).normal(128, 25, (900, 1200, 3)).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grain).save(out, "JPEG")
    assert len(thumbnails.cut_out(out.getvalue(), FACE)) < 2048


@pytest.mark.usefixtures("drawn_checks")
def test_the_worker_makes_the_thumbnail_with_the_inspection(drawn_checks: dict[str, Any]) -> None:
    """R80: nothing of the face lies open in the database."""
    capture = add_capture(answered_session(), CaptureKind.SELFIE)
    storage.write_picture(capture, photo(), position=0, step=None, at_ms=None).save()
    verification.inspect(capture=capture, now=NOW)
    sealed = bytes(Capture.objects.get(pk=capture.pk).thumbnail_sealed or b"")
    assert (len(sealed) > 200, b"WEBP" in sealed) == (True, False)
    assert shown(capture.session)[:4] == b"RIFF"


@pytest.mark.usefixtures("drawn_checks")
def test_documents_have_no_thumbnail() -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    storage.write_picture(capture, photo(), position=0, step=None, at_ms=None).save()
    verification.inspect(capture=capture, now=NOW)
    kept = Capture.objects.get(pk=capture.pk)
    assert (kept.state, kept.thumbnail_sealed) == (CaptureState.INSPECTED, None)


@pytest.mark.usefixtures("drawn_checks")
def test_thumbnail_that_cannot_be_made_costs_no_inspection(monkeypatch: pytest.MonkeyPatch) -> None:
    capture = add_capture(answered_session(), CaptureKind.SELFIE)
    storage.write_picture(capture, photo(), position=0, step=None, at_ms=None).save()
    monkeypatch.setattr(thumbnails, "cut_out", lambda *_: 1 / 0)
    verification.inspect(capture=capture, now=NOW)
    assert Capture.objects.get(pk=capture.pk).state == CaptureState.INSPECTED


def selfie_of(session: VerificationSession) -> Capture:
    return store_inspected(session, CaptureKind.SELFIE, drawn.selfie(face=drawn.face()), pictures=[photo()])


def shown(session: VerificationSession, company: Company | None = None) -> bytes:
    company = company or session.company
    viewer = UserFactory(company=company)
    return thumbnails.show(company=company, session_ids=[session.public_id], actor=viewer, now=NOW).get(session.public_id, b"")


def test_selfie_of_before_gets_its_thumbnail_when_first_asked() -> None:
    capture = selfie_of(SessionFactory())
    assert capture.thumbnail_sealed is None
    first = shown(capture.session)
    kept = Capture.objects.get(pk=capture.pk).thumbnail_sealed
    assert (first[:4], kept is not None) == (b"RIFF", True)
    assert shown(capture.session) == first
    assert Capture.objects.get(pk=capture.pk).thumbnail_sealed == kept  # not made again


def test_the_newest_selfie_counts() -> None:
    session = SessionFactory()
    old = selfie_of(session)
    Capture.objects.filter(pk=old.pk).update(replaced_at=NOW)
    new = store_inspected(session, CaptureKind.SELFIE, drawn.selfie(face=None))
    shown(session)
    made = set(Capture.objects.exclude(thumbnail_sealed=None).values_list("pk", flat=True))
    assert made == {new.pk}


def test_selfie_whose_file_is_gone_is_missing() -> None:
    capture = selfie_of(SessionFactory())
    storage.discard(capture.images.get())
    assert shown(capture.session) == b""


def test_thumbnail_put_to_another_selfie_does_not_open() -> None:
    """R80: it is bound to its capture; the others of the page are shown all the same."""
    company = UserFactory().company
    one, other = (selfie_of(SessionFactory(company=company, reference=name)) for name in ("one", "other"))
    for capture in (one, other):
        shown(capture.session)
    Capture.objects.filter(pk=other.pk).update(thumbnail_sealed=Capture.objects.get(pk=one.pk).thumbnail_sealed)
    both = [one.session.public_id, other.session.public_id]
    assert set(thumbnails.show(company=company, session_ids=both, actor=UserFactory(company=company), now=NOW)) == {one.session.public_id}


def test_erased_selfies_have_none(django_capture_on_commit_callbacks: Any) -> None:
    """R8: neither in the answer nor in the row."""
    session = checked_session()
    assert shown(session)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_pictures(session=session, actor=OperatorFactory(), now=NOW)
    assert shown(session) == b""
    assert not session.captures.exclude(thumbnail_sealed=None).exists()


def test_another_company_is_shown_nothing() -> None:
    """R81."""
    assert shown(selfie_of(SessionFactory()).session, company=UserFactory().company) == b""


def test_thumbnail_lies_apart_from_the_row_that_the_search_of_duplicates_reads() -> None:
    """R36: a hundred thousand faces are gone through; their thumbnails would treble what is read."""
    capture = store_inspected(SessionFactory(), CaptureKind.SELFIE, drawn.selfie())
    sealed = {"findings_sealed": os.urandom(3000), "thumbnail_sealed": os.urandom(1300), "face_sealed": os.urandom(540)}
    Capture.objects.filter(pk=capture.pk).update(face_engine="test 1", **sealed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = 'sessions_app_capture'::regclass")
        (apart,) = cursor.fetchone()
        cursor.execute(f"SELECT sum(length(chunk_data)) AS size FROM {apart} GROUP BY chunk_id ORDER BY size")
        assert cursor.fetchall() == [(1300,), (3000,)]
