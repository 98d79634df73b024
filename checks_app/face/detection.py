"""Faces in single pictures: is a selfie fit to be compared (R35), and where is the portrait on a document."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.faces import FaceBox, FaceEngine
from checks_app.imaging import RgbImage, to_grey
from checks_app.results import Engine, FaceFindings, Measure, Quad, Reason, SelfieFindings

QUALITY_ENGINE = Engine(name="face-quality", version="1")

MIN_EYE_DISTANCE_PX = 40.0
"""The aligned face of 150 pixels has its eyes 44 apart; with fewer here the embedding would see a blown-up face."""

MAX_NOSE_OFFSET = 0.17
"""Nose off the middle between the eyes, in eye distances: a head turned by 25 to 30 degrees."""

MAX_ROLL_DEGREES = 30.0
MIN_LUMA, MAX_LUMA = 50.0, 215.0
"""Mean grey 0..255 of the face, wide enough for every skin tone: only where the picture itself is too dark or burnt out."""

NO_SHARPNESS, MIN_SHARPNESS = 0.28, 0.36
"""See `_sharpness`. 99 % of press portraits have 0.39 and more; blurred by 3 of 150 face pixels (sigma), half have less than 0.36.
The limit of heavy blur is 0.28; sensor noise of 4 grey levels changes either by less than 0.02."""

FACE_SIDE_PX = 150
SECOND_FACE_SHARE = 0.35
"""A further face counts when it is at least so wide, against the first: people in the background do not stop anybody."""

FLAT_DOCUMENT_PX = 1280
DOCUMENT_MARGIN = 0.04
"""Room kept around the document's corners, in widths, for corners that were found a little too far inside."""


def find_face(image: RgbImage, engine: FaceEngine) -> FaceFindings | None:
    """Find and describe the largest face of a picture; None: there is none."""
    started = perf_counter()
    faces = engine.detect(image)
    return _findings(image, faces[0], engine, started) if faces else None


def inspect_selfie_image(image: RgbImage, engine: FaceEngine, burst: Sequence[RgbImage] = ()) -> SelfieFindings:
    """Judge whether a selfie can be compared. `problems` is empty when it can; a face with problems is described all the same."""
    started = perf_counter()
    faces = engine.detect(image)
    if not faces:
        return SelfieFindings((Reason.NO_FACE,), Measure(0.0, QUALITY_ENGINE, _ms(started), (Reason.NO_FACE,)), 0, None)
    face = faces[0]
    counted = [other for other in faces if other.width >= SECOND_FACE_SHARE * face.width]
    score, problems, details = _quality(image, face)
    if len(counted) > 1:
        problems = (Reason.SEVERAL_FACES, *problems)
    quality = Measure(score, QUALITY_ENGINE, _ms(started), problems, details)
    return SelfieFindings(problems, quality, len(counted), _findings(image, face, engine, perf_counter()))


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
    found = _findings(flat, faces[0], engine, started)
    return FaceFindings(_box_in_picture(faces[0], to_flat, image), found.embedding, found.engine, found.took_ms)


def _findings(image: RgbImage, face: FaceBox, engine: FaceEngine, started: float) -> FaceFindings:
    embedding = engine.embed(image, face)
    height, width = image.shape[:2]
    box = (face.left / width, face.top / height, face.right / width, face.bottom / height)
    return FaceFindings(_clipped(box), embedding, engine.engine, _ms(started))


def _quality(image: RgbImage, face: FaceBox) -> tuple[float, tuple[Reason, ...], dict[str, float]]:
    """Measure each aspect of a face as share of what is needed: 1 is exactly enough. The score is the worst aspect, halved."""
    grey = _face_grey(image, face)
    luma = float(grey.mean())
    roll = abs(degrees(atan2(face.left_eye[1] - face.right_eye[1], face.left_eye[0] - face.right_eye[0])))
    offset = abs(face.nose_offset)
    sharpness = _sharpness(grey)
    shares = {
        Reason.FACE_TOO_FAR: face.eye_distance / MIN_EYE_DISTANCE_PX,
        Reason.FACE_NOT_FRONTAL: min(2 - offset / MAX_NOSE_OFFSET, 2 - roll / MAX_ROLL_DEGREES),
        Reason.TOO_DARK: luma / MIN_LUMA,
        Reason.TOO_BRIGHT: 1 + (MAX_LUMA - luma) / (255 - MAX_LUMA),
        Reason.BLURRED: (sharpness - NO_SHARPNESS) / (MIN_SHARPNESS - NO_SHARPNESS),
    }
    problems = tuple(reason for reason, share in shares.items() if share < 1)
    details = {"eye_distance_px": face.eye_distance, "nose_offset": offset, "roll_degrees": roll, "luma": luma, "sharpness": sharpness}
    return min(1.0, max(0.0, min(shares.values()) / 2)), problems, details


def _face_grey(image: RgbImage, face: FaceBox) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    top, bottom = max(0, int(face.top)), min(height, int(face.bottom))
    left, right = max(0, int(face.left)), min(width, int(face.right))
    crop = image[top:bottom, left:right]
    return to_grey(cv2.resize(crop, (FACE_SIDE_PX, FACE_SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.uint8))


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Return how strong details of one to two pixels are against those of two to four; finer ones would be sensor noise."""
    fine, middle, coarse = (cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma) for sigma in (1.0, 2.0, 4.0))
    return float(np.abs(fine - middle).mean() / max(1e-6, float(np.abs(middle - coarse).mean())))


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
    return _clipped((placed[:, 0].min(), placed[:, 1].min(), placed[:, 0].max(), placed[:, 1].max()))


def _clipped(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(min(1.0, max(0.0, edge))) for edge in box)
    return left, top, right, bottom


def _length(vector: NDArray[np.float32]) -> float:
    return float(np.hypot(vector[0], vector[1]))


def _ms(started: float) -> int:
    return round((perf_counter() - started) * 1000)
