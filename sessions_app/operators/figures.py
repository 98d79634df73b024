"""How the operators' page says things: a figure, what it means, and, where something is wrong, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

type_of_text = str | Promise

UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the page. advice: what to do; empty while all is well. link: where to read more, inside the admin."""

    name: type_of_text
    value: type_of_text
    means: type_of_text
    advice: type_of_text = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: type_of_text
    figures: list[Figure]


def span(length: timedelta | float) -> str:
    """A length of time in its two largest units, as a person says it: 3 min 20 s."""
    left = round(length.total_seconds() if isinstance(length, timedelta) else length)
    parts: list[str] = []
    for seconds, unit in UNITS:
        number, left = divmod(max(left, 0), seconds)
        if number:
            parts.append(f"{number} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def ago(moment: datetime | None, *, now: datetime) -> str:
    return _("%(span)s ago") % {"span": span(now - moment)} if moment else _("never")


def counted(number: int, *, most: int) -> str:
    """A count that stopped at `most`, so that it costs the same however much there is."""
    return f"{most:,}+" if number > most else f"{number:,}"
