"""How alike two faces are, in words: the match level, and how rare such a likeness is among strangers (R33). Never a percentage."""

from __future__ import annotations

from math import floor, log10

from django.utils.translation import gettext

from checks_app.face.match_level import FALSE_ACCEPTANCE_ONE_IN
from checks_app.thresholds import HIGHEST_LEVEL


def level_text(level: int) -> str:
    """A match level with the false acceptance rate that it stands for (R33)."""
    if level == 0:
        return gettext("Level 0 (below 1 in %(one_in)s)") % {"one_in": f"{FALSE_ACCEPTANCE_ONE_IN[1]:,}"}
    return gettext("Level %(level)s (1 in %(one_in)s)") % {"level": level, "one_in": f"{FALSE_ACCEPTANCE_ONE_IN[level]:,}"}


def likeness_text(level: int, one_in: float) -> str:
    """How rare this likeness is. one_in: the false acceptance equivalent that was stored, 0 below level 1.

    Where the data end, the stored figure is theirs and the faces are more alike than it says: at the highest level, and wherever it
    falls short of what the level itself stands for.
    """
    if level == 0:
        return gettext("strangers are as alike more often than 1 in %(one_in)s") % {"one_in": f"{FALSE_ACCEPTANCE_ONE_IN[1]:,}"}
    rounded = {"one_in": f"{two_digits(one_in):,}"}
    if level == HIGHEST_LEVEL or one_in < FALSE_ACCEPTANCE_ONE_IN[level]:
        return gettext("rarer than 1 in %(one_in)s among pairs of strangers") % rounded
    return gettext("as alike as 1 in %(one_in)s pairs of strangers") % rounded


def two_digits(number: float) -> int:
    """Round a number from 1 on to the two digits that the data bear: 4,321 is 4,300."""
    return int(round(number, 1 - floor(log10(number))))
