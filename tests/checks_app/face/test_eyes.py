"""Eyes are told from what hides them, whatever the light."""

import cv2
import numpy as np
import pytest

from checks_app.face.engine import load_engine
from checks_app.face.eyes import EYE_LINE, EYES_APART, LEFT_EYE_X, edge_directions, eye_light, eyes_seen, glare_share, upright
from checks_app.imaging import GreyImage, RgbImage
from tests import heads

ENGINE = load_engine()


def upright_face(image: RgbImage) -> GreyImage:
    return upright(image, ENGINE.detect(image)[0])


@pytest.fixture(scope="module")
def face() -> GreyImage:
    return upright_face(heads.head(0))


@pytest.mark.parametrize("factor", [1.0, 0.7, 2.5])
def test_upright_face_has_its_eyes_in_their_places(factor: float, face: GreyImage) -> None:
    """R35: at any size, and rolled by 15 degrees."""
    roll = cv2.getRotationMatrix2D((320, 200), 15, factor)
    rolled = np.asarray(cv2.warpAffine(heads.head(0), roll, (640, 480), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    straightened = upright_face(rolled)
    difference = np.abs(straightened.astype(float) - face)[30:90, 20:124]
    assert difference.mean() < 12


def test_eyes_are_seen_in_any_light(face: GreyImage) -> None:
    """R35: dark skin and dim rooms have the same edges."""
    assert eyes_seen((face * 0.4).astype(np.uint8)) > 0
    assert eyes_seen(face) > 0


def test_dark_glasses_leave_no_light_on_the_lids(face: GreyImage) -> None:
    """R35: whatever the skin; a shadow on one eye hides nothing."""
    for skin in (face, (face * 0.4).astype(np.uint8)):
        glasses, shadow = skin.copy(), skin.copy()
        glasses[EYE_LINE - 16 : EYE_LINE + 16, 26:118] //= 4
        shadow[EYE_LINE - 16 : EYE_LINE + 16, :72] //= 4
        assert eye_light(glasses) < 0.5 < eye_light(shadow) <= eye_light(skin)


@pytest.mark.parametrize("x", [LEFT_EYE_X, LEFT_EYE_X - EYES_APART])
def test_one_hidden_eye_is_enough(face: GreyImage, x: int) -> None:
    """R35."""
    hidden = face.copy()
    cv2.ellipse(hidden, (x, EYE_LINE), (26, 18), 0, 0, 360, int(np.median(face)), -1)
    assert eyes_seen(hidden) < eyes_seen(face) - 10
    assert eyes_seen(hidden) < 0


def test_mirrored_face_says_the_same(face: GreyImage) -> None:
    """R35: no side of the face counts more."""
    mirrored = np.ascontiguousarray(np.roll(face[:, ::-1], 1, axis=1))
    assert eyes_seen(mirrored) == pytest.approx(eyes_seen(face), abs=0.5)


def test_even_surface_has_no_directions() -> None:
    """R35: the grain of a sensor is no eye."""
    noise = np.random.default_rng(3).normal(120, 2, (32, 48)).clip(0, 255).astype(np.uint8)
    assert edge_directions(noise).max() < edge_directions(upright_face(heads.head(0))[40:72, 76:124]).max() / 2


def test_burnt_out_skin_is_no_glare(face: GreyImage) -> None:
    """R35: then the whole picture is too bright."""
    assert glare_share(np.full_like(face, 255)) == 0
    shining = face.copy()
    cv2.circle(shining, (LEFT_EYE_X, EYE_LINE), 6, 255, -1)
    assert 0.04 < glare_share(shining) < 0.08
