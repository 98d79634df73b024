"""R50: a share is printed in one way everywhere."""

from __future__ import annotations

import pytest

from checks_app.face.match_level import Interval
from sessions_app.panel import shares


@pytest.mark.parametrize(("share", "words"), [(0.0, "0.0\u00a0%"), (0.0004, "0.0\u00a0%"), (0.7714, "77.1\u00a0%"), (1.0, "100.0\u00a0%")])
def test_share_has_one_decimal(share: float, words: str) -> None:
    assert shares.percent(share) == words


def test_share_of_nothing_is_a_dash_and_its_interval_is_silent() -> None:
    assert (shares.percent(None), shares.spread(None)) == ("–", "")


def test_interval_names_the_sign_once() -> None:
    assert shares.spread(Interval(0.771, 0.849)) == "77.1–84.9\u00a0%"


@pytest.mark.parametrize(("change", "words"), [(0.0312, "+3.1"), (-0.0312, "−3.1"), (0.0004, "0.0"), (-0.0004, "0.0")])
def test_points_have_a_sign_unless_they_round_to_nought(change: float, words: str) -> None:
    assert shares.points(change) == words
