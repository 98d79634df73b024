"""The frame of a device: straight, dark, even and parallel; and where it is."""

from __future__ import annotations

import numpy as np

from checks_app.document.bezel import SIDES, find_bezel
from checks_app.document.quad import overlap
from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests.images import Scene, photograph

DOCUMENT = Quad(((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)))


def framed(thickness: int, *, brightness: int = 12, cut: int = 0) -> RgbImage:
    """A bright page 600 x 400 with 40 pixels of a grey screen around it and a frame around that, on a wooden tone; cut off on the left."""
    picture = np.full((800, 1200, 3), (140, 110, 80), np.uint8)
    outer = 40 + thickness
    picture[200 - outer : 600 + outer, 300 - outer : 900 + outer] = brightness
    picture[160:640, 260:940] = 90
    picture[200:600, 300:900] = 230
    return picture[:, cut:]


def test_a_frame_is_found_on_all_sides_and_its_place_is_told() -> None:
    """R31, R37: the quad is the evidence."""
    sides, frame = find_bezel(framed(60), DOCUMENT)
    assert sides == 4
    assert frame is not None
    screen = Quad(((260 / 1200, 0.2), (940 / 1200, 0.2), (940 / 1200, 0.8), (260 / 1200, 0.8)))
    outside = Quad(((200 / 1200, 0.125), (1000 / 1200, 0.125), (1000 / 1200, 0.875), (200 / 1200, 0.875)))
    assert max(overlap(frame, screen), overlap(frame, outside)) > 0.85


def test_three_sides_are_enough() -> None:
    """R31: the fourth may lie outside the picture."""
    cut = 280
    corners = tuple(((x * 1200 - cut) / (1200 - cut), y) for x, y in DOCUMENT.corners)
    sides, frame = find_bezel(framed(60, cut=cut), Quad(corners))
    assert sides == SIDES
    assert frame is not None


def test_a_bright_border_is_no_frame() -> None:
    """R31: a document may lie on another sheet of paper."""
    assert find_bezel(framed(60, brightness=160), DOCUMENT) == (0, None)


def test_a_document_on_a_plain_dark_desk_has_no_frame(passport: RgbImage) -> None:
    """R31"""
    shot = photograph(passport, Scene(seed=82, desk="dark"))
    assert find_bezel(shot.image, shot.quad) == (0, None)
