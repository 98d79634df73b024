"""R70, R80, R81: photos leave the portal through one door, and every look leaves a trace."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from checks_app.results import Quad
from sessions_app import storage
from sessions_app.choices import CaptureKind
from sessions_app.ingest import Picture
from sessions_app.models import Capture
from sessions_app.panel.photos import THUMB_SIDE, THUMB_TRACE, Size, leave_trace
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests import findings as given
from tests.factories import NOW, SessionFactory, picture, store_inspected


@pytest.fixture
def selfie(company: Company) -> Capture:
    return store_inspected(SessionFactory(company=company), CaptureKind.SELFIE, given.selfie(), pictures=[picture(size=(1600, 1200))])


def address(capture: Capture, position: int = 0) -> str:
    return f"/sessions/{capture.session.public_id}/photos/{capture.public_id}/{position}/"


def size_of(jpeg: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(jpeg)).size


def test_photo_is_a_jpeg_that_nobody_keeps(panel: Client, selfie: Capture) -> None:
    response = panel.get(address(selfie))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert size_of(response.content) == (1600, 1200)


@pytest.mark.parametrize(("size", "longest"), [("view", 960), ("thumb", THUMB_SIDE)])
def test_photo_comes_in_the_size_that_is_asked(panel: Client, selfie: Capture, size: str, longest: int) -> None:
    assert max(size_of(panel.get(address(selfie), {"size": size}).content)) == longest


def test_portrait_is_cut_out_of_the_document(panel: Client, company: Company) -> None:
    front = store_inspected(
        SessionFactory(company=company), CaptureKind.DOCUMENT_FRONT, given.passport(), pictures=[picture(size=(1000, 1000))]
    )
    width, height = size_of(panel.get(address(front), {"size": "portrait"}).content)
    assert (width, height) == (653, 960)  # 68 % by 100 %: the face and 35 % around it, cut at the edges, reduced to the view


def test_machine_readable_zone_is_cut_out_and_laid_flat(panel: Client, company: Company) -> None:
    """R37: the crop is the evidence of what was read."""
    upside_down = Quad(((0.9, 0.3), (0.1, 0.3), (0.1, 0.2), (0.9, 0.2)))
    found = given.passport(mrz=given.reading(region=upside_down))
    front = store_inspected(
        SessionFactory(company=company), CaptureKind.DOCUMENT_FRONT, found, pictures=[two_coloured((1000, 1000), red=(100, 200, 500, 300))]
    )
    zone = Image.open(io.BytesIO(panel.get(address(front), {"size": "zone"}).content)).convert("RGB")
    assert zone.size == (960, 120)
    left, right = zone.getpixel((240, 60)), zone.getpixel((720, 60))
    assert (left[0] < 60, right[0] > 200) == (True, True)  # type: ignore[index]  # what lay on the left lies on the right now


def test_document_without_a_zone_has_no_zone_address(panel: Client, company: Company) -> None:
    front = store_inspected(SessionFactory(company=company), CaptureKind.DOCUMENT_FRONT, given.passport(mrz=None))
    assert panel.get(address(front), {"size": "zone"}).status_code == 404


def two_coloured(size: tuple[int, int], *, red: tuple[int, int, int, int]) -> Picture:
    image = Image.new("RGB", size, "black")
    image.paste((255, 0, 0), red)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return Picture(out.getvalue(), *size)


def test_document_without_a_portrait_has_no_portrait_address(panel: Client, company: Company) -> None:
    front = store_inspected(SessionFactory(company=company), CaptureKind.DOCUMENT_FRONT, given.passport(portrait=None))
    assert panel.get(address(front), {"size": "portrait"}).status_code == 404


def test_photo_of_another_company_does_not_exist(stranger: Client, selfie: Capture) -> None:
    """R81."""
    assert stranger.get(address(selfie)).status_code == 404
    assert stranger.get(address(selfie), {"size": "thumb"}).status_code == 404


def test_photo_of_another_session_does_not_exist(panel: Client, company: Company, selfie: Capture) -> None:
    other = SessionFactory(company=company)
    assert panel.get(f"/sessions/{other.public_id}/photos/{selfie.public_id}/0/").status_code == 404


@pytest.mark.parametrize("position", [1, 99999999999])
def test_missing_position_is_not_found(panel: Client, selfie: Capture, position: int) -> None:
    assert panel.get(address(selfie, position)).status_code == 404


def test_unknown_capture_and_size_are_not_found(panel: Client, selfie: Capture) -> None:
    assert panel.get(f"/sessions/{selfie.session.public_id}/photos/{uuid4()}/0/").status_code == 404
    assert panel.get(address(selfie), {"size": "huge"}).status_code == 404


def test_lost_file_is_not_found_and_not_recorded_as_seen(panel: Client, company: Company, selfie: Capture) -> None:
    storage.discard(selfie.images.get())
    assert panel.get(address(selfie)).status_code == 404
    assert not company.audit_events.filter(kind=AuditKind.PHOTO_VIEWED).exists()


def test_every_look_on_the_details_page_leaves_a_trace(panel: Client, company: Company, agent: User, selfie: Capture) -> None:
    for _ in range(2):
        panel.get(address(selfie), {"size": "view"})
    events = company.audit_events.filter(kind=AuditKind.PHOTO_VIEWED)
    assert [event.actor for event in events] == [agent, agent]
    assert events[0].session_public_id == selfie.session.public_id
    assert events[0].details == {"capture": str(selfie.public_id), "position": 0, "size": "view"}


def test_thumbnails_leave_one_trace_a_person_session_and_hour(company: Company, agent: User, selfie: Capture) -> None:
    """A list that is read for an hour must not bury the looks that matter."""
    image = selfie.images.get()
    for after in (timedelta(0), THUMB_TRACE - timedelta(seconds=1), THUMB_TRACE):
        leave_trace(session=selfie.session, image=image, size=Size.THUMB, actor=agent, now=NOW + after)
    assert company.audit_events.filter(kind=AuditKind.PHOTO_VIEWED).count() == 2
