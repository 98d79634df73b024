"""A place for a model that tells live faces from presentation attacks, brought by the operator: none ships, none is used without him.

The form is that of small two-scale classifiers. `models.toml` in his folder has a table with one or more models:

    [attack]
    threshold = 0.5           # attack scores from here on are a doubt; measure it with manage.py evaluate_pad

    [[attack.models]]
    file = "near.onnx"        # 1 x 3 x size x size in, 1 x n class scores out, before or after a softmax
    sha256 = "…"
    crop = 2.7                # the face's box is widened so many times around its middle, in both directions
    size = 80                 # both sides to which what it holds is scaled
    live = 1                  # which class is a live face, from 0
    channels = "BGR"
    mean = 0                  # input = (value 0..255 - mean) * scale
    scale = 1
    softmax = true            # false: the outputs are probabilities already

    [[attack.models]]
    file = "far.onnx"
    sha256 = "…"
    crop = 4.0

What is not written has the value above, but for `file`, `sha256` and `crop`. A widened box that leaves the picture is moved inside; one
that is larger than the picture is widened less. The attack score is 1 minus the mean, over the models, of the probability of a live face.

Such models are known to fail on cameras that they were not trained on, so a score only ever raises a doubt, and never approves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.model_files import MANIFEST, ModelFile, ModelRefused, blob, read_manifest, read_model

SIZE_PX, LIVE_CLASS = 80, 1
THRESHOLD = 0.5
LARGEST_SIZE_PX = 1024


class AttackModel(Protocol):
    """Says how much a face looks like a print, a screen or a mask."""

    threshold: float
    """Scores from here on are a doubt (`Reason.ATTACK_SUSPECTED`)."""

    def attack_score(self, image: RgbImage, face: FaceBox) -> float | None:
        """Return 0 (live) to 1 (attack) for a face that was found in this very image; None: it could not be measured."""
        ...


@dataclass(frozen=True, slots=True)
class Classifier:
    """One network and the piece of a picture around a face that it was trained on."""

    file: ModelFile
    network: cv2.dnn.Net
    crop: float
    size: int
    live: int
    softmax: bool

    def live_probability(self, image: RgbImage, face: FaceBox) -> float:
        """Return the probability 0..1 of a live face; NaN when the network gives none."""
        piece = cv2.resize(crop_around(image, face, self.crop), (self.size, self.size))
        self.network.setInput(blob(np.asarray(piece, dtype=np.uint8), self.file, "BGR"))
        scores = np.asarray(self.network.forward(), dtype=np.float64).ravel()
        if self.softmax:
            scores = np.exp(scores - scores.max())
            scores /= scores.sum()
        return float(scores[self.live])


class OnnxAttackModel:
    """The operator's classifiers, averaged."""

    def __init__(self, classifiers: tuple[Classifier, ...], threshold: float) -> None:
        self.threshold = threshold
        self._classifiers = classifiers

    def attack_score(self, image: RgbImage, face: FaceBox) -> float | None:
        """Return 1 minus the mean probability of a live face; None when the box is empty or a network gives no probability."""
        if face.width < 1 or face.height < 1 or min(image.shape[:2]) < 2:
            return None
        live = float(np.mean([classifier.live_probability(image, face) for classifier in self._classifiers]))
        return 1 - live if -1e-6 <= live <= 1 + 1e-6 else None


def crop_around(image: RgbImage, face: FaceBox, times: float) -> RgbImage:
    """Cut out a face's box, widened `times` around its middle, moved inside the picture and widened less where that is too small."""
    height, width = image.shape[:2]
    times = min(times, width / face.width, height / face.height)
    across, down = max(1, int(face.width * times)), max(1, int(face.height * times))
    left = min(max(0, round(face.centre[0] - across / 2)), width - across)
    top = min(max(0, round(face.centre[1] - down / 2)), height - down)
    return image[top : top + down, left : left + across]


@cache
def load_attack_model(folder: Path | None) -> AttackModel | None:
    """Load the operator's model once per process; None: he names no folder, or its manifest no model.

    Raises `model_files.ModelRefused` for what he names and cannot be used, so that a slot that he filled is never silently empty.
    """
    if folder is None or not (folder / MANIFEST).exists():
        return None
    table = read_manifest(folder).get("attack")
    if table is None:
        return None
    if not isinstance(table, dict) or not isinstance(table.get("models"), list) or not table["models"]:
        raise ModelRefused(f"{MANIFEST}: [attack] needs one or more tables [[attack.models]]")
    threshold = table.get("threshold", THRESHOLD)
    if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise ModelRefused(f"{MANIFEST}: the threshold of [attack] must lie between 0 and 1")
    return OnnxAttackModel(tuple(_classifier(folder, entry) for entry in table["models"]), float(threshold))


def _classifier(folder: Path, table: Any) -> Classifier:
    file = read_model(folder, table)
    size, live = int(file.number("size", SIZE_PX)), int(file.number("live", LIVE_CLASS))
    crop, softmax = file.number("crop", 0), file.options.get("softmax", True)
    if not (0 < crop < 100 and 0 < size <= LARGEST_SIZE_PX and live >= 0 and isinstance(softmax, bool)):
        raise ModelRefused(f"{MANIFEST}: crop, size, live or softmax of {file.name} is missing or out of range")
    classifier = Classifier(file.emptied(), file.network(), crop, size, live, softmax)
    blank = np.full((size, size, 3), 127, dtype=np.uint8)
    middle = (size / 2, size / 2)
    try:  # a network of another form is refused here, not in the middle of a session
        classifier.live_probability(blank, FaceBox(0, 0, size, size, middle, middle, middle, ()))
    except (cv2.error, IndexError) as failure:
        raise file.refused(failure) from failure
    return classifier
