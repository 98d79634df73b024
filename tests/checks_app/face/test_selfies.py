"""A selfie is judged at capture, and the portrait is looked for on the document alone."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from checks_app.face.engine import load_engine
from checks_app.face.portraits import find_portrait
from checks_app.face.selfies import inspect_selfie_image
from checks_app.imaging import RgbImage
from checks_app.results import Quad, Reason
from tests import heads

ENGINE = load_engine()
WHOLE = Quad(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


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


def test_good_selfie_has_no_problem_and_a_face() -> None:
    """R35."""
    findings = inspect_selfie_image(heads.head(0), ENGINE)
    assert findings.problems == ()
    assert findings.faces == 1
    assert findings.face is not None
    assert findings.quality.score is not None
    assert findings.quality.score >= 0.5


FAULTS: dict[Reason, Callable[[], RgbImage]] = {
    Reason.NO_FACE: lambda: np.full((480, 640, 3), 90, np.uint8),
    Reason.SEVERAL_FACES: two_people,
    Reason.FACE_TOO_FAR: far_away,
    Reason.FACE_NOT_FRONTAL: lambda: heads.head(36),
    Reason.TOO_DARK: lambda: lit(heads.head(0), 0.2),
    Reason.TOO_BRIGHT: lambda: lit(heads.head(0), 0.35, 160),
    Reason.BLURRED: lambda: np.asarray(cv2.GaussianBlur(heads.head(0), (0, 0), 6), np.uint8),
}


@pytest.mark.parametrize("problem", FAULTS)
def test_fault_is_named_at_capture(problem: Reason) -> None:
    """R35."""
    findings = inspect_selfie_image(FAULTS[problem](), ENGINE)
    assert findings.problems[0] == problem
    assert findings.quality.score is not None
    assert findings.quality.score < 0.5 or problem is Reason.SEVERAL_FACES


def test_portrait_is_found_on_a_document_that_lies_askew() -> None:
    """R33."""
    card = np.full((540, 856, 3), 215, np.uint8)
    card[120:420, 40:280] = heads.portrait()
    corners = np.array([(220, 160), (1040, 90), (1090, 640), (250, 700)], np.float32)
    edges = np.array([(0, 0), (856, 0), (856, 540), (0, 540)], np.float32)
    photo = np.asarray(cv2.warpPerspective(card, cv2.getPerspectiveTransform(edges, corners), (1280, 800)), np.uint8)
    portrait = find_portrait(photo, ENGINE, Quad(tuple((float(x) / 1280, float(y) / 800) for x, y in corners)))
    assert portrait is not None
    left, top, right, bottom = portrait.box
    assert 220 / 1280 < left < right < 560 / 1280
    assert 200 / 800 < top < bottom < 600 / 800


def test_larger_portrait_counts_and_not_its_ghost() -> None:
    """R33."""
    page = np.full((480, 900, 3), 220, np.uint8)
    page[90:390, 40:280] = heads.portrait()
    page[150:330, 700:844] = lit(scaled(heads.portrait(), 0.6), 0.5, 110)
    portrait = find_portrait(page, ENGINE, WHOLE)
    assert portrait is not None
    assert portrait.box[2] < 0.4


def test_face_outside_the_document_is_no_portrait() -> None:
    """R33: the holder's own face behind a document must not match itself."""
    scene = np.full((480, 1280, 3), 200, np.uint8)
    scene[:, :640] = heads.head(0)
    document = Quad(((0.6, 0.2), (0.95, 0.2), (0.95, 0.8), (0.6, 0.8)))
    assert find_portrait(scene, ENGINE, document) is None


def test_without_corners_the_whole_picture_is_searched() -> None:
    """R33."""
    assert find_portrait(heads.head(0), ENGINE, None) is not None
