"""From a line of text in a picture to a strip of ink in the one size that the classifier knows."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.imaging import GreyImage

PITCH = 12  # strip pixels from one character to the next
STRIP_HEIGHT = 20  # strip pixels; the characters fill the middle 13
CAP_HEIGHT = 13
MARGIN = 3  # characters that a strip goes on beyond both ends of its line, because the ends are only estimated
_CONTEXT = 6  # strip pixels above and below that the background estimate sees
FLAT_CAP_HEIGHT = 28  # pixels; Tesseract reads OCR-B best between 20 and 30
_FLAT_SPACING = 1.7  # capital heights that a flat line is high
_AIR = 2  # characters before and behind a flat line
_BACKGROUND = 9  # strip pixels; wider than a stroke, narrower than shadows and prints behind the text

Ink = NDArray[np.float32]
"""STRIP_HEIGHT x width, 0..1, ink is high and paper is 0."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text in a picture, in its pixels: from `left` to `right` along the middle of the characters.

    The ends are the outer edges of the first and last character; height is that of a capital. bow: how far the middle of
    the line lies below the straight connection, in heights (a page that is not flat). taper: how much higher the right end
    is than the left, as a fraction of the height, spread: how much wider its characters are, as half a fraction of the width
    (a picture taken from the side).
    """

    left: tuple[float, float]
    right: tuple[float, float]
    height: float
    bow: float = 0.0
    taper: float = 0.0
    spread: float = 0.0

    @property
    def length(self) -> float:
        return hypot(self.right[0] - self.left[0], self.right[1] - self.left[1])

    @property
    def direction(self) -> tuple[float, float]:
        return (self.right[0] - self.left[0]) / self.length, (self.right[1] - self.left[1]) / self.length

    def turned(self) -> TextLine:
        """Return the same line read upside down."""
        return TextLine(self.right, self.left, self.height, -self.bow, -self.taper, -self.spread)

    def along(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tell how far from left (0) to right (1) shares of the characters lie; beyond the ends, too."""
        return np.asarray(places + self.spread * places * (places - 1))

    def at(self, along: float) -> tuple[float, float]:
        """Return the point at a fraction of the way from left (0) to right (1), on the straight connection."""
        (x0, y0), (x1, y1) = self.left, self.right
        return x0 + along * (x1 - x0), y0 + along * (y1 - y0)


def cut(grey: GreyImage, line: TextLine, characters: int) -> Ink:
    """Cut a line of so many characters out of a picture; character i is expected around column (MARGIN + i + 0.5) * PITCH."""
    fine = max(1, ceil(line.length / characters / PITCH))  # a large picture is sampled finely first, so that nothing aliases
    rows, columns = STRIP_HEIGHT + 2 * _CONTEXT, (characters + 2 * MARGIN) * PITCH
    along = ((np.arange(columns * fine) + 0.5) / fine / PITCH - MARGIN) / characters
    across = ((np.arange(rows * fine) + 0.5) / fine - rows / 2) / CAP_HEIGHT
    strip = cv2.resize(_sampled(grey, line, along, across), (columns, rows), interpolation=cv2.INTER_AREA)
    ink = cv2.morphologyEx(strip, cv2.MORPH_BLACKHAT, np.ones((_BACKGROUND, _BACKGROUND), np.uint8))
    return np.asarray(ink[_CONTEXT:-_CONTEXT] / 255, dtype=np.float32)


def flatten(grey: GreyImage, line: TextLine, characters: int) -> GreyImage:
    """Cut a line out as it looks, straight and FLAT_CAP_HEIGHT pixels high, with air around it, for a reader of its own mind."""
    pitch = FLAT_CAP_HEIGHT * PITCH / CAP_HEIGHT
    columns, rows = round((characters + 2 * _AIR) * pitch), round(FLAT_CAP_HEIGHT * _FLAT_SPACING)
    along = ((np.arange(columns) + 0.5) / pitch - _AIR) / characters
    across = (np.arange(rows) + 0.5 - rows / 2) / FLAT_CAP_HEIGHT
    return _sampled(grey, line, along, across)


def _sampled(grey: GreyImage, line: TextLine, places: NDArray[np.float64], across: NDArray[np.float64]) -> GreyImage:
    """Sample a picture on a grid that follows the line: places are shares of its characters, across is in heights below its middle."""
    along = line.along(places)
    heights = line.height * (1 + line.taper * (along - 0.5))
    offsets = heights * across[:, None] + 4 * line.bow * line.height * along * (1 - along)
    ux, uy = line.direction
    map_x = line.left[0] + along * line.length * ux - offsets * uy
    map_y = line.left[1] + along * line.length * uy + offsets * ux
    sampled = cv2.remap(grey, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, dtype=np.uint8)
