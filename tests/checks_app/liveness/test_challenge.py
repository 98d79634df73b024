"""The challenge is drawn by chance, and its time table has no gaps."""

from itertools import pairwise
from random import Random

import pytest

from checks_app.liveness.challenge import Challenge, Move, draw, phases, step_at

CHALLENGE = Challenge((Move.LEFT, Move.RIGHT, Move.LEFT), "00")


def test_every_challenge_has_three_moves_that_are_not_all_the_same() -> None:
    """R34."""
    for seed in range(200):
        moves = draw(Random(seed)).moves
        assert len(moves) == 3
        assert len(set(moves)) > 1


def test_every_order_of_moves_is_drawn() -> None:
    """R34: 2 x 2 x 2 orders less the two monotonous ones."""
    assert len({draw(Random(seed)).moves for seed in range(200)}) == 6


def test_nonces_are_long_and_never_the_same() -> None:
    """R34."""
    nonces = {draw(Random(seed)).nonce for seed in range(200)}
    assert len(nonces) == 200
    assert {len(nonce) for nonce in nonces} == {32}


def test_phases_follow_each_other_without_gap() -> None:
    """R34."""
    table = phases(CHALLENGE)
    assert table[0].start_ms == 0
    assert all(one.end_ms == other.start_ms for one, other in pairwise(table))
    assert [phase.step for phase in table] == [0, 1, -1, 2, -2, 3, -3]


@pytest.mark.parametrize(
    ("at_ms", "step"),
    [(-50, 0), (0, 0), (1_499, 0), (1_500, 1), (3_999, 1), (4_000, -1), (5_199, -1), (5_200, 2), (12_599, -3), (60_000, -3)],
)
def test_step_at_each_boundary(at_ms: int, step: int) -> None:
    """R34."""
    assert step_at(CHALLENGE, at_ms) == step
    assert CHALLENGE.duration_ms == 12_600
