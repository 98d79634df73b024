"""Grounds on which a document may lie, drawn from a seed: wood, cloth, plain, clutter, dark, papers; and a room behind it."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage

DESKS = ("wood", "cloth", "plain", "clutter", "dark")
SURROUNDINGS = (*DESKS, "papers", "room")
SHEETS = ((238, 238, 234), (226, 230, 236), (244, 238, 220), (206, 212, 206))
CARDS = ((40, 92, 140), (176, 52, 60), (226, 190, 90), (70, 120, 92), (30, 32, 38), (208, 222, 228))


def desk(name: str, size: tuple[int, int], chance: Generator) -> RgbImage:
    """Draw a ground of (width, height) pixels."""
    drawn = {"wood": _wood, "cloth": _cloth, "plain": _plain, "clutter": _clutter, "dark": _dark, "papers": _papers, "room": _room}
    return drawn[name](size, chance)


def cloud(size: tuple[int, int], cells: tuple[int, int], chance: Generator) -> NDArray[np.float32]:
    """Smooth noise of height x width, about -1..1, with `cells` bumps across and down."""
    coarse = chance.normal(0, 0.5, (cells[1] + 2, cells[0] + 2)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _wood(size: tuple[int, int], chance: Generator) -> RgbImage:
    tone = np.array([(128, 86, 54), (172, 128, 86), (92, 62, 44), (196, 164, 126)][chance.integers(4)], dtype=np.float32)
    bend = cloud(size, (3, 3), chance) * 30
    rings = np.sin((np.arange(size[1], dtype=np.float32)[:, None] * 0.9 + bend * 3) * 0.06)
    grain = cloud(size, (12, size[1] // 5), chance) * 0.5 + cloud(size, (30, size[1] // 2), chance) * 0.35
    shade = 1 + 0.07 * rings + 0.08 * grain
    for seam in range(int(chance.integers(60, 200)), size[1], int(chance.integers(240, 420))):
        shade[seam : seam + 3] *= 0.62
    return _clipped(tone * shade[..., None])


def _cloth(size: tuple[int, int], chance: Generator) -> RgbImage:
    tone = np.array([(72, 92, 130), (150, 60, 62), (96, 108, 92), (188, 180, 164)][chance.integers(4)], dtype=np.float32)
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    weave = 0.07 * np.sin(across * 0.9) * np.sin(down * 0.9) + 0.08 * cloud(size, (size[0] // 6, size[1] // 6), chance)
    folds = 0.16 * cloud(size, (4, 4), chance)
    return _clipped(tone * (1 + weave + folds)[..., None])


def _plain(size: tuple[int, int], chance: Generator) -> RgbImage:
    tone = np.array([(158, 164, 170), (206, 204, 200), (92, 112, 104), (60, 70, 96)][chance.integers(4)], dtype=np.float32)
    return _clipped(tone * (1 + 0.05 * cloud(size, (3, 3), chance) + 0.03 * cloud(size, (size[0] // 3, size[1] // 3), chance))[..., None])


def _dark(size: tuple[int, int], chance: Generator) -> RgbImage:
    tone = np.array((44, 42, 46), dtype=np.float32)
    return _clipped(tone * (1 + 0.2 * cloud(size, (5, 5), chance) + 0.2 * cloud(size, (size[0] // 4, size[1] // 4), chance))[..., None])


def _clutter(size: tuple[int, int], chance: Generator) -> RgbImage:
    """A wooden desk with sheets of paper, notes and pens, most of them partly below the document."""
    canvas = _wood(size, chance)
    for _ in range(int(chance.integers(2, 5))):
        centre = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        sides = chance.uniform(0.15, 0.55) * size[0], chance.uniform(0.12, 0.4) * size[0]
        ink = [(232, 232, 228), (240, 220, 110), (216, 222, 230), (122, 36, 44), (40, 60, 92)][chance.integers(5)]
        box = cv2.boxPoints((centre, sides, float(chance.uniform(0, 180))))
        cv2.fillPoly(canvas, [box.astype(np.int32)], ink, cv2.LINE_AA)
        if sum(ink) > 600:
            for row in np.linspace(0.15, 0.85, 9):
                start, end = box[0] + (box[1] - box[0]) * row, box[3] + (box[2] - box[3]) * row
                cv2.line(canvas, _pixel(start * 0.9 + end * 0.1), _pixel(start * 0.2 + end * 0.8), (120, 124, 140), 2, cv2.LINE_AA)
    for _ in range(int(chance.integers(1, 3))):
        start = chance.uniform(0, 1, 2) * size
        angle = chance.uniform(0, 2 * np.pi)
        end = start + 0.5 * size[0] * np.array([np.cos(angle), np.sin(angle)])
        red, green, blue = (int(part) for part in chance.integers(20, 200, 3))
        cv2.line(canvas, _pixel(start), _pixel(end), (red, green, blue), size[0] // 55, cv2.LINE_AA)
    return canvas


def _papers(size: tuple[int, int], chance: Generator) -> RgbImage:
    """A desk full of printed sheets, some as large as the picture, and of other cards: all around the document and below it."""
    canvas = [_wood, _plain, _dark][chance.integers(3)](size, chance)
    for _ in range(int(chance.integers(3, 6))):
        centre = (float(chance.uniform(0, size[0])), float(chance.uniform(0, size[1])))
        width = float(chance.uniform(0.4, 0.9) * size[0])
        box = cv2.boxPoints((centre, (width, width * 1.41), float(chance.uniform(0, 180))))
        _sheet(
            canvas,
            np.asarray(box, dtype=np.float32),
            SHEETS[chance.integers(len(SHEETS))],
            rows=int(chance.integers(20, 44)),
            chance=chance,
        )
    for _ in range(int(chance.integers(1, 4))):
        edge = np.array([chance.uniform(0, 1), float(chance.integers(2))])[:: int(chance.choice((-1, 1)))] * size
        width = float(chance.uniform(0.3, 0.5) * size[0])
        box = cv2.boxPoints(((float(edge[0]), float(edge[1])), (width, width / 1.586), float(chance.uniform(0, 180))))
        _sheet(
            canvas, np.asarray(box, dtype=np.float32), CARDS[chance.integers(len(CARDS))], rows=int(chance.integers(3, 6)), chance=chance
        )
    return canvas


def _sheet(canvas: RgbImage, box: NDArray[np.float32], tone: tuple[int, int, int], *, rows: int, chance: Generator) -> None:
    """Lay a sheet with a shadow along its sides and lines of print on it."""
    cv2.polylines(canvas, [(box + 3).astype(np.int32)], True, (70, 66, 62), 5, cv2.LINE_AA)
    cv2.fillPoly(canvas, [box.astype(np.int32)], tone, cv2.LINE_AA)
    ink = (60, 62, 70) if sum(tone) > 420 else (224, 224, 226)
    for row in np.linspace(0.08, 0.92, rows):
        start, end = box[0] + (box[1] - box[0]) * row, box[3] + (box[2] - box[3]) * row
        words = np.sort(chance.uniform(0.08, 0.92, 8))
        for left, right in itertools.pairwise(words):
            stroke = start + (end - start) * left, start + (end - start) * (right - 0.012)
            cv2.line(canvas, _pixel(stroke[0]), _pixel(stroke[1]), ink, max(1, canvas.shape[1] // 500), cv2.LINE_AA)


def _room(size: tuple[int, int], chance: Generator) -> RgbImage:
    """What is behind a document that is held up: walls, windows and furniture, far out of focus."""
    small = size[0] // 8, size[1] // 8
    canvas = _plain(small, chance)
    for _ in range(int(chance.integers(4, 9))):
        corner, reach = chance.uniform(-0.2, 0.9, 2) * small, chance.uniform(0.1, 0.6, 2) * small
        red, green, blue = (int(part) for part in chance.integers(20, 240, 3))
        cv2.rectangle(canvas, _pixel(corner), _pixel(corner + reach), (red, green, blue), -1)
    blurred = cv2.GaussianBlur(canvas, (0, 0), float(chance.uniform(1.5, 4)))
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _pixel(point: NDArray[np.floating]) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def _clipped(values: NDArray[np.float32]) -> RgbImage:
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)
