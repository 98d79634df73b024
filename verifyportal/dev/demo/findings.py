"""What the inspection of a demo picture is said to have found: invented measurements in the form of the real ones.

Only the measurements are invented. The checks, thresholds and decisions made from them are the product's own.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

import numpy as np

from checks_app.document import fields, framing, mrz, mrz_reader, photocopy, quality, recapture
from checks_app.face.selfie_quality import QUALITY_ENGINE
from checks_app.liveness import scoring
from checks_app.results import (
    DocumentFindings,
    DocumentKind,
    Engine,
    FaceFindings,
    LivenessFindings,
    Measure,
    MrzReading,
    Reason,
    SelfieFindings,
    Side,
)
from verifyportal.dev.demo.pictures import TURNS, DocumentPicture, Holder
from verifyportal.dev.demo.stories import Take
from verifyportal.dev.specimens import mrz_lines

NUMBERS = 128  # of a face's description
ZONES = {DocumentKind.PASSPORT: (0.03, 0.79, 0.97, 0.95), DocumentKind.ID_CARD: (0.02, 0.59, 0.98, 0.95)}
FACES = {DocumentKind.PASSPORT: (0.12, 0.33, 0.25, 0.56), DocumentKind.ID_CARD: (0.14, 0.41, 0.3, 0.72)}
"""Where zone and face are printed, as fractions of the document."""

SELFIE_BOX = (0.293, 0.339, 0.706, 0.746)
SURE = 0.5  # a score from here on needs no reason


class Inspector:
    """Invents what was found in the pictures of one holder: each take has its own measurements, all from one seed."""

    def __init__(self, holder: Holder, *, face_engine: Engine, today: date, seed: int) -> None:
        self._holder, self._face_engine, self._today = holder, face_engine, today
        self._chance = random.Random(seed)
        of_face = random.Random(holder.face)
        self._portrait = tuple(of_face.gauss(0, 1 / math.sqrt(NUMBERS)) for _ in range(NUMBERS))

    def document(self, take: Take, side: Side, problems: tuple[Reason, ...]) -> DocumentFindings:
        picture = self._holder.front if side is Side.FRONT or self._holder.back is None else self._holder.back
        reading = self._reading(take, picture) if (side is Side.FRONT) == (self._holder.kind is DocumentKind.PASSPORT) else None
        accepted = reading is not None and reading.accepted
        printed = self._printed() if side is Side.FRONT and take.front_readable else ""
        return DocumentFindings(
            side=side,
            problems=problems,
            quality=self._measure((0.3, 0.5) if problems else (0.7, 0.95), quality.ENGINE, 40, *problems),
            quad=picture.place(),
            kind_by_shape=self._holder.kind,
            full_document=self._measure(take.framing, framing.ENGINE, 60, take.framing_reason),
            screen_replay=self._banded(take.screen, recapture.ENGINE, Reason.SHOWN_ON_SCREEN, Reason.SCREEN_SUSPECTED),
            photocopy=self._banded(take.paper, photocopy.ENGINE, Reason.PHOTOCOPY, Reason.PHOTOCOPY_SUSPECTED),
            mrz=reading,
            mrz_engine=mrz_reader.ENGINE,
            mrz_took_ms=self._chance.randint(500, 900),
            fields=fields.from_mrz(reading, today=self._today) if accepted and reading else None,
            portrait=self._face(self._portrait, self._printed_face(picture)) if side is Side.FRONT else None,
            burst_frames=6,
            printed_text=printed,
            printed_surely=printed,
            print_took_ms=self._chance.randint(320, 560) if printed else 0,
        )

    def selfie(self, take: Take, problems: tuple[Reason, ...]) -> SelfieFindings:
        measured = self._measure((0.3, 0.5) if problems else (0.7, 0.95), QUALITY_ENGINE, 30, *problems)
        face = self._face(self._near(self._portrait, self._chance.uniform(*take.distance)), SELFIE_BOX)
        self._live = face.embedding
        return SelfieFindings(problems=problems, quality=measured, faces=1, face=face)

    def liveness(self, take: Take, problems: tuple[Reason, ...]) -> LivenessFindings:
        measured = self._measure(take.liveness, scoring.LIVENESS_ENGINE, 900, take.liveness_reason)
        return LivenessFindings(
            problems=problems, liveness=measured, frames=len(TURNS), embedding=self._near(self._live, self._chance.uniform(0.15, 0.3))
        )

    def _printed_face(self, picture: DocumentPicture) -> tuple[float, float, float, float]:
        corners = np.array(picture.place(FACES[self._holder.kind]).corners)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    def _reading(self, take: Take, picture: DocumentPicture) -> MrzReading:
        lines = mrz_lines(self._holder.person, self._holder.kind)
        parsed = mrz.parse(lines)
        if not take.mrz_read:
            parsed = tuple(replace(field, check_digit_ok=False) if field.name == "composite" else field for field in parsed)
        return MrzReading(
            format="TD3" if self._holder.kind is DocumentKind.PASSPORT else "TD1",
            lines=lines,
            fields=parsed,
            confidence=self._chance.uniform(0.96, 0.999),
            repaired=0,
            accepted=take.mrz_read,
            region=picture.place(ZONES[self._holder.kind]),
        )

    def _printed(self) -> str:
        person = self._holder.person
        names = f"UTOPIA {person.last_name} {person.first_name} {person.sex} UTO"
        days = f"{person.birth_date:%d %b %Y} {person.expiry_date:%d %b %Y}"
        return f"{names} {days} {person.document_number} {person.personal_number}".upper()

    def _face(self, embedding: tuple[float, ...], box: tuple[float, float, float, float]) -> FaceFindings:
        return FaceFindings(box=box, embedding=embedding, engine=self._face_engine, took_ms=self._chance.randint(110, 190))

    def _near(self, start: tuple[float, ...], distance: float) -> tuple[float, ...]:
        """Step from one face to another at this distance, in a direction of chance."""
        step = [self._chance.gauss(0, 1) for _ in start]
        length = math.hypot(*step)
        return tuple(value + part * distance / length for value, part in zip(start, step, strict=True))

    def _measure(self, bounds: tuple[float, float], engine: Engine, about_ms: int, *reasons: Reason) -> Measure:
        score = round(self._chance.uniform(*bounds), 3)
        took = round(about_ms * self._chance.uniform(0.7, 1.5))
        return Measure(score=score, engine=engine, took_ms=took, reasons=() if score >= 0.7 else reasons)

    def _banded(self, bounds: tuple[float, float], engine: Engine, certain: Reason, suspected: Reason) -> Measure:
        measured = self._measure(bounds, engine, 70)
        if measured.score is None or measured.score >= SURE:
            return measured
        return replace(measured, reasons=(certain if measured.score < 0.1 else suspected,))
