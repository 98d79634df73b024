import math

import pytest

from checks_app.results import Status
from checks_app.thresholds import BELOW_ALL, DEFAULTS, Band, Thresholds, edges_of

BAND = Band(0.4, 0.7)


@pytest.mark.parametrize(
    ("score", "status"),
    [
        (0.0, Status.FAILED),
        (0.399, Status.FAILED),
        (0.4, Status.UNCLEAR),
        (0.401, Status.UNCLEAR),
        (0.699, Status.UNCLEAR),
        (0.7, Status.PASSED),
        (0.701, Status.PASSED),
        (1.0, Status.PASSED),
        (None, Status.UNCLEAR),
        (math.nan, Status.UNCLEAR),
    ],
)
def test_band_places_every_score(score: float | None, status: Status) -> None:
    """R22: below decline fails, from approve on passes, between them and unmeasured is unclear."""
    assert BAND.status(score) is status


def test_band_of_no_width_leaves_nothing_unclear() -> None:
    band = Band(0.5, 0.5)
    assert (band.status(0.499), band.status(0.5)) == (Status.FAILED, Status.PASSED)


def test_score_has_the_status_of_the_edge_that_it_reaches_in_every_band() -> None:
    """R43: so one score may stand for all between the same edges."""
    bands = [BAND, Band(0.0, 0.4), Band(0.4, 1.0), Band(0.7, 0.7)]
    edges = edges_of(bands)
    assert edges == [BELOW_ALL, 0.0, 0.4, 0.7, 1.0]
    for score in (-0.001, *(near for edge in edges[1:] for near in (math.nextafter(edge, -1), edge, math.nextafter(edge, 2)))):
        reached = max(edge for edge in edges if edge <= score)
        assert [band.status(score) for band in bands] == [band.status(reached) for band in bands]


@pytest.mark.parametrize(("decline", "approve"), [(-0.001, 0.5), (0.5, 1.001), (0.501, 0.5), (math.nan, 0.5), (0.5, math.nan)])
def test_band_out_of_order_is_refused(decline: float, approve: float) -> None:
    with pytest.raises(ValueError, match="A band needs"):
        Band(decline, approve)


@pytest.mark.parametrize(("decline", "approve"), [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)])
def test_band_at_the_edges_is_accepted(decline: float, approve: float) -> None:
    assert Band(decline, approve) == Band(decline, approve)


@pytest.mark.parametrize(("review", "accepted"), [(0, 4), (5, 4), (2, 8)])
def test_levels_out_of_order_are_refused(review: int, accepted: int) -> None:
    """R33: levels run from 1 to 7, and the review level is never above the accepted one."""
    with pytest.raises(ValueError, match="Match levels need"):
        Thresholds(face_review_level=review, face_match_level=accepted)


@pytest.mark.parametrize(("review", "accepted"), [(1, 1), (1, 7), (7, 7), (4, 4)])
def test_levels_at_the_edges_are_accepted(review: int, accepted: int) -> None:
    assert Thresholds(face_review_level=review, face_match_level=accepted).face_match_level == accepted


def test_defaults_decline_nothing_that_is_perfect_and_approve_nothing_that_is_worthless() -> None:
    """R40: balanced defaults."""
    for band in (DEFAULTS.full_document, DEFAULTS.screen_replay, DEFAULTS.photocopy, DEFAULTS.liveness):
        assert band.status(1.0) is Status.PASSED
        assert band.status(0.0) is Status.FAILED
