"""The dark frame of a device around a document: a larger rectangle, parallel to it, whose border is straight, dark and even."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.framing import true_aspect
from checks_app.document.rectify import in_pixels
from checks_app.imaging import RgbImage
from checks_app.results import Quad

FLAT_WIDTH, MARGIN = 400, 0.45  # pixels of the flattened document; how far around it a frame is looked for, share of its width
STEP, STRAIGHT = 9, 0.85  # LAB units of a step; share of a side along which it runs
DARK = 30  # CIE lightness of a device's frame, 0 black to 100
REACH = 4  # rows across which a step is measured
THICKNESS, APART, INWARD = 0.025, 0.03, 0.12  # of the document's width: band, its distance from the side, search inwards
SIDES = 3  # of four that make a frame: one may lie outside the picture
"""How many sides it takes to call it a frame."""

Plane = NDArray[np.float32]


def find_bezel(image: RgbImage, quad: Quad) -> tuple[int, Quad | None]:
    """Look along the document's four sides for the border of a device's dark frame.

    Returns on how many sides it was found (0..4) and, from SIDES on, where it is in the picture: a missing side is the document's.
    """
    margin = round(MARGIN * FLAT_WIDTH)
    height = round(FLAT_WIDTH / true_aspect(quad, (image.shape[1], image.shape[0])))
    target = np.array([(0, 0), (FLAT_WIDTH, 0), (FLAT_WIDTH, height), (0, height)], dtype=np.float32) + margin
    warp = cv2.getPerspectiveTransform(in_pixels(quad, image), target)
    size = FLAT_WIDTH + 2 * margin, height + 2 * margin
    flat = cv2.warpPerspective(np.asarray(cv2.blur(image, (3, 3)), dtype=np.float32) / 255, warp, size)
    inside = cv2.warpPerspective(np.ones(image.shape[:2], np.uint8), warp, size, flags=cv2.INTER_NEAREST)
    lab = np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), dtype=np.float32)
    rows = [_border_row(np.rot90(lab, turn), np.rot90(inside, turn), margin) for turn in range(4)]  # top, right, bottom, left
    found = sum(row is not None for row in rows)
    if found < SIDES:
        return found, None
    top, right, bottom, left = (margin if row is None else row for row in rows)
    box = np.array([[(left, top), (size[0] - right, top), (size[0] - right, size[1] - bottom), (left, size[1] - bottom)]], dtype=np.float32)
    corners = cv2.perspectiveTransform(box, np.linalg.inv(warp))[0] / (image.shape[1], image.shape[0])
    return found, Quad(tuple((float(x), float(y)) for x, y in corners))


def _border_row(lab: Plane, inside: NDArray[np.uint8], margin: int) -> int | None:
    """Return the row of a straight border of an even dark band along the top side of a flattened document, above it or a little below.

    Below it, too, because the quad may be the display's own. At the side itself nothing counts: there any dark desk begins.
    """
    width = lab.shape[1]
    columns = slice(margin + width // 20, width - margin - width // 20)
    rows = slice(0, margin + round(INWARD * FLAT_WIDTH))
    strip, valid = lab[rows, columns], np.asarray(inside[rows, columns].all(axis=1))
    dark = np.asarray((np.percentile(strip[..., 0], 90, axis=1) < DARK) & valid)
    step = np.linalg.norm(strip[REACH:] - strip[:-REACH], axis=2)
    straight = np.asarray((step > STEP).mean(axis=1) > STRAIGHT) & valid[:-REACH]
    thick, apart = round(THICKNESS * FLAT_WIDTH), round(APART * FLAT_WIDTH)
    for row in np.flatnonzero(straight):
        if abs(row + REACH // 2 - margin) < apart:
            continue
        above, below = dark[max(0, row - thick) : row + 1], dark[row + REACH : row + REACH + thick]
        if (above.all() and len(above) > thick) or (below.all() and len(below) == thick):
            return int(row + REACH // 2)
    return None
