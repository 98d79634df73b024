"""Where in a picture the findings lie: the document's outline, its zone, its portrait, and what is wrong with its border (R37)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from checks_app.results import DocumentFindings, Quad
from sessions_app.panel.labels import type_of_text

SIDE = 1000
"""Units of the drawing in each direction; it is stretched over the picture."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape drawn over the picture. points: as SVG wants them. kind: document, zone, portrait or fault; a class of the style sheet."""

    points: str
    kind: str
    words: type_of_text


WORDS: dict[str, type_of_text] = {
    "document": _("outline of the document"),
    "zone": _("machine-readable zone"),
    "portrait": _("portrait"),
    "fault": _("cut, covered or suspicious"),
}


def marks_of(found: DocumentFindings) -> list[Mark]:
    """Everything that was found in a picture and has a place there, the faults last, so that they lie on top."""
    marks = [_mark(found.quad, "document")] if found.quad else []
    if found.mrz is not None and found.mrz.region is not None:
        marks.append(_mark(found.mrz.region, "zone"))
    if found.portrait is not None:
        left, top, right, bottom = found.portrait.box
        marks.append(_mark(Quad(((left, top), (right, top), (right, bottom), (left, bottom))), "portrait"))
    measures = (found.full_document, found.screen_replay, found.photocopy)
    return marks + [_mark(area, "fault") for measure in measures for area in measure.areas]


def _mark(quad: Quad, kind: str) -> Mark:
    points = " ".join(f"{x * SIDE:.0f},{y * SIDE:.0f}" for x, y in quad.corners)
    return Mark(points=points, kind=kind, words=WORDS[kind])
