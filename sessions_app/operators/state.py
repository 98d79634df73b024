"""The state of the portal as operators see it, put together: it answers within a second or two whatever is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sessions_app.operators import parts, work
from sessions_app.operators.figures import Figure, Section


@dataclass(frozen=True, slots=True)
class State:
    at: datetime
    sections: list[Section]
    versions: str

    @property
    def troubles(self) -> list[Figure]:
        """What somebody should look at, in the order of the page."""
        return [figure for section in self.sections for figure in section.figures if figure.advice]


def state_of(*, now: datetime) -> State:
    found = parts.read_pulse()
    sections = [
        Section(_("Parts"), list(parts.parts(found))),
        Section(_("Queues"), list(parts.queues(found, now=now))),
        Section(_("Sweeps"), list(work.sweeps(now=now))),
        Section(_("People"), list(work.people(now=now))),
        Section(_("Stuck"), list(work.stuck_work(now=now))),
        Section(_("Died or crashed within a day; what nobody could finish counts as unclear"), list(work.died(now=now))),
    ]
    return State(now, [section for section in sections if section.figures], parts.versions())
