"""Finds the weights by which `checks_app.face.eyes` tells eyes from anything else: figures only, no face.

    python -m benchmarks.train_eyes DIR [--out checks_app/face/eyes.json]

DIR: pictures `Name_NNNN.jpg`. Only the first half of the people (`--half first --seed 20` of calibrate_match) is looked at, so that
`benchmarks.selfies` can measure on the other. Eyes: both of each frontal face, a little displaced. No eyes: eight other places of the
same face, and what lies over the eyes when dark glasses or a hand is drawn there; hair and highlights are left for measuring.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from benchmarks.occlusions import covered, dark_glasses, hand
from checks_app.face.engine import load_engine
from checks_app.face.eyes import EYE_LINE, EYES_APART, LEFT_EYE_X, Features, edge_directions, eye_patches, patch, upright
from checks_app.face.selfie_quality import MAX_NOSE_OFFSET
from checks_app.faces import FaceBox
from checks_app.imaging import GreyImage, RgbImage
from checks_app.management.labelled_faces import half_of_people, list_pictures

SEED, PICTURES = 20, 1200
OTHER_PLACES, NEAREST = 8, 26.0
WANDER_PX = 1.5
REGULARISATION = 0.1
"""Share of the mean variance that is added to each feature's: 192 features from a few thousand patches."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("checks_app/face/eyes.json"))
    options = parser.parse_args()
    cv2.setNumThreads(1)
    engine, chance = load_engine(), np.random.default_rng(SEED)
    pictures = half_of_people(list_pictures(options.folder), options.folder, "first", SEED)
    eyes: list[Features] = []
    others: list[Features] = []
    for number in chance.permutation(len(pictures))[:PICTURES]:
        with Image.open(pictures[number]) as picture:
            image = np.asarray(picture.convert("RGB"), dtype=np.uint8)
        faces = engine.detect(image)
        if faces and abs(faces[0].nose_offset) <= MAX_NOSE_OFFSET:
            face = upright(image, faces[0])
            eyes += _eyes(face, chance)
            others += _other_places(face, chance) + _covers(image, faces[0], chance)
    weights, offset = separate(np.array(eyes), np.array(others))
    stored = {"weights": [round(float(weight), 3) for weight in weights], "offset": round(offset, 3)}
    options.out.write_text(json.dumps(stored) + "\n", "utf-8")
    print(f"{options.out}: {len(eyes)} eyes, {len(others)} patches that are none")


def separate(eyes: NDArray[np.float32], others: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """Return weights and offset of Fisher's linear discriminant, 0 half-way between the means; both inputs patches x features."""
    spread = (np.cov(eyes.T) + np.cov(others.T)) / 2
    spread += REGULARISATION * np.trace(spread) / len(spread) * np.eye(len(spread))
    weights = np.linalg.solve(spread, eyes.mean(axis=0) - others.mean(axis=0))
    return weights, float(-weights @ (eyes.mean(axis=0) + others.mean(axis=0)) / 2)


def _eyes(face: GreyImage, chance: Generator) -> list[Features]:
    places = ((LEFT_EYE_X, False), (LEFT_EYE_X - EYES_APART, True))
    wander = chance.normal(0, WANDER_PX, (2, 2))
    return [
        edge_directions(patch(face, x + dx, EYE_LINE + dy, mirrored=mirrored))
        for (x, mirrored), (dx, dy) in zip(places, wander, strict=True)
    ]


def _other_places(face: GreyImage, chance: Generator) -> list[Features]:
    found: list[Features] = []
    while len(found) < OTHER_PLACES:
        x, y = chance.uniform(26, 118), chance.uniform(17, 127)
        if min(np.hypot(x - eye, 1.3 * (y - EYE_LINE)) for eye in (LEFT_EYE_X, LEFT_EYE_X - EYES_APART)) > NEAREST:
            found.append(edge_directions(patch(face, x, y, mirrored=bool(chance.integers(2)))))
    return found


def _covers(image: RgbImage, face: FaceBox, chance: Generator) -> list[Features]:
    drawn = [covered(image, face, cover, chance) for cover in (dark_glasses, hand)]
    return [edge_directions(eye) for one in drawn for eye in eye_patches(upright(one, face))]


if __name__ == "__main__":
    main()
