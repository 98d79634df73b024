"""One session, its model and its clock. After each act the database is what the model says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sessions_app import claims, lifecycle, review, submission, transfers
from sessions_app.models import Transfer, VerificationSession
from settings_app.models import User
from tests.proof import watch
from tests.proof.backstage import Backstage
from tests.proof.life import Life

REFUSALS = (
    lifecycle.SessionClosed,
    lifecycle.TransitionRefused,
    lifecycle.LeaseLost,
    submission.WrongStep,
    submission.NotReady,
    submission.RetriesExhausted,
    transfers.UsedElsewhere,
    transfers.CodeNotValid,
    transfers.AnotherPhone,
    claims.ClaimedByAnother,
    claims.NotInReview,
    review.SeenBefore,
    review.UndoRefused,
    review.NoAttemptLeft,
)
"""How the product says no. Anything else that is raised is a fault."""


class World:
    """What everybody acts upon."""

    def __init__(self, session: VerificationSession, life: Life, stage: Backstage, staff: dict[str, User], now: datetime) -> None:
        self.session, self.life, self.stage, self.staff, self.now = session, life, stage, staff, now
        self.transfers: dict[int, Transfer] = {}
        self.shown: list[transfers.ShownCode] = []
        self.keys = self.done = 0
        self.seen = watch.look(session.pk)
        watch.holds(self.seen, life)

    def act(
        self,
        allowed: bool,
        call: Callable[[], Any],
        told: Callable[[Any], object] = lambda answer: None,
        *,
        leaves_trace: bool = False,
        **kinds: Any,
    ) -> Any:
        """Do it, let the model follow, and look. What is refused changes nothing, unless it leaves a trace."""
        answer, refusal = None, None
        try:
            answer = call()
        except REFUSALS as said:
            refusal = said
        assert (refusal is None) is allowed, f"refused: {refusal!r}" if allowed else "what must be refused was done"
        if refusal is None:
            told(answer)
        self.look(unchanged=refusal is not None and not leaves_trace, **kinds)
        return answer

    def look(self, *, seen: watch.Seen | None = None, unchanged: bool = False, **kinds: Any) -> None:
        """Compare what is there with what must be. kinds: what the last act may do, see `watch.moved_rightly`."""
        self.done += 1
        seen = seen or watch.look(self.session.pk)
        assert not unchanged or seen == self.seen, "what was refused has changed something"
        watch.holds(seen, self.life)
        watch.moved_rightly(self.seen, seen, order=self.life.rules.order, **kinds)
        self.seen = seen
