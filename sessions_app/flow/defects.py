"""Where in the user's own picture the defect lies, as far as the inspection knows it; nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from checks_app.results import DocumentFindings, Quad, Reason, SelfieFindings
from sessions_app.findings import Findings

COVERED = frozenset({Reason.COVERED, Reason.PORTRAIT_COVERED, Reason.MRZ_COVERED, Reason.CORNER_MISSING})
ON_SCREEN = frozenset({Reason.SHOWN_ON_SCREEN, Reason.SCREEN_SUSPECTED})
WHOLE_DOCUMENT = frozenset({Reason.TOO_SMALL, Reason.DOCUMENT_TOO_FAR, Reason.CORNER_MISSING, *ON_SCREEN})
"""Without a place of its own, what was taken for the document shows what is meant: too small, cut off, or a screen."""

OF_FACE = frozenset({Reason.FACE_TOO_FAR, Reason.FACE_CUT_OFF, Reason.FACE_NOT_FRONTAL, Reason.EYES_HIDDEN, Reason.GLASSES_GLARE})
ENLARGED = frozenset({Reason.BLURRED, Reason.MRZ_NOT_READ})
"""Seen only from near: a picture of a phone's size looks sharp to everybody."""

CLOSE_SHARE = 0.3
"""Of the picture's width: what is enlarged."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture with its marks, in pixels. closer: "left top width height" of what is shown enlarged, or nothing."""

    width: int
    height: int
    marks: tuple[str, ...]
    closer: str


def view_of(found: Findings | None, codes: Collection[str], *, width: int, height: int) -> View:
    """Mark on a picture of this size what the reasons are about."""
    quads = _places(found, codes)
    marks = tuple(_points(quad, width, height) for quad in quads)
    return View(width, height, marks, _closer(found, codes, width, height))


def _places(found: Findings | None, codes: Collection[str]) -> list[Quad]:
    if isinstance(found, SelfieFindings):
        return [_box(found.face.box)] if found.face and OF_FACE.intersection(codes) else []
    if not isinstance(found, DocumentFindings):
        return []
    places = list(found.full_document.areas) if COVERED.intersection(codes) else []
    places += found.screen_replay.areas if ON_SCREEN.intersection(codes) else ()
    if found.mrz is not None and found.mrz.region is not None and Reason.MRZ_NOT_READ in codes:
        places.append(found.mrz.region)
    return places or ([found.quad] if found.quad and WHOLE_DOCUMENT.intersection(codes) else [])


def _closer(found: Findings | None, codes: Collection[str], width: int, height: int) -> str:
    """The lines at the bottom, else the middle of document or face."""
    if not ENLARGED.intersection(codes):
        return ""
    subject = None
    if isinstance(found, SelfieFindings):
        subject = _box(found.face.box) if found.face else None
    elif isinstance(found, DocumentFindings):
        subject = found.mrz.region if found.mrz and found.mrz.region else found.quad
    if subject is None:
        return ""
    across, down = width * CLOSE_SHARE, width * CLOSE_SHARE / 2
    left, top = (_middle(subject, axis) * side - span / 2 for axis, side, span in ((0, width, across), (1, height, down)))
    left, top = min(max(left, 0), width - across), min(max(top, 0), height - down)
    return f"{left:.0f} {top:.0f} {across:.0f} {down:.0f}"


def _middle(quad: Quad, axis: int) -> float:
    places = [corner[axis] for corner in quad.corners]
    return sum(places) / len(places)


def _points(quad: Quad, width: int, height: int) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in _inside(quad, width, height))


def _inside(quad: Quad, width: int, height: int) -> Iterable[tuple[float, float]]:
    """Keep a mark within the picture, where it can be seen."""
    for x, y in quad.corners:
        yield min(max(x, 0.01), 0.99) * width, min(max(y, 0.01), 0.99) * height


def _box(box: tuple[float, float, float, float]) -> Quad:
    left, top, right, bottom = box
    return Quad(((left, top), (right, top), (right, bottom), (left, bottom)))
