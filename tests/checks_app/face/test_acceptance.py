"""Rates, thresholds and intervals are right where the truth is known."""

import numpy as np
import pytest

from checks_app.face.acceptance import (
    Pairs,
    draw_people,
    genuine_pairs,
    impostor_pairs,
    is_evidenced,
    level_thresholds,
    rate_interval,
    wilson,
)


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
