"""The rule that turns check results into one verdict (R21, R22). Pure: no clock, no database, every boundary is tested."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from checks_app.results import Check, CheckResult, Reason, Status

NOT_MENDABLE = frozenset(
    {
        Reason.DOCUMENT_EXPIRED,
        Reason.PERSON_DIFFERS,
        Reason.TOO_YOUNG,
        Reason.DOCUMENT_TYPE_NOT_ACCEPTED,
        Reason.SPECIMEN,
    }
)
"""Reasons that another picture of the same document and person cannot change."""


class Verdict(StrEnum):
    """What follows from an attempt. RETRY leaves the session open; the other three end it."""

    APPROVE = "APPROVE"
    REVIEW = "REVIEW"
    DECLINE = "DECLINE"
    RETRY = "RETRY"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the reasons behind it, most important first, and whether retries ran out."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    retries_exhausted: bool = False


def decide(results: Collection[CheckResult], *, required: Collection[Check], retries_left: int, manual_review: bool) -> Decision:
    """Decide an attempt.

    results: at most one per check. required: the checks that must pass; one without a result counts as unclear (fail closed).
    retries_left: 0 or more. manual_review: False turns REVIEW into DECLINE (R22).
    Raises ValueError when nothing is required, because then everything would be approved.
    """
    if not required:
        raise ValueError("A decision needs at least one required check")
    by_check = {result.check: result for result in results}
    failed = [by_check[check] for check in required if check in by_check and by_check[check].status is Status.FAILED]
    unclear = [check for check in required if check not in by_check or by_check[check].status is Status.UNCLEAR]
    reasons = _failed_reasons(failed) if failed else _unclear_reasons(unclear, by_check)
    for_good = bool(failed) and any(reason in NOT_MENDABLE for reason in reasons)
    verdict = follow(failed=bool(failed), for_good=for_good, unclear=bool(unclear), retries_left=retries_left, manual_review=manual_review)
    return Decision(verdict, reasons, retries_exhausted=bool(failed) and verdict is Verdict.DECLINE and not for_good)


def follow(*, failed: bool, for_good: bool, unclear: bool, retries_left: int, manual_review: bool) -> Verdict:
    """Say what follows from required checks of which one failed, failed for a reason that no retry can mend, or was unclear."""
    if failed:
        return Verdict.DECLINE if for_good or retries_left <= 0 else Verdict.RETRY
    if unclear:
        return Verdict.REVIEW if manual_review else Verdict.DECLINE
    return Verdict.APPROVE


def _failed_reasons(failed: Collection[CheckResult]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for result in failed for reason in result.reasons))


def _unclear_reasons(unclear: Collection[Check], by_check: dict[Check, CheckResult]) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    for check in unclear:
        reasons.extend(by_check[check].reasons if check in by_check else (Reason.CAPTURE_MISSING,))
    return tuple(dict.fromkeys(reasons))
