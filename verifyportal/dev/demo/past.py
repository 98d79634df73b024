"""The older past of the demo bank: nine weeks, in the last two of which it tuned a threshold and something went wrong in one market."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from settings_app import thresholds
from settings_app.models import Company
from verifyportal.dev.demo import history
from verifyportal.dev.demo.companies import BANK
from verifyportal.dev.demo.history import Scene
from verifyportal.dev.demo.pictures import Holder

LONG_AGO, ENDED = timedelta(days=63), timedelta(days=1, hours=12)  # from then on the sessions have their pictures
TUNED = timedelta(days=15)
LOOSENED = {"liveness_decline": 0.40, "liveness_approve": 0.62}
REASON = (
    "Two weeks of reviews: 61 of 66 sessions that waited for liveness alone were approved by hand, most from older phones. "
    "We accept from 0.62 and look at the rate again in a week."
)


class Past:
    """Lived through as far as the story of the other sessions has come, so that each is judged by the thresholds of its time."""

    def __init__(self, company: Company, holders: Sequence[Holder], *, now: datetime, a_day: float, seed: int) -> None:
        self._company, self._holders, self._now, self._a_day, self._seed = company, holders, now, a_day, seed
        self._lived = now - LONG_AGO

    def live_until(self, moment: datetime) -> None:
        """Live on, and tune when it is time."""
        tuned, ended = self._now - TUNED, self._now - ENDED
        if self._lived < tuned <= moment:
            self._live(tuned)
            master = self._company.users.filter(role="MASTER").get()
            thresholds.change(company=self._company, market="", values=LOOSENED, reason=REASON, actor=master, now=tuned)
        if tuned <= self._lived < ended <= moment:
            self._live(ended)

    def _live(self, until: datetime) -> None:
        scene = Scene(self._company, BANK.markets, self._holders, self._now)
        history.play(scene, first=self._lived, last=until, a_day=self._a_day, seed=self._seed)
        self._lived = until
