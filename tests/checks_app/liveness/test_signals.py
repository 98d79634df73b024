"""A turned head and a turned picture differ in where the nose goes."""

import pytest

from checks_app.faces import FaceBox
from checks_app.liveness.challenge import Challenge, Move
from checks_app.liveness.signals import find_turns, measure_poses
from tests.checks_app.liveness.faces import FLAT_RELIEF, acted, face_at, sighting

CHALLENGE = Challenge((Move.RIGHT, Move.RIGHT, Move.LEFT), "00")


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


def test_turns_are_found_in_order() -> None:
    """R34."""
    turns = find_turns(measure_poses(acted(CHALLENGE)))
    assert [turn.move for turn in turns] == list(CHALLENGE.moves)


def test_asymmetry_of_a_face_is_no_turn() -> None:
    """R34: everything is measured against the person's own frontal frames."""
    askew = [sighting(8, at_ms, 0) for at_ms in range(0, 1_000, 200)] + [sighting(8, at_ms, 1) for at_ms in range(1_500, 3_000, 200)]
    assert find_turns(measure_poses(askew)) == ()


def test_one_odd_frame_is_no_turn() -> None:
    """R34."""
    sightings = [sighting(25 if at_ms == 2_000 else 0, at_ms, 0 if at_ms < 1_500 else 1) for at_ms in range(0, 4_000, 200)]
    assert find_turns(measure_poses(sightings)) == ()


def test_flat_picture_shows_no_turn_however_far_it_is_turned() -> None:
    """R34."""
    assert find_turns(measure_poses(acted(CHALLENGE, yaw=45, relief=FLAT_RELIEF))) == ()


@pytest.mark.parametrize("yaw", [25, 35, 45])
def test_relief_of_a_head_is_the_same_at_every_angle(yaw: float) -> None:
    """R34."""
    pose = measure_poses([sighting(0, 0, 0), sighting(yaw, 2_000, 1)])[1]
    assert pose.relief == pytest.approx(0.28, abs=0.02)


def test_relief_of_a_face_that_hardly_turned_is_unknown() -> None:
    """R34."""
    assert measure_poses([sighting(0, 0, 0), sighting(10, 2_000, 1)])[1].relief is None


def test_narrow_frames_without_relief_give_no_strength() -> None:
    """R34: a print turned beyond 37 degrees moves its nose too."""
    turns = find_turns(measure_poses(acted(CHALLENGE, yaw=45, relief=0.12)))
    assert turns
    assert all(turn.strength == 0 for turn in turns)


def test_without_frontal_frames_nothing_is_measured() -> None:
    """R34."""
    assert measure_poses([sighting(0, 2_000, 1)]) == ()
