"""The one face type that selfie, portrait and liveness checks share, and what an engine must offer to find and describe it."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Protocol

from checks_app.imaging import RgbImage
from checks_app.results import Engine

Point = tuple[float, float]
"""x to the right, y downwards, in pixels of the image in which the face was found."""

Embedding = tuple[float, ...]
"""Unit-less floats that describe a face; the smaller the Euclidean distance of two of one engine, the more alike the faces."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A face in pixels. Left and right eye are the person's own; `landmarks` are the engine's points, in its own order."""

    left: float
    top: float
    right: float
    bottom: float
    left_eye: Point
    right_eye: Point
    nose: Point
    landmarks: tuple[Point, ...]

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def eye_distance(self) -> float:
        """Pixels between the centres of the eyes."""
        return hypot(self.left_eye[0] - self.right_eye[0], self.left_eye[1] - self.right_eye[1])

    @property
    def nose_offset(self) -> float:
        """How far the nose lies off the middle between the eyes, along their line, in eye distances; + is towards the left eye."""
        along, _ = self._nose_from_eyes()
        return along

    @property
    def nose_height(self) -> float:
        """How far the nose lies below the line of the eyes, in eye distances."""
        _, below = self._nose_from_eyes()
        return below

    def _nose_from_eyes(self) -> Point:
        eye_x, eye_y = self.left_eye[0] - self.right_eye[0], self.left_eye[1] - self.right_eye[1]
        nose_x = self.nose[0] - (self.left_eye[0] + self.right_eye[0]) / 2
        nose_y = self.nose[1] - (self.left_eye[1] + self.right_eye[1]) / 2
        square = max(eye_x * eye_x + eye_y * eye_y, 1e-6)
        return (nose_x * eye_x + nose_y * eye_y) / square, (nose_y * eye_x - nose_x * eye_y) / square


class FaceEngine(Protocol):
    """Finds faces and turns each into numbers. Embeddings of different engines or versions must never be compared."""

    @property
    def engine(self) -> Engine:
        """Name, which is also the name of the calibration file, and version."""

    @property
    def same_sitting_distance(self) -> float:
        """Distance beyond which two frames of one recording, one of them turned up to 35 degrees, show different people."""

    def detect(self, image: RgbImage) -> tuple[FaceBox, ...]:
        """Find all faces, largest first, sideways ones only when no upright one is there. Empty: none found."""

    def track(self, image: RgbImage, last: FaceBox) -> FaceBox | None:
        """Find the face again near the place where it was in the picture before; much cheaper than `detect`."""

    def embed(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face that was found in this very image."""
