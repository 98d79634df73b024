"""Judging once more under other thresholds, from what an attempt's verdict depends on besides them (R43).

Far cheaper than judging from findings, which are sealed and hold faces: docs/replay.md. A test proves that both always agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import isnan
from typing import NamedTuple

from checks_app import decision, judging
from checks_app.decision import NOT_MENDABLE, Verdict
from checks_app.face import matching
from checks_app.face.match_level import Calibration
from checks_app.results import Check, CheckResult, Expectations, Measure, SessionFindings, Status
from checks_app.thresholds import Band, Thresholds

MOVED = (Check.FULL_DOCUMENT, Check.SCREEN_REPLAY, Check.PHOTOCOPY, Check.LIVENESS, Check.FACE_MATCH)
"""The checks that thresholds move, in the order of `Again.statuses`. Each is always required, and no reason of theirs forbids a retry."""


class Score(NamedTuple):
    """The lowest score that a check measured, None when there is none. held: something forbids to pass, however high it is."""

    lowest: float | None
    held: bool

    def status(self, band: Band) -> Status:
        status = band.status(self.lowest)
        return Status.UNCLEAR if self.held and status is Status.PASSED else status


class Essence(NamedTuple):
    """What an attempt's verdict depends on besides thresholds; nothing here tells who the person is.

    failed, failed_for_good, unclear: of the required checks that no threshold moves, one failed, failed for a reason that no retry can
    mend, was unclear. Levels: 0..7, None when the faces could not be compared; tie_level is that of the selfie and the challenge.
    A tuple and no dataclass, because one is made for each of a hundred thousand rows.
    """

    retries_left: int
    manual_review: bool
    failed: bool
    failed_for_good: bool
    unclear: bool
    full_document: float | None
    full_document_held: bool
    screen_replay: float | None
    screen_replay_held: bool
    photocopy: float | None
    photocopy_held: bool
    liveness: float | None
    liveness_held: bool
    face_level: int | None
    face_held: bool
    tie_level: int | None


class Again(NamedTuple):
    """The verdict under other thresholds, and the status of each of MOVED."""

    verdict: Verdict
    statuses: tuple[Status, ...]


def essence_of(
    found: SessionFindings,
    results: Collection[CheckResult],
    *,
    required: Collection[Check],
    expectations: Expectations,
    calibration: Calibration | None,
    retries_left: int,
    manual_review: bool,
) -> Essence:
    """Keep of an attempt what other thresholds would be judged from. results: what `judging` made of it under whatever thresholds.
    calibration: None where judging found none and crashed. Raises what comparing two faces raises.
    """
    by_check = {result.check: result for result in results}
    if tuple(results) == judging.unfinished(by_check):
        found = SessionFindings()  # judging crashed, and would crash again: there is nothing to pass
    sides = judging.wanted_sides(found, expectations)
    present = [side for side in sides if side is not None]
    missing = len(present) < len(sides)
    full = _score([side.full_document for side in present], held=missing)
    screen = _score([side.screen_replay for side in present], held=missing or bool(judging.liveness_doubts(present, expectations)))
    copied = _score([side.photocopy for side in present], held=missing)
    face = by_check.get(Check.FACE_MATCH)
    level = face.details.get("level") if face is not None else None
    return Essence(
        retries_left,
        manual_review,
        *_unmoved(by_check, required),
        *full,
        *screen,
        *copied,
        *_liveness_score(found, live=expectations.face_live),
        face_level=None if level is None else int(level),
        face_held=found.selfie is None or found.selfie.faces != 1,
        tie_level=_tie_level(found, calibration),
    )


def _unmoved(by_check: Mapping[Check, CheckResult], required: Collection[Check]) -> tuple[bool, bool, bool]:
    """Of the required checks that no threshold moves: whether one failed, failed for good, was unclear."""
    results = [by_check.get(check) for check in required if check not in MOVED]
    failed = [result for result in results if result is not None and result.status is Status.FAILED]
    for_good = any(reason in NOT_MENDABLE for result in failed for reason in result.reasons)
    return bool(failed), for_good, any(result is None or result.status is Status.UNCLEAR for result in results)


def judge_again(essence: Essence, thresholds: Thresholds) -> Again:
    """Judge and decide as `judging.judge` and `decision.decide` would under these thresholds."""
    statuses = (
        Score(essence.full_document, essence.full_document_held).status(thresholds.full_document),
        Score(essence.screen_replay, essence.screen_replay_held).status(thresholds.screen_replay),
        Score(essence.photocopy, essence.photocopy_held).status(thresholds.photocopy),
        _liveness_status(essence, thresholds),
        _face_status(essence, thresholds),
    )
    verdict = decision.follow(
        failed=essence.failed or Status.FAILED in statuses,
        for_good=essence.failed_for_good,
        unclear=essence.unclear or Status.UNCLEAR in statuses,
        retries_left=essence.retries_left,
        manual_review=essence.manual_review,
    )
    return Again(verdict, statuses)


def _face_status(essence: Essence, thresholds: Thresholds) -> Status:
    if essence.face_level is None:
        return Status.UNCLEAR
    return judging.place_level(essence.face_level, thresholds, alone=not essence.face_held)[0]


def _liveness_status(essence: Essence, thresholds: Thresholds) -> Status:
    status = Score(essence.liveness, essence.liveness_held).status(thresholds.liveness)
    if essence.tie_level is None:
        return judging.worst(status, Status.UNCLEAR)
    return Status.FAILED if essence.tie_level < thresholds.face_review_level else status


def _score(measures: Iterable[Measure], *, held: bool) -> Score:
    """held: what forbids to pass whatever the scores are, such as a side that is missing."""
    scores = [measure.score for measure in measures]
    known = [score for score in scores if score is not None and not isnan(score)]
    return Score(min(known, default=None), held or len(known) < len(scores))


def _liveness_score(found: SessionFindings, *, live: bool) -> Score:
    if found.liveness is None:
        return Score(None, held=True)
    return _score([found.liveness.liveness], held=not live or bool(found.liveness.doubts))


def _tie_level(found: SessionFindings, calibration: Calibration | None) -> int | None:
    if (
        calibration is None
        or found.liveness is None
        or found.liveness.embedding is None
        or found.selfie is None
        or found.selfie.face is None
    ):
        return None
    return matching.compare(found.selfie.face.embedding, found.liveness.embedding, calibration).level
