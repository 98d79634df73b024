"""How alike two faces are: the live face (probe) against the portrait on the document (reference)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from checks_app.face.match_level import Calibration
from checks_app.faces import Embedding, distance
from checks_app.results import FaceFindings


class DifferentEngines(ValueError):
    """Two embeddings of different engines or versions; a distance between them would mean nothing."""


@dataclass(frozen=True, slots=True)
class FaceMatch:
    """distance: 0 and more, lower is more alike. level: 0..7 (R33). false_acceptance_one_in: None below level 1."""

    distance: float
    level: int
    false_acceptance_one_in: float | None

    @property
    def score(self) -> float:
        """0..1, higher is more alike. It orders pairs; it is no probability: what it is worth is the level."""
        return min(1.0, max(0.0, 1.0 - self.distance))


def compare(probe: Embedding, reference: Embedding, calibration: Calibration) -> FaceMatch:
    """Compare two embeddings that were made by the calibration's engine.

    Raises ValueError when their lengths differ, or when one holds something that is no number: that is no distance, near or far.
    """
    apart = distance(probe, reference)
    if not isfinite(apart):
        raise ValueError("An embedding holds something that is no number")
    return FaceMatch(apart, calibration.level(apart), calibration.false_acceptance_one_in(apart))


def compare_faces(probe: FaceFindings, reference: FaceFindings, calibration: Calibration) -> FaceMatch:
    """Compare two stored faces. Raises DifferentEngines unless both were made by the calibration's engine and version."""
    if not probe.engine == reference.engine == calibration.engine:
        raise DifferentEngines(f"{probe.engine} and {reference.engine} under a calibration of {calibration.engine}")
    return compare(probe.embedding, reference.embedding, calibration)
