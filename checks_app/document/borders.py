"""A document's border, flattened: what lies inside it, what outside, and where an edge shows between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rectify import in_pixels
from checks_app.imaging import RgbImage
from checks_app.results import Quad

LONG_SIDE = 640  # pixels of the document's longer side when its border is looked at
MARGIN = 51  # pixels around it
NEAR_MM, FAR_MM = 1.2, 3.2  # the strips beside the border whose colour is looked at
CORNER_MM = 4.0  # rounded corners (ISO/IEC 7810: 3.18 mm) have no straight border
CLEAR_EDGE = 14  # LAB units across the border: an edge beyond doubt

LabImage = NDArray[np.float32]
"""Height x width x 3, LAB: L 0..100, a and b about -100..100."""

Strip = NDArray[np.float32]
"""n x 3 LAB colours along one side, clockwise."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Flat:
    """A document with MARGIN pixels of what lies around it, seen straight from above.

    to_picture: 3 x 3, from its pixels to fractions of the picture.
    """

    lab: LabImage
    per_mm: float
    to_picture: NDArray[np.float64]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the document alone, in pixels."""
        return self.lab.shape[1] - 2 * MARGIN, self.lab.shape[0] - 2 * MARGIN

    def place(self, left: float, top: float, right: float, bottom: float) -> Quad:
        """Return where a rectangle in its pixels lies in the picture."""
        corners = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], dtype=np.float32)
        found = cv2.perspectiveTransform(corners, self.to_picture)[0]
        return Quad(tuple((float(np.clip(x, 0, 1)), float(np.clip(y, 0, 1))) for x, y in found))

    def box(self, area: Quad) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in its pixels of what is an area of the picture."""
        found = cv2.perspectiveTransform(np.array([area.corners], dtype=np.float32), np.linalg.inv(self.to_picture))[0]
        (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
        return int(left), int(top), int(right), int(bottom)


@dataclass(frozen=True, slots=True)
class Side:
    """One side without its corners, turned so that it is on top and runs clockwise. turn: quarter turns anticlockwise that did it."""

    turn: int
    inside: Strip
    outside: Strip
    edge: NDArray[np.bool_]  # n: an edge lies on the border here


def flatten(image: RgbImage, quad: Quad, aspect: float, long_side_mm: float) -> Flat:
    """Flatten a document of a known aspect (longer over shorter side), its first side being a long one."""
    width, height = LONG_SIDE, round(LONG_SIDE / aspect)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32) + MARGIN
    warp = cv2.getPerspectiveTransform(in_pixels(quad, image), target)
    size = width + 2 * MARGIN, height + 2 * MARGIN
    flat = cv2.warpPerspective(image, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lab = cv2.cvtColor(np.asarray(cv2.blur(flat, (3, 3)), dtype=np.float32) / 255, cv2.COLOR_RGB2LAB)
    to_fractions = np.diag([1 / image.shape[1], 1 / image.shape[0], 1])
    return Flat(np.asarray(lab, dtype=np.float32), LONG_SIDE / long_side_mm, to_fractions @ np.linalg.inv(warp))


def read_sides(flat: Flat) -> list[Side]:
    """Read the four sides: top, right, bottom, left."""
    near, far = round(NEAR_MM * flat.per_mm), round(FAR_MM * flat.per_mm)
    skip, reach = first_place(flat), max(2, near // 2)
    sides = []
    for turn in range(4):
        view = np.rot90(flat.lab, turn)[:, skip:-skip]  # a quarter turn anticlockwise brings the right side to the top
        across = view[MARGIN - near : MARGIN + near + 1]
        jump = np.linalg.norm(across[reach:] - across[:-reach], axis=2).max(axis=0)
        inside, outside = view[MARGIN + near : MARGIN + far], view[MARGIN - far : MARGIN - near]
        sides.append(Side(turn, np.median(inside, axis=0), np.median(outside, axis=0), jump > CLEAR_EDGE))
    return sides


def first_place(flat: Flat) -> int:
    """Return the column of a turned `lab` at which a side begins."""
    return MARGIN + round(CORNER_MM * flat.per_mm)
