"""The default engine finds and describes faces as its reference does."""

import cv2
import face_recognition
import numpy as np
import pytest

from checks_app.face.dlib_engine import DlibEngine, ModelMissing, model_path
from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.imaging import RgbImage
from tests import heads


@pytest.fixture(scope="module")
def engine() -> DlibEngine:
    return DlibEngine(DEFAULT_ENGINE)


@pytest.fixture(scope="module")
def selfie() -> RgbImage:
    return heads.head(0)


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return float(np.linalg.norm(np.subtract(one, other)))


def test_plain_embedding_equals_that_of_face_recognition_bit_for_bit(engine: DlibEngine, selfie: RgbImage) -> None:
    """R82."""
    face = engine.detect(selfie)[0]
    place = [(round(face.top), round(face.right) - 1, round(face.bottom) - 1, round(face.left))]
    (expected,) = face_recognition.face_encodings(selfie, known_face_locations=place, model="small")
    assert np.array_equal(engine.describe(engine.chip(selfie, face)), expected)


def test_embedding_does_not_tell_a_picture_from_its_mirror_image(engine: DlibEngine, selfie: RgbImage) -> None:
    """R33: the mean over both is what the levels were calibrated with."""
    chip = engine.chip(selfie, engine.detect(selfie)[0])
    expected = (engine.describe(chip) + engine.describe(np.ascontiguousarray(chip[:, ::-1]))) / 2
    assert np.allclose(engine.embed(selfie, engine.detect(selfie)[0]), expected / np.linalg.norm(expected), atol=1e-9)


def test_eyes_are_named_from_the_person_not_from_the_picture(engine: DlibEngine, selfie: RgbImage) -> None:
    """R34."""
    face = engine.detect(selfie)[0]
    assert face.left_eye[0] > face.nose[0] > face.right_eye[0]


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_turned_picture_gives_the_same_face_in_its_own_pixels(engine: DlibEngine, selfie: RgbImage, quarter_turns: int) -> None:
    """R33."""
    turned = np.ascontiguousarray(np.rot90(selfie, quarter_turns))
    upright, face = engine.detect(selfie)[0], engine.detect(turned)[0]
    assert distance(engine.embed(turned, face), engine.embed(selfie, upright)) < 0.1
    assert 0 <= face.left < face.right <= turned.shape[1]
    assert 0 <= face.top < face.bottom <= turned.shape[0]


def test_faces_come_largest_first(engine: DlibEngine, selfie: RgbImage) -> None:
    """R35."""
    smaller = cv2.resize(heads.head(0, face="stranger")[:340, 120:520], None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    both = np.full((480, 720, 3), 128, np.uint8)
    both[100:372, :320], both[:, 320:] = smaller, selfie[:, 120:520]
    widths = [face.width for face in engine.detect(both)]
    assert len(widths) == 2
    assert widths[0] > widths[1]


def test_no_face_in_noise(engine: DlibEngine) -> None:
    """R35."""
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    assert engine.detect(noise) == ()


def test_followed_face_is_where_a_search_finds_it(engine: DlibEngine, selfie: RgbImage) -> None:
    """R34."""
    last = engine.detect(selfie)[0]
    moved = np.ascontiguousarray(np.roll(selfie, 25, axis=1))
    followed, searched = engine.track(moved, last), engine.detect(moved)[0]
    assert followed is not None
    assert np.abs(np.subtract(followed.nose, searched.nose)).max() <= 4


def test_face_that_left_is_not_followed(engine: DlibEngine, selfie: RgbImage) -> None:
    """R34."""
    assert engine.track(np.full_like(selfie, 127), engine.detect(selfie)[0]) is None


def test_missing_model_says_what_to_install() -> None:
    """R33."""
    with pytest.raises(ModelMissing, match=r"requirements\.txt"):
        model_path("no_such_model.dat")
