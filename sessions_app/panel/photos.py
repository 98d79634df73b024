"""Photos of a session in the sizes that the panel shows; every look leaves a trace (R80, R81)."""

from __future__ import annotations

import io
import math
from datetime import datetime, timedelta
from enum import StrEnum

from PIL import Image

from checks_app.results import DocumentFindings, FaceFindings, Quad
from sessions_app import findings, storage
from sessions_app.models import Capture, CaptureImage, VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import User

THUMB_SIDE, VIEW_SIDE = 112, 960
"""Longest sides in pixels: twice what the page shows, for sharp displays."""

PORTRAIT_MARGIN = 0.35
"""Share of the face's box that is kept around it: hair and chin."""

THUMB_TRACE = timedelta(hours=1)
"""Thumbnails come with every list: one trace a person, session and hour says the same as a thousand."""


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of a picture."""


class Size(StrEnum):
    """What a photo address may ask for."""

    FULL = ""
    VIEW = "view"
    THUMB = "thumb"
    PORTRAIT = "portrait"
    ZONE = "zone"


class NotFoundOnPicture(Exception):
    """This picture shows no portrait, or no machine-readable zone."""


def photo(image: CaptureImage, size: Size) -> bytes:
    """Return a stored picture as JPEG in one of the panel's sizes. Raises storage.PictureMissing or NotFoundOnPicture."""
    jpeg = storage.read_image(image)
    if size is Size.FULL:
        return jpeg
    if size is Size.PORTRAIT:
        return _portrait(jpeg, portrait_of(image.capture))
    if size is Size.ZONE:
        return _zone(jpeg, _zone_of(image.capture))
    return _shrunk(Image.open(io.BytesIO(jpeg)), THUMB_SIDE if size is Size.THUMB else VIEW_SIDE)


def portrait_of(capture: Capture) -> FaceFindings:
    """The face that was found on a picture of a document. Raises NotFoundOnPicture."""
    found = findings.read(capture)
    if not isinstance(found, DocumentFindings) or found.portrait is None:
        raise NotFoundOnPicture(capture.pk)
    return found.portrait


def portrait_box(face: FaceFindings) -> Box:
    """What the panel cuts out of a picture of a document to show its portrait."""
    left, top, right, bottom = face.box
    across, down = (right - left) * PORTRAIT_MARGIN, (bottom - top) * PORTRAIT_MARGIN
    return max(0.0, left - across), max(0.0, top - down), min(1.0, right + across), min(1.0, bottom + down)


def face_in_portrait(face: FaceFindings) -> Box:
    """Where in the portrait that was cut out the face itself lies."""
    (left, top, right, bottom), (x, y, far, low) = face.box, portrait_box(face)
    width, height = far - x, low - y
    return (left - x) / width, (top - y) / height, (right - x) / width, (bottom - y) / height


def _zone_of(capture: Capture) -> Quad:
    found = findings.read(capture)
    if not isinstance(found, DocumentFindings) or found.mrz is None or found.mrz.region is None:
        raise NotFoundOnPicture(capture.pk)
    return found.mrz.region


def leave_trace(*, session: VerificationSession, image: CaptureImage, size: Size, actor: User, now: datetime) -> None:
    """Put the look into the audit trail of the company."""
    if size is Size.THUMB:
        looks = session.company.audit_events.filter(session_public_id=session.public_id, kind=AuditKind.PHOTO_VIEWED, actor=actor)
        if looks.filter(at__gt=now - THUMB_TRACE, details__size=size.value).exists():
            return
    details: dict[str, str | int] = {"capture": str(image.capture.public_id), "position": image.position, "size": size.value}
    audit.record(company=session.company, kind=AuditKind.PHOTO_VIEWED, actor=actor, session_id=session.public_id, now=now, **details)


def _portrait(jpeg: bytes, face: FaceFindings) -> bytes:
    picture = Image.open(io.BytesIO(jpeg))
    left, top, right, bottom = portrait_box(face)
    width, height = picture.size
    return _shrunk(picture.crop((int(left * width), int(top * height), int(right * width), int(bottom * height))), VIEW_SIDE)


def _zone(jpeg: bytes, region: Quad) -> bytes:
    """Cut out the machine-readable zone and lay it flat, the right way up."""
    picture = Image.open(io.BytesIO(jpeg))
    corners = [(x * picture.width, y * picture.height) for x, y in region.corners]
    top_left, top_right, bottom_right, bottom_left = corners
    width, height = math.dist(top_left, top_right), math.dist(top_left, bottom_left)
    if min(width, height) < 1:
        raise NotFoundOnPicture
    source = [value for corner in (top_left, bottom_left, bottom_right, top_right) for value in corner]  # the order that Pillow wants
    size = VIEW_SIDE, max(1, min(VIEW_SIDE, round(VIEW_SIDE * height / width)))
    return _shrunk(picture.convert("RGB").transform(size, Image.Transform.QUAD, source, Image.Resampling.BICUBIC), VIEW_SIDE)


def _shrunk(picture: Image.Image, side: int) -> bytes:
    picture.thumbnail((side, side))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()
