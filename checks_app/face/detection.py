"""Finds the face of a single picture and describes it."""

from __future__ import annotations

from time import perf_counter

from checks_app.faces import FaceBox, FaceEngine
from checks_app.imaging import RgbImage
from checks_app.results import FaceFindings


def find_face(image: RgbImage, engine: FaceEngine) -> FaceFindings | None:
    """Find and describe the largest face of a picture; None: there is none."""
    started = perf_counter()
    faces = engine.detect(image)
    return describe(image, faces[0], engine, started) if faces else None


def describe(image: RgbImage, face: FaceBox, engine: FaceEngine, started: float) -> FaceFindings:
    """Describe a face that was found in this very image. started: `perf_counter()` when its search began."""
    embedding = engine.embed(image, face)
    height, width = image.shape[:2]
    box = clipped((face.left / width, face.top / height, face.right / width, face.bottom / height))
    return FaceFindings(box, embedding, engine.engine, elapsed_ms(started))


def clipped(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Keep a box of fractions (left, top, right, bottom) inside the picture."""
    left, top, right, bottom = (float(min(1.0, max(0.0, edge))) for edge in box)
    return left, top, right, bottom


def elapsed_ms(started: float) -> int:
    """Return the whole milliseconds since `started`, a reading of `perf_counter`."""
    return round((perf_counter() - started) * 1000)
