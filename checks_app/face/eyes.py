"""Whether both eyes can be seen (R35): not behind dark glasses, a hand or hair, and not under burnt-out highlights.

An eye is told from anything else by the directions of its edges, which neither the light nor the colour of the skin changes: a linear
rule whose weights `benchmarks/train_eyes.py` finds. Whether an eye is open is not judged: narrow and smiling eyes look too much like
closed ones.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.faces import FaceBox
from checks_app.imaging import GreyImage, RgbImage, to_grey

UPRIGHT_PX, EYE_LINE, EYES_APART, LEFT_EYE_X = 144, 56, 56, 100
"""The upright face: its side, the row of the eyes, their distance, and the column of the left eye; all in pixels."""

REACH = 2.3
"""Eye distances from the middle of the eyes to the farthest corner of the upright face, and a little more."""

HALF_WIDTH, HALF_HEIGHT = 24, 16
"""Half of the patch around an eye: brow, lids and corners, in pixels of the upright face."""

LIDS, LIDS_PERCENTILE = (slice(5, 27), slice(3, 45)), 75
"""Rows and columns of an eye's patch without the brow, and the share of pixels that may be darker: lashes, iris, shadow."""

CELLS, DIRECTIONS = (6, 4), 8
FAINT_EDGE = 2.0
"""Grey levels a pixel below which an edge counts for little, so that the noise of an even surface has no direction."""

BURNT_OUT, ABOVE_SKIN = 245, 25
"""Grey 0..255 from which a pixel is a highlight, if it is also so much brighter than the cheeks."""

Features = NDArray[np.float32]


def upright(image: RgbImage, face: FaceBox) -> GreyImage:
    """Return the face in grey, 144 x 144, with level eyes 56 pixels apart; what lies outside the picture repeats its border."""
    near, eye = _neighbourhood(image, face)
    scale = EYES_APART / max(face.eye_distance, 1.0)
    if scale < 0.5:  # bilinear sampling would skip pixels
        near = np.asarray(cv2.resize(near, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        eye, scale = eye * (2 * scale), 0.5
    across, down = np.subtract(face.left_eye, face.right_eye) * (scale / max(face.eye_distance, 1.0))
    turn = np.array([[across, down], [-down, across]])
    move = np.column_stack([turn, np.array([LEFT_EYE_X, EYE_LINE]) - turn @ eye])
    size = (UPRIGHT_PX, UPRIGHT_PX)
    return to_grey(np.asarray(cv2.warpAffine(near, move, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8))


def _neighbourhood(image: RgbImage, face: FaceBox) -> tuple[RgbImage, NDArray[np.float64]]:
    """Cut out what an upright face can show, to save time, and say where the left eye is in it."""
    middle = np.add(face.left_eye, face.right_eye) / 2
    left, top = np.maximum(middle - REACH * face.eye_distance, 0).astype(int)
    right, bottom = np.maximum(middle + REACH * face.eye_distance + 1, 1).astype(int)
    left, top = min(left, image.shape[1] - 1), min(top, image.shape[0] - 1)
    return image[top:bottom, left:right], np.subtract(face.left_eye, (left, top))


def patch(face: GreyImage, x: float, y: float, *, mirrored: bool) -> GreyImage:
    """Return the 48 x 32 pixels around a point of an upright face; mirrored, a right eye looks like a left one."""
    found = cv2.getRectSubPix(face, (2 * HALF_WIDTH, 2 * HALF_HEIGHT), (x, y))
    return np.asarray(found[:, ::-1] if mirrored else found, dtype=np.uint8)


def eye_patches(face: GreyImage) -> tuple[GreyImage, GreyImage]:
    """Return the patches of the left and, mirrored, of the right eye of an upright face."""
    return patch(face, LEFT_EYE_X, EYE_LINE, mirrored=False), patch(face, LEFT_EYE_X - EYES_APART, EYE_LINE, mirrored=True)


def edge_directions(grey: GreyImage) -> Features:
    """Return how much edge each of 6 x 4 cells has in each of 8 directions, against the cells around it: 192 floats 0..1."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0)
    rightwards, downwards = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1)
    strength, angle = cv2.cartToPolar(rightwards, downwards)
    place = np.asarray(angle, dtype=np.float32) * (DIRECTIONS / (2 * np.pi))
    cells = []
    for direction in range(DIRECTIONS):
        off = np.abs(place - direction)
        share = np.clip(1 - np.minimum(off, DIRECTIONS - off), 0, 1)
        cells.append(cv2.resize(np.asarray(strength * share), CELLS, interpolation=cv2.INTER_AREA))
    planes = np.stack(cells, axis=-1)
    around = cv2.blur((planes**2).sum(axis=-1), (3, 3), borderType=cv2.BORDER_REPLICATE)
    return np.asarray((planes / np.sqrt(around + FAINT_EDGE**2)[..., None]).ravel(), dtype=np.float32)


def eyes_seen(face: GreyImage) -> float:
    """Say how surely both eyes of an upright face are seen: the less sure one's margin, without unit; 0 is as much eye as not."""
    weights, offset = _weights()
    return min(float(edge_directions(eye) @ weights) + offset for eye in eye_patches(face))


def eye_light(face: GreyImage) -> float:
    """Return how bright lids and eye are against the cheeks, in the brighter eye: lids are skin, dark glasses have none."""
    cheeks = [float(np.median(cheek)) for cheek in cheeks_of(face)]
    lids = [float(np.percentile(eye[LIDS], LIDS_PERCENTILE)) for eye in eye_patches(face)]
    return max(lids) / max(*cheeks, 1.0)


def glare_share(face: GreyImage) -> float:
    """Return the share 0..1 of the patch of either eye, whichever is worse, that is burnt out although the skin is not."""
    cheeks = np.concatenate([cheek.ravel() for cheek in cheeks_of(face)])
    least = max(BURNT_OUT, float(np.percentile(cheeks, 90)) + ABOVE_SKIN)
    return max(float((eye >= least).mean()) for eye in eye_patches(face))


def cheeks_of(face: GreyImage) -> tuple[GreyImage, GreyImage]:
    """Return the skin below the left and below the right eye of an upright face."""
    rows = slice(EYE_LINE + 24, EYE_LINE + 42)
    return face[rows, LEFT_EYE_X - 6 : LEFT_EYE_X + 12], face[rows, LEFT_EYE_X - EYES_APART - 12 : LEFT_EYE_X - EYES_APART + 6]


@cache
def _weights() -> tuple[Features, float]:
    stored = json.loads(files("checks_app.face").joinpath("eyes.json").read_text("utf-8"))
    return np.array(stored["weights"], dtype=np.float32), float(stored["offset"])
