"""How strict each check is: two bands per score (R22) and their balanced defaults (R40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks_app.results import Status

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 7


@dataclass(frozen=True, slots=True)
class Band:
    """A score below `decline` fails, from `approve` on it passes, between them it is unclear. 0 <= decline <= approve <= 1."""

    decline: float
    approve: float

    def __post_init__(self) -> None:
        if not 0 <= self.decline <= self.approve <= 1:
            raise ValueError(f"A band needs 0 <= decline <= approve <= 1, not {self.decline} and {self.approve}")

    def status(self, score: float | None) -> Status:
        """Place a score in the band; None (could not be measured) is UNCLEAR."""
        if score is None:
            return Status.UNCLEAR
        if score < self.decline:
            return Status.FAILED
        return Status.PASSED if score >= self.approve else Status.UNCLEAR


BELOW_ALL = -1.0
"""Stands for every score below the lowest edge of some bands."""


def edges_of(bands: Iterable[Band]) -> list[float]:
    """Return where the status of a score may change in any of these bands, ascending, from below all of them.

    Scores between the same two edges have the same status in each band, and that of the lower edge, which may stand for them.
    """
    return [BELOW_ALL, *sorted({edge for band in bands for edge in (band.decline, band.approve)})]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds of a company in one market. Levels are the match levels 1..7 of R33."""

    full_document: Band = Band(0.35, 0.65)
    screen_replay: Band = Band(0.10, 0.50)
    photocopy: Band = Band(0.10, 0.50)
    liveness: Band = Band(0.40, 0.70)
    face_match_level: int = 4
    face_review_level: int = 2

    def __post_init__(self) -> None:
        if not LOWEST_LEVEL <= self.face_review_level <= self.face_match_level <= HIGHEST_LEVEL:
            raise ValueError("Match levels need 1 <= review level <= accepted level <= 7")


DEFAULTS = Thresholds()
