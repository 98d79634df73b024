"""Which moves of a head the frames show."""

from itertools import permutations

import pytest

from checks_app.faces import FaceBox
from checks_app.liveness.challenge import Challenge, Frame, Move
from checks_app.liveness.signals import MAX_FRAMES, Sighting, find_acts, frontal, on_the_way, spread
from tests.checks_app.liveness.faces import BLANK, FLAT_RELIEF, acted, face_at, pose

CHALLENGE = Challenge((Move.RIGHT, Move.UP, Move.CLOSER), "00")


def test_turn_to_the_own_left_moves_the_nose_towards_the_left_eye() -> None:
    """R34."""
    assert face_at(20).nose_offset > 0 > face_at(-20).nose_offset


def test_offset_does_not_depend_on_a_tilted_camera() -> None:
    """R34."""
    upright = face_at(20)
    left_eye, right_eye, nose = ((-y, x) for x, y in (upright.left_eye, upright.right_eye, upright.nose))
    tilted = FaceBox(0.0, 0.0, 1.0, 1.0, left_eye=left_eye, right_eye=right_eye, nose=nose, landmarks=())
    assert tilted.nose_offset == pytest.approx(upright.nose_offset)
    assert tilted.nose_height == pytest.approx(upright.nose_height)


@pytest.mark.parametrize("moves", list(permutations(Move, 3)))
def test_moves_are_found_in_order(moves: tuple[Move, ...]) -> None:
    """R34."""
    assert tuple(act.move for act in find_acts(acted(Challenge(moves, "00")))) == moves


def test_flat_picture_shows_no_turn_however_far_it_is_turned() -> None:
    """R34: coming closer is all that it can show."""
    assert [act.move for act in find_acts(acted(CHALLENGE, angle=40, relief=FLAT_RELIEF))] == [Move.CLOSER]


def test_one_odd_frame_is_no_move() -> None:
    """R34."""
    assert find_acts([pose(Move.LEFT, 25 if at_ms == 2_000 else 0, at_ms, 1) for at_ms in range(0, 4_000, 200)]) == ()


def test_leaning_back_is_no_move() -> None:
    """R34."""
    assert find_acts([pose(Move.CLOSER, -30, at_ms, 1) for at_ms in range(0, 2_000, 200)]) == ()


def test_strength_is_what_two_frames_reach() -> None:
    """R34: one frame alone may be a slip."""
    found = find_acts([pose(Move.LEFT, angle, 200 * number, 1) for number, angle in enumerate((0, 12, 40, 15, 0))])
    assert found[0].strength == pytest.approx(pose(Move.LEFT, 15, 0, 1).shift.along)


def test_head_is_seen_on_its_way_and_stills_shown_in_turn_are_not() -> None:
    """R34."""
    moving = acted(CHALLENGE)
    stills = [one for one in moving if one.shift.growth in (1.0, 1.26) and max(one.strengths.values()) not in _halfway()]
    assert on_the_way(find_acts(moving), moving) == 6
    assert on_the_way(find_acts(stills), stills) == 0


def _halfway() -> set[float]:
    return {max(pose(move, 13, 0, 1).strengths.values()) for move in Move}


def test_frontal_face_is_the_usual_one_before_the_first_move() -> None:
    """R34: somebody who turns early does not make the turned face the frontal one."""
    sightings = [Sighting(Frame(BLANK, 0, 200 * number), face_at(yaw)) for number, yaw in enumerate((0, 1, 1, 20, 25))]
    chosen = frontal(sightings)
    assert chosen is not None
    assert chosen.frame.at_ms in (200, 400)


def test_without_frames_before_the_first_move_there_is_no_frontal_face() -> None:
    """R34."""
    assert frontal([Sighting(Frame(BLANK, 1, 2_000), face_at(0))]) is None


def test_frames_are_looked_at_evenly_with_the_first_and_the_last() -> None:
    """R34."""
    chosen = spread(range(59))
    assert len(chosen) == MAX_FRAMES
    assert (chosen[0], chosen[-1]) == (0, 58)
    assert spread(range(12)) == tuple(range(12))
