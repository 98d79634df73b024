"""What is marked on the person's own picture: only what the inspection knows, and within the picture (R25, R37)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks_app.results import Measure, Quad, Reason
from sessions_app.findings import Findings
from sessions_app.flow.defects import view_of
from tests import findings as drawn

CORNER = Quad(((-0.2, 0.9), (0.1, 0.9), (0.1, 1.3), (-0.2, 1.3)))
OUTLINE, ZONE, FACE = "100,50 900,50 900,450 100,450", "100,400 900,400 900,475 100,475", "300,100 700,100 700,400 300,400"
CUT = "10,450 100,450 100,495 10,495"  # CORNER as far as it lies in the picture


def _measured(*areas: Quad) -> Measure:
    return replace(drawn.measure(0.1), areas=areas)


MARKED: list[tuple[Findings | None, Reason, tuple[str, ...]]] = [
    (drawn.passport(full_document=_measured(CORNER)), Reason.CORNER_MISSING, (CUT,)),
    (drawn.passport(full_document=_measured(CORNER)), Reason.COVERED, (CUT,)),
    (drawn.passport(screen_replay=_measured(CORNER)), Reason.SHOWN_ON_SCREEN, (CUT,)),
    (drawn.passport(), Reason.SHOWN_ON_SCREEN, (OUTLINE,)),
    (drawn.passport(), Reason.DOCUMENT_TOO_FAR, (OUTLINE,)),
    (drawn.passport(), Reason.MRZ_NOT_READ, (ZONE,)),
    (drawn.passport(quad=None, mrz=None), Reason.MRZ_NOT_READ, ()),
    (drawn.passport(quad=None), Reason.CORNER_MISSING, ()),
    (drawn.passport(), Reason.TOO_DARK, ()),
    (drawn.selfie(), Reason.FACE_TOO_FAR, (FACE,)),
    (drawn.selfie(face=None), Reason.FACE_TOO_FAR, ()),
    (drawn.selfie(), Reason.FACES_DIFFER, ()),
    (drawn.liveness(), Reason.FACE_LOST, ()),
    (None, Reason.COVERED, ()),
]


@pytest.mark.parametrize(("found", "reason", "marks"), MARKED)
def test_reason_is_marked_where_it_was_found(found: Findings | None, reason: Reason, marks: tuple[str, ...]) -> None:
    assert view_of(found, [reason.value], width=1000, height=500).marks == marks


@pytest.mark.parametrize(
    ("found", "reason", "closer"),
    [
        (drawn.passport(), Reason.BLURRED, "350 350 300 150"),  # the zone, as far down as the picture goes
        (drawn.passport(mrz=None), Reason.BLURRED, "350 175 300 150"),
        (drawn.selfie(), Reason.BLURRED, "350 175 300 150"),
        (drawn.selfie(face=None), Reason.BLURRED, ""),
        (drawn.passport(), Reason.GLARE, ""),
    ],
)
def test_blur_is_shown_from_near(found: Findings, reason: Reason, closer: str) -> None:
    """R25: a picture of a phone's size looks sharp to everybody."""
    assert view_of(found, [reason.value], width=1000, height=500).closer == closer
