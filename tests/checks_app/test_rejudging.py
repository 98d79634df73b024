"""R43: judging again from the essence of an attempt says what judging from its findings would say, whatever the thresholds are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import nan, nextafter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from checks_app import decision, judging, rejudging
from checks_app.results import (
    CheckResult,
    DocumentKind,
    DuplicateFace,
    DuplicateSearch,
    Expectations,
    Measure,
    Reason,
    SessionFindings,
)
from checks_app.thresholds import DEFAULTS, Band, Thresholds
from tests import findings as drawn

EDGES = (0.0, 0.1, 0.35, 0.5, 0.65, 1.0)
SCORES = (None, nan, *EDGES, *(nextafter(edge, 2) for edge in EDGES[:-1]), *(nextafter(edge, -1) for edge in EDGES[1:]))
PLACES = (0.0, *(place for apart in drawn.LEVEL_DISTANCES.values() for place in (apart, nextafter(apart, 1))), 0.9)
"""Where a face stands: the distances at which the levels begin, and just beyond them."""

measures = some.builds(drawn.measure, some.sampled_from(SCORES))
documents = some.sampled_from(
    [
        drawn.fields(),
        None,
        drawn.fields(kind=DocumentKind.ID_CARD),
        drawn.fields(expiry_date=date(2020, 1, 1)),
        drawn.fields(issuing_state="UTO"),
        drawn.fields(issuing_state="DEU", expiry_date=None),
        drawn.fields(last_name="GELASHVILI", first_name="ANA", birth_date=date(2015, 1, 1)),
    ]
)
sides = some.builds(
    drawn.passport,
    full_document=measures,
    screen_replay=measures,
    photocopy=measures,
    fields=documents,
    portrait=some.sampled_from([drawn.face(), None]),
    burst_frames=some.sampled_from([6, 5, 4, 0]),
)
selfies = some.builds(
    drawn.selfie, faces=some.sampled_from([0, 1, 2]), face=some.sampled_from([*(drawn.face(place) for place in PLACES), None])
)
challenges = some.builds(
    drawn.liveness,
    liveness=measures,
    embedding=some.sampled_from([*((place,) for place in PLACES), None]),
    doubts=some.sampled_from([(), (Reason.FLASH_NOT_REFLECTED,)]),
)
searches = some.sampled_from([None, *(DuplicateSearch(9, 6, others, drawn.FACES, 1) for others in ((), (DuplicateFace("other", 7, 9e5),)))])
captured = some.builds(
    SessionFindings,
    front=some.none() | sides,
    back=some.none() | sides,
    selfie=some.none() | selfies,
    liveness=some.none() | challenges,
    duplicates=searches,
)
everything_expected = some.builds(
    drawn.expectations,
    kind=some.sampled_from(DocumentKind),
    accepted_kinds=some.sampled_from([tuple(DocumentKind), (DocumentKind.PASSPORT,)]),
    last_name=some.sampled_from(["", "Beridze"]),
    minimum_age=some.sampled_from([None, 18]),
    document_live=some.booleans(),
    face_live=some.booleans(),
    duplicates_sought=some.booleans(),
)
bands = some.sampled_from([Band(low, high) for low in EDGES for high in EDGES if low <= high])
levels = some.sampled_from([(low, high) for low in range(1, 8) for high in range(low, 8)])
thresholds_of_all_kinds = some.builds(
    lambda full, screen, copied, live, level: Thresholds(full, screen, copied, live, face_review_level=level[0], face_match_level=level[1]),
    bands,
    bands,
    bands,
    bands,
    levels,
)


def judged(found: SessionFindings, expected: Expectations, thresholds: Thresholds, *, crashed: bool = False) -> tuple[CheckResult, ...]:
    if crashed:
        return judging.unfinished(judging.required_checks(expected))
    return judging.judge(found, thresholds=thresholds, expectations=expected, calibration=drawn.CALIBRATION)


@settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    found=captured,
    expected=everything_expected,
    first=thresholds_of_all_kinds,
    others=some.tuples(*[thresholds_of_all_kinds] * 4),
    retries_left=some.integers(0, 2),
    manual_review=some.booleans(),
    crashed=some.sampled_from([False] * 9 + [True]),
)
def test_judging_again_says_what_judging_from_the_findings_says(
    found: SessionFindings,
    expected: Expectations,
    first: Thresholds,
    others: tuple[Thresholds, ...],
    retries_left: int,
    manual_review: bool,
    crashed: bool,
) -> None:
    """R43: judged under `first`, kept as its essence, judged again under the others. A crash stays one."""
    required = judging.required_checks(expected)
    essence = rejudging.essence_of(
        found,
        judged(found, expected, first, crashed=crashed),
        required=required,
        expectations=expected,
        calibration=drawn.CALIBRATION,
        retries_left=retries_left,
        manual_review=manual_review,
    )
    for other in others:
        results = judged(found, expected, other, crashed=crashed)
        decided = decision.decide(results, required=required, retries_left=retries_left, manual_review=manual_review)
        statuses = {result.check: result.status for result in results}
        again = rejudging.judge_again(essence, other)
        assert again == (decided.verdict, tuple(statuses[check] for check in rejudging.MOVED))


def test_checks_that_thresholds_move_are_always_required() -> None:
    """An essence keeps them apart from the others: one that were judged and not required would decide all the same."""
    assert set(rejudging.MOVED) <= set(judging.required_checks(drawn.expectations()))
    assert set(rejudging.MOVED) <= set(judging.required_checks(drawn.expectations(kind=DocumentKind.ID_CARD)))


@pytest.mark.parametrize(("score", "verdict"), [(0.65, "APPROVE"), (nextafter(0.65, 0), "REVIEW"), (nextafter(0.35, 0), "RETRY")])
def test_edge_of_a_band_decides_as_in_the_pipeline(score: float, verdict: str) -> None:
    found = drawn.of_passport(front=drawn.passport(full_document=Measure(score, drawn.ENGINE, 1)))
    expected = drawn.expectations()
    essence = rejudging.essence_of(
        found,
        judged(found, expected, DEFAULTS),
        required=judging.required_checks(expected),
        expectations=expected,
        calibration=drawn.CALIBRATION,
        retries_left=1,
        manual_review=True,
    )
    assert rejudging.judge_again(essence, DEFAULTS).verdict == verdict


def test_essence_names_nobody() -> None:
    """Numbers and yes or no alone: it is kept unsealed."""
    found, expected = drawn.of_passport(), drawn.expectations(last_name="Beridze")
    essence = rejudging.essence_of(
        replace(found, selfie=None),
        judged(found, expected, DEFAULTS),
        required=judging.required_checks(expected),
        expectations=expected,
        calibration=drawn.CALIBRATION,
        retries_left=1,
        manual_review=True,
    )
    assert {type(value) for value in essence} <= {int, float, bool, type(None)}
