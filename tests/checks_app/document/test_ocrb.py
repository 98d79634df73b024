"""The classifier with the weights that ship, on clean print."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document import ocrb
from checks_app.document.mrz_layouts import CHARACTERS
from checks_app.document.mrz_positions import place
from checks_app.document.mrz_strips import MARGIN, PITCH, cut
from tests.checks_app.document.lines_of_text import draw_lines, drawn_line

COUNT = len(CHARACTERS)
CENTRES = (MARGIN + np.arange(COUNT)) * PITCH + PITCH // 2 - ocrb.WINDOW // 2


def read(pitch: int) -> str:
    ink = cut(draw_lines((CHARACTERS,), pitch=pitch), drawn_line(0, COUNT, pitch=pitch), COUNT)
    return "".join(CHARACTERS[best] for best in ocrb.log_probabilities(ink, CENTRES)[:, : ocrb.BETWEEN].argmax(axis=1))


@pytest.mark.parametrize("pitch", [9, 12, 20, 40])
def test_every_character_is_known_in_every_size(pitch: int) -> None:
    """R30."""
    assert read(pitch) == CHARACTERS


def test_each_window_gets_a_distribution() -> None:
    """R30."""
    logs = ocrb.log_probabilities(np.random.default_rng(0).random((20, 60), dtype=np.float32))
    assert logs.shape == (60 - ocrb.WINDOW + 1, ocrb.CLASSES)
    assert np.exp(logs).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_blank_paper_is_between_characters() -> None:
    """R30."""
    assert set(ocrb.log_probabilities(np.zeros((20, 60), np.float32)).argmax(axis=1)) == {ocrb.BETWEEN}


def test_the_number_of_characters_is_placed_on_the_characters() -> None:
    """R30."""
    line = drawn_line(0, COUNT)
    shifted = type(line)((line.left[0] - 25, line.left[1]), (line.right[0] + 25, line.right[1]), line.height)
    logs = ocrb.log_probabilities(cut(draw_lines((CHARACTERS,)), shifted, COUNT))
    placed = place(logs, COUNT)
    assert "".join(CHARACTERS[best] for best in logs[placed.windows, : ocrb.BETWEEN].argmax(axis=1)) == CHARACTERS
    assert placed.score > -0.5
