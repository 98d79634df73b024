"""The default engine: dlib's HOG detector, its 5-point landmarks and its ResNet embedding, called directly.

The two model files are in the public domain and come with the package `face_recognition_models`. That package and
`face_recognition` are not imported: the latter loads a 68-point model that is not free for commercial use, and ends the
process with exit status 0 when `pkg_resources` is missing.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from checks_app.face.match_level import calibration_path
from checks_app.faces import Embedding, FaceBox, FaceEngine, Point
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Engine

LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
EMBEDDING_FILE = "dlib_face_recognition_resnet_model_v1.dat"

SEARCH_SIDES_PX = (640, 1280)
"""Longer sides at which faces are looked for, cheapest first. The detector sees faces of 80 pixels and more."""

FAINT = -0.2
"""Detector threshold of a last look (its usual one is 0): finds faces that fill the picture or are turned. Of 350-pixel press
portraits it brings the share without a face from 2.3 to 0.4 %."""

FAINTER, MOST_GROWTH = -0.6, 1.6
"""Detector threshold, and how many times larger or smaller a face may be, where a face that was there a moment ago is followed."""

TRACKED_WIDTH_PX = 120
"""Width to which a face that is followed from frame to frame is scaled: comfortably above the detector's 80."""

CHIP_PX, CHIP_PADDING = 150, 0.25
"""Size of the aligned face and the room around it, as the embedding was trained (dlib, `face_recognition_model_v1`)."""


class ModelMissing(FileNotFoundError):
    """A model file of the package face_recognition_models is not installed."""


def model_path(file_name: str) -> Path:
    """Find a model file without importing its package. Raises ModelMissing."""
    spec = find_spec("face_recognition_models")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "models" / file_name
        if path.is_file():
            return path
    raise ModelMissing(f"{file_name} is missing: install face-recognition-models, see requirements.txt")


class DlibEngine(FaceEngine):
    """HOG detector, 5 landmarks, 128 floats: the direction of the mean over the aligned face and its mirror image, at length 1.

    The length that the network gives says more about the picture than about the person; without it more genuine pairs are accepted
    at the same false acceptance (docs/matching.md).
    """

    same_sitting_distance = 0.40  # about level 2, one pair of strangers in 250

    def __init__(self, name: str) -> None:
        self.engine = Engine(name=name, version=str(dlib.__version__))
        self.calibration = calibration_path(name)
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = dlib.shape_predictor(str(model_path(LANDMARKS_FILE)))
        self._network = dlib.face_recognition_model_v1(str(model_path(EMBEDDING_FILE)))

    def detect(self, image: RgbImage) -> tuple[FaceBox, ...]:
        """Find all faces, largest first. Each further look is taken only when the ones before found nothing."""
        for side in SEARCH_SIDES_PX:
            if side == SEARCH_SIDES_PX[0] or max(image.shape[:2]) > SEARCH_SIDES_PX[0]:
                faces = self._detect_upright(image, side)
                if faces:
                    return faces
        for quarter_turns in (1, 3, 2):
            turned = np.ascontiguousarray(np.rot90(image, quarter_turns))
            faces = self._detect_upright(turned, SEARCH_SIDES_PX[0])
            if faces:
                return tuple(face.turned_back(quarter_turns, *image.shape[:2]) for face in faces)
        return self._detect_upright(image, SEARCH_SIDES_PX[0], FAINT)[:1]

    def track(self, image: RgbImage, last: FaceBox) -> FaceBox | None:
        """Find the face within its own width around its last place; None: it is not there. A fifth of the cost of `detect`."""
        around = last.surroundings(image)
        if around is None:
            return None
        left, top, right, bottom = around
        scale = min(1.0, TRACKED_WIDTH_PX / last.width)
        size = (round((right - left) * scale), round((bottom - top) * scale))
        crop = np.asarray(cv2.resize(image[top:bottom, left:right], size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        # the surest one, of a size that a face can have a moment later: so faint a look also sees faces where there are none
        found = [_enlarged(box, 1 / scale, left, top) for box in self._boxes(crop, FAINTER)]
        alike = (box for box in found if last.width / MOST_GROWTH < box.width() < last.width * MOST_GROWTH)
        box = next(alike, None)
        return self._described(image, box) if box else None

    def embed(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face as the mean over the aligned chip and its mirror image, at length 1 (128 floats)."""
        chip = self.chip(image, face)
        both = self.describe(chip) + self.describe(chip[:, ::-1])
        return tuple(float(value) for value in both / np.linalg.norm(both))

    def glance(self, image: RgbImage, face: FaceBox) -> Embedding:
        """Describe a face without its mirror image, at length 1."""
        one = self.describe(self.chip(image, face))
        return tuple(float(value) for value in one / np.linalg.norm(one))

    def chip(self, image: RgbImage, face: FaceBox) -> RgbImage:
        """Cut out the face upright, 150 x 150, at the scale and place that the network was trained on."""
        points = [dlib.point(round(x), round(y)) for x, y in face.landmarks]
        box = dlib.rectangle(round(face.left), round(face.top), round(face.right), round(face.bottom))
        return np.asarray(dlib.get_face_chip(image, dlib.full_object_detection(box, points), CHIP_PX, CHIP_PADDING), dtype=np.uint8)

    def describe(self, chip: RgbImage) -> NDArray[np.float64]:
        """Return the network's plain 128 floats for a chip; equal to face_recognition's encoding of the same face."""
        return np.asarray(self._network.compute_face_descriptor(np.ascontiguousarray(chip)), dtype=np.float64)

    def _detect_upright(self, image: RgbImage, longest_side: int, threshold: float = 0.0) -> tuple[FaceBox, ...]:
        small = fit_within(image, longest_side)
        scale = image.shape[1] / small.shape[1]
        boxes = [_enlarged(box, scale, 0, 0) for box in self._boxes(small, threshold)]
        return tuple(self._described(image, box) for box in sorted(boxes, key=lambda box: -int(box.area())))

    def _boxes(self, image: RgbImage, threshold: float) -> list[dlib.rectangle]:
        if min(image.shape[:2]) < 2:
            return []  # dlib refuses the strides of such a picture
        return list(self._detector.run(np.ascontiguousarray(image), 0, threshold)[0])

    def _described(self, image: RgbImage, box: dlib.rectangle) -> FaceBox:
        points = tuple((float(point.x), float(point.y)) for point in self._landmarks(image, box).parts())
        return FaceBox(
            left=float(box.left()),
            top=float(box.top()),
            right=float(box.right() + 1),
            bottom=float(box.bottom() + 1),
            left_eye=_middle(points[0], points[1]),
            right_eye=_middle(points[2], points[3]),
            nose=points[4],
            landmarks=points,
        )


def _enlarged(box: dlib.rectangle, scale: float, left: int, top: int) -> dlib.rectangle:
    edges = (box.left() * scale + left, box.top() * scale + top, box.right() * scale + left, box.bottom() * scale + top)
    return dlib.rectangle(*(round(edge) for edge in edges))


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
