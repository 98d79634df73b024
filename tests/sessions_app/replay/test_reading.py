"""R43: sessions are read by what they are judged from, scores by the edges that they reach, and that loses nothing."""

from __future__ import annotations

from collections import Counter
from math import nextafter
from random import Random

import pytest

from checks_app.rejudging import Essence
from checks_app.thresholds import DEFAULTS
from sessions_app.replay import reading, slices
from sessions_app.replay.tally import Line, Tally, tried
from settings_app.models import Company, ThresholdSet
from settings_app.resolution import ThresholdsOf
from tests.factories import CompanyFactory
from tests.replays import GOOD, STRICT, past, queue, replayed, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
__all__ = ["queue"]

EDGES = (0.0, 0.2, DEFAULTS.liveness.decline, DEFAULTS.liveness.approve, STRICT["liveness_approve"], 1.0)
SCORES = (None, *EDGES, *(nextafter(edge, 2) for edge in EDGES[:-1]), *(nextafter(edge, -1) for edge in EDGES[1:]))


@pytest.fixture
def company() -> Company:
    found: Company = CompanyFactory()
    ThresholdSet.objects.create(
        company=found, market="DEU", liveness_decline=0.2, liveness_approve=1, photocopy_decline=0, photocopy_approve=1
    )
    return found


def an_essence(luck: Random) -> Essence:
    return GOOD._replace(
        liveness=luck.choice(SCORES),
        photocopy=luck.choice((0.95, 0.95, *SCORES)),
        liveness_held=luck.random() < 0.1,
        face_level=luck.choice((None, 7, 7, 7, 3, 1)),
        retries_left=luck.choice((0, 2)),
    )


def test_sessions_counted_by_kind_are_those_counted_one_by_one(company: Company) -> None:
    """Scores on an edge, and one step of a float beside it; unmeasured ones; a market with edges of its own."""
    luck, expected = Random(43), Tally()
    today, candidate = ThresholdsOf(company), ThresholdsOf(company, ("", STRICT))
    for number in range(60):
        market = ("", "DEU")[number % 2]
        essences = [*(an_essence(luck) for _ in range(luck.choice((0, 0, 1)))), an_essence(luck)._replace(retries_left=0)]
        session = past(company, *essences, market=market)
        verdicts = session.attempts.order_by("number").values_list("verdict", flat=True)
        trial = tried([Line(*each) for each in zip(verdicts, essences, strict=True)], today.in_market(market), candidate.in_market(market))
        expected.count_ended(trial)
    found = Tally.read(replayed(company, STRICT).result["tally"], [])
    assert (found.sessions, found.ends, found.checks) == (expected.sessions, +expected.ends, +expected.checks)
    assert (found.attempts, found.differing, +found.tried_again) == (expected.attempts, expected.differing, +expected.tried_again)


def test_sessions_that_are_judged_alike_are_read_as_one_kind(company: Company) -> None:
    """Else a replay would judge each session for itself, and take as long."""

    for score in (0.71, 0.8, 0.9):
        past(company, GOOD._replace(liveness=score))
    run = start(company, STRICT)
    found, _ = reading.ended(slices.window_of(run), None, edges=slices._Slice(run).edges, many=10)
    assert len(Counter(one.kind for one in found)) == 1
