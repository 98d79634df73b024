"""Is the face of a selfie fit to be compared (R35): its size, place, pose, light, sharpness, and whether both eyes can be seen."""

from __future__ import annotations

from math import atan2, degrees
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.face import eyes
from checks_app.faces import FaceBox
from checks_app.imaging import GreyImage, RgbImage, to_grey
from checks_app.results import Engine, Reason

QUALITY_ENGINE = Engine(name="face-quality", version="2")

MIN_EYE_DISTANCE_PX = 40.0
"""The aligned face of 150 pixels has its eyes 44 apart; with fewer here the embedding would see a blown-up face."""

MAX_NOSE_OFFSET = 0.17
"""Nose off the middle between the eyes, in eye distances: a head turned by 25 to 30 degrees."""

USUAL_NOSE_HEIGHT, MAX_NOD = 0.76, 0.32
"""Nose below the eyes, in eye distances. Noses differ, so only a head that is thrown far back or bowed deeply is told from a long nose:
0.4 % of frontal press portraits lie outside."""

MAX_ROLL_DEGREES = 30.0
MIN_LUMA, MAX_LUMA = 50.0, 215.0
"""Mean grey 0..255 of the face, wide enough for every skin tone: only where the picture itself is too dark or burnt out."""

MIN_EVENNESS = 0.46
"""The darker cheek's grey against the other's. 99.6 % of frontal press portraits have more."""

NO_SHARPNESS, MIN_SHARPNESS = 0.28, 0.36
"""See `_sharpness`. 99 % of press portraits have 0.39 and more; blurred by 3 of 150 face pixels (sigma), half have less than 0.36.
The limit of heavy blur is 0.28; sensor noise of 4 grey levels changes either by less than 0.02."""

FACE_SIDE_PX = 150

CHIN, FOREHEAD, TEMPLE = 1.65, 0.7, 0.85
"""How far the face reaches below the eyes, above them, and to either side of their middle, in eye distances. Chins reach 1.6 to 2.0."""

CUT_TOLERANCE = 0.15
"""Eye distances that may be missing, because a point that lies just outside is often only a small face's estimate."""

MIN_EYE_MARGIN, CLEAR_EYE_MARGIN = -1.0, 5.0
"""See `eyes.eyes_seen`: the least that passes, and what open eyes usually have."""

MIN_EYE_LIGHT = 0.5
"""See `eyes.eye_light`. Of 700 frontal press portraits those with less all wear dark glasses; without glasses 0.59 is the least."""

MAX_GLARE = 0.04
"""Share of an eye's patch that may be burnt out. A catchlight of a window covers less than a hundredth."""


class Judgement(NamedTuple):
    """score: the worst aspect, 0..1; 0.5 is just enough. problems: what must be mended, worst hindrance first."""

    score: float
    problems: tuple[Reason, ...]
    details: dict[str, float]


def judge_face(image: RgbImage, face: FaceBox) -> Judgement:
    """Measure each aspect of a face as share of what is needed: 1 is exactly enough.

    Eyes are looked at only where nothing else is wrong: whoever stands in the dark or looks away should not be told to take off glasses
    that he does not wear.
    """
    upright = eyes.upright(image, face)
    details = _measure(image, face, upright)
    shares = _shares(details)
    if min(shares.values()) >= 1:
        details |= {"eyes": eyes.eyes_seen(upright), "eye_light": eyes.eye_light(upright), "glare": eyes.glare_share(upright)}
        shares[Reason.GLASSES_GLARE] = 2 - details["glare"] / MAX_GLARE
        seen = 1 + (details["eyes"] - MIN_EYE_MARGIN) / (CLEAR_EYE_MARGIN - MIN_EYE_MARGIN)
        shares[Reason.EYES_HIDDEN] = min(seen, details["eye_light"] / MIN_EYE_LIGHT)
    problems = tuple(reason for reason, share in shares.items() if share < 1)
    return Judgement(min(1.0, max(0.0, min(shares.values()) / 2)), problems, details)


def _measure(image: RgbImage, face: FaceBox, upright: GreyImage) -> dict[str, float]:
    grey = _face_grey(image, face)
    cheeks = sorted(float(np.median(cheek)) for cheek in eyes.cheeks_of(upright))
    return {
        "eye_distance_px": face.eye_distance,
        "outside": _outside(image, face),
        "nose_offset": abs(face.nose_offset),
        "nose_height": face.nose_height,
        "roll_degrees": abs(degrees(atan2(face.left_eye[1] - face.right_eye[1], face.left_eye[0] - face.right_eye[0]))),
        "luma": float(grey.mean()),
        "evenness": cheeks[0] / max(cheeks[1], 1.0),
        "sharpness": _sharpness(grey),
    }


def _shares(measured: dict[str, float]) -> dict[Reason, float]:
    nod = abs(measured["nose_height"] - USUAL_NOSE_HEIGHT)
    turned = max(measured["nose_offset"] / MAX_NOSE_OFFSET, measured["roll_degrees"] / MAX_ROLL_DEGREES, nod / MAX_NOD)
    return {
        Reason.FACE_CUT_OFF: 2 - measured["outside"] / CUT_TOLERANCE,
        Reason.FACE_TOO_FAR: measured["eye_distance_px"] / MIN_EYE_DISTANCE_PX,
        Reason.FACE_NOT_FRONTAL: 2 - turned,
        Reason.TOO_DARK: min(measured["luma"] / MIN_LUMA, measured["evenness"] / MIN_EVENNESS),
        Reason.TOO_BRIGHT: 1 + (MAX_LUMA - measured["luma"]) / (255 - MAX_LUMA),
        Reason.BLURRED: (measured["sharpness"] - NO_SHARPNESS) / (MIN_SHARPNESS - NO_SHARPNESS),
    }


def _outside(image: RgbImage, face: FaceBox) -> float:
    """Return how far chin, forehead or a temple lies outside the picture, in eye distances; 0 when the whole face is inside."""
    left_eye, right_eye = np.array(face.left_eye), np.array(face.right_eye)
    along = left_eye - right_eye
    below = np.array([-along[1], along[0]])
    middle = (left_eye + right_eye) / 2
    points = middle + np.array([CHIN * below, -FOREHEAD * below, TEMPLE * along, -TEMPLE * along])
    beyond = np.maximum(-points, points - np.array([image.shape[1], image.shape[0]]))
    return max(0.0, float(beyond.max())) / max(face.eye_distance, 1.0)


def _face_grey(image: RgbImage, face: FaceBox) -> GreyImage:
    height, width = image.shape[:2]
    top, bottom = max(0, int(face.top)), min(height, int(face.bottom))
    left, right = max(0, int(face.left)), min(width, int(face.right))
    crop = image[top:bottom, left:right]
    return to_grey(cv2.resize(crop, (FACE_SIDE_PX, FACE_SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.uint8))


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Return how strong details of one to two pixels are against those of two to four; finer ones would be sensor noise."""
    fine, middle, coarse = (cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma) for sigma in (1.0, 2.0, 4.0))
    return float(np.abs(fine - middle).mean() / max(1e-6, float(np.abs(middle - coarse).mean())))
