"""Where the portrait on a document is, and what face it shows."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.face.detection import clipped, describe, find_face
from checks_app.faces import FaceBox, FaceEngine
from checks_app.imaging import RgbImage
from checks_app.results import FaceFindings, Quad

FLAT_DOCUMENT_PX = 1280
DOCUMENT_MARGIN = 0.04
"""Room kept around the document's corners, in widths, for corners that were found a little too far inside."""


def find_portrait(image: RgbImage, engine: FaceEngine, quad: Quad | None) -> FaceFindings | None:
    """Find the portrait on a document: the largest face inside the quad, or in the whole picture when no quad is known.

    A card often carries the portrait twice; the larger one is the main portrait, the other a faint ghost of it. Faces outside
    the document, such as the holder's own behind it, never count.
    """
    started = perf_counter()
    if quad is None:
        return find_face(image, engine)
    flat, to_flat = _flatten(image, quad)
    faces = engine.detect(flat)
    if not faces:
        return None
    return replace(describe(flat, faces[0], engine, started), box=_box_in_picture(faces[0], to_flat, image))


def _flatten(image: RgbImage, quad: Quad) -> tuple[RgbImage, NDArray[np.float64]]:
    """Rectify the document to a flat picture, with a little margin, and return the transformation that did it."""
    height, width = image.shape[:2]
    corners = np.array(quad.corners, dtype=np.float32) * np.array([width, height], dtype=np.float32)
    across = max(_length(corners[1] - corners[0]), _length(corners[2] - corners[3]))
    down = max(_length(corners[3] - corners[0]), _length(corners[2] - corners[1]))
    scale = FLAT_DOCUMENT_PX / max(across, down, 1.0)
    right, bottom = across * scale, down * scale
    margin = DOCUMENT_MARGIN * FLAT_DOCUMENT_PX
    target = np.array([(0, 0), (right, 0), (right, bottom), (0, bottom)], dtype=np.float32) + np.float32(margin)
    to_flat = cv2.getPerspectiveTransform(corners, target)
    size = (round(right + 2 * margin), round(bottom + 2 * margin))
    return np.asarray(cv2.warpPerspective(image, to_flat, size), dtype=np.uint8), np.asarray(to_flat, dtype=np.float64)


def _box_in_picture(face: FaceBox, to_flat: NDArray[np.float64], image: RgbImage) -> tuple[float, float, float, float]:
    corners = [(face.left, face.top), (face.right, face.top), (face.right, face.bottom), (face.left, face.bottom)]
    back = np.asarray(np.linalg.inv(to_flat), dtype=np.float64)
    placed = np.asarray(cv2.perspectiveTransform(np.array([corners], dtype=np.float64), back)[0], dtype=np.float64)
    height, width = image.shape[:2]
    placed /= (width, height)
    return clipped((placed[:, 0].min(), placed[:, 1].min(), placed[:, 0].max(), placed[:, 1].max()))


def _length(vector: NDArray[np.float32]) -> float:
    return float(np.hypot(vector[0], vector[1]))
