"""How far two shares are apart, and how sure that is (R50)."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from checks_app.face.match_level import Interval
from sessions_app.metrics.rates import Share


@dataclass(frozen=True, slots=True)
class Difference:
    """A share minus an earlier one, both 0..1, with its 95 % interval."""

    change: float
    interval: Interval

    @property
    def is_clear(self) -> bool:
        """False while no difference at all would be just as plausible."""
        return self.interval.low > 0 or self.interval.high < 0


def difference(now: Share, before: Share) -> Difference | None:
    """Compare two shares of different sessions; None when one is of nothing.

    Newcombe 1998 (Statistics in Medicine 17:873-890), method 10: Wilson's intervals of both, combined. Unlike the textbook's normal
    approximation it holds for a handful of sessions and for shares near 0 and 1.
    """
    if not (now.interval and before.interval and now.share is not None and before.share is not None):
        return None
    change = now.share - before.share
    below = hypot(now.share - now.interval.low, before.interval.high - before.share)
    above = hypot(now.interval.high - now.share, before.share - before.interval.low)
    return Difference(change, Interval(change - below, change + above))
