"""A selfie is judged at capture, and described over the moments around it."""

from collections.abc import Callable
from math import dist

import cv2
import numpy as np
import pytest

from checks_app.face.detection import find_face
from checks_app.face.engine import load_engine
from checks_app.face.selfies import inspect_selfie_image
from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.results import Reason
from tests import heads

ENGINE = load_engine()
LARGE = (1280, 960)


def scaled(image: RgbImage, factor: float) -> RgbImage:
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def lit(image: RgbImage, gain: float, lift: float = 0.0) -> RgbImage:
    return np.clip(image * gain + lift, 0, 255).astype(np.uint8)


def two_people() -> RgbImage:
    return np.hstack([heads.head(0)[:, 120:520], heads.head(0, face="stranger")[:, 120:520]])


def far_away() -> RgbImage:
    wide = np.full((480, 640, 3), 140, np.uint8)
    wide[100:340, 160:480] = scaled(heads.head(0), 0.5)
    return scaled(wide, 0.9)


def face_of(image: RgbImage) -> FaceBox:
    return ENGINE.detect(image)[0]


def over_eyes(colour: tuple[int, int, int], across: float, down: float, *, both: bool = True) -> RgbImage:
    """Draw ovals over the eyes; sizes to each side in eye distances."""
    image = heads.head(0).copy()
    face = face_of(image)
    size = (round(across * face.eye_distance), round(down * face.eye_distance))
    for x, y in (face.left_eye, face.right_eye)[: 1 + both]:
        cv2.ellipse(image, (round(x), round(y)), size, 0, 0, 360, colour, -1, cv2.LINE_AA)
    return image


def cut_at_the_mouth() -> RgbImage:
    image = heads.head(0)
    face = face_of(image)
    return np.ascontiguousarray(image[: round(face.nose[1] + 0.45 * face.eye_distance)])


def from_one_side() -> RgbImage:
    image = heads.head(0)
    face = face_of(image)
    light = 0.18 + 0.82 / (1 + np.exp((face.centre[0] - np.arange(image.shape[1])) * 8 / face.width))
    return (image * light[None, :, None]).astype(np.uint8)


def test_good_selfie_has_no_problem_and_a_face() -> None:
    """R35."""
    findings = inspect_selfie_image(heads.head(0), ENGINE)
    assert findings.problems == ()
    assert (findings.faces, findings.frames) == (1, 1)
    assert findings.face is not None
    assert findings.quality.score is not None
    assert findings.quality.score >= 0.5


FAULTS: dict[str, tuple[Reason, Callable[[], RgbImage]]] = {
    "nobody": (Reason.NO_FACE, lambda: np.full((480, 640, 3), 90, np.uint8)),
    "two people": (Reason.SEVERAL_FACES, two_people),
    "far away": (Reason.FACE_TOO_FAR, far_away),
    "turned": (Reason.FACE_NOT_FRONTAL, lambda: heads.head(36)),
    "in the dark": (Reason.TOO_DARK, lambda: lit(heads.head(0), 0.2)),
    "lit from one side": (Reason.TOO_DARK, from_one_side),
    "burnt out": (Reason.TOO_BRIGHT, lambda: lit(heads.head(0), 0.35, 160)),
    "blurred": (Reason.BLURRED, lambda: np.asarray(cv2.GaussianBlur(heads.head(0), (0, 0), 6), np.uint8)),
    "chin cut off": (Reason.FACE_CUT_OFF, cut_at_the_mouth),
    "dark glasses": (Reason.EYES_HIDDEN, lambda: over_eyes((20, 20, 24), 0.4, 0.3)),
    "a hand": (Reason.EYES_HIDDEN, lambda: over_eyes((205, 160, 135), 0.48, 0.35, both=False)),
    "glare": (Reason.GLASSES_GLARE, lambda: over_eyes((255, 255, 255), 0.2, 0.12)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_named_at_capture(fault: str) -> None:
    """R35."""
    problem, draw = FAULTS[fault]
    findings = inspect_selfie_image(draw(), ENGINE)
    assert findings.problems[0] == problem
    assert findings.quality.score is not None
    assert findings.quality.score < 0.5 or problem is Reason.SEVERAL_FACES


@pytest.mark.parametrize("change", [lambda image: lit(image, 0.55), lambda image: lit(image, 1.15), lambda image: image.mean(axis=2)])
def test_light_and_colour_do_not_stop_a_good_selfie(change: Callable[[RgbImage], RgbImage]) -> None:
    """R35."""
    changed = change(heads.head(0)).astype(np.uint8)
    assert inspect_selfie_image(changed if changed.ndim == 3 else np.dstack([changed] * 3), ENGINE).problems == ()


def test_whoever_stands_in_the_dark_is_not_told_to_take_off_glasses() -> None:
    """R35: one remedy at a time, the right one."""
    assert inspect_selfie_image(lit(over_eyes((20, 20, 24), 0.4, 0.3), 0.2), ENGINE).problems == (Reason.TOO_DARK,)


def test_best_moment_around_a_selfie_is_averaged_in() -> None:
    """R33: another moment shows the same face a little otherwise."""
    image = heads.head(0, size=LARGE)
    findings = inspect_selfie_image(image, ENGINE, [heads.head(3), heads.head(-3)])
    alone, moments = find_face(image, ENGINE), [find_face(heads.head(yaw), ENGINE) for yaw in (3, -3)]
    assert findings.problems == ()
    assert findings.frames == 2
    assert findings.face is not None
    assert alone is not None
    assert 0 < dist(findings.face.embedding, alone.embedding) < 0.1
    assert min(dist(findings.face.embedding, moment.embedding) for moment in moments if moment) < 0.1
    assert dist(findings.face.embedding, (0.0,) * 128) == pytest.approx(1)


@pytest.mark.parametrize("moment", [heads.head(36), lit(heads.head(0), 0.2), np.full((480, 640, 3), 90, np.uint8), two_people()])
def test_moment_that_shows_no_good_face_is_left_out(moment: RgbImage) -> None:
    """R35: nobody must repeat a good selfie because he looked away before it."""
    findings = inspect_selfie_image(heads.head(0), ENGINE, [moment])
    assert (findings.problems, findings.frames) == ((), 1)


def test_another_face_in_the_moments_before_is_told_and_never_averaged_in() -> None:
    """R34: a picture that is put before the camera for the selfie alone."""
    image = heads.head(0)
    findings, alone = inspect_selfie_image(image, ENGINE, [heads.head(0, face="stranger")]), find_face(image, ENGINE)
    assert (findings.problems, findings.frames) == ((Reason.FACE_CHANGED,), 1)
    assert findings.quality.reasons == (Reason.FACE_CHANGED,)
    assert findings.face is not None
    assert alone is not None
    assert findings.face.embedding == pytest.approx(alone.embedding)
