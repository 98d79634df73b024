"""Where a zone may be in a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from checks_app.document.mrz_lines import find_groups
from tests.checks_app.document.lines_of_text import BORDER, draw_lines, drawn_line

PITCH = 20
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


@pytest.mark.parametrize("lines", [TD3, TD1])
def test_the_lines_of_a_zone_are_the_likeliest_group(lines: tuple[str, ...]) -> None:
    """R30."""
    best = find_groups(draw_lines(lines, pitch=PITCH), working_side=800)[0]
    assert len(best.lines) == len(lines)
    for number, found in enumerate(best.lines):
        truth = drawn_line(number, len(lines[0]), pitch=PITCH)
        assert np.abs(np.array([found.left, found.right]) - [truth.left, truth.right]).max() < PITCH
        assert found.height == pytest.approx(truth.height, rel=0.25)


@pytest.mark.parametrize("degrees", [-15, -7, 7, 15])
def test_lines_are_found_when_they_are_askew(degrees: float) -> None:
    """R30."""
    straight = draw_lines(TD3, pitch=PITCH)
    size = (straight.shape[1], 600)
    turn = cv2.getRotationMatrix2D((straight.shape[1] / 2, straight.shape[0] / 2), degrees, 0.9)
    turn[1, 2] += 300 - straight.shape[0] / 2
    askew = np.asarray(cv2.warpAffine(straight, turn, size, borderValue=240), dtype=np.uint8)
    best = find_groups(askew, working_side=800)[0]
    assert len(best.lines) == 2
    for line in best.lines:
        assert np.degrees(np.arctan2(line.direction[1], line.direction[0])) == pytest.approx(-degrees, abs=1)


@pytest.mark.parametrize("turn", [90, 22, -22, 68])
def test_lines_that_run_straight_once_the_picture_is_turned_come_in_its_own_pixels(turn: float) -> None:
    """R30."""
    straight = draw_lines(TD3, pitch=PITCH)
    middle = straight.shape[1] / 2, straight.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, -turn, 1.0)
    matrix[:, 2] += 600 - np.array(middle)
    askew = np.asarray(cv2.warpAffine(straight, matrix, (1200, 1200), borderValue=240), dtype=np.uint8)
    best = find_groups(askew, working_side=800, turn=turn)[0]
    assert len(best.lines) == 2
    for number, line in enumerate(best.lines):
        truth = drawn_line(number, 44, pitch=PITCH)
        assert line.left == pytest.approx(matrix @ (*truth.left, 1), abs=PITCH)
        assert line.right == pytest.approx(matrix @ (*truth.right, 1), abs=PITCH)


def test_the_upper_line_comes_first_even_if_its_middle_is_the_lower_one() -> None:
    """R30: of a line that slopes down and fades, only the upper end is found."""
    straight = draw_lines(TD3, pitch=PITCH).copy()
    straight[round((BORDER + 1.6) * PITCH) :, round((BORDER + 26) * PITCH) :] = 240
    matrix = cv2.getRotationMatrix2D((0, 0), -17, 1.0)
    matrix[0, 2] += 120
    askew = np.asarray(cv2.warpAffine(straight, matrix, (1150, 520), borderValue=240), dtype=np.uint8)
    upper, lower = find_groups(askew, working_side=800)[0].lines
    assert upper.left == pytest.approx(matrix @ (*drawn_line(0, 44, pitch=PITCH).left, 1), abs=PITCH)
    assert lower.left == pytest.approx(matrix @ (*drawn_line(1, 44, pitch=PITCH).left, 1), abs=PITCH)


def test_a_line_that_ends_faintly_is_as_long_as_its_neighbour() -> None:
    """R30."""
    faint = draw_lines(TD3, pitch=PITCH).copy()
    upper = faint[: round((BORDER + 1.5) * PITCH), 30 * PITCH :]
    upper[:] = 240 - (240 - upper) // 12
    best = find_groups(faint, working_side=800)[0]
    assert best.lines[0].length == pytest.approx(44 * PITCH, abs=2 * PITCH)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (400, 400)])
def test_plain_paper_has_no_lines(shape: tuple[int, int]) -> None:
    """R30."""
    assert find_groups(np.full(shape, 200, np.uint8), working_side=800) == []


def test_one_line_alone_is_no_zone() -> None:
    """R30."""
    assert find_groups(draw_lines(TD3[:1]), working_side=800) == []
