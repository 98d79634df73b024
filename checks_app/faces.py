"""The one face type that selfie, portrait and liveness checks share, and what an engine must offer to find and describe it."""

from __future__ import annotations

from dataclasses import dataclass
from math import dist, hypot
from pathlib import Path
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

    def turned_back(self, quarter_turns: int, height: int, width: int) -> FaceBox:
        """Express a face found in `np.rot90(image, quarter_turns)`, 1 to 3, in the pixels of `image` of this height and width."""

        def back(point: Point) -> Point:
            x, y = point
            return {1: (width - 1 - y, x), 2: (width - 1 - x, height - 1 - y), 3: (y, height - 1 - x)}[quarter_turns]

        one, other = back((self.left, self.top)), back((self.right, self.bottom))
        return FaceBox(
            left=min(one[0], other[0]),
            top=min(one[1], other[1]),
            right=max(one[0], other[0]),
            bottom=max(one[1], other[1]),
            left_eye=back(self.left_eye),
            right_eye=back(self.right_eye),
            nose=back(self.nose),
            landmarks=tuple(back(point) for point in self.landmarks),
        )

    def surroundings(self, image: RgbImage) -> tuple[int, int, int, int] | None:
        """Return (left, top, right, bottom) of the face and half its size around it, as far as these lie in the picture.

        A face that is followed is looked for there. None: less than half of the face's size is left.
        """
        height, width = image.shape[:2]
        left, right = max(0, int(self.left - self.width / 2)), min(width, int(self.right + self.width / 2))
        top, bottom = max(0, int(self.top - self.height / 2)), min(height, int(self.bottom + self.height / 2))
        if right - left < self.width / 2 or bottom - top < self.height / 2:
            return None
        return left, top, right, bottom

    def _nose_from_eyes(self) -> Point:
        eye_x, eye_y = self.left_eye[0] - self.right_eye[0], self.left_eye[1] - self.right_eye[1]
        nose_x = self.nose[0] - (self.left_eye[0] + self.right_eye[0]) / 2
        nose_y = self.nose[1] - (self.left_eye[1] + self.right_eye[1]) / 2
        square = max(eye_x * eye_x + eye_y * eye_y, 1e-6)
        return (nose_x * eye_x + nose_y * eye_y) / square, (nose_y * eye_x - nose_x * eye_y) / square


def distance(one: Embedding, other: Embedding) -> float:
    """Return the Euclidean distance of two embeddings of one engine. Raises ValueError when their lengths differ."""
    return dist(one, other)


class FaceEngine(Protocol):
    """Finds faces and turns each into numbers. Embeddings of different engines or versions must never be compared."""

    engine: Engine
    """Name and version. The version changes with anything that changes an embedding."""

    calibration: Path
    """The file that says what distances are worth (`match_level`). `load_engine` refuses an engine without one of its own version."""

    same_sitting_distance: float
    """Distance beyond which two frames of one recording, one of them turned up to 35 degrees, show different people."""

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def version(self) -> str:
        return self.engine.version

    def detect(self, image: RgbImage) -> tuple[FaceBox, ...]:
        """Find all faces, largest first, sideways ones only when no upright one is there. Empty: none found."""
        ...

    def track(self, image: RgbImage, last: FaceBox) -> FaceBox | None:
        """Find the face again near the place where it was in the picture before; much cheaper than `detect`."""
        ...

    def embed(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face that was found in this very image."""
        ...

    def glance(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face for comparison within one recording: half the cost of `embed` where an engine offers it."""
        return self.embed(image, face)

    def distance(self, one: Embedding, other: Embedding) -> float:
        """Return how unlike two of this engine's embeddings are. Euclidean for every engine, so that judging needs none loaded."""
        return distance(one, other)
