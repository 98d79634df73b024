"""A nose stands out of a head and not out of a picture of one."""

from functools import cache

import cv2
import numpy as np
import pytest

from checks_app.face.engine import load_engine
from checks_app.imaging import RgbImage
from checks_app.liveness.relief import FrontalFace, Shift
from tests import heads

ENGINE = load_engine()
TURNED_PRINTS = [(35, 0, 0.0), (-30, 0, 0.0), (0, 30, 0.0), (0, -25, 0.0), (25, 0, 40.0), (0, 25, -40.0)]


@cache
def _frontal(printed: bool) -> FrontalFace:
    image = heads.turned_print(0) if printed else heads.head(0)
    return FrontalFace(image, ENGINE.detect(image)[0])


def shift_of(image: RgbImage, *, printed: bool = False) -> Shift:
    found = _frontal(printed).shift(image, ENGINE.detect(image)[0])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("yaw", "pitch", "along", "down"), [(20, 0, 0.12, 0), (-20, 0, -0.12, 0), (0, 16, 0, -0.11), (0, -16, 0, 0.09), (14, 8, 0.08, -0.05)]
)
def test_nose_of_a_head_moves_against_its_face(yaw: float, pitch: float, along: float, down: float) -> None:
    """R34."""
    shift = shift_of(heads.head(yaw, pitch))
    assert np.hypot(shift.along - along, shift.down - down) < 0.035


@pytest.mark.parametrize(
    ("yaw", "pitch", "bend"), [(35, 0, 0.0), (-30, 0, 0.0), (0, 30, 0.0), (0, -25, 0.0), (25, 0, 40.0), (0, 25, -40.0)]
)
def test_nose_of_a_print_stays_in_its_face_flat_or_bent(yaw: float, pitch: float, bend: float) -> None:
    """R34."""
    shift = shift_of(heads.turned_print(yaw, pitch, bend=bend), printed=True)
    assert np.hypot(shift.along, shift.down) < 0.025


@pytest.mark.parametrize("printed", [False, True])
def test_coming_closer_enlarges_heads_and_prints_alike(printed: bool) -> None:
    """R34: so it never stands alone in a challenge."""
    shift = shift_of(heads.turned_print(0, 0, 1.25) if printed else heads.head(0, 0, 1.25), printed=printed)
    assert shift.growth == pytest.approx(1.25, abs=0.03)
    assert np.hypot(shift.along, shift.down) < 0.025


def test_relief_is_measured_where_the_face_is_foreshortened() -> None:
    """R34."""
    assert shift_of(heads.head(5)).relief is None
    assert (shift_of(heads.head(26)).relief or 0) > 0.2
    assert (shift_of(heads.turned_print(35), printed=True).relief or 1) < 0.08


def test_light_that_changes_is_no_movement() -> None:
    """R34."""
    darker = np.asarray(cv2.convertScaleAbs(heads.head(0), alpha=0.6, beta=10), dtype=np.uint8)
    shift = shift_of(darker)
    assert np.hypot(shift.along, shift.down) < 0.01


def test_another_face_is_not_followed() -> None:
    """R34."""
    other = heads.head(0, face="stranger")
    assert _frontal(False).shift(other, ENGINE.detect(other)[0]) is None


def test_covered_face_has_too_little_to_follow() -> None:
    """R35."""
    image = heads.head(0)
    face = ENGINE.detect(image)[0]
    assert not FrontalFace(np.full_like(image, 120), face).usable
