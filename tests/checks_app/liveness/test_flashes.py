"""Colours of the screen fall on a face that is there."""

import numpy as np
import pytest

from checks_app.liveness.challenge import FLASH_STEP, Challenge, Frame, Move, phases
from checks_app.liveness.flashes import Reflection, find_reflection
from tests.checks_app.liveness.faces import face_at

COLOURS = ("#ff0000", "#0000ff", "#ffff00", "#00ffff")
CHALLENGE = Challenge((Move.LEFT, Move.UP, Move.RIGHT), "00", COLOURS)
FACE = face_at(0)


def recorded(lit: float, *, colours: tuple[str, ...] = COLOURS, grey: float = 90.0, per_flash: int = 2) -> list[Frame]:
    """Draw a face before a wall. lit: share of its brightness that a full channel of the screen adds."""
    chance = np.random.default_rng(5)
    frames = []
    for phase in phases(CHALLENGE):
        for number in range(per_flash if phase.step >= FLASH_STEP else 0):
            colour = colours[phase.step - FLASH_STEP]
            light = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
            image = np.full((480, 640, 3), grey) * (1 + 0.05 * chance.normal())  # the camera's exposure breathes
            image[140:320, 230:410] *= 1 + lit * light
            at_ms = phase.start_ms + 150 + 200 * number
            frames.append(Frame(np.clip(image + chance.normal(0, 3, image.shape), 0, 255).astype(np.uint8), phase.step, at_ms))
    return frames


def test_face_that_takes_on_the_colours_reflects_them() -> None:
    """R34."""
    answer, change = find_reflection(recorded(0.1), CHALLENGE, FACE)
    assert answer is Reflection.SEEN
    assert change == pytest.approx(0.1, abs=0.03)


def test_face_that_stays_as_it_is_does_not_reflect() -> None:
    """R34."""
    assert find_reflection(recorded(0.0), CHALLENGE, FACE)[0] is Reflection.MISSING


def test_colours_of_another_challenge_are_no_reflection() -> None:
    """R34."""
    assert find_reflection(recorded(0.1, colours=COLOURS[::-1]), CHALLENGE, FACE)[0] is Reflection.MISSING


def test_bright_surroundings_are_inconclusive() -> None:
    """R34."""
    assert find_reflection(recorded(0.003, grey=170.0), CHALLENGE, FACE)[0] is Reflection.INCONCLUSIVE


def test_too_few_frames_are_inconclusive() -> None:
    """R34."""
    assert find_reflection(recorded(0.1, per_flash=1), CHALLENGE, FACE) == (Reflection.INCONCLUSIVE, None)


def test_face_that_fills_the_picture_is_inconclusive() -> None:
    """R34: there is no background to compare with."""
    close = [Frame(np.ascontiguousarray(frame.image[:, 150:490]), frame.step, frame.at_ms) for frame in recorded(0.1)]
    assert find_reflection(close, CHALLENGE, face_at(0, at=(170.0, 200.0)))[0] is Reflection.INCONCLUSIVE
