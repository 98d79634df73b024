"""The metrics in words: their names, what exactly they count, and their numbers (R50)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app.choices import DeviceKind
from sessions_app.metrics.differences import difference
from sessions_app.metrics.rates import Rate, Share
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.shares import percent, points, spread
from settings_app.choices import DocumentChoice

SMALL = 20
"""Of fewer sessions a per cent would say more than is known: at 10 of 19 the 95 % interval is 42 points wide."""

TITLES: dict[Rate, type_of_text] = {
    Rate.APPROVAL: _("Approval rate"),
    Rate.REJECTION: _("Rejection rate"),
    Rate.ABANDONMENT: _("Abandonment rate"),
    Rate.FORCED_RETRY: _("Forced retry rate"),
}
COUNTED: dict[Rate, type_of_text] = {
    Rate.APPROVAL: _("Approved"),
    Rate.REJECTION: _("Declined by the checks"),
    Rate.ABANDONMENT: _("Abandoned"),
    Rate.FORCED_RETRY: _("Picture taken again"),
}
DEFINITIONS: dict[Rate, type_of_text] = {
    Rate.APPROVAL: _("Approved by the checks or by a person, of all finished sessions."),
    Rate.REJECTION: _("Declined by the checks alone; what a person declined is not in it."),
    Rate.ABANDONMENT: _("Begun and not completed in the allowed time."),
    Rate.FORCED_RETRY: _("The person had to take at least one picture again."),
}


def told(share: Share) -> str:
    """A share in one line, for whoever points at a dot."""
    return f"{percent(share.share)} · {share.n:,} / {share.of:,} · 95\u00a0%: {spread(share.interval)}"


@dataclass(frozen=True, slots=True)
class Change:
    """How a rate moved since the previous period. arrow: empty unless it clearly did."""

    words: str
    spread: str = ""
    arrow: str = ""


def change(now: Share, before: Share) -> Change:
    """Say what can be said: the difference in points and its interval, or that it may be none."""
    found = difference(now, before)
    if found is None:
        return Change(gettext("Nothing to compare with"))
    ends = gettext("%(low)s to %(high)s points") % {"low": points(found.interval.low), "high": points(found.interval.high)}
    if not found.is_clear:
        return Change(gettext("No clear change"), ends)
    return Change(gettext("%(points)s points") % {"points": points(found.change)}, ends, "▲" if found.change > 0 else "▼")


def market_words(market: str) -> str:
    return countries.name_or_code(market) or gettext("Without a market")


def document_words(document: str) -> str:
    return str(DocumentChoice(document).label) if document else gettext("No document yet")


def device_words(device: str) -> str:
    return str(DeviceKind(device).label) if device else gettext("Unknown device")
