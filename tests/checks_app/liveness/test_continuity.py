"""One uninterrupted recording of one face."""

import numpy as np

from checks_app.liveness.challenge import Frame
from checks_app.liveness.continuity import farthest, jumps, still_share
from checks_app.liveness.signals import Sighting
from tests import heads
from tests.checks_app.liveness.faces import BLANK, face_at

SCENE = heads.head(0)


def frames(*images: np.ndarray) -> list[Frame]:
    return [Frame(image, 0, 200 * number) for number, image in enumerate(images)]


def noisy(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 3, SCENE.shape)
    return np.clip(SCENE + noise, 0, 255).astype(np.uint8)


def test_copies_are_still() -> None:
    """R34."""
    assert still_share(frames(SCENE, SCENE, SCENE)) == 1.0


def test_one_picture_with_fresh_noise_is_still() -> None:
    """R34."""
    assert still_share(frames(*(noisy(seed) for seed in range(5)))) == 1.0


def test_one_picture_under_breathing_exposure_is_still() -> None:
    """R34."""
    lit = [np.clip(SCENE * (1 + 0.01 * number), 0, 255).astype(np.uint8) for number in range(5)]
    assert still_share(frames(*lit)) == 1.0


def test_a_hand_that_holds_a_camera_is_not_still() -> None:
    """R34: shifts of one pixel."""
    assert still_share(frames(*(np.roll(SCENE, shift, axis=1) for shift in range(5)))) == 0.0


def test_a_loop_is_seen_although_neighbours_differ() -> None:
    """R34: a virtual camera that plays three frames again and again."""
    assert still_share(frames(*(np.roll(SCENE, 5 * (number % 3), axis=1) for number in range(30)))) == 0.9


def test_one_frame_repeats_nothing() -> None:
    """R34."""
    assert still_share(frames(SCENE)) == 0.0


def seen(x: float, at_ms: int) -> Sighting:
    return Sighting(Frame(BLANK, 0, at_ms), face_at(0, at=(x, 200.0)))


def test_face_that_drifts_does_not_jump() -> None:
    """R34."""
    assert jumps([seen(300 + 40 * number, 250 * number) for number in range(6)]) == 0


def test_face_that_is_suddenly_elsewhere_jumps() -> None:
    """R34."""
    assert jumps([seen(200, 0), seen(500, 250)]) == 1


def test_face_may_be_elsewhere_after_a_pause() -> None:
    """R34."""
    assert jumps([seen(200, 0), seen(500, 2_000)]) == 0


def test_farthest_face() -> None:
    """R34."""
    assert farthest((0.0, 0.0), [(0.3, 0.4), (0.1, 0.0)]) == 0.5
    assert farthest((0.0, 0.0), []) == 0
