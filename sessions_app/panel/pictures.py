"""Which pictures of a session the details page shows, with their captions, what was found on them, and the two faces to compare (R70)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.results import Check, DocumentFindings, SelfieFindings
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.findings import Findings
from sessions_app.models import Capture, CaptureImage
from sessions_app.panel import labels, photos
from sessions_app.panel.evidence import Mark, marks_of
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.photos import Box

FRAMES_SHOWN = 8
"""Frames of a challenge that the page shows, spread evenly over its time."""

SIDES = (CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK)

Found = Mapping[int, Findings | None]
"""Findings by the id of their capture."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its caption. `size` is what the page shows; a click opens the whole picture.

    anchor: its id on the page. full_width: pixels of the whole picture, 0 when `size` is all there is. face: where in the shown picture
    the face lies that is compared.
    """

    capture: Capture
    position: int
    caption: type_of_text
    anchor: str
    size: str = "view"
    full_width: int = 0
    marks: list[Mark] = field(default_factory=list)
    face: Box | None = None

    @property
    def has_whole(self) -> bool:
        """False where the shown picture is cut out of another one."""
        return self.size in ("view", "thumb")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two faces that the match is about."""

    selfie: Photo
    portrait: Photo


def main_photos(captures: Iterable[Capture], found: Found) -> list[Photo]:
    """Selfie, portrait, the document's sides and its zone."""
    by_kind = {capture.kind: capture for capture in captures if capture.state != CaptureState.ERASED}
    shown = [selfie_of(by_kind, found), portrait_of(by_kind, found)]
    photos_shown = [photo for photo in shown if photo is not None]
    for kind in SIDES:
        if kind in by_kind:
            photos_shown += _side_photos(by_kind[kind], found.get(by_kind[kind].pk))
    return photos_shown


def pair_of(captures: Iterable[Capture], found: Found) -> Pair | None:
    """Selfie and portrait, where a face was found on both."""
    by_kind = {capture.kind: capture for capture in captures if capture.state != CaptureState.ERASED}
    selfie, portrait = selfie_of(by_kind, found), portrait_of(by_kind, found)
    return Pair(selfie, portrait) if selfie and portrait and selfie.face else None


def selfie_of(by_kind: Mapping[str, Capture], found: Found) -> Photo | None:
    capture = by_kind.get(CaptureKind.SELFIE)
    if capture is None:
        return None
    seen = found.get(capture.pk)
    face = seen.face.box if isinstance(seen, SelfieFindings) and seen.face else None
    return _photo(capture, 0, _selfie_caption(seen), marks=marks_of(seen), face=face)


def portrait_of(by_kind: Mapping[str, Capture], found: Found) -> Photo | None:
    """The portrait cut out of the document."""
    capture = by_kind.get(CaptureKind.DOCUMENT_FRONT)
    seen = found.get(capture.pk) if capture else None
    if capture is None or not isinstance(seen, DocumentFindings) or seen.portrait is None:
        return None
    return _photo(capture, 0, _("Portrait on the document"), size="portrait", face=photos.face_in_portrait(seen.portrait))


def attempt_photos(captures: Iterable[Capture], found: Found, *, number: int) -> list[Photo]:
    """Small pictures of everything that was submitted with an attempt, the frames of its challenge last."""
    kept = [capture for capture in captures if capture.state != CaptureState.ERASED]
    place = f"attempt-{number}"
    shown = [
        _photo(capture, 0, capture.get_kind_display(), size="thumb", marks=marks_of(found.get(capture.pk)), place=place)
        for capture in kept
        if capture.kind != CaptureKind.LIVENESS
    ]
    return shown + frames(kept, place=place)


def frames(captures: Iterable[Capture], *, place: str = "photo") -> list[Photo]:
    """Some frames of the challenge, with the moment at which each was taken."""
    for capture in captures:
        if capture.kind == CaptureKind.LIVENESS:
            images = sorted(capture.images.all(), key=lambda image: image.position)
            step = max(1, -(-len(images) // FRAMES_SHOWN))
            return [_photo(capture, image.position, _caption(image.at_ms), size="thumb", place=place) for image in images[::step]]
    return []


def moves(captures: Iterable[Capture]) -> list[type_of_text]:
    """What the person was asked to do with the head."""
    return [labels.MOVES[move] for capture in captures if capture.challenge for move in capture.challenge.moves]


def bursts(captures: Iterable[Capture]) -> list[Photo]:
    """The moments before the pictures of a document, as they came."""
    documents = [capture for capture in captures if capture.kind in SIDES]
    return [
        _photo(capture, image.position, "", size="thumb")
        for capture in sorted(documents, key=lambda capture: capture.pk)
        for image in sorted(capture.images.all(), key=lambda image: image.position)[1:]
    ]


def evidence_of(check: str, shown: Iterable[Photo]) -> Photo | None:
    """The picture on which a check's evidence lies: the one with most marks of the check; for liveness the first frame."""
    if check == Check.LIVENESS:
        return next((photo for photo in shown if photo.capture.kind == CaptureKind.LIVENESS), None)
    marked = [(sum(check in mark.checks for mark in photo.marks), photo) for photo in shown if photo.has_whole]
    most, photo = max(marked, key=lambda counted: counted[0], default=(0, None))
    return photo if most else None


def _side_photos(capture: Capture, found: Findings | None) -> list[Photo]:
    """The picture of one side with what was found in it, and its zone flattened."""
    shown = [_photo(capture, 0, CaptureKind(capture.kind).label, marks=marks_of(found))]
    if isinstance(found, DocumentFindings) and found.mrz is not None and found.mrz.region is not None:
        shown.append(_photo(capture, 0, _("Machine-readable zone"), size="zone"))
    return shown


def _selfie_caption(found: Findings | None) -> type_of_text:
    """Frames around the selfie are no further photos: they are counted."""
    count = found.frames if isinstance(found, SelfieFindings) else 1
    return gettext("Selfie, averaged over %(frames)d frames") % {"frames": count} if count > 1 else _("Selfie")


def _caption(at_ms: int | None) -> str:
    return "" if at_ms is None else gettext("%(seconds).1f s") % {"seconds": at_ms / 1000}


def _photo(
    capture: Capture,
    position: int,
    caption: type_of_text,
    *,
    size: str = "view",
    marks: Iterable[Mark] = (),
    face: Box | None = None,
    place: str = "photo",
) -> Photo:
    whole = next((image for image in capture.images.all() if image.position == position), CaptureImage(width=0))
    part = f"-{size}" if size in ("portrait", "zone") else ""
    return Photo(
        capture=capture,
        position=position,
        caption=caption,
        anchor=f"{place}-{capture.public_id}-{position}{part}",
        size=size,
        full_width=0 if part else whole.width,
        marks=list(marks),
        face=face,
    )
