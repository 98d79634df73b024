"""The challenge is drawn by chance, and its time table has no gaps."""

from itertools import pairwise
from random import Random

import pytest

from checks_app.liveness.challenge import FLASH_STEP, Challenge, Move, draw, phases, step_at

CHALLENGE = Challenge((Move.LEFT, Move.RIGHT, Move.LEFT), "00")


def test_no_challenge_asks_for_the_same_move_twice_in_a_row() -> None:
    """R34."""
    for seed in range(200):
        moves = draw(Random(seed)).moves
        assert len(moves) == 3
        assert all(one is not other for one, other in pairwise(moves))


def test_sixty_six_challenges_are_drawn() -> None:
    """R34: so many a recording would have to hit; 5 x 4 x 4, less those without a turn and those that come closer twice."""
    assert len({draw(Random(seed)).moves for seed in range(2_000)}) == 66


def test_every_challenge_has_a_turn_to_a_side() -> None:
    """R34: coming closer shows no relief, and a turn to a side shows most of it."""
    for seed in range(200):
        moves = draw(Random(seed)).moves
        assert not {Move.LEFT, Move.RIGHT}.isdisjoint(moves)
        assert moves.count(Move.CLOSER) <= 1


def test_flashes_are_drawn_on_request_and_neighbours_differ() -> None:
    """R34."""
    assert draw(Random(0)).flashes == ()
    for seed in range(50):
        colours = draw(Random(seed), flashes=4).flashes
        assert len(colours) == 4
        assert all(one != other for one, other in pairwise(colours))


def test_flashes_follow_the_moves_at_most_three_a_second() -> None:
    """R34, WCAG 2.3.1."""
    table = phases(draw(Random(0), flashes=4))
    assert [phase.step for phase in table[-4:]] == [FLASH_STEP + number for number in range(4)]
    assert all(phase.end_ms - phase.start_ms >= 334 for phase in table[-4:])


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
    [(-50, 0), (0, 0), (1_499, 0), (1_500, 1), (3_799, 1), (3_800, -1), (4_899, -1), (4_900, 2), (11_699, -3), (60_000, -3)],
)
def test_step_at_each_boundary(at_ms: int, step: int) -> None:
    """R34."""
    assert step_at(CHALLENGE, at_ms) == step
    assert CHALLENGE.duration_ms == 11_700
