"""A distance becomes a level by the published calibration and by nothing else."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.face.match_level import (
    FALSE_ACCEPTANCE_ONE_IN,
    Calibration,
    CalibrationMissing,
    Rarity,
    UnreadableCalibration,
    costs,
    load_calibration,
    read_calibration,
)
from tests import findings as drawn


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


def test_false_acceptance_equals_the_level_at_each_threshold_that_the_data_can_show(shipped: Calibration) -> None:
    """R33."""
    for level in shipped.levels:
        shown = min(level.one_in, shipped.impostor_pairs / 10)
        assert shipped.false_acceptance_one_in(level.distance) == pytest.approx(shown)


def test_steps_measured_between_two_levels_are_followed() -> None:
    """R33: one straight line from level 4 to 5 would call the pair rarer than it is."""
    assert replace(drawn.CALIBRATION, between=(Rarity(2_000, 0.42),)).false_acceptance_one_in(0.42) == pytest.approx(2_000)
    assert drawn.CALIBRATION.false_acceptance_one_in(0.42) == pytest.approx(10**3.6)


def test_false_acceptance_grows_with_distance(shipped: Calibration) -> None:
    """R33."""
    rarities = [shipped.false_acceptance_one_in(distance / 1000) or 0 for distance in range(300, 700)]
    assert all(nearer >= farther for nearer, farther in pairwise(rarities))


def test_nothing_is_claimed_beyond_the_data(shipped: Calibration) -> None:
    """R33."""
    few = replace(drawn.CALIBRATION, impostor_pairs=300_000)
    assert few.false_acceptance_one_in(0.0) == few.false_acceptance_one_in(few.levels[6].distance) == 30_000
    assert replace(few, impostor_pairs=3).false_acceptance_one_in(0.0) == 1
    assert drawn.CALIBRATION.false_acceptance_one_in(0.0) == 500_000


def test_strangers_are_common_beyond_the_first_level(shipped: Calibration) -> None:
    """R33."""
    assert shipped.false_acceptance_one_in(shipped.levels[0].distance + 0.01) is None


def test_calibration_survives_its_file(shipped: Calibration) -> None:
    """R33."""
    assert read_calibration(shipped.to_json()) == shipped


def test_calibration_of_before_groups_were_measured_is_still_read() -> None:
    """R37: files outlive the code that wrote them."""
    values = json.loads(drawn.CALIBRATION.to_json())
    for key in ("between", "groups", "not_enrolled_interval"):
        del values[key]
    assert read_calibration(json.dumps(values)) == drawn.CALIBRATION


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"engine": 3}', '{"levels": [{"level": "x"}]}'])
def test_what_is_no_calibration_is_refused(text: str) -> None:
    """R33."""
    with pytest.raises(UnreadableCalibration):
        read_calibration(text)


def test_level_costs_what_it_accepts_and_rejects(shipped: Calibration) -> None:
    """R33: what an operator is shown before he chooses."""
    for level, cost in zip(shipped.levels, costs(shipped), strict=True):
        assert (cost.level, cost.one_in) == (level.level, level.one_in)
        assert cost.rejected == pytest.approx(1 - level.genuine_accepted)
        assert cost.rejected_interval.low <= cost.rejected <= cost.rejected_interval.high


def test_levels_six_and_seven_and_what_is_not_evidenced_call_for_a_warning() -> None:
    """R33."""
    unsure = replace(drawn.CALIBRATION, levels=tuple(replace(level, evidenced=level.level != 5) for level in drawn.CALIBRATION.levels))
    assert [cost.level for cost in costs(drawn.CALIBRATION) if cost.is_soft] == [6, 7]
    assert [cost.level for cost in costs(unsure) if cost.is_soft] == [5, 6, 7]


def test_levels_out_of_order_are_refused(shipped: Calibration) -> None:
    """R33."""
    with pytest.raises(ValueError, match="in order"):
        replace(shipped, levels=shipped.levels[::-1])


def test_higher_level_with_a_larger_distance_is_refused(shipped: Calibration) -> None:
    """R33."""
    softened = replace(shipped.levels[6], distance=0.9)
    with pytest.raises(ValueError, match="smaller distance"):
        replace(shipped, levels=(*shipped.levels[:6], softened))


@pytest.mark.parametrize("name", ["nobody", "../calibration/dlib-20-unit/x"])
def test_missing_calibration_is_said(name: str) -> None:
    """R33."""
    with pytest.raises(CalibrationMissing):
        load_calibration(name)
