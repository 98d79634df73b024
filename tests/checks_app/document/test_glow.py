"""Light of its own: a document beside which everything is darker than light could leave it."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.glow import GAMMA, glow
from checks_app.document.recapture import GLOW
from checks_app.results import Quad

MIDDLE = Quad(((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)))


def lit(document: int, around: int) -> float | None:
    picture = np.full((600, 800, 3), around, np.uint8)
    picture[120:480, 160:640] = document
    return glow(picture, MIDDLE)


def test_brightness_is_compared_as_light() -> None:
    """R31: a picture's grey levels are not proportional to it."""
    assert lit(199, 99) == pytest.approx(2**GAMMA, rel=0.01)


def test_black_card_beside_paper_does_not_make_it_glow() -> None:
    """R31: black card sends back 4 % of the light, paper 80 %."""
    black = round(230 * (0.04 / 0.8) ** (1 / GAMMA))
    measured = lit(230, black)
    assert measured is not None
    assert measured < GLOW


def test_a_bright_document_in_a_black_room_glows() -> None:
    """R31"""
    measured = lit(230, 8)
    assert measured is not None
    assert measured > GLOW


def test_without_surroundings_there_is_nothing_to_compare_with() -> None:
    """R22"""
    assert glow(np.full((600, 800, 3), 200, np.uint8), Quad(((0, 0), (1, 0), (1, 1), (0, 1)))) is None
