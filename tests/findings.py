"""Findings built by hand: what a good passport, card, selfie and challenge say, to be changed one value at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from checks_app.face.match_level import FALSE_ACCEPTANCE_ONE_IN, Calibration, Interval, LevelThreshold
from checks_app.results import (
    DocumentFields,
    DocumentFindings,
    DocumentKind,
    Engine,
    Expectations,
    FaceFindings,
    LivenessFindings,
    Measure,
    MrzField,
    MrzReading,
    Quad,
    Reason,
    SelfieFindings,
    SessionFindings,
    Side,
)

TODAY = date(2026, 11, 22)
ENGINE = Engine("drawn", "1")
FACES = Engine("drawn-faces", "1")
LEVEL_DISTANCES = {1: 0.60, 2: 0.55, 3: 0.50, 4: 0.45, 5: 0.40, 6: 0.35, 7: 0.30}

CALIBRATION = Calibration(
    engine=FACES,
    dataset="none",
    people=0,
    images=0,
    not_enrolled=0,
    impostor_pairs=5_000_000,
    genuine_pairs=0,
    date="2026-11-22",
    command="none",
    seed=0,
    levels=tuple(
        LevelThreshold(level, FALSE_ACCEPTANCE_ONE_IN[level], distance, Interval(distance, distance), 0.9, Interval(0.9, 0.9), True)
        for level, distance in LEVEL_DISTANCES.items()
    ),
)
"""Levels 0.05 apart. Embeddings of these findings have one number, so a distance can be hit exactly."""


PRINT = "GEORGIA BERIDZE NINO 17.04.1990 12 AB 34567"


def measure(score: float | None = 0.95, *reasons: Reason) -> Measure:
    return Measure(score=score, engine=ENGINE, took_ms=10, reasons=reasons)


def fields(**changes: Any) -> DocumentFields:
    person = DocumentFields(
        kind=DocumentKind.PASSPORT,
        issuing_state="GEO",
        first_name="NINO",
        last_name="BERIDZE",
        personal_number="01001012345",
        document_number="12AB34567",
        birth_date=date(1990, 4, 17),
        nationality="GEO",
        sex="F",
        expiry_date=date(2030, 1, 31),
    )
    return replace(person, **changes)


def reading(**changes: Any) -> MrzReading:
    good = MrzReading(
        format="TD3",
        lines=("P<GEOBERIDZE<<NINO", "12AB34567"),
        fields=(MrzField("document_number", "12AB34567", True, 0.99), MrzField("names", "BERIDZE<<NINO", None, 0.98)),
        confidence=0.97,
        repaired=1,
        accepted=True,
        region=Quad(((0.1, 0.8), (0.9, 0.8), (0.9, 0.95), (0.1, 0.95))),
    )
    return replace(good, **changes)


def face(at: float = 0.0) -> FaceFindings:
    """A face `at` so far from the portrait, which stands at 0."""
    return FaceFindings(box=(0.3, 0.2, 0.7, 0.8), embedding=(at,), engine=FACES, took_ms=100)


def passport(**changes: Any) -> DocumentFindings:
    good = DocumentFindings(
        side=Side.FRONT,
        problems=(),
        quality=measure(),
        quad=Quad(((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))),
        kind_by_shape=DocumentKind.PASSPORT,
        full_document=measure(),
        screen_replay=measure(),
        photocopy=measure(),
        mrz=reading(),
        mrz_engine=ENGINE,
        mrz_took_ms=200,
        fields=fields(),
        portrait=face(),
        printed_text=PRINT,
        printed_surely=PRINT,
        burst_frames=6,
    )
    return replace(good, **changes)


def card_front(**changes: Any) -> DocumentFindings:
    good = passport(mrz=None, fields=None, kind_by_shape=DocumentKind.ID_CARD)
    return replace(good, **changes)


def card_back(**changes: Any) -> DocumentFindings:
    good = passport(side=Side.BACK, portrait=None, printed_text="", printed_surely="")
    return replace(replace(good, fields=fields(kind=DocumentKind.ID_CARD), mrz=reading(format="TD1")), **changes)


def selfie(**changes: Any) -> SelfieFindings:
    return replace(SelfieFindings(problems=(), quality=measure(), faces=1, face=face(0.1)), **changes)


def liveness(**changes: Any) -> LivenessFindings:
    return replace(LivenessFindings(problems=(), liveness=measure(), frames=40, embedding=(0.1,)), **changes)


def of_passport(**changes: Any) -> SessionFindings:
    return replace(SessionFindings(front=passport(), selfie=selfie(), liveness=liveness()), **changes)


def of_card(**changes: Any) -> SessionFindings:
    return replace(SessionFindings(front=card_front(), back=card_back(), selfie=selfie(), liveness=liveness()), **changes)


def expectations(**changes: Any) -> Expectations:
    usual = Expectations(today=TODAY, kind=DocumentKind.PASSPORT, country="GEO", accepted_kinds=tuple(DocumentKind))
    return replace(usual, **changes)
