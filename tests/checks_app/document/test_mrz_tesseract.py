"""The second reader: Tesseract on lines that were cut out straight."""

from __future__ import annotations

import numpy as np
import pytesseract
import pytest

from checks_app.document.mrz_tesseract import read_lines
from tests.checks_app.document.lines_of_text import draw_lines, drawn_line

LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
PLACES = [drawn_line(number, 44) for number in (0, 1)]


def test_clean_lines_are_read_in_their_order() -> None:
    """R30."""
    assert read_lines(draw_lines(LINES), PLACES, 44) == LINES


def test_lines_of_a_picture_upside_down_are_read_as_they_run() -> None:
    """R30."""
    turned = np.ascontiguousarray(np.rot90(draw_lines(LINES), 2))
    height, width = turned.shape
    places = [
        type(line)(
            (width - 1 - line.left[0], height - 1 - line.left[1]), (width - 1 - line.right[0], height - 1 - line.right[1]), line.height
        )
        for line in PLACES
    ]
    assert read_lines(turned, places, 44) == LINES


def test_blank_paper_says_nothing() -> None:
    """R30."""
    assert read_lines(np.full((200, 1000), 230, np.uint8), PLACES, 44) == ()


def test_without_tesseract_there_is_no_second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22."""
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nonexistent/tesseract")
    assert read_lines(draw_lines(LINES), PLACES, 44) is None


def test_a_tesseract_that_crashes_is_no_second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22."""
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/bin/false")
    assert read_lines(draw_lines(LINES), PLACES, 44) is None
