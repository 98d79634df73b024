"""Where in a picture the findings lie, and which check rests on them: outline, zone, portrait, and what is wrong (R37)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from checks_app.results import Check, DocumentFindings, FaceFindings, Quad, SelfieFindings
from sessions_app.findings import Findings
from sessions_app.panel.labels import type_of_text

SIDE = 1000
"""Units of the drawing in each direction; it is stretched over the picture."""

OF_OUTLINE = (Check.DOCUMENT, Check.FULL_DOCUMENT, Check.SCREEN_REPLAY, Check.PHOTOCOPY, Check.PRINT_AGREES)
OF_ZONE = (Check.MRZ, Check.SIDES_AGREE, Check.PRINT_AGREES, Check.EXPIRY, Check.MINIMUM_AGE, Check.EXPECTED_PERSON)
OF_FACE = (Check.FACE_MATCH, Check.DUPLICATE_FACE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape drawn over the picture. points: as SVG wants them. kind: a class of the style sheet. checks: those that rest on it."""

    points: str
    kind: str
    words: type_of_text
    checks: tuple[str, ...]


WORDS: dict[str, type_of_text] = {
    "document": _("outline of the document"),
    "zone": _("machine-readable zone"),
    "portrait": _("portrait"),
    "face": _("face"),
    "fault": _("cut, covered or suspicious"),
}


def marks_of(found: Findings | None) -> list[Mark]:
    """Everything that was found in a picture and has a place there, the faults last, so that they lie on top."""
    if isinstance(found, SelfieFindings):
        return [_mark(_box(found.face), "face", OF_FACE)] if found.face else []
    return _document_marks(found) if isinstance(found, DocumentFindings) else []


def _document_marks(found: DocumentFindings) -> list[Mark]:
    marks = [_mark(found.quad, "document", OF_OUTLINE)] if found.quad else []
    if found.mrz is not None and found.mrz.region is not None:
        marks.append(_mark(found.mrz.region, "zone", OF_ZONE))
    if found.portrait is not None:
        marks.append(_mark(_box(found.portrait), "portrait", OF_FACE))
    measures = {
        Check.FULL_DOCUMENT: found.full_document,
        Check.SCREEN_REPLAY: found.screen_replay,
        Check.PHOTOCOPY: found.photocopy,
    }
    return marks + [_mark(area, "fault", (check,)) for check, measure in measures.items() for area in measure.areas]


def _box(face: FaceFindings) -> Quad:
    left, top, right, bottom = face.box
    return Quad(((left, top), (right, top), (right, bottom), (left, bottom)))


def _mark(quad: Quad, kind: str, checks: tuple[Check, ...]) -> Mark:
    points = " ".join(f"{x * SIDE:.0f},{y * SIDE:.0f}" for x, y in quad.corners)
    return Mark(points=points, kind=kind, words=WORDS[kind], checks=tuple(check.value for check in checks))
