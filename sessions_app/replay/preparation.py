"""Lines for attempts that were decided before replays kept any, from their records and what their inspection found (R43).

Findings are erased together with pictures. Such an attempt gets no line, and replays say how many sessions they leave out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from django.conf import settings

from checks_app.decision import Verdict
from checks_app.face.match_level import load_calibration
from checks_app.rejudging import MOVED, Essence, essence_of, judge_again
from checks_app.results import Check, CheckResult, DocumentKind, Engine, Reason, Status
from checks_app.thresholds import DEFAULTS, HIGHEST_LEVEL, LOWEST_LEVEL, Band, Thresholds
from sessions_app import verification
from sessions_app.choices import AttemptState, CaptureState, Outcome
from sessions_app.models import Attempt, CheckRecord
from sessions_app.replay import lines
from verifyportal import crypto

BATCH = 200
"""Attempts that are looked up at a time."""


class Made(StrEnum):
    """What became of an attempt without a line, in the words of the command."""

    LINE = "made ready"
    ERASED = "left out: pictures and findings are erased"
    OTHER_ENGINE = "left out: another face engine measured them"
    DIFFERENT = "left out: judged again from what is stored, they end otherwise than recorded"
    UNREADABLE = "left out: their findings do not open"


def prepare() -> Counter[Made]:
    """Make every line that is missing and can be made. Run again, it goes on where it was broken off."""
    return Counter(made for batch in without_line(after=0) for attempt in batch if (made := make_line(attempt)))


def without_line(*, after: int) -> Iterator[list[Attempt]]:
    """Decided attempts without a line, in batches and in the order of their keys. after: the key from which to go on."""
    wanted = Attempt.objects.filter(state=AttemptState.DECIDED, replay_line=None).select_related("session__company").order_by("pk")
    while batch := list(wanted.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk


def make_line(attempt: Attempt) -> Made | None:
    """None: the attempt needs none, because its verdict took no effect."""
    return _prepare(attempt) if _took_effect(attempt) else None


def _took_effect(attempt: Attempt) -> bool:
    """False for what was decided after its session had been cancelled."""
    session = attempt.session
    return session.outcome != Outcome.CANCELLED or bool(session.closed_at and attempt.decided_at and attempt.decided_at < session.closed_at)


def _prepare(attempt: Attempt) -> Made:
    captures = verification.captures_of(attempt)
    records = list(attempt.checks.order_by("pk"))
    if not records or any(capture.state == CaptureState.ERASED for capture in captures.values()):
        return Made.ERASED
    try:
        found = verification.findings_of(captures)
    except crypto.DoesNotOpen:
        return Made.UNREADABLE
    calibration = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    if found.selfie and found.selfie.face and found.selfie.face.engine != calibration.engine:
        return Made.OTHER_ENGINE
    results = tuple(_result(record) for record in records)
    kind = DocumentKind.ID_CARD if any(result.check is Check.SIDES_AGREE for result in results) else DocumentKind.PASSPORT
    decided_at = attempt.decided_at or attempt.submitted_at
    today = decided_at.astimezone(attempt.session.company.zone).date()
    essence = essence_of(
        found,
        results,
        required=[result.check for result in results],
        expectations=replace(verification.expectations_of(attempt.session, captures, today=today), kind=kind),
        calibration=calibration,
        retries_left=attempt.max_retries + 1 - attempt.number,
        manual_review=_manual_review(attempt, results),
    )
    if not _agrees(essence, results, Verdict(attempt.verdict)):
        return Made.DIFFERENT
    lines.write(attempt=attempt, session=attempt.session, essence=essence, verdict=Verdict(attempt.verdict), now=decided_at)
    return Made.LINE


def _result(record: CheckRecord) -> CheckResult:
    return CheckResult(
        check=Check(record.check_name),
        status=Status(record.status),
        score=record.score,
        decline_below=record.decline_below,
        approve_from=record.approve_from,
        reasons=tuple(Reason(reason) for reason in record.reasons),
        engine=Engine(record.engine, record.engine_version),
        took_ms=record.took_ms,
        details=record.details,
    )


def _manual_review(attempt: Attempt, results: tuple[CheckResult, ...]) -> bool:
    """Whether unclear sessions were reviewed then: told by what became of one, else as the company has it today."""
    if attempt.verdict == Verdict.REVIEW:
        return True
    if attempt.verdict == Verdict.DECLINE and not any(result.status is Status.FAILED for result in results):
        return False
    return bool(attempt.session.company.manual_review)


def _agrees(essence: Essence, results: tuple[CheckResult, ...], verdict: Verdict) -> bool:
    """Judge again under the thresholds as applied, which stand in the records."""
    by_check = {result.check: result for result in results}
    again = judge_again(essence, _applied(by_check))
    return again == (verdict, tuple(by_check[check].status for check in MOVED))


def _applied(by_check: dict[Check, CheckResult]) -> Thresholds:
    """Where no portrait was compared, the records do not say the levels; whether the challenge was tied to the selfie says which side."""
    bands = {check.value.lower(): _band(by_check[check]) for check in MOVED if check is not Check.FACE_MATCH}
    levels = by_check[Check.FACE_MATCH].details
    if "accepted_level" in levels:
        return Thresholds(**bands, face_match_level=int(levels["accepted_level"]), face_review_level=int(levels["review_level"]))
    changed = Reason.FACE_CHANGED in by_check[Check.LIVENESS].reasons
    return Thresholds(**bands, face_match_level=HIGHEST_LEVEL, face_review_level=HIGHEST_LEVEL if changed else LOWEST_LEVEL)


def _band(result: CheckResult) -> Band:
    """A check that measured nothing names no band, and none would change what it says."""
    if result.decline_below is None or result.approve_from is None:
        default: Band = getattr(DEFAULTS, result.check.value.lower())
        return default
    return Band(result.decline_below, result.approve_from)
