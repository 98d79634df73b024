"""A session in the hands of chance: hypothesis draws what happens next, and after each act everything is looked at."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sessions_app import creation, leases, review
from sessions_app.choices import Outcome, RedoStep
from settings_app import audit
from settings_app.models import Company, User
from tests.factories import NOW
from tests.proof.backstage import Backstage, Quality
from tests.proof.life import BACK, FINAL, FRONT, LIVENESS, SELFIE, STEP_OF, Life, Phone, Rules, Shot, Try
from tests.proof.phones import Phones
from tests.proof.staff import Staff
from tests.proof.user import User as Person
from tests.proof.workers import Workers, die

STEPS = 50
SECOND = timedelta(seconds=1)
KINDS = st.sampled_from([FRONT, BACK, SELFIE, LIVENESS])
DOCUMENTS = st.sampled_from(["PASSPORT", "ID_CARD"])
STAFF = st.sampled_from(["agent", "colleague", "master"])
DAY = 86_400
PASSES = st.sampled_from([-600, -1, 1, 15, 21, 101, 180, 300, 600, 900, 3540, 3600, DAY, 8 * DAY])  # seconds
HANDS = st.sampled_from(["right", "right", "link", "phone"])
QUALITIES = st.sampled_from(
    [Quality.GOOD] * 14 + [Quality.POOR] * 2 + [Quality.FAILS] * 3 + [Quality.UNCLEAR] * 2 + [Quality.BREAKS, Quality.HOPELESS]
)
START = st.sampled_from([0, 3, 6, 9, 11, 12]).flatmap(lambda count: st.lists(QUALITIES, min_size=count, max_size=count))
GO_ON = st.lists(QUALITIES, min_size=1, max_size=8)
ADRIFT = ["goes on", "cancelled", "overtaken", "overtaken by one that dies", "swept", "taken back"]


class Everybody(Person, Phones, Workers, Staff):
    """All who act upon one session."""


class SessionMachine(RuleBasedStateMachine):
    """One life of one session. What the runs have in common is set by the test."""

    stage: ClassVar[Backstage]
    company: ClassVar[Company]
    staff: ClassVar[dict[str, User]]
    told: ClassVar[Counter[str]] = Counter()
    all: Everybody

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.run = transaction.atomic()
        self.run.__enter__()

    def teardown(self) -> None:
        try:
            if hasattr(self, "all"):
                assert audit.first_broken(self.company) is None, "R26: the chain of the audit trail is unbroken"
                self._has_ended()
                self.told["runs"] += self.steps == STEPS  # hypothesis draws shorter ones as well
        finally:
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    @initialize(
        company=st.fixed_dictionaries(
            {
                "max_retries": st.sampled_from([0, 1, 2, 5]),
                "manual_review": st.sampled_from([True, True, False]),
                "inactivity_minutes": st.sampled_from([None, None, 10, 60]),
                "transfer_minutes": st.sampled_from([5, 60]),
                "face_first": st.booleans(),
            }
        ),
        document=DOCUMENTS,
        qualities=START,
    )
    def a_session_begins(self, company: dict[str, Any], document: str, qualities: list[Quality]) -> None:
        Company.objects.filter(pk=self.company.pk).update(**company)
        self.company.refresh_from_db()
        idle, transfer = company["inactivity_minutes"], timedelta(minutes=company["transfer_minutes"])
        limits = idle and timedelta(minutes=idle), self.company.link_days, transfer
        self._create(Rules(company["max_retries"], company["manual_review"], *limits, company["face_first"]), NOW)
        self._goes_through(qualities, document)

    def _create(self, rules: Rules, now: datetime) -> None:
        session, _ = creation.create_session(company=self.company, created_by=None, now=now)
        self.all = Everybody(session, Life(rules, session.expires_at), self.stage, self.staff, now)

    def _via(self, hand: str) -> Phone | None:
        if hand == "right":
            return self.all.hand()
        return self.all.life.phones[-1] if hand == "phone" and self.all.life.phones else None

    # the clock

    @rule(passes=PASSES)
    def time_passes(self, passes: int) -> None:
        self.all.now += passes * SECOND

    @rule(moment=st.sampled_from(["link", "away", "phone", "code", "claim", "undo"]), late=st.sampled_from([-1, 0, 1]))
    def clock_stands_at(self, moment: str, late: int) -> None:
        at = self._moment(moment)
        if at is not None:
            self.all.now = at + late * SECOND

    def _moment(self, moment: str) -> datetime | None:
        life = self.all.life
        if moment == "away":
            return life.active_at + life.rules.inactivity if life.active_at and life.rules.inactivity else None
        if moment == "phone":
            return life.phones[-1].until if life.phones else None
        if moment == "code":
            return self.all.shown[-1].expires_at if self.all.shown else None
        if moment == "undo":
            return life.review.at + review.UNDO_WITHIN if life.review else None
        return life.held_until if moment == "claim" else life.expires_at

    # the user

    @rule(qualities=GO_ON, document=DOCUMENTS)
    def user_goes_on(self, qualities: list[Quality], document: str) -> None:
        self._goes_through(qualities, document)

    @precondition(lambda self: self.all.life.outcome in FINAL)
    @rule(qualities=GO_ON, document=DOCUMENTS)
    def next_one_comes(self, qualities: list[Quality], document: str) -> None:
        """Another session of the same company, when the one before has ended."""
        self._has_ended()
        self._create(self.all.life.rules, self.all.now)
        self._goes_through(qualities, document)

    def _goes_through(self, qualities: list[Quality], document: str) -> None:
        for quality in qualities:
            self._go_on(quality, document)

    def _has_ended(self) -> None:
        self.told.update({"sessions": 1, "acts": self.all.done, self.all.life.outcome: 1})

    def _go_on(self, quality: Quality, document: str) -> None:
        """What a user without trouble does next, and the worker right after him."""
        here, via = self.all, self.all.hand()
        if here.life.checked:
            return here.verify(here.life.checked)
        if not here.life.is_open(here.now):
            return None
        if not here.life.opened:
            return here.open(via)
        if here.life.step == "consent":
            return here.consent(via)
        if here.life.step == "document":
            return here.choose(via, document)
        if here.life.step == "overview":
            return here.submit(via, again=False)
        kind = next(kind for kind, step in STEP_OF.items() if step == here.life.step)
        sent = here.life.current(kind)
        if sent is None or sent.is_done:
            here.capture(via, kind, quality)
        return here.inspect(here.life.shots[-1])

    def _page(self, hand: str) -> Phone | None:
        """Whoever acts has the page before him."""
        via = self._via(hand)
        if not self.all.life.opened:
            self.all.open(via)
        return via

    @rule(hand=HANDS)
    def open(self, hand: str) -> None:
        self.all.open(self._via(hand))

    @rule(hand=HANDS, agrees=st.booleans())
    def consent(self, hand: str, agrees: bool) -> None:
        via = self._page(hand)
        self.all.consent(via) if agrees else self.all.refuse_consent(via)

    @rule(hand=HANDS, document=DOCUMENTS)
    def choose(self, hand: str, document: str) -> None:
        self.all.choose(self._page(hand), document)

    @rule(hand=HANDS, kind=KINDS, quality=QUALITIES)
    def capture(self, hand: str, kind: str, quality: Quality) -> None:
        self.all.capture(self._page(hand), kind, quality)

    @rule(hand=HANDS)
    def capture_arrives_again(self, hand: str) -> None:
        self.all.capture_again(self._via(hand))

    @rule(hand=HANDS, kind=KINDS, keeps=st.booleans())
    def keep_or_retake(self, hand: str, kind: str, keeps: bool) -> None:
        via = self._page(hand)
        self.all.keep(via, kind) if keeps else self.all.retake(via, kind)

    @rule(hand=HANDS, again=st.booleans())
    def submit(self, hand: str, again: bool) -> None:
        self.all.submit(self._page(hand), again=again)

    # the phone

    @rule(
        key=st.sampled_from("AB"),
        newest=st.booleans(),
        typed=st.booleans(),
        shows=st.booleans(),
        left=st.sampled_from([None] * 5 + [1, 1800]),
    )
    def phone_connects(self, key: str, newest: bool, typed: bool, shows: bool, left: int | None) -> None:
        """left: so many seconds before the session's link is over."""
        if left is not None:
            self.all.now = self.all.life.expires_at - left * SECOND
        if shows:
            self.all.show_code()
        self.all.connect(key, newest=newest, typed=typed)

    @rule()
    def take_back(self) -> None:
        self.all.take_back()

    # workers and sweeps

    @rule(meanwhile=st.sampled_from(["", "dies", *ADRIFT]), waits=st.sampled_from([0, 19, 20, 21, 200]))
    def a_worker_works(self, meanwhile: str, waits: int) -> None:
        """On the attempt that is being checked, else on the newest picture."""
        life = self.all.life
        work = life.checked or (life.shots[-1] if life.shots else None)
        if work is None:
            return
        begin: Any = self.all.verify if isinstance(work, Try) else self.all.inspect
        begin(work, {"": None, "dies": die}.get(meanwhile, lambda: self._goes_on(begin, work, meanwhile, waits)))

    def _goes_on(self, begin: Any, work: Try | Shot, what: str, waits: int) -> None:
        """What happens while a worker is busy."""
        self.all.now += waits * SECOND
        if what == "cancelled":
            self.all.cancel("master")
        elif what == "overtaken":
            begin(work)
        elif what == "overtaken by one that dies":
            begin(work, die)
        elif what == "swept":
            self.all.sweep()
        elif what == "taken back":
            self.all.take_back()

    @rule(times=st.integers(1, 3))
    def workers_are_killed(self, times: int) -> None:
        for _ in range(times):
            self.a_worker_works("dies", 0)
            self.all.now += leases.LEASE

    @rule()
    def sweeps_run(self) -> None:
        self.all.sweep_phones()
        self.all.recover()
        self.all.sweep()

    @rule()
    def sweep(self) -> None:
        self.all.sweep()

    # the company

    @rule(who=STAFF, act=st.sampled_from(["claim", "take over", "next", "renew", "release", "release"]))
    def claim(self, who: str, act: str) -> None:
        if act in ("claim", "take over"):
            self.all.claim(who, take_over=act == "take over")
        else:
            {"next": self.all.claim_next, "renew": self.all.renew, "release": self.all.release}[act](who)

    @rule(who=STAFF, outcome=st.sampled_from([Outcome.APPROVE, Outcome.DECLINE]), saw_all=st.sampled_from([True, True, True, False]))
    def decide(self, who: str, outcome: Outcome, saw_all: bool) -> None:
        self.all.decide(who, outcome, saw_all=saw_all)

    @rule(who=STAFF)
    def undo(self, who: str) -> None:
        self.all.undo(who)

    @rule(who=STAFF, step=st.sampled_from(RedoStep))
    def ask_again(self, who: str, step: RedoStep) -> None:
        self.all.ask_again(who, step)

    @rule(who=STAFF, is_meant=st.integers(0, 7).map(lambda drawn: drawn == 7))
    def cancel(self, who: str, is_meant: bool) -> None:
        """Rarely: nothing comes after it."""
        if is_meant or not self.all.life.is_open(self.all.now):
            self.all.cancel(who)

    @invariant()
    def counts(self) -> None:
        self.steps += 1
        self.told["steps"] += 1
