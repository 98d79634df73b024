"""Open passports: of two pages that lie in the picture as one, the page of data is the document."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.quad import find_quad, overlap
from checks_app.document.spread import data_page
from checks_app.imaging import RgbImage
from tests.images import Scene, photograph
from verifyportal.dev.portraits import drawn_portrait
from verifyportal.dev.specimens import DATA_PAGE, Person, draw_open_passport


@pytest.fixture(scope="module")
def open_passport(person: Person) -> RgbImage:
    return draw_open_passport(person, drawn_portrait(4))


@pytest.mark.parametrize(("rotation", "size"), [(0.0, (960, 1280)), (88.0, (1280, 960)), (180.0, (960, 1280))])
def test_of_an_open_passport_the_page_of_data_is_found(open_passport: RgbImage, rotation: float, size: tuple[int, int]) -> None:
    """R32: whichever way the phone is held."""
    shot = photograph(open_passport, Scene(seed=37, size=size, fill=0.88, rotation=rotation), part=DATA_PAGE)
    found = find_quad(shot.image)
    assert found is not None
    assert overlap(found, shot.quad) > 0.9


def corners(image: RgbImage) -> np.ndarray:
    """The corners of a picture that is all document, its first side a long one."""
    height, width = image.shape[:2]
    upright = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    return upright if width > height else np.roll(upright, -1, axis=0)


def test_a_single_page_has_no_fold(passport: RgbImage, card_front: RgbImage, card_back: RgbImage) -> None:
    """R32: lines of print across the middle are no fold."""
    for document in (passport, card_front, card_back):
        whole = corners(document)
        assert np.array_equal(data_page(whole, document), whole)


def test_two_pages_without_an_mrz_stay_one_document(open_passport: RgbImage) -> None:
    """R32: nothing tells which of them is asked for."""
    upper = open_passport[: len(open_passport) // 2]
    blank = np.concatenate([upper, upper[::-1]])
    whole = corners(blank)
    assert np.array_equal(data_page(whole, blank), whole)
