"""Brings a line of text and its strip into agreement: small moves that make the classifier surer (a search, not a model)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from checks_app.document import ocrb
from checks_app.document.mrz_positions import Placed, place
from checks_app.document.mrz_strips import MARGIN, PITCH, TextLine, cut
from checks_app.imaging import GreyImage

LATE = 0.75  # characters; perspective shifts the beginnings of neighbouring lines by up to 0.45
_ROUNDS = 2
_UNCERTAIN = 0.003  # improvement of the mean log-probability that is worth a move
_SIDESTEPS = (-1, 0, 1)  # strip pixels; looks from slightly different places, averaged
_LIFTS = (-0.05, 0.0, 0.05)  # heights


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with the windows on its characters. score: mean log-probability per character, gaps included, at most 0."""

    line: TextLine
    windows: NDArray[np.int64]
    score: float

    @property
    def begins(self) -> tuple[float, float]:
        """The middle of the first character, in pixels of the picture."""
        share = ((float(self.windows[0]) + ocrb.WINDOW / 2) / PITCH - MARGIN) / len(self.windows)
        return self.line.at(float(self.line.along(np.array(share))))


def begin_together(lines: Sequence[ReadLine]) -> bool:
    """Tell whether lines begin below each other, as 9303 prints them; one that begins later has lost its first character."""
    (ux, uy), pitch = lines[0].line.direction, lines[0].line.length / len(lines[0].windows)
    begins = [line.begins for line in lines]
    return all(abs((x - before_x) * ux + (y - before_y) * uy) <= LATE * pitch for (before_x, before_y), (x, y) in pairwise(begins))


def read_line(grey: GreyImage, line: TextLine, characters: int) -> ReadLine:
    """Look for so many characters along a line, whose ends may be a few characters wrong."""
    placed: Placed = place(ocrb.log_probabilities(cut(grey, line, characters)), characters)
    return ReadLine(line, placed.windows, placed.score)


def align(grey: GreyImage, read: ReadLine) -> ReadLine:
    """Move a line's ends onto its outer characters, then shift, tilt, stretch and bend it while that makes its characters surer."""
    characters = len(read.windows)
    line = _fitted(read)
    windows, score = _look(grey, line, characters)
    for round_ in range(_ROUNDS):
        before = score
        for moved in _moves(line, 0.5**round_):
            candidate_windows, candidate = _look(grey, moved, characters)
            if candidate > score + _UNCERTAIN:
                line, windows, score = moved, candidate_windows, candidate
        if score == before:
            break
    return ReadLine(line, windows, score)


def probabilities(grey: GreyImage, read: ReadLine) -> NDArray[np.float64]:
    """Read every character from nine slightly different places and average.

    Returns characters x 37 log-probabilities over CHARACTERS. A character that reads differently from one place to the next
    comes out unsure, which stands for the second reader that names without check digits need.
    """
    looks = []
    for lift in _LIFTS:
        ink = cut(grey, _shifted(read.line, lift, lift), len(read.windows))
        for sidestep in _SIDESTEPS:
            windows = np.clip(read.windows + sidestep, 0, ink.shape[1] - ocrb.WINDOW)
            looks.append(np.exp(ocrb.log_probabilities(ink, windows)[:, : ocrb.BETWEEN]))
    mean = np.mean(looks, axis=0, dtype=np.float64) + 1e-6
    return np.asarray(np.log(mean / mean.sum(axis=1, keepdims=True)))


def _look(grey: GreyImage, line: TextLine, characters: int) -> tuple[NDArray[np.int64], float]:
    placed = place(ocrb.log_probabilities(cut(grey, line, characters)), characters)
    return placed.windows, placed.score


def _fitted(read: ReadLine) -> TextLine:
    """Return the line with its ends at the outer edges of the first and last character found, and with their spread."""
    characters = len(read.windows)
    found = read.line.along(((read.windows + ocrb.WINDOW / 2) / PITCH - MARGIN) / characters)
    curve, slope, start = np.polyfit((np.arange(characters) + 0.5) / characters, found, 2)
    end = start + slope + curve
    return replace(read.line, left=read.line.at(float(start)), right=read.line.at(float(end)), spread=float(curve / (end - start)))


def _moves(line: TextLine, size: float) -> Iterator[TextLine]:
    """Yield the line after each elementary move, full size or smaller."""
    for sign in (-size, size):
        yield _shifted(line, 0.10 * sign, 0.10 * sign)
        yield _shifted(line, -0.12 * sign, 0.12 * sign)
        yield replace(line, height=line.height * (1 + 0.12 * sign))
        yield replace(line, bow=line.bow + 0.12 * sign)
        yield replace(line, taper=line.taper + 0.15 * sign)


def _shifted(line: TextLine, left: float, right: float) -> TextLine:
    """Lower the two ends by fractions of the height, at right angles to the line."""
    ux, uy = line.direction
    (x0, y0), (x1, y1) = line.left, line.right
    down_left, down_right = left * line.height, right * line.height
    return replace(line, left=(x0 - uy * down_left, y0 + ux * down_left), right=(x1 - uy * down_right, y1 + ux * down_right))
