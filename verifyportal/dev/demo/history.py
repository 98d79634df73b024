"""Weeks of an older past: many sessions whose pictures are erased, judged by the product's own rules and stored at once.

Each is what it would have become through the doors of the product, thresholds of its time included; only the doors are too slow for
thousands. Reviews go through them.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from checks_app import decision, judging, rejudging
from checks_app.decision import Verdict
from checks_app.face.match_level import load_calibration
from checks_app.rejudging import Essence
from checks_app.results import Reason, SessionFindings, Side
from checks_app.thresholds import Thresholds
from sessions_app import creation, lifecycle, result_columns, review, verification
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, CaptureState, EventKind, Outcome, OutcomeReason, ReviewReason
from sessions_app.creation import NewSession
from sessions_app.models import Attempt, Capture, CheckRecord, ReplayLine, SessionEvent, VerificationSession
from settings_app import keys, resolution
from settings_app.models import Company, User
from verifyportal.dev.demo import people
from verifyportal.dev.demo.findings import Inspector
from verifyportal.dev.demo.pictures import Holder
from verifyportal.dev.demo.stories import GOOD, Take

TAKES = (
    (74, GOOD),
    (7, Take(liveness=(0.62, 0.695), liveness_reason=Reason.FACE_LOST)),
    (5, Take(liveness=(0.10, 0.38))),
    (4, Take(framing=(0.12, 0.34))),
    (3, Take(distance=(0.375, 0.395))),
    (2, Take(distance=(0.44, 0.52))),
    (2, Take(screen=(0.20, 0.46))),
    (2, Take(screen=(0.02, 0.08))),
    (1, Take(paper=(0.01, 0.08))),
)
"""How good the pictures of an attempt are, and how many of a hundred are so."""

COVERED = (150, Take(framing=(0.08, 0.33)))
"""What befell a market lately: documents in a case that covers a corner, three for each two others. Somebody should notice."""

COVERED_IN, COVERED_FOR = "ESP", timedelta(days=6)
WEEKEND = 0.55
NEVER_COMES, CANCELLED, LEAVES = 0.05, 0.07, 0.16  # shares, each with those before
GIVES_UP, RETAKES, TRIES = 0.25, 0.2, 3
EXPECTED, ANOTHER_PERSON = 0.25, 0.04  # whom the company expects, and how often somebody else comes


@dataclass(slots=True)
class Rows:
    """What is stored at once, parents before children."""

    sessions: list[VerificationSession] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    submitted: list[Any] = field(default_factory=list)  # which captures belong to which attempt
    records: list[CheckRecord] = field(default_factory=list)
    lines: list[ReplayLine] = field(default_factory=list)
    events: list[SessionEvent] = field(default_factory=list)

    def store(self) -> None:
        tables: tuple[list[Any], ...] = (self.sessions, self.attempts, self.captures, self.submitted, self.records, self.lines, self.events)
        for rows in tables:
            if rows:
                type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


@dataclass(frozen=True)
class Scene:
    """A company in a stretch of time in which nothing was tuned. holders: its customers, again and again."""

    company: Company
    markets: tuple[str, ...]
    holders: Sequence[Holder]
    now: datetime

    @cached_property
    def key(self) -> bytes:
        return keys.key_of(self.company)

    @cached_property
    def thresholds(self) -> dict[str, Thresholds]:
        return {market: resolution.thresholds_for(company=self.company, market=market) for market in set(self.markets)}


def play(scene: Scene, *, first: datetime, last: datetime, a_day: float, seed: int) -> None:
    """Live through so many sessions on each working day between two moments, and let people decide what came into review."""
    chance, rows, day = random.Random(seed), Rows(), first
    while day < last:
        share = WEEKEND if day.weekday() >= 5 else 1.0
        for _ in range(round(a_day * share * chance.uniform(0.8, 1.2))):
            noon = datetime.combine(day.astimezone(scene.company.zone).date(), time(13), tzinfo=scene.company.zone)
            born = noon + timedelta(hours=chance.triangular(-6, 9, 1))
            if first <= born < last:
                _Life(scene, chance, rows, born).live()
        day += timedelta(days=1)
    rows.store()
    agents = list(scene.company.users.filter(role="AGENT").order_by("pk"))
    for session in rows.sessions:
        if session.outcome == Outcome.REVIEW:
            _decide(session, chance.choice(agents), chance)


class _Life:
    """One session, put down row by row."""

    def __init__(self, scene: Scene, chance: random.Random, rows: Rows, born: datetime) -> None:
        self._scene, self._chance, self._rows, self._at = scene, chance, rows, born
        self._holder = chance.choice(scene.holders)
        given = NewSession(
            reference=people.reference(chance),
            market=chance.choice(scene.markets),
            expected_last_name=self._holder.person.last_name if chance.random() < EXPECTED else "",
            expected_birth_date=date(1970, 1, 1) if chance.random() < ANOTHER_PERSON else None,
        )
        self._session = creation.born(given, company=scene.company, key=scene.key, created_by=None, now=born)[0]

    def live(self) -> None:
        session, fate = self._session, self._chance.random()
        self._rows.sessions.append(session)
        self._event(EventKind.CREATED)
        if NEVER_COMES <= fate < CANCELLED:
            self._end(Outcome.CANCELLED, after=timedelta(hours=3))
        elif fate >= CANCELLED:
            self._come()
            if fate >= LEAVES:
                self._submit()
        if session.is_open and session.expires_at < self._scene.now:
            self._at = session.expires_at
            self._end(Outcome.ABANDONED if session.opened_at else Outcome.EXPIRED, after=timedelta(seconds=self._chance.randint(1, 59)))

    def _come(self) -> None:
        session, client = self._session, people.device(self._chance)
        self._at += timedelta(minutes=self._chance.uniform(1, 240))
        session.opened_at = session.last_activity_at = session.consented_at = self._at
        session.consent_version, session.language = "2026-11", "en"
        session.client_ip, session.device, session.browser = client.ip, client.device, client.browser
        session.os, session.device_model = client.os, client.model
        session.chosen_country, session.chosen_document = "UTO", self._holder.kind.value
        session.forced_retries = self._chance.random() < RETAKES
        self._event(EventKind.OPENED, device=client.device)

    def _submit(self) -> None:
        for number in range(1, TRIES + 1):
            verdict = self._attempt(number, self._take(number))
            if verdict is not Verdict.RETRY or self._chance.random() < GIVES_UP:
                return

    def _take(self, number: int) -> Take:
        lately = self._session.market == COVERED_IN and self._at > self._scene.now - COVERED_FOR
        takes = (*TAKES, COVERED) if lately and number == 1 else TAKES
        return self._chance.choices([take for _, take in takes], [weight for weight, _ in takes])[0]

    def _attempt(self, number: int, take: Take) -> Verdict:
        session, found = self._session, self._findings(take)
        self._at += timedelta(seconds=self._chance.randint(70, 240))
        live = {kind.value: Capture(kind=kind, source=CaptureSource.CAMERA) for kind in CaptureKind}
        expected = replace(verification.expectations_of(session, live, today=self._at.date()), duplicates_sought=False)
        calibration = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
        thresholds = self._scene.thresholds[session.market]
        results = judging.judge(found, thresholds=thresholds, expectations=expected, calibration=calibration)
        left = session.max_retries + 1 - number
        rule: dict[str, Any] = {"required": judging.required_checks(expected), "retries_left": left, "manual_review": True}
        decided = decision.decide(results, **rule)
        attempt = Attempt(
            session=session, number=number, max_retries=session.max_retries, state=AttemptState.DECIDED, verdict=decided.verdict,
            reasons=[reason.value for reason in decided.reasons], submitted_at=self._at, decided_at=self._at + timedelta(seconds=2),
        )  # fmt: skip
        self._rows.attempts.append(attempt)
        self._event(EventKind.SUBMITTED, attempt=number)
        self._at += timedelta(seconds=2)
        self._rows.records += [lifecycle.record_of(attempt, result) for result in results]
        essence = rejudging.essence_of(found, results, expectations=expected, calibration=calibration, **rule)
        self._keep_line(attempt, essence)
        columns = result_columns.from_results(found, results) | result_columns.of_all_attempts(session, results)
        for name, value in (columns | {"result_attempt": number, "last_activity_at": self._at}).items():
            setattr(session, name, value)
        if decided.verdict is Verdict.RETRY:
            self._event(EventKind.RETRY_ASKED, attempt=number)
            return decided.verdict
        exhausted = [OutcomeReason.RETRIES_EXHAUSTED.value] if decided.retries_exhausted else []
        session.reasons = exhausted + attempt.reasons
        self._erased_pictures(attempt)
        self._end(Outcome(decided.verdict))
        return decided.verdict

    def _keep_line(self, attempt: Attempt, essence: Essence) -> None:
        session = self._session
        self._rows.lines.append(
            ReplayLine(
                attempt=attempt,
                session=session,
                company=session.company,
                market=session.market,
                verdict=attempt.verdict,
                decided_at=self._at,
                **essence._asdict(),
            )
        )

    def _findings(self, take: Take) -> SessionFindings:
        engine = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR).engine
        inspector = Inspector(self._holder, face_engine=engine, today=self._at.date(), seed=self._chance.getrandbits(32))
        front = inspector.document(take, Side.FRONT, ())
        back = inspector.document(take, Side.BACK, ()) if self._holder.back else None
        return SessionFindings(front=front, back=back, selfie=inspector.selfie(take, ()), liveness=inspector.liveness(take, ()))

    def _erased_pictures(self, attempt: Attempt) -> None:
        """What stays of the pictures: that there were some."""
        for kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE):
            capture = Capture(session=self._session, kind=kind, source=CaptureSource.CAMERA, upload_key=uuid.uuid4().hex)
            capture.created_at = capture.inspected_at = self._at
            capture.state = CaptureState.ERASED
            self._rows.captures.append(capture)
            self._rows.submitted.append(Attempt.captures.through(attempt=attempt, capture=capture))

    def _end(self, outcome: Outcome, *, after: timedelta = timedelta()) -> None:
        self._at += after
        self._session.outcome, self._session.closed_at = outcome, self._at
        self._event(EventKind.for_outcome(outcome))

    def _event(self, kind: EventKind, **details: str | int) -> None:
        self._rows.events.append(SessionEvent(session=self._session, kind=kind, at=self._at, details=details))


def _decide(session: VerificationSession, actor: User, chance: random.Random) -> None:
    outcome = Outcome.APPROVE if chance.random() < 0.8 else Outcome.DECLINE
    reason = chance.choice([reason for reason in review.REASONS[outcome] if reason is not ReviewReason.OTHER])
    at = (session.closed_at or session.created_at) + timedelta(hours=chance.uniform(0.3, 9))
    review.decide(session=session, outcome=outcome, reason=reason, note="", attempt=session.result_attempt, actor=actor, now=at)
