"""Lives of sessions as chance writes them, lived through the product's own doors, and the metrics counted from them once more by hand."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from checks_app import decision
from checks_app.results import Check, CheckResult, Reason, Status
from sessions_app import answers, claims, corrections, erasure, leases, lifecycle, review, verification
from sessions_app.choices import CaptureKind, Outcome, RedoStep
from sessions_app.clients import ClientFacts
from sessions_app.models import Capture, DailyCheckCount, DailyCount, VerificationSession
from settings_app.choices import DocumentChoice
from settings_app.models import Company, User
from tests import findings
from tests.captures import add_capture
from tests.factories import SessionFactory

BEGIN = datetime(2026, 10, 22, 3, tzinfo=UTC)
"""Summer time ends in Europe on the 25th and in North America a week later."""

ZONES = (
    "UTC",
    "Asia/Tbilisi",
    "Europe/Madrid",
    "America/New_York",
    "America/Havana",  # midnight comes twice
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Pago_Pago",  # UTC-11
)
REFUSALS = (
    lifecycle.SessionClosed,
    lifecycle.TransitionRefused,
    claims.ClaimedByAnother,
    claims.NotInReview,
    review.NoAttemptLeft,
    review.PicturesErased,
    review.UndoRefused,
    erasure.PicturesStillNeeded,
)
ACTS = (
    *("open", "choose", *["attempt"] * 6, *["approve", "decline"] * 2, *["undo"] * 3, "ask again", "correct", *["shoot", "inspect"] * 2),
    *("cancel", "cancel while checked", "wait", "erase", "other device"),
)
MINUTES = (0, 1, 12, 180, 600, 1_440, 4_000)
CHECKS = (Check.DOCUMENT, Check.FACE_MATCH, Check.LIVENESS, Check.SCREEN_REPLAY)
FINISHED = {Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE, Outcome.ABANDONED}
OUTCOMES = ("approved_by_checks", "approved_by_hand", "in_review", "declined_by_checks", "declined_by_hand", "abandoned", "retaken")

Slice = tuple[date, str, str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """What happens next, so many minutes later. chance: decides what else there is to decide."""

    name: str
    minutes: int
    chance: int


@dataclass(frozen=True, slots=True)
class History:
    """One session's life before it is lived."""

    market: str
    minutes: int
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A company's. looked, moved: after so many lives somebody looks at the metrics, or the company moves to another time zone."""

    manual_review: bool
    zone: str
    other_zone: str
    looked: int
    moved: int
    histories: tuple[History, ...]


def pasts(size: int) -> st.SearchStrategy[Past]:
    act = st.builds(Act, st.sampled_from(ACTS), st.sampled_from(MINUTES), st.integers(0, 999))
    begun = st.tuples(*(st.builds(Act, st.just(name), st.sampled_from(MINUTES), st.integers(0, 999)) for name in ("open", "choose")))
    acts = st.builds(lambda first, rest: (*first, *rest), st.one_of(begun, begun, st.just(())), st.lists(act, min_size=3, max_size=11))
    history = st.builds(History, st.sampled_from(["", "GEO", "ESP"]), st.integers(0, 20_000), acts)
    lives = st.lists(history, min_size=size, max_size=size).map(tuple)
    zone, when = st.sampled_from(ZONES), st.integers(0, size)
    return st.builds(Past, st.booleans(), zone, zone, when, when, lives)


class Life:
    """One session, and everything that may happen to it."""

    def __init__(self, company: Company, staff: list[User], history: History) -> None:
        self._staff, self._at = staff, BEGIN + timedelta(minutes=history.minutes)
        self._session: VerificationSession = SessionFactory(company=company, market=history.market, now=self._at)
        self._waiting: list[Capture] = []
        for act in history.acts:
            self._at += timedelta(minutes=act.minutes)
            self._chance = random.Random(act.chance)
            with suppress(*REFUSALS):
                getattr(self, f"_{act.name.replace(' ', '_')}")()
            self._session = VerificationSession.objects.select_related("company").get(pk=self._session.pk)

    @property
    def _actor(self) -> User:
        return self._chance.choice(self._staff)

    def _client(self) -> ClientFacts:
        return ClientFacts(ip="203.0.113.7", device=self._chance.choice(["PC", "Mobile"]), browser="", os="", model="")

    def _open(self) -> None:
        answers.open_link(session=self._session, client=self._client(), now=self._at)

    def _choose(self) -> None:
        document = self._chance.choice(DocumentChoice.values)
        answers.choose_document(session=self._session, country="GEO", document=document, now=self._at)

    def _other_device(self) -> None:
        """The last word of a phone, which may come after the end."""
        answers.record_client(session=self._session, client=self._client())

    def _shoot(self) -> None:
        if self._session.is_open:
            self._waiting.append(add_capture(self._session, CaptureKind.DOCUMENT_FRONT, created_at=self._at))

    def _inspect(self) -> None:
        """Also after the session has ended: workers were behind."""
        if self._waiting:
            verification.inspect(capture=self._waiting.pop(), now=self._at)

    def _attempt(self, *, cancelled: bool = False) -> None:
        session = self._session
        lifecycle.require_open(session, now=self._at)
        if session.opened_at is None or session.attempts.count() > session.max_retries:
            return
        attempt = session.attempts.create(number=session.attempts.count() + 1, max_retries=session.max_retries, submitted_at=self._at)
        leases.claim(attempt, now=self._at)
        if cancelled:
            lifecycle.cancel(session=session, actor=self._actor, now=self._at)
        results = [self._result(check) for check in CHECKS if self._chance.random() < 0.9]
        decided = decision.decide(
            results, required=CHECKS, retries_left=session.max_retries + 1 - attempt.number, manual_review=session.company.manual_review
        )
        columns = {"document_kind": self._chance.choice(["", *DocumentChoice.values])}
        lifecycle.record_decision(attempt=attempt, results=results, decision=decided, columns=columns, now=self._at)

    def _cancel_while_checked(self) -> None:
        self._attempt(cancelled=True)

    def _result(self, check: Check) -> CheckResult:
        status = self._chance.choices(list(Status), [0.8, 0.12, 0.08])[0]
        reasons = {Status.PASSED: (), Status.UNCLEAR: (Reason.FACES_BARELY_ALIKE,), Status.FAILED: (Reason.GLARE,)}[status]
        return CheckResult(check, status, None, None, None, reasons, findings.ENGINE, 1)

    def _approve(self) -> None:
        self._decide(Outcome.APPROVE)

    def _decline(self) -> None:
        self._decide(Outcome.DECLINE)

    def _decide(self, outcome: Outcome) -> None:
        review.decide(
            session=self._session,
            outcome=outcome,
            reason=review.REASONS[outcome][0],
            note="",
            attempt=self._session.result_attempt,
            actor=self._actor,
            now=self._at,
        )

    def _undo(self) -> None:
        review.undo(session=self._session, actor=self._actor, now=self._at)

    def _ask_again(self) -> None:
        review.ask_again(session=self._session, step=self._chance.choice(list(RedoStep)), actor=self._actor, now=self._at)

    def _correct(self) -> None:
        shown = corrections.fields_of(self._session)
        corrections.correct(session=self._session, shown=shown, values=shown | {"last_name": "Other"}, actor=self._actor, now=self._at)

    def _cancel(self) -> None:
        lifecycle.cancel(session=self._session, actor=self._actor, now=self._at)

    def _wait(self) -> None:
        """Until the link is over."""
        self._at = max(self._at, self._session.expires_at)
        lifecycle.close_overdue(session=self._session, now=self._at)

    def _erase(self) -> None:
        erasure.erase_pictures(session=self._session, actor=self._actor, now=self._at)


def by_hand(company: Company) -> tuple[dict[Slice, Counter[str]], dict[tuple[Slice, str], Counter[str]]]:
    """Count from the sessions with their attempts and reviews, one by one."""
    counts: dict[Slice, Counter[str]] = {}
    checks: dict[tuple[Slice, str], Counter[str]] = {}
    for session in company.sessions.prefetch_related("attempts__checks", "reviews"):
        if session.outcome not in FINISHED:
            continue
        assert session.closed_at is not None
        day = session.closed_at.astimezone(ZoneInfo(company.time_zone)).date()
        where = (day, session.market, session.document_kind or session.chosen_document, session.device)
        counts.setdefault(where, Counter())[_column(session)] += 1
        counts[where]["retaken"] += session.forced_retries > 0
        statuses: dict[str, set[str]] = {}
        for attempt in session.attempts.all():
            for record in attempt.checks.all():
                statuses.setdefault(record.check_name, set()).add(record.status)
        for name, seen in statuses.items():
            failed = Status.FAILED in seen
            checks.setdefault((where, name), Counter()).update(judged=1, failed=failed, unclear=Status.UNCLEAR in seen and not failed)
    return {key: +found for key, found in counts.items()}, {key: +found for key, found in checks.items()}


def _column(session: VerificationSession) -> str:
    reviewed = any(one.undone_at is None and one.outcome == session.outcome for one in session.reviews.all())
    if session.outcome == Outcome.REVIEW:
        return "in_review"
    if session.outcome == Outcome.ABANDONED:
        return "abandoned"
    word = "approved" if session.outcome == Outcome.APPROVE else "declined"
    return f"{word}_by_hand" if reviewed else f"{word}_by_checks"


def kept(company: Company) -> tuple[dict[Slice, Counter[str]], dict[tuple[Slice, str], Counter[str]]]:
    """The same as the portal keeps it, without what is nought."""
    counts = {_slice(row): _numbers(row) for row in DailyCount.objects.filter(company=company)}
    checks = {(_slice(row), row.check_name): _numbers(row) for row in DailyCheckCount.objects.filter(company=company)}
    return {key: found for key, found in counts.items() if found}, {key: found for key, found in checks.items() if found}


def _slice(row: Any) -> Slice:
    return row.day, row.market, row.document, row.device


def _numbers(row: Any) -> Counter[str]:
    numbers = ("judged", "failed", "unclear") if isinstance(row, DailyCheckCount) else OUTCOMES
    return +Counter({name: getattr(row, name) for name in numbers})
