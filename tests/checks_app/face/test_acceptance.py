"""Rates, thresholds and intervals are right where the truth is known."""

import numpy as np
import pytest

from checks_app.face.acceptance import (
    Pairs,
    draw_people,
    genuine_pairs,
    group_rates,
    impostor_pairs,
    is_evidenced,
    level_rates,
    level_thresholds,
    rate_interval,
    steps_between,
    wilson,
)
from checks_app.face.match_level import Interval


def drawn_faces(people: int = 300, images: int = 3, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Draw people as points in 16 dimensions, and their images close around them."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(0, 0.18, (people, 16))
    faces = np.repeat(centres, images, axis=0) + chance.normal(0, 0.05, (people * images, 16))
    return faces, np.repeat(np.arange(people), images)


@pytest.mark.parametrize(("count", "total", "low", "high"), [(0, 100, 0.0, 0.0370), (50, 100, 0.4038, 0.5962), (0, 0, 0.0, 1.0)])
def test_wilson_interval_has_its_published_values(count: int, total: int, low: float, high: float) -> None:
    """R33."""
    interval = wilson(count, total)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


def test_each_pair_of_strangers_is_compared_once() -> None:
    """R33."""
    faces, people = drawn_faces(people=40)
    pairs = impostor_pairs(faces, people)
    assert len(pairs) == 40 * 39 // 2
    assert len({frozenset(pair) for pair in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)}) == len(pairs)


def test_distances_are_euclidean_and_rise() -> None:
    """R33."""
    faces, people = drawn_faces(people=40)
    pairs = impostor_pairs(faces, people)
    nearest = np.linalg.norm(faces[pairs.first[0] * 3] - faces[pairs.second[0] * 3])
    assert pairs.distances[0] == pytest.approx(nearest)
    assert np.all(np.diff(pairs.distances) >= 0)


def test_further_images_are_compared_with_the_first_of_their_person() -> None:
    """R33."""
    faces, people = drawn_faces(people=40, images=4)
    pairs = genuine_pairs(faces, people)
    assert len(pairs) == 40 * 3
    assert np.all(pairs.first == pairs.second)


def test_no_level_accepts_more_strangers_than_it_promises() -> None:
    """R33."""
    faces, people = drawn_faces()
    impostors = impostor_pairs(faces, people)
    for level in level_thresholds(impostors, genuine_pairs(faces, people), np.random.default_rng(0)):
        assert impostors.accepted(level.distance) <= len(impostors) / level.one_in


def test_engine_to_which_everybody_looks_alike_accepts_nobody() -> None:
    """R33: a broken network that gives one embedding for every face must not reach a level with it."""
    faces, people = drawn_faces(people=50)
    impostors = impostor_pairs(np.zeros_like(faces), people)
    for level in level_thresholds(impostors, genuine_pairs(faces, people), np.random.default_rng(0)):
        assert impostors.accepted(level.distance) == 0


def test_only_levels_with_ten_expected_errors_are_evidenced() -> None:
    """R33."""
    assert is_evidenced(1_000_000, 100_000)
    assert not is_evidenced(999_999, 100_000)


def test_interval_over_people_is_wider_than_over_pairs_when_one_person_causes_the_errors() -> None:
    """R33: pairs that share a person are not independent."""
    faces, people = drawn_faces(people=120, images=1)
    faces[0] = 0.0  # looks like everybody
    pairs = impostor_pairs(faces, people)
    distance = float(pairs.distances[60])
    interval, plain = rate_interval(pairs, distance, draw_people(pairs, np.random.default_rng(1))), wilson(61, len(pairs))
    assert interval.high > plain.high * 1.3


def test_draw_weighs_a_pair_by_how_often_its_people_were_drawn() -> None:
    """R33: strangers by both, pairs of one person once."""
    faces, people = drawn_faces(people=20)
    for pairs in (impostor_pairs(faces, people), genuine_pairs(faces, people)):
        for draw in draw_people(pairs, np.random.default_rng(1))[:5]:
            drawn = zip(draw.times[pairs.first], draw.times[pairs.second], pairs.first == pairs.second, strict=True)
            assert draw.total == sum(one if same else one * other for one, other, same in drawn)


def test_interval_without_any_error_still_has_an_upper_end() -> None:
    """R33."""
    faces, people = drawn_faces(people=50)
    pairs = impostor_pairs(faces, people)
    interval = rate_interval(pairs, 0.0, draw_people(pairs, np.random.default_rng(1)))
    assert interval.low == 0.0
    assert interval.high == pytest.approx(wilson(0, len(pairs)).high)


def test_sample_keeps_the_order() -> None:
    """R33."""
    faces, people = drawn_faces(people=50)
    sample: Pairs = impostor_pairs(faces, people).sample(100, np.random.default_rng(2))
    assert len(sample) == 100
    assert np.all(np.diff(sample.distances) >= 0)


def test_rates_at_the_thresholds_are_those_that_made_them() -> None:
    """R33."""
    faces, people = drawn_faces()
    impostors, genuine = impostor_pairs(faces, people), genuine_pairs(faces, people)
    levels = level_thresholds(impostors, genuine, np.random.default_rng(0))
    for level, rates in zip(levels, level_rates(levels, impostors, genuine, np.random.default_rng(0)), strict=True):
        assert rates.true_acceptance == pytest.approx(level.genuine_accepted, abs=1e-4)
        assert rates.false_acceptance <= 1 / level.one_in
        assert rates.false_interval.low <= rates.false_acceptance <= rates.false_interval.high


def test_rates_without_pairs_claim_nothing() -> None:
    """R33."""
    faces, people = drawn_faces()
    levels = level_thresholds(impostor_pairs(faces, people), genuine_pairs(faces, people), np.random.default_rng(0))
    nobody = impostor_pairs(faces[:1], people[:1])
    for rates in level_rates(levels, nobody, nobody, np.random.default_rng(0)):
        assert (rates.false_interval, rates.true_interval) == (Interval(0, 1), Interval(0, 1))
        assert not rates.evidenced


def test_group_counts_pairs_of_which_both_belong_to_it() -> None:
    """R33: a group whose people look alike is taken for each other more often than everybody is."""
    faces, people = drawn_faces(people=100)
    alike = np.isin(people, np.arange(0, 100, 5))
    faces[alike] *= 0.6
    impostors, genuine = impostor_pairs(faces, people), genuine_pairs(faces, people)
    levels = level_thresholds(impostors, genuine, np.random.default_rng(0))
    groups = {"alike": list(range(0, 100, 5)), "others": [number for number in range(100) if number % 5]}
    found = {group.group: group for group in group_rates(levels, impostors, genuine, groups, np.random.default_rng(0))}
    assert (found["alike"].people, found["alike"].impostor_pairs, found["alike"].genuine_pairs) == (20, 190, 40)
    assert found["others"].impostor_pairs == 80 * 79 // 2
    assert found["alike"].levels[0].false_acceptance > 0.02 > found["others"].levels[0].false_acceptance


def test_steps_between_levels_stop_where_the_data_do() -> None:
    """R33: 44,850 pairs can show 1 in 2,000 and no more."""
    faces, people = drawn_faces()
    impostors = impostor_pairs(faces, people)
    (step,) = steps_between(impostors)
    assert step.one_in == 2_000
    assert impostors.accepted(step.distance) <= len(impostors) / 2_000 < impostors.accepted(step.distance + 1e-4) + 1


def test_rate_that_was_seen_ten_times_is_evidenced_however_rare_it_was_to_be() -> None:
    """R33: a group in which a level fails needs no millions of pairs to say so."""
    faces, people = drawn_faces(people=30)
    levels = level_thresholds(impostor_pairs(faces, people), genuine_pairs(faces, people), np.random.default_rng(0))
    alike = impostor_pairs(faces * 0.01, people)
    assert all(rates.evidenced for rates in level_rates(levels, alike, genuine_pairs(faces, people), np.random.default_rng(0)))
