"""R22: the rule from check results to a verdict, with every boundary."""

from itertools import product

import pytest

from checks_app.decision import NOT_MENDABLE, Decision, Verdict, decide
from checks_app.results import Check, CheckResult, Engine, Reason, Status

REQUIRED = (Check.DOCUMENT, Check.FACE_MATCH, Check.LIVENESS)
REASON_OF = {Status.PASSED: (), Status.UNCLEAR: (Reason.SCREEN_SUSPECTED,), Status.FAILED: (Reason.FACES_DIFFER,)}


def result(check: Check, status: Status, *reasons: Reason) -> CheckResult:
    return CheckResult(
        check=check,
        status=status,
        score=None,
        decline_below=None,
        approve_from=None,
        reasons=reasons or REASON_OF[status],
        engine=Engine("drawn", "1"),
        took_ms=0,
    )


def decided(*results: CheckResult, retries_left: int = 5, manual_review: bool = True) -> Decision:
    return decide(results, required=REQUIRED, retries_left=retries_left, manual_review=manual_review)


@pytest.mark.parametrize("statuses", list(product(Status, repeat=len(REQUIRED))))
@pytest.mark.parametrize("retries_left", [0, 1])
@pytest.mark.parametrize("manual_review", [True, False])
def test_worst_status_alone_decides(statuses: tuple[Status, ...], retries_left: int, manual_review: bool) -> None:
    """R22: every combination of statuses, with and without retries and manual review."""
    results = [result(check, status) for check, status in zip(REQUIRED, statuses, strict=True)]
    if Status.FAILED in statuses:
        expected = Verdict.RETRY if retries_left else Verdict.DECLINE
    elif Status.UNCLEAR in statuses:
        expected = Verdict.REVIEW if manual_review else Verdict.DECLINE
    else:
        expected = Verdict.APPROVE
    assert decided(*results, retries_left=retries_left, manual_review=manual_review).verdict is expected


@pytest.mark.parametrize("missing", REQUIRED)
def test_check_without_a_result_is_never_approved(missing: Check) -> None:
    """R22: fail closed."""
    decision = decided(*(result(check, Status.PASSED) for check in REQUIRED if check is not missing))
    assert decision == Decision(Verdict.REVIEW, (Reason.CAPTURE_MISSING,))


def test_no_results_at_all_are_never_approved() -> None:
    """R22: fail closed."""
    assert decided().verdict is Verdict.REVIEW


def test_requiring_nothing_is_an_error_and_no_approval() -> None:
    with pytest.raises(ValueError, match="at least one required check"):
        decide([result(Check.MRZ, Status.PASSED)], required=(), retries_left=5, manual_review=True)


def test_failure_of_a_check_that_is_not_required_decides_nothing() -> None:
    passed = [result(check, Status.PASSED) for check in REQUIRED]
    assert decided(*passed, result(Check.PHOTOCOPY, Status.FAILED)).verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    ("retries_left", "verdict", "exhausted"), [(2, Verdict.RETRY, False), (1, Verdict.RETRY, False), (0, Verdict.DECLINE, True)]
)
def test_last_retry_used_up_declines(retries_left: int, verdict: Verdict, exhausted: bool) -> None:
    """R21: retries used up and still failing."""
    decision = decided(result(Check.FACE_MATCH, Status.FAILED), retries_left=retries_left)
    assert (decision.verdict, decision.retries_exhausted) == (verdict, exhausted)


@pytest.mark.parametrize("reason", list(Reason))
def test_retry_is_offered_only_where_it_can_mend(reason: Reason) -> None:
    """R22: a failure that another picture cannot mend declines at once, and not because retries ran out."""
    decision = decided(result(Check.DOCUMENT, Status.FAILED, reason), retries_left=5)
    assert decision.verdict is (Verdict.DECLINE if reason in NOT_MENDABLE else Verdict.RETRY)
    assert not decision.retries_exhausted


def test_one_failure_that_cannot_be_mended_outweighs_one_that_can() -> None:
    failed = [result(Check.FACE_MATCH, Status.FAILED), result(Check.DOCUMENT, Status.FAILED, Reason.DOCUMENT_EXPIRED)]
    assert decided(*failed).verdict is Verdict.DECLINE


def test_failure_that_cannot_be_mended_does_not_count_as_exhausted() -> None:
    """R21: the reason RETRIES_EXHAUSTED is kept for those who could have mended it."""
    decision = decided(result(Check.DOCUMENT, Status.FAILED, Reason.DOCUMENT_EXPIRED), retries_left=0)
    assert not decision.retries_exhausted


def test_reasons_name_each_failure_once_and_nothing_that_was_only_unclear() -> None:
    """R25: the user is told what to mend."""
    decision = decided(
        result(Check.LIVENESS, Status.FAILED, Reason.FACE_CHANGED, Reason.FLAT_FACE),
        result(Check.FACE_MATCH, Status.FAILED, Reason.FACE_CHANGED),
        result(Check.DOCUMENT, Status.UNCLEAR, Reason.MRZ_NOT_READ),
    )
    assert sorted(decision.reasons) == [Reason.FACE_CHANGED, Reason.FLAT_FACE]


def test_reasons_of_a_review_name_every_unclear_check() -> None:
    decision = decided(
        result(Check.DOCUMENT, Status.UNCLEAR, Reason.MRZ_NOT_READ),
        result(Check.FACE_MATCH, Status.UNCLEAR, Reason.FACES_BARELY_ALIKE),
    )
    assert decision.reasons == (Reason.MRZ_NOT_READ, Reason.FACES_BARELY_ALIKE, Reason.CAPTURE_MISSING)


def test_review_turned_to_decline_is_not_called_exhausted() -> None:
    """R22: manual review switched off."""
    decision = decided(result(Check.FACE_MATCH, Status.UNCLEAR), manual_review=False)
    assert decision.verdict is Verdict.DECLINE
    assert not decision.retries_exhausted


def test_approval_carries_no_reasons() -> None:
    assert decided(*(result(check, Status.PASSED) for check in REQUIRED)) == Decision(Verdict.APPROVE)
