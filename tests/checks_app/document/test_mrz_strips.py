"""Cutting lines into strips of one size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from checks_app.document.mrz_strips import CAP_HEIGHT, MARGIN, PITCH, STRIP_HEIGHT, TextLine, cut, flatten
from tests.checks_app.document.lines_of_text import draw_lines, drawn_line

TEXT = ("HHHHHHHHHH",)


@pytest.mark.parametrize("pitch", [8, 12, 20, 55])
def test_characters_stand_where_the_classifier_looks_for_them(pitch: int) -> None:
    """R30."""
    ink = cut(draw_lines(TEXT, pitch=pitch), drawn_line(0, 10, pitch=pitch), 10)
    assert ink.shape == (STRIP_HEIGHT, (10 + 2 * MARGIN) * PITCH)
    columns = ink.sum(axis=0)
    crossbars = [columns[round((MARGIN + place + 0.5) * PITCH)] for place in range(10)]
    gaps = [columns[(MARGIN + place) * PITCH] for place in range(1, 10)]
    assert min(crossbars) > 2 * max(gaps)
    rows = ink.sum(axis=1)
    assert rows[: (STRIP_HEIGHT - CAP_HEIGHT) // 2 - 1].max() < 0.2 * rows.max()


def test_a_line_upside_down_is_read_from_its_other_end() -> None:
    """R30."""
    picture, line = draw_lines(("ABCDEFGHIJ",)), drawn_line(0, 10)
    turned = np.ascontiguousarray(np.rot90(picture, 2))
    height, width = picture.shape
    ends = [(width - 1 - x, height - 1 - y) for x, y in (line.right, line.left)]
    upside_down = TextLine(ends[0], ends[1], line.height).turned()
    assert np.abs(cut(turned, upside_down, 10) - cut(picture, line, 10)).max() < 0.1


def test_a_bow_follows_a_bent_line() -> None:
    """R30."""
    picture, line = draw_lines(TEXT), drawn_line(0, 10)
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    along = (columns - line.left[0]) / line.length
    bent = cv2.remap(picture, columns, rows - 4 * 0.3 * line.height * along * (1 - along), cv2.INTER_LINEAR)
    followed = cut(bent.astype(np.uint8), TextLine(line.left, line.right, line.height, bow=0.3), 10)
    inner = slice(MARGIN * PITCH, (MARGIN + 10) * PITCH)
    difference = np.abs(followed - cut(picture, line, 10))[:, inner].mean()
    assert difference < 0.4 * np.abs(cut(bent.astype(np.uint8), line, 10) - cut(picture, line, 10))[:, inner].mean()


def test_spread_moves_the_middle_of_a_line_and_leaves_its_ends() -> None:
    """R30."""
    line = TextLine((0.0, 0.0), (100.0, 0.0), 10.0, spread=0.2)
    assert line.along(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 0.45, 1.0])
    assert line.turned().along(np.array([0.5])) == pytest.approx([0.55])


@pytest.mark.parametrize("pitch", [10, 30])
def test_a_flat_line_is_one_size_and_dark_on_light(pitch: int) -> None:
    """R30."""
    flat = flatten(draw_lines(TEXT, pitch=pitch), drawn_line(0, 10, pitch=pitch), 10)
    assert flat.shape == flatten(draw_lines(TEXT), drawn_line(0, 10), 10).shape
    dark = np.flatnonzero((flat < 120).any(axis=1))
    assert np.ptp(dark) + 1 == pytest.approx(28, abs=4)
    assert flat[[0, -1]].min() > 200
