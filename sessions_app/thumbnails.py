"""A small picture of each selfie's face, for the list: made once, sealed with its capture, shown by the page (R80, R81)."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import structlog
from PIL import Image

from checks_app.results import SelfieFindings
from sessions_app import findings, storage
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.findings import Findings
from sessions_app.models import Capture, CaptureImage
from settings_app import audit, keys
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from verifyportal import crypto

log = structlog.get_logger(__name__)

SIDE = 80
"""Pixels: twice what a row shows, for sharp displays, near enough."""

QUALITY = 50
"""Of WebP: a face of this size then takes about a kilobyte, and a page of the list some 25 of them."""

MARGIN = 0.25
"""Share of the face's box that is kept around it: hair and chin."""

HEAVY = ("findings_sealed", "face_sealed", "session__token_sealed", "session__search_text")
"""What only the first look at an old selfie needs, or none."""

Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the picture


def made_for(capture: Capture, found: Findings | None) -> bytes | None:
    """Make the sealed thumbnail of a selfie; None for other captures and where the picture is gone."""
    image = CaptureImage.objects.filter(capture=capture, position=0).first() if capture.kind == CaptureKind.SELFIE else None
    if image is None:
        return None
    image.capture = capture
    face = found.face if isinstance(found, SelfieFindings) else None
    try:
        small = cut_out(storage.read_image(image), face.box if face else None)
    except storage.PictureMissing:
        return None
    return crypto.seal(keys.key_of(capture.session.company), small, context=_context(capture.public_id))


def cut_out(jpeg: bytes, face: Box | None) -> bytes:
    """Return the square around a face, or the middle of the picture without one, as a small WebP."""
    picture = Image.open(io.BytesIO(jpeg))
    share = 1.0 if face is None else max(face[2] - face[0], face[3] - face[1], SIDE / max(picture.size))
    picture.draft("RGB", (int(2 * SIDE / share), int(2 * SIDE / share)))  # decodes no more of the JPEG than the face needs
    square = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=_square(picture.size, face))
    out = io.BytesIO()
    square.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def show(*, company: Company, session_ids: Iterable[UUID], actor: User, now: datetime) -> dict[UUID, bytes]:
    """Return the thumbnails of those sessions of the company that have a selfie. One row of the audit trail names them all."""
    selfies = Capture.objects.current().filter(session__company=company, session__public_id__in=list(session_ids), kind=CaptureKind.SELFIE)
    light = selfies.exclude(state=CaptureState.ERASED).select_related("session").defer(*HEAVY)
    opened = _open_all(company, light)
    if opened:
        named = " ".join(sorted(map(str, opened)))
        audit.record(company=company, kind=AuditKind.THUMBNAILS_VIEWED, actor=actor, now=now, count=len(opened), sessions=named)
    return opened


def _open_all(company: Company, selfies: Iterable[Capture]) -> dict[UUID, bytes]:
    unseal, opened = crypto.unsealer(keys.key_of(company)), {}
    for selfie in selfies:
        selfie.session.company = company
        try:
            sealed = selfie.thumbnail_sealed or _made_late(selfie)
            if sealed is not None:
                opened[selfie.session.public_id] = unseal(bytes(sealed), _context(selfie.public_id))
        except crypto.DoesNotOpen:
            log.exception("thumbnail_does_not_open", capture=selfie.pk)  # the others of the page are shown all the same
    return opened


def _made_late(selfie: Capture) -> bytes | None:
    """Give a selfie its thumbnail that was stored without one. Whoever erased or inspected it meanwhile has the last word."""
    sealed = made_for(selfie, findings.read(selfie))
    without = Capture.objects.filter(pk=selfie.pk, thumbnail_sealed=None).exclude(state=CaptureState.ERASED)
    without.update(thumbnail_sealed=sealed)
    return sealed


def _square(size: tuple[int, int], face: Box | None) -> Box:
    """The square to cut, in pixels: as large as the face with its margin, moved and shrunk until it lies within the picture."""
    width, height = size
    left, top, right, bottom = face or (0.0, 0.0, 1.0, 1.0)
    wanted = max((right - left) * width, (bottom - top) * height) * (1 + 2 * MARGIN) if face else max(size)
    side = max(1.0, min(wanted, width, height))
    x = min(max((left + right) / 2 * width - side / 2, 0), width - side)
    y = min(max((top + bottom) / 2 * height - side / 2, 0), height - side)
    return x, y, x + side, y + side


def _context(public_id: UUID) -> str:
    return f"thumbnail:{public_id}"
