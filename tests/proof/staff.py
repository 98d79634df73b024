"""What the company's people do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sessions_app import claims, lifecycle, review
from sessions_app.choices import Outcome, RedoStep
from tests.proof.life import Review
from tests.proof.world import World

ASKED = {RedoStep.DOCUMENT: ("DOCUMENT_FRONT", "DOCUMENT_BACK"), RedoStep.SELFIE: ("SELFIE",), RedoStep.LIVENESS: ("LIVENESS",)}


class Staff(World):
    """Two agents and a master. The model knows them by their addresses."""

    def claim(self, who: str, *, take_over: bool) -> None:
        actor, holder = self.staff[who], self.life.holder_at(self.now)
        may = self.life.outcome == "REVIEW" and (holder in ("", actor.email) or (take_over and actor.is_master))
        self.act(may, lambda: claims.claim(session=self.session, actor=actor, now=self.now, take_over=take_over), lambda _: self._hold(who))

    def claim_next(self, who: str) -> None:
        is_there = self.life.outcome == "REVIEW" and not self.life.holder_at(self.now)

        def told(found: Any) -> None:
            assert (found is not None) is is_there
            if is_there:
                self._hold(who)

        self.act(True, lambda: claims.claim_next(company=self.session.company, actor=self.staff[who], now=self.now), told)

    def renew(self, who: str) -> None:
        may = self.life.outcome == "REVIEW" and self.life.holder_at(self.now) == self.staff[who].email

        def told(renewed: bool) -> None:
            assert renewed is may
            if may:
                self._hold(who)

        self.act(True, lambda: claims.renew(session=self.session, actor=self.staff[who], now=self.now), told)

    def release(self, who: str) -> None:
        actor, holder = self.staff[who], self.life.holder_at(self.now)

        def told(released: bool) -> None:
            assert released is bool(holder)
            if released:
                self.life.holder, self.life.held_until = "", None

        may = holder in ("", actor.email) or actor.is_master
        self.act(may, lambda: claims.release(session=self.session, actor=actor, now=self.now), told)

    def _hold(self, who: str) -> None:
        self.life.holder, self.life.held_until = self.staff[who].email, self.now + claims.LASTS

    def decide(self, who: str, outcome: Outcome, *, saw_all: bool) -> None:
        """saw_all: the reviewer's page shows the latest attempt."""
        actor, attempt = self.staff[who], self.life.result - (0 if saw_all else 1)

        def told(_: Any) -> None:
            self.life.move(outcome, self.now)
            self.life.review = Review(actor.email, self.now)

        def call() -> Any:
            reason = review.REASONS[outcome][0]
            return review.decide(session=self.session, outcome=outcome, reason=reason, note="", attempt=attempt, actor=actor, now=self.now)

        self.act(self.life.may_decide(actor.email, self.now) and saw_all, call, told)

    def undo(self, who: str) -> None:
        actor, made = self.staff[who], self.life.review
        may = made is not None and self.now < made.at + review.UNDO_WITHIN and (actor.is_master or made.by == actor.email)

        def told(_: Any) -> None:
            self.life.move("REVIEW", self.now)
            self.life.review = None
            self._hold(who)

        self.act(may, lambda: review.undo(session=self.session, actor=actor, now=self.now), told, undoes=True)

    def ask_again(self, who: str, step: RedoStep) -> None:
        actor = self.staff[who]
        may = self.life.may_decide(actor.email, self.now) and len(self.life.tries) <= self.life.rules.retries

        def told(_: Any) -> None:
            self.life.drop(*ASKED[step])
            self.life.move("PENDING", self.now)
            self.life.expires_at = max(self.life.expires_at, self.now + timedelta(days=self.life.rules.link_days))
            self.life.active_at = None

        self.act(may, lambda: review.ask_again(session=self.session, step=step, actor=actor, now=self.now), told, asks_again=True)

    def cancel(self, who: str) -> None:
        may = self.life.outcome == "PENDING"
        call = lifecycle.cancel
        self.act(
            may, lambda: call(session=self.session, actor=self.staff[who], now=self.now), lambda _: self.life.move("CANCELLED", self.now)
        )
