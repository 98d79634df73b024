"""What may hide eyes, drawn over a photograph: dark glasses, a hand, hair, burnt-out highlights. Every drawing follows from its chance."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.faces import FaceBox, Point
from checks_app.imaging import RgbImage

Plane = NDArray[np.float32]


class Canvas:
    """A photograph that is drawn on, in eye distances along and below the line of the eyes."""

    def __init__(self, image: RgbImage, face: FaceBox) -> None:
        self.image, self._unit = image.astype(np.float32), face.eye_distance
        self._eyes = np.array([face.left_eye, face.right_eye])
        self._along = (self._eyes[0] - self._eyes[1]) / self._unit
        self._below = np.array([-self._along[1], self._along[0]])
        rows, columns = np.mgrid[0 : image.shape[0], 0 : image.shape[1]].astype(np.float32)
        self._columns, self._rows = columns, rows

    def around(self, x: float, y: float = 0.0, turn: float = 0.0) -> tuple[Plane, Plane]:
        """Coordinates around the point `x` to the left of the middle between the eyes and `y` below; an eye is at x = 0.5 or -0.5."""
        centre = self._eyes.mean(axis=0) + (x * self._along + y * self._below) * self._unit
        right, down = (self._columns - centre[0]) / self._unit, (self._rows - centre[1]) / self._unit
        along = right * self._along[0] + down * self._along[1]
        below = right * self._below[0] + down * self._below[1]
        return along * np.cos(turn) + below * np.sin(turn), below * np.cos(turn) - along * np.sin(turn)

    def skin(self) -> Plane:
        """The colour below the nose's root."""
        x, y = (self._eyes.mean(axis=0) + 0.5 * self._below * self._unit).round().astype(int)
        return np.asarray(self.image[np.clip(y, 0, len(self.image) - 1), np.clip(x, 0, self.image.shape[1] - 1)], dtype=np.float32)

    def lay(self, shape: NDArray[np.bool_], colour: Plane | float, soft: float = 1.5, cover: float = 1.0) -> None:
        """Cover `shape` with a colour, with a rim of `soft` pixels."""
        share = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), soft)[..., None] * cover
        self.image = self.image * (1 - share) + colour * share

    def drawn(self) -> RgbImage:
        return np.clip(self.image, 0, 255).astype(np.uint8)


def _oval(along: Plane, below: Plane, size: Point, power: float = 2) -> NDArray[np.bool_]:
    return np.asarray(np.abs(along / size[0]) ** power + np.abs(below / size[1]) ** power < 1)


def dark_glasses(canvas: Canvas, chance: Generator) -> None:
    size, power = (chance.uniform(0.34, 0.44), chance.uniform(0.24, 0.34)), float(chance.choice([2, 4]))
    along, below = canvas.around(0, -0.03)
    shape = (np.abs(along) < 0.5) & (np.abs(below) < 0.04)
    for eye in (0.5, -0.5):
        shape |= _oval(*canvas.around(eye, 0.04), size, power)
    sky = chance.choice([0, 40]) * np.clip(0.5 - below / size[1], 0, 1)[..., None]
    canvas.lay(shape, chance.uniform(3, 45) + sky, 1.2, chance.uniform(0.85, 1))
    if chance.random() < 0.5:
        for eye in (0.5, -0.5):
            spot = _oval(*canvas.around(eye + chance.uniform(-0.15, 0.15), -0.1), (0.1, 0.05))
            canvas.lay(spot, 230.0, 2, chance.uniform(0.2, 0.6))


def hand(canvas: Canvas, chance: Generator) -> None:
    _hand(canvas, chance, 0.0, (chance.uniform(0.85, 1.3), chance.uniform(0.22, 0.4)))


def hand_on_one_eye(canvas: Canvas, chance: Generator) -> None:
    _hand(canvas, chance, float(chance.choice([0.5, -0.5])), (chance.uniform(0.4, 0.6), chance.uniform(0.25, 0.45)))


def _hand(canvas: Canvas, chance: Generator, x: float, size: Point) -> None:
    """Skin of about the face's colour, a little rounded, with up to two gaps between fingers."""
    along, below = canvas.around(x, 0, chance.uniform(-0.3, 0.3))
    light = chance.uniform(0.75, 1.15) * (1 + 0.06 * np.sin(along / 0.35 + chance.uniform(0, 6)))
    for _ in range(chance.integers(0, 3)):
        light = light * (1 - 0.35 * np.exp(-(((below - size[1] * chance.uniform(-0.6, 0.6)) / 0.025) ** 2)))
    grain = chance.normal(0, 3, (*along.shape, 1))
    canvas.lay(_oval(along, below, size, 4), np.asarray(light[..., None] * canvas.skin() + grain, dtype=np.float32))


def hair(canvas: Canvas, chance: Generator) -> None:
    along, below = canvas.around(float(chance.choice([0.5, -0.5])))
    shape = (np.abs(along - below * chance.uniform(-0.3, 0.3)) < chance.uniform(0.3, 0.45)) & (below < 0.5)
    strands = cv2.GaussianBlur(chance.normal(0, 2.1, along.shape).astype(np.float32), (0, 0), sigmaX=1.5, sigmaY=15)
    canvas.lay(shape, np.clip(chance.uniform(15, 90) * (1 + strands), 0, 255)[..., None], 2, 0.97)


def highlights(canvas: Canvas, chance: Generator) -> None:
    """White reflections in one lens or in both, from a seventh to almost a third of the eyes' distance wide to each side."""
    for eye in ((0.5,), (-0.5,), (0.5, -0.5))[chance.integers(3)]:
        width = chance.uniform(0.14, 0.3)
        place = canvas.around(eye + chance.uniform(-0.12, 0.12), chance.uniform(-0.08, 0.08), chance.uniform(-0.6, 0.6))
        canvas.lay(_oval(*place, (width, width * chance.uniform(0.4, 0.9))), chance.uniform(248, 262), chance.uniform(1, 3))


EYES_HIDDEN: tuple[Callable[[Canvas, Generator], None], ...] = (dark_glasses, hand, hand_on_one_eye, hair)


def covered(image: RgbImage, face: FaceBox, cover: Callable[[Canvas, Generator], None], chance: Generator) -> RgbImage:
    """Draw `cover` over a face."""
    canvas = Canvas(image, face)
    cover(canvas, chance)
    return canvas.drawn()
