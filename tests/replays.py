"""Sessions of the past as a replay meets them, and replays that run at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from checks_app.rejudging import Essence, judge_again
from checks_app.thresholds import DEFAULTS
from sessions_app import dispatch
from sessions_app.choices import AttemptState, Outcome
from sessions_app.models import ReplayLine, ReplayRun, VerificationSession
from sessions_app.replay import runs, slices
from sessions_app.replay.runs import Wanted
from settings_app.models import Company, User
from tests.factories import NOW, MasterFactory, finished_session

GOOD = Essence(
    retries_left=5,
    manual_review=True,
    failed=False,
    failed_for_good=False,
    unclear=False,
    full_document=0.95,
    full_document_held=False,
    screen_replay=0.95,
    screen_replay_held=False,
    photocopy=0.95,
    photocopy_held=False,
    liveness=0.95,
    liveness_held=False,
    face_level=7,
    face_held=False,
    tie_level=7,
)
"""An attempt that passes under the defaults."""

STRICT = {"liveness_decline": 0.4, "liveness_approve": 0.97}
"""Under these it would go to review, and under the next be asked to try again."""

STRICTEST = {"liveness_decline": 0.97, "liveness_approve": 0.98}

LOOSE = {"liveness_decline": 0.1, "liveness_approve": 0.2}


def past(
    company: Company, *attempts: Essence, outcome: Outcome | None = None, market: str = "", at: datetime = NOW, **columns: Any
) -> VerificationSession:
    """A session whose attempts were decided under the defaults. outcome: as it stands, if not that of its last attempt."""
    verdicts = [judge_again(essence, DEFAULTS).verdict for essence in attempts]
    ended = outcome or Outcome(verdicts[-1])
    closed_at = None if ended == Outcome.PENDING else at
    session = finished_session(ended, company=company, market=market, closed_at=closed_at, result_attempt=len(attempts), **columns)
    for number, (essence, verdict) in enumerate(zip(attempts, verdicts, strict=True), start=1):
        moment = at - timedelta(minutes=len(attempts) - number)
        decided = {"state": AttemptState.DECIDED, "verdict": verdict, "decided_at": moment}
        attempt = session.attempts.create(number=number, max_retries=5, submitted_at=moment, **decided)
        ReplayLine.objects.create(
            attempt=attempt, session=session, company=company, market=market, decided_at=moment, verdict=verdict, **essence._asdict()
        )
    return session


def retry(**changes: Any) -> Essence:
    """An attempt whose liveness failed."""
    return GOOD._replace(liveness=0.3, **changes)


def start(
    company: Company, values: Mapping[str, float | None], *, market: str = "", wanted: Wanted | None = None, actor: User | None = None
) -> ReplayRun:
    actor = actor or MasterFactory(company=company)
    wanted = wanted or Wanted(newest=1_000)
    return runs.start(company=company, market=market, values=values, wanted=wanted, actor=actor, now=NOW + timedelta(days=1))


def work(run: ReplayRun) -> ReplayRun:
    """Let a worker do what there is to do, without a queue."""
    slices.go_on(run_id=run.pk, hand_on=lambda: False, now=NOW + timedelta(days=1))
    return ReplayRun.objects.select_related("company").get(pk=run.pk)


def replayed(company: Company, values: Mapping[str, float | None], **given: Any) -> ReplayRun:
    """Start and work to the end."""
    run = work(start(company, values, **given))
    assert run.state == "DONE", run.result
    return run


def ends(run: ReplayRun) -> dict[str, int]:
    return dict(runs.tally_of(run).ends)


class Queue:
    """Takes whatever is handed to it and delivers nothing by itself."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.away = False

    def send(self, task: Any, **ids: int) -> bool:
        self.sent += [] if self.away else [ids["run_id"]]
        return not self.away


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    stands_in = Queue()
    monkeypatch.setattr(dispatch, "send", stands_in.send)
    return stands_in
