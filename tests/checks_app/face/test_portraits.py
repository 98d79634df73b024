"""The portrait is looked for on the document alone."""

import cv2
import numpy as np

from checks_app.face.engine import load_engine
from checks_app.face.portraits import find_portrait
from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests import heads

ENGINE = load_engine()
WHOLE = Quad(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def ghost(image: RgbImage) -> RgbImage:
    small = cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    return np.clip(small * 0.5 + 110, 0, 255).astype(np.uint8)


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
    page[150:330, 700:844] = ghost(heads.portrait())
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
