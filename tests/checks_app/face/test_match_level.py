"""A distance becomes a level by the published calibration and by nothing else."""

from dataclasses import replace
from itertools import pairwise

import pytest

from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.face.match_level import FALSE_ACCEPTANCE_ONE_IN, Calibration, CalibrationMissing, load_calibration, read_calibration


@pytest.fixture(scope="module")
def shipped() -> Calibration:
    return load_calibration(DEFAULT_ENGINE)


def test_each_threshold_belongs_to_its_level_and_a_hair_more_does_not(shipped: Calibration) -> None:
    """R33."""
    for level in shipped.levels:
        assert shipped.level(level.distance) == level.level
        assert shipped.level(level.distance + 1e-9) == level.level - 1


@pytest.mark.parametrize(("distance", "level"), [(0.0, 7), (1.5, 0)])
def test_ends_of_the_scale(shipped: Calibration, distance: float, level: int) -> None:
    """R33."""
    assert shipped.level(distance) == level


def test_levels_stand_for_the_rates_of_the_requirement(shipped: Calibration) -> None:
    """R33."""
    assert {level.level: level.one_in for level in shipped.levels} == FALSE_ACCEPTANCE_ONE_IN


def test_level_says_whether_its_data_can_show_it(shipped: Calibration) -> None:
    """R33: ten expected false acceptances are the least; 2.5 million pairs give five at level 7."""
    for level in shipped.levels:
        assert level.evidenced == (shipped.impostor_pairs / level.one_in >= 10)


def test_intervals_hold_their_values(shipped: Calibration) -> None:
    """R33."""
    for level in shipped.levels:
        assert level.distance_interval.low <= level.distance <= level.distance_interval.high
        assert level.genuine_interval.low <= level.genuine_accepted <= level.genuine_interval.high


def test_false_acceptance_equals_the_level_at_each_threshold(shipped: Calibration) -> None:
    """R33."""
    for level in shipped.levels:
        assert shipped.false_acceptance_one_in(level.distance) == pytest.approx(level.one_in)


def test_false_acceptance_grows_with_distance(shipped: Calibration) -> None:
    """R33."""
    rarities = [shipped.false_acceptance_one_in(distance / 1000) or 0 for distance in range(300, 700)]
    assert all(nearer >= farther for nearer, farther in pairwise(rarities))


def test_nothing_is_claimed_beyond_the_data(shipped: Calibration) -> None:
    """R33."""
    assert shipped.false_acceptance_one_in(0.0) == 500_000
    assert shipped.false_acceptance_one_in(shipped.levels[0].distance + 0.01) is None


def test_calibration_survives_its_file(shipped: Calibration) -> None:
    """R33."""
    assert read_calibration(shipped.to_json()) == shipped


def test_levels_out_of_order_are_refused(shipped: Calibration) -> None:
    """R33."""
    with pytest.raises(ValueError, match="in order"):
        replace(shipped, levels=shipped.levels[::-1])


def test_higher_level_with_a_larger_distance_is_refused(shipped: Calibration) -> None:
    """R33."""
    softened = replace(shipped.levels[6], distance=0.9)
    with pytest.raises(ValueError, match="smaller distance"):
        replace(shipped, levels=(*shipped.levels[:6], softened))


@pytest.mark.parametrize("name", ["nobody", "../calibration/dlib-20-mirror/x"])
def test_missing_calibration_is_said(name: str) -> None:
    """R33."""
    with pytest.raises(CalibrationMissing):
        load_calibration(name)
