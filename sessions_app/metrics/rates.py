"""What the metrics are, as arithmetic on counts (R50). Nothing else knows what stands over and what under the line of a rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from checks_app.face.acceptance import wilson
from checks_app.face.match_level import Interval


class Rate(StrEnum):
    """A share of the finished sessions: those that were decided, wait for a reviewer or were abandoned."""

    APPROVAL = "approval"  # approved, by the checks or by a reviewer
    REJECTION = "rejection"  # declined by the checks alone
    ABANDONMENT = "abandonment"  # begun and not ended in time
    FORCED_RETRY = "forced_retry"  # a picture had to be taken again


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of`."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """0..1; None of nothing."""
        return self.n / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval; None of nothing."""
        return _interval(self.n, self.of) if self.of else None


@lru_cache(maxsize=4096)
def _interval(n: int, of: int) -> Interval:
    """A page asks for hundreds, each more than once, and most are of days that stand still."""
    return wilson(n, of)


@dataclass(frozen=True, slots=True)
class Counts:
    """Finished sessions by outcome; each is in exactly one of the first six. retaken: of all of them."""

    approved_by_checks: int = 0
    approved_by_hand: int = 0
    in_review: int = 0
    declined_by_checks: int = 0
    declined_by_hand: int = 0
    abandoned: int = 0
    retaken: int = 0

    @property
    def finished(self) -> int:
        by_checks = self.approved_by_checks + self.declined_by_checks
        return by_checks + self.approved_by_hand + self.declined_by_hand + self.in_review + self.abandoned

    @property
    def approved(self) -> int:
        return self.approved_by_checks + self.approved_by_hand

    def share_of(self, rate: Rate) -> Share:
        return Share(OVER[rate](self), self.finished)

    def __add__(self, other: Counts) -> Counts:
        return Counts.total((self, other))

    @staticmethod
    def total(counts: Iterable[Counts]) -> Counts:
        return Counts(*map(sum, zip(*map(attrgetter(*COUNTED), counts), strict=True)))


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """Finished sessions in which a check was judged, failed in some attempt, or was unclear in some and failed in none."""

    judged: int = 0
    failed: int = 0
    unclear: int = 0

    @property
    def failing(self) -> Share:
        return Share(self.failed, self.judged)

    @property
    def doubtful(self) -> Share:
        """Unclear, and never failed."""
        return Share(self.unclear, self.judged)

    def __add__(self, other: CheckCounts) -> CheckCounts:
        return CheckCounts(self.judged + other.judged, self.failed + other.failed, self.unclear + other.unclear)


OVER: dict[Rate, Callable[[Counts], int]] = {
    Rate.APPROVAL: attrgetter("approved"),
    Rate.REJECTION: attrgetter("declined_by_checks"),
    Rate.ABANDONMENT: attrgetter("abandoned"),
    Rate.FORCED_RETRY: attrgetter("retaken"),
}
"""What stands over the line of each rate; the finished sessions stand under it."""

COUNTED = tuple(field.name for field in fields(Counts))
"""Columns of the daily counts, in the order of `Counts`."""

COUNTED_OF_CHECKS = tuple(field.name for field in fields(CheckCounts))
