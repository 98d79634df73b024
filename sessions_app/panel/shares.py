"""Shares as every page prints them: per cent with one decimal, and a space that does not break before the sign."""

from __future__ import annotations

from checks_app.face.match_level import Interval

NONE = "–"


def in_hundred(share: float) -> str:
    """The bare number, where the text around it says per cent."""
    return f"{100 * share:.1f}"


def percent(share: float | None) -> str:
    """A dash when there is none."""
    return NONE if share is None else f"{in_hundred(share)}\u00a0%"


def spread(interval: Interval | None) -> str:
    """Both ends, as '77.1–84.9 %'; empty when there is none."""
    return f"{in_hundred(interval.low)}–{in_hundred(interval.high)}\u00a0%" if interval else ""


def points(change: float) -> str:
    """A difference of two shares in percentage points, with its sign unless it rounds to nought."""
    rounded = round(100 * change, 1)
    return f"{'−' if rounded < 0 else '+' if rounded > 0 else ''}{abs(rounded):.1f}"
