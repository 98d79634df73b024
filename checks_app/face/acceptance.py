"""How often faces of different people, and of the same person, are taken for one: rates, thresholds and their 95 % intervals.

Pairs that share a person are not independent. So the intervals come from drawing people, not pairs, with replacement, and are
never narrower than Wilson's interval over the pairs, which also speaks when nothing was accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from checks_app.face.match_level import (
    EXPECTED_FALSE_ACCEPTANCES,
    FALSE_ACCEPTANCE_ONE_IN,
    GroupRates,
    Interval,
    LevelRates,
    LevelThreshold,
    Rarity,
)

Z_95 = 1.959964
"""Half width of the central 95 % of a normal distribution, in standard deviations."""

BOOTSTRAP_ROUNDS = 300
STEPS_BETWEEN_LEVELS = (2_000, 5_000, 20_000, 50_000, 200_000)
"""One in so many: where two levels lie far apart, a straight line between them would call a pair rarer than it is."""

BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Pairs:
    """Compared pairs, by rising distance. `first` and `second` number the people whom each pair shows; equal for genuine pairs."""

    distances: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    people: int

    def __len__(self) -> int:
        return len(self.distances)

    def accepted(self, distance: float) -> int:
        """Count the pairs at most `distance` apart."""
        return int(np.searchsorted(self.distances, distance, side="right"))

    def closest(self, count: int) -> Pairs:
        """Keep the `count` pairs with the smallest distances."""
        return Pairs(self.distances[:count], self.first[:count], self.second[:count], self.people)

    def sample(self, size: int, rng: np.random.Generator) -> Pairs:
        """Keep `size` pairs drawn at random, or all when there are not more."""
        if size >= len(self):
            return self
        kept = np.sort(rng.choice(len(self), size, replace=False))
        return Pairs(self.distances[kept], self.first[kept], self.second[kept], self.people)

    def among(self, members: NDArray[np.int64]) -> Pairs:
        """Keep the pairs of which both belong to `members` (numbers of people), who are numbered anew."""
        kept = np.isin(self.first, members) & np.isin(self.second, members)
        ordered = np.unique(members)
        first, second = (np.searchsorted(ordered, numbers[kept]).astype(np.int64) for numbers in (self.first, self.second))
        return Pairs(self.distances[kept], first, second, len(ordered))


@dataclass(frozen=True, slots=True)
class Draw:
    """How many times each person was drawn, and the weight that all pairs have together under this draw."""

    times: NDArray[np.int64]
    total: float


def impostor_pairs(embeddings: NDArray[np.float64], people: NDArray[np.int64]) -> Pairs:
    """Pair the first image of each person with the first image of everybody else, so that every person counts alike.

    embeddings: images x dimensions. people: the person's number 0.. of each image.
    """
    _, first_images = np.unique(people, return_index=True)
    faces, numbers = embeddings[first_images], people[first_images]
    parts = []
    for start in range(0, len(faces), BLOCK_ROWS):
        distances = _distances(faces[start : start + BLOCK_ROWS], faces)
        rows, columns = np.nonzero(np.arange(len(faces)) > np.arange(start, start + len(distances))[:, None])
        parts.append((distances[rows, columns], numbers[start + rows], numbers[columns]))
    return _sorted_pairs(parts, int(people.max()) + 1)


def genuine_pairs(embeddings: NDArray[np.float64], people: NDArray[np.int64]) -> Pairs:
    """Pair each further image of a person with that person's first, as a live face is compared with one portrait."""
    parts = []
    for person in np.unique(people):
        faces = embeddings[people == person]
        number = np.full(len(faces) - 1, person)
        parts.append((_distances(faces[:1], faces[1:])[0], number, number))
    return _sorted_pairs(parts, int(people.max()) + 1)


def draw_people(pairs: Pairs, rng: np.random.Generator) -> tuple[Draw, ...]:
    """Draw as many people as there are, with replacement, again and again."""
    drawn = rng.multinomial(pairs.people, np.full(pairs.people, 1 / pairs.people), size=BOOTSTRAP_ROUNDS)
    compared = np.bincount(pairs.first * pairs.people + pairs.second, minlength=pairs.people**2).reshape(pairs.people, pairs.people)
    alone = compared.diagonal()  # pairs of one person, whose weight is once, not twice, how often he was drawn
    between = (compared - np.diag(alone)).astype(np.float32)
    totals = ((drawn.astype(np.float32) @ between).astype(np.float64) * drawn).sum(axis=1) + drawn @ alone
    return tuple(Draw(times, float(total)) for times, total in zip(drawn, totals, strict=True))


def rate_interval(pairs: Pairs, distance: float, draws: tuple[Draw, ...]) -> Interval:
    """Return the 95 % interval of the share of pairs at most `distance` apart; `draws`: of these pairs' people."""
    count = pairs.accepted(distance)
    below = pairs.closest(count)
    rates = [_weights(below, draw.times).sum() / draw.total if draw.total else 0.0 for draw in draws]
    low, high = np.percentile(rates, (2.5, 97.5))
    plain = wilson(count, len(pairs))
    return Interval(float(min(low, plain.low)), float(max(high, plain.high)))


def wilson(count: int, total: int) -> Interval:
    """Return Wilson's 95 % interval of a proportion; 0..1 when nothing was counted."""
    if total == 0:
        return Interval(0.0, 1.0)
    share, square = count / total, Z_95 * Z_95 / total
    middle = (share + square / 2) / (1 + square)
    half = Z_95 * sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def is_evidenced(pairs_of_strangers: int, one_in: int) -> bool:
    """Say whether so many pairs can show a false acceptance rate of 1 in `one_in`."""
    return pairs_of_strangers / one_in >= EXPECTED_FALSE_ACCEPTANCES


def level_thresholds(impostors: Pairs, genuine: Pairs, rng: np.random.Generator) -> tuple[LevelThreshold, ...]:
    """Find for each level the largest distance, to four places, at which no more strangers are accepted than the level allows."""
    levels = []
    stranger_draws, genuine_draws = draw_people(impostors, rng), draw_people(genuine, rng)
    for level, one_in in FALSE_ACCEPTANCE_ONE_IN.items():
        distance = _threshold(impostors.distances, 1 / one_in)
        levels.append(
            LevelThreshold(
                level=level,
                one_in=one_in,
                distance=distance,
                distance_interval=_threshold_interval(impostors, 1 / one_in, distance, stranger_draws),
                genuine_accepted=round(genuine.accepted(distance) / len(genuine), 4),
                genuine_interval=_rounded(rate_interval(genuine, distance, genuine_draws)),
                evidenced=is_evidenced(len(impostors), one_in),
            )
        )
    return tuple(levels)


def steps_between(impostors: Pairs) -> tuple[Rarity, ...]:
    """Measure the distance of some rates between the levels, as far as the data can show them."""
    return tuple(
        Rarity(one_in, _threshold(impostors.distances, 1 / one_in))
        for one_in in STEPS_BETWEEN_LEVELS
        if is_evidenced(len(impostors), one_in)
    )


def level_rates(levels: Iterable[LevelThreshold], impostors: Pairs, genuine: Pairs, rng: np.random.Generator) -> tuple[LevelRates, ...]:
    """Measure what each level does to these people. Without pairs of a kind its rates are 0, with the interval 0..1.

    A rate is evidenced when ten false acceptances were to be expected, or were seen.
    """
    stranger_draws, genuine_draws = draw_people(impostors, rng), draw_people(genuine, rng)

    def measured(level: LevelThreshold) -> LevelRates:
        false_accepted = impostors.accepted(level.distance)
        return LevelRates(
            level=level.level,
            distance=level.distance,
            nominal_one_in=level.one_in,
            false_accepted=false_accepted,
            false_acceptance=false_accepted / len(impostors) if len(impostors) else 0.0,
            false_interval=rate_interval(impostors, level.distance, stranger_draws),
            true_acceptance=genuine.accepted(level.distance) / len(genuine) if len(genuine) else 0.0,
            true_interval=rate_interval(genuine, level.distance, genuine_draws),
            evidenced=is_evidenced(len(impostors), level.one_in) or false_accepted >= EXPECTED_FALSE_ACCEPTANCES,
        )

    return tuple(measured(level) for level in levels)


def group_rates(
    levels: Iterable[LevelThreshold], impostors: Pairs, genuine: Pairs, groups: Mapping[str, Sequence[int]], rng: np.random.Generator
) -> tuple[GroupRates, ...]:
    """Measure the overall levels inside each group. `groups`: the numbers of the people of each."""
    measured = []
    for group, people in sorted(groups.items()):
        members = np.array(sorted(people), dtype=np.int64)
        strangers, same = impostors.among(members), genuine.among(members)
        rates = level_rates(levels, strangers, same, rng)
        measured.append(GroupRates(group, len(members), len(strangers), len(same), rates))
    return tuple(measured)


def _threshold(distances: NDArray[np.float64], rate: float) -> float:
    """Round down from the last pair that may be accepted, and further below the first that may not, should it be as close."""
    allowed = floor(rate * len(distances) + 1e-9)
    limits = [floor(float(distance) * 10_000) for distance in distances[max(0, allowed - 1) : allowed]]
    limits += [ceil(float(distance) * 10_000) - 1 for distance in distances[allowed : allowed + 1]]
    return min(limits) / 10_000


def _threshold_interval(pairs: Pairs, rate: float, distance: float, draws: tuple[Draw, ...]) -> Interval:
    tail = pairs.closest(max(1000, int(4 * rate * len(pairs))))
    found = []
    for draw in draws:
        reached = np.cumsum(_weights(tail, draw.times))
        place = int(np.searchsorted(reached, rate * draw.total, side="right"))
        found.append(tail.distances[min(place, len(tail) - 1)])
    low, high = np.percentile(found, (2.5, 97.5))
    return _rounded(Interval(min(float(low), distance), max(float(high), distance)))


def _weights(pairs: Pairs, times: NDArray[np.int64]) -> NDArray[np.int64]:
    first = times[pairs.first]
    return np.where(pairs.first == pairs.second, first, first * times[pairs.second])


def _distances(some: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :] - 2 * some @ others.T
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)), dtype=np.float64)


def _sorted_pairs(parts: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]], people: int) -> Pairs:
    distances, first, second = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(distances, kind="stable")
    return Pairs(distances[order], first[order], second[order], people)


def _rounded(interval: Interval) -> Interval:
    return Interval(round(interval.low, 4), round(interval.high, 4))
