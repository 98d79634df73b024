"""The engine of models that an operator brings: a YuNet detector and a recogniser of the SFace or ArcFace form, through OpenCV.

`models.toml` in the operator's folder has a table for each:

    [detector]                # YuNet with the outputs that cv2.FaceDetectorYN reads
    file = "face_detection_yunet_2023mar.onnx"
    sha256 = "…"

    [recogniser]              # 1 x 3 x 112 x 112 in, 1 x n floats out
    file = "face_recognition_sface_2021dec.onnx"
    sha256 = "…"
    mean = 0                  # input = (value 0..255 - mean) * scale; SFace: 0 and 1, ArcFace of InsightFace: 127.5 and 0.0078431
    scale = 1
    channels = "RGB"

The calibration lies beside them as `calibration.json`.
"""

from __future__ import annotations

from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.face.match_level import ONNX_ENGINE, CalibrationMissing, UnreadableCalibration, calibration_path, load_calibration
from checks_app.faces import Embedding, FaceBox, FaceEngine
from checks_app.imaging import RgbImage, fit_within
from checks_app.model_files import ModelFile, ModelRefused, blob, read_manifest, read_model
from checks_app.results import Engine

FORM = "1"
"""Changes with anything below that changes an embedding, and with it the version of every engine of this kind."""

SEARCH_SIDE_PX = 640
"""Longer side at which faces are looked for: YuNet sees faces of about 10 to 300 pixels."""

TRACKED_WIDTH_PX = 96
LEAST_SCORE = 0.7
OVERLAP = 0.3
MOST_FACES = 50
SHORTEST = 1e-6

CHIP_PX = 112
TEMPLATE = np.array([38.2946 + 51.6963j, 73.5318 + 51.5014j, 56.0252 + 71.7366j, 41.5493 + 92.3655j, 70.7299 + 92.2041j])
"""Where right eye, left eye, nose and corners of the mouth lie on a face of 112 x 112, as x + iy (ArcFace, arXiv:1801.07698)."""


class NoEmbedding(ArithmeticError):
    """The recogniser's output has no direction. Two such outputs would look like one person."""


class OnnxEngine(FaceEngine):
    """The embedding is the mean over the aligned face and its mirror image, at unit length: distances run from 0 to 2."""

    def __init__(self, folder: Path) -> None:
        """Load the models of the operator's folder and try each once. Raises ModelRefused."""
        manifest = read_manifest(folder)
        detector, recogniser = (read_model(folder, manifest.get(part)) for part in ("detector", "recogniser"))
        self.engine = Engine(name=ONNX_ENGINE, version=_version(detector, recogniser))
        self.calibration = calibration_path(ONNX_ENGINE, folder)
        self.same_sitting_distance = _second_level(folder)
        self._detector = _detector(detector)
        self._network = recogniser.network()
        self._recogniser = recogniser.emptied()
        self._try(detector)

    def detect(self, image: RgbImage) -> tuple[FaceBox, ...]:
        """Find all faces, largest first; a picture without an upright one is turned by quarters."""
        for quarter_turns in range(4):
            turned = np.ascontiguousarray(np.rot90(image, quarter_turns))
            faces = self._boxes(turned, fit_within(turned, SEARCH_SIDE_PX))
            if faces:
                return tuple(face.turned_back(quarter_turns, *image.shape[:2]) for face in faces) if quarter_turns else faces
        return ()

    def track(self, image: RgbImage, last: FaceBox) -> FaceBox | None:
        """Find the face within its own width around its last place; None: it is not there."""
        around = last.surroundings(image)
        if around is None:
            return None
        left, top, right, bottom = around
        crop = np.ascontiguousarray(image[top:bottom, left:right])
        side = max(1, round(max(crop.shape[:2]) * min(1.0, TRACKED_WIDTH_PX / last.width)))
        return next(iter(self._boxes(crop, fit_within(crop, side), left, top)), None)

    def embed(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face: unit-less floats at unit length. Raises NoEmbedding."""
        chip = self.chip(image, face)
        mean = _unit(self.describe(chip)) + _unit(self.describe(chip[:, ::-1]))
        return tuple(float(value) for value in _unit(mean))

    def glance(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face without its mirror image, at unit length. Raises NoEmbedding."""
        return tuple(float(value) for value in _unit(self.describe(self.chip(image, face))))

    def chip(self, image: RgbImage, face: FaceBox) -> RgbImage:
        """Cut out the face, 112 x 112, by the turn, scale and shift that bring its five points closest to the template."""
        points = np.array([complex(*point) for point in face.landmarks])
        centred, template = points - points.mean(), TEMPLATE - TEMPLATE.mean()
        turn = np.vdot(centred, template) / max(float(np.vdot(centred, centred).real), 1e-9)
        shift = TEMPLATE.mean() - turn * points.mean()
        matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
        return np.asarray(cv2.warpAffine(image, matrix, (CHIP_PX, CHIP_PX), flags=cv2.INTER_LINEAR), dtype=np.uint8)

    def describe(self, chip: RgbImage) -> NDArray[np.float64]:
        """Return the network's plain output for a chip."""
        self._network.setInput(blob(chip, self._recogniser, "RGB"))
        return np.asarray(self._network.forward(), dtype=np.float64).ravel()

    def _boxes(self, image: RgbImage, small: RgbImage, left: int = 0, top: int = 0) -> tuple[FaceBox, ...]:
        """Find faces in `small`, which shows `image`, and give them in the pixels of the picture where that begins at (left, top)."""
        if min(small.shape[:2]) < 2:
            return ()
        self._detector.setInputSize((small.shape[1], small.shape[0]))
        rows: Any = self._detector.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))[1]
        if rows is None:
            return ()
        scale = image.shape[1] / small.shape[1]
        found = [_face(np.asarray(row, dtype=np.float64)[:14] * scale, left, top) for row in rows if np.isfinite(row).all()]
        return tuple(sorted(found, key=lambda face: -face.width * face.height))

    def _try(self, detector: ModelFile) -> None:
        """Run each model once, so that one of another form is refused here and not in the middle of a session."""
        blank = np.full((CHIP_PX, CHIP_PX, 3), 127, dtype=np.uint8)
        try:
            self._boxes(blank, blank)
        except cv2.error as failure:
            raise detector.refused(failure) from failure
        try:
            described = self.describe(blank)
        except cv2.error as failure:
            raise self._recogniser.refused(failure) from failure
        if len(self._network.getUnconnectedOutLayersNames()) > 1 or len(described) < 2 or not np.isfinite(described).all():
            raise ModelRefused(f"{self._recogniser.name} does not give one row of numbers for a face: it is no recogniser")


def _detector(model: ModelFile) -> cv2.FaceDetectorYN:
    content, nothing = np.frombuffer(model.content, dtype=np.uint8), np.empty(0, dtype=np.uint8)
    try:
        return cv2.FaceDetectorYN.create("onnx", content, nothing, (SEARCH_SIDE_PX, SEARCH_SIDE_PX), LEAST_SCORE, OVERLAP, MOST_FACES)
    except cv2.error as failure:
        raise model.refused(failure) from failure


def _version(detector: ModelFile, recogniser: ModelFile) -> str:
    """Name everything that an embedding depends on by twelve hexadecimal digits."""
    prepared = f"{recogniser.number('mean', 0.0)} {recogniser.number('scale', 1.0)} {recogniser.options.get('channels', 'RGB')}"
    return sha256(f"{FORM} {detector.sha256} {recogniser.sha256} {prepared}".encode()).hexdigest()[:12]


def _second_level(folder: Path) -> float:
    """Level 2 of the engine's own calibration, one pair of strangers in 250; 0 without one, at which no two faces are one person's."""
    try:
        return load_calibration(ONNX_ENGINE, folder).levels[1].distance
    except (CalibrationMissing, UnreadableCalibration):
        return 0.0


def _face(row: NDArray[np.float64], left: int, top: int) -> FaceBox:
    """Read a row of the detector: x, y, width, height, then right eye, left eye, nose, right and left corner of the mouth."""
    points = tuple((float(x) + left, float(y) + top) for x, y in row[4:14].reshape(5, 2))
    return FaceBox(
        left=float(row[0]) + left,
        top=float(row[1]) + top,
        right=float(row[0] + row[2]) + left,
        bottom=float(row[1] + row[3]) + top,
        left_eye=points[1],
        right_eye=points[0],
        nose=points[2],
        landmarks=points,
    )


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    if not (isfinite(length) and length > SHORTEST):
        raise NoEmbedding("The recogniser gave nothing, or something that is no number, for a face")
    return np.asarray(vector / length, dtype=np.float64)
