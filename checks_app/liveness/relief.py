"""How far a nose stands out of the face around it, seen from how a face's points move between two pictures.

When a head turns, its nose moves farther than the face around it. When a picture of a head is turned, tilted, brought closer or
rolled around a bottle, all of it moves as one smooth surface. So points of the frontal face are found again in each further frame
(pyramids of Lucas and Kanade, forwards and backwards), a second-degree polynomial takes up what any flat or smoothly bent sheet can
do, and what is left of the nose's way is its relief. Light that changes does not matter: faces are compared at equal local contrast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage, to_grey

FACE_PX = (144, 160)  # width and height of an upright face, turned and scaled so that
EYES_AT, EYE_PX = (72.0, 58.0), 56.0  # the middle between its eyes and their distance are these
FACE_MIDDLE, FACE_RADII = (72, 84), (58, 70)
NOSE_ABOVE, NOSE_RADII = 12.0, (15, 24)  # the middle of the nose lies above the point that engines mark, its base

LOCAL_PX, FAINT_GREYS, CONTRAST = 25, 6.0, 42.0
"""Contrast is brought to one level over such windows; FAINT_GREYS keeps smooth skin from becoming noise."""

NOSE_POINTS, OTHER_POINTS, APART_PX, LEAST_CORNER = 24, 66, 5, 0.02
WINDOW_PX, LEVELS, BACK_PX = (11, 11), 2, 1.5  # a point that does not come back to within so much was lost
LEAST_POINTS, LEAST_ON_NOSE, ON_NOSE = 24, 4, 0.4
BUMP_ACROSS, BUMP_UP, BUMP_DOWN, BUMP_ABOVE = 0.17, 0.34, 0.2, 0.12
"""The shape of a nose over the face in eye distances: spread to the sides, up the ridge and down; its top above the nose's base."""

OUTLIER, LEAST_LIMIT, ROUNDS = 3.0, 0.02, 3
"""Points farther off the fit than so many medians, and than so many eye distances, are left out and the rest is fitted again."""

FORESHORTENED = 0.92
"""A face must look so much narrower or lower than frontally before its relief can be told from noise: a turn of about 22 degrees."""

TOO_FORESHORTENED, MOST_ERROR = 0.75, 0.03
"""Beyond about 40 degrees, and with such a standard error of the nose's way, too little of the frontal face is found again."""

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shift:
    """A face against its frontal picture, in eye distances of that picture.

    along, down: the way of the nose against the face around it, + to the person's left and downwards. growth: 1 = as large as
    frontally. foreshortening: how much narrower or lower, 1 = not at all. fit: where the surface went; a start for the next frame.
    """

    along: float
    down: float
    growth: float = 1.0
    foreshortening: float = 1.0
    fit: FloatArray | None = field(default=None, compare=False)

    @property
    def relief(self) -> float | None:
        """How far the nose stands out: about 0.25 on heads, 0.03 on sheets; None: hardly turned."""
        if self.foreshortening > FORESHORTENED:
            return None
        return hypot(self.along, self.down) / sqrt(1 / self.foreshortening**2 - 1)


class FrontalFace:
    """The points of a face that looks straight at the camera."""

    def __init__(self, image: RgbImage, face: FaceBox) -> None:
        self._grey, turn = _upright(image, face)
        self._scale = float(np.hypot(turn[0, 0], turn[0, 1]))
        self._nose = turn[:, :2] @ np.array(face.nose) + turn[:, 2]
        self._points = _corners(self._grey, self._nose)
        places = self._points[:, 0].astype(np.float64)
        x, y = ((places - EYES_AT) / EYE_PX).T
        across, below = ((places - self._nose) / EYE_PX).T + np.array([[0.0], [BUMP_ABOVE]])
        spread = np.where(below < 0, BUMP_UP, BUMP_DOWN)
        self._bump = np.exp(-((across / BUMP_ACROSS) ** 2) / 2 - (below / spread) ** 2 / 2)
        self._terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, self._bump], axis=1)

    @property
    def usable(self) -> bool:
        """Whether there is enough to follow: not when the picture is dark, blurred or covered."""
        return len(self._points) >= LEAST_POINTS and int((self._bump > ON_NOSE).sum()) >= LEAST_ON_NOSE

    def shift(self, image: RgbImage, face: FaceBox, last: Shift | None = None) -> Shift | None:
        """Measure the face in another picture. last: of the frame before, where to look first. None: too little was found again."""
        other, turn = _upright(image, face)
        scale = float(np.hypot(turn[0, 0], turn[0, 1]))
        nose = turn[:, :2] @ np.array(face.nose) + turn[:, 2]
        before = [] if last is None or last.fit is None else [EYES_AT + EYE_PX * (self._terms @ last.fit)]
        for start in [*before, self._by_landmarks(nose)]:
            there, kept = self._followed(other, start)
            fit = self._fitted(there, kept)
            shift = _described(fit, self._scale / scale) if fit is not None else None
            if shift is not None and shift.foreshortening > TOO_FORESHORTENED:
                return shift
        return None

    def _by_landmarks(self, nose: FloatArray) -> FloatArray:
        """Say where the points would be if the face were sheared so that its nose comes to `nose`, while the eyes stay."""
        moved = (nose - self._nose) / max(1.0, float(self._nose[1] - EYES_AT[1]))
        return np.asarray(self._points[:, 0] + (self._points[:, 0, 1:] - EYES_AT[1]) * moved, dtype=np.float64)

    def _followed(self, other: NDArray[np.uint8], start: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        there, found = _flow(self._grey, other, self._points, start[:, None].astype(np.float32))
        back, again = _flow(other, self._grey, there, self._points)
        kept = found & again & (np.linalg.norm((back - self._points)[:, 0], axis=1) < BACK_PX)
        return ((there[:, 0] - EYES_AT) / EYE_PX).astype(np.float64), kept

    def _fitted(self, there: FloatArray, kept: NDArray[np.bool_]) -> FloatArray | None:
        for _ in range(ROUNDS):
            if kept.sum() < LEAST_POINTS or (self._bump[kept] > ON_NOSE).sum() < LEAST_ON_NOSE:
                return None
            fit = np.linalg.lstsq(self._terms[kept], there[kept], rcond=None)[0]
            off = np.linalg.norm(there - self._terms @ fit, axis=1)
            fitted, kept = kept, kept & (off < max(LEAST_LIMIT, OUTLIER * float(np.median(off[kept]))))
        spread = np.linalg.pinv(self._terms[fitted].T @ self._terms[fitted])[-1, -1]
        error = sqrt(spread * float((off[fitted] ** 2).sum()) / 2 / (int(fitted.sum()) - self._terms.shape[1]))
        return np.asarray(fit, dtype=np.float64) if error < MOST_ERROR else None


def _flow(one: NDArray[np.uint8], other: NDArray[np.uint8], points: FloatImage, start: FloatImage) -> tuple[FloatImage, NDArray[np.bool_]]:
    flags = cv2.OPTFLOW_USE_INITIAL_FLOW
    there, found, _ = cv2.calcOpticalFlowPyrLK(one, other, points, start.copy(), None, None, WINDOW_PX, LEVELS, flags=flags)
    return np.asarray(there, dtype=np.float32), np.asarray(found[:, 0] > 0)


def _upright(image: RgbImage, face: FaceBox) -> tuple[NDArray[np.uint8], FloatArray]:
    """Return the face in grey, upright, at one size and one local contrast, and the 2 x 3 matrix that brought it there."""
    right, left = np.array(face.right_eye), np.array(face.left_eye)
    across = (left - right) / max(float(np.hypot(*(left - right))), 1.0) ** 2 * EYE_PX
    turn = np.array([[across[0], across[1], 0.0], [-across[1], across[0], 0.0]])
    turn[:, 2] = np.array(EYES_AT) - turn[:, :2] @ ((left + right) / 2)
    upright = cv2.warpAffine(image, turn, FACE_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = to_grey(np.asarray(upright, dtype=np.uint8)).astype(np.float32)
    off = grey - cv2.blur(grey, (LOCAL_PX, LOCAL_PX))
    power = np.maximum(cv2.blur(off * off, (LOCAL_PX, LOCAL_PX)), 0)  # running sums of floats can fall below
    spread = np.sqrt(power) + FAINT_GREYS
    return np.clip(off / spread * CONTRAST + 128, 0, 255).astype(np.uint8), turn


def _corners(grey: NDArray[np.uint8], nose: FloatArray) -> FloatImage:
    """Return points that can be found again, N x 1 x 2, some on the nose and some around it: each with its own idea of a good one."""
    face_mask, nose_mask = np.zeros_like(grey), np.zeros_like(grey)
    cv2.ellipse(face_mask, FACE_MIDDLE, FACE_RADII, 0, 0, 360, 255, -1)
    cv2.ellipse(nose_mask, (round(nose[0]), round(nose[1] - NOSE_ABOVE)), NOSE_RADII, 0, 0, 360, 255, -1)
    wanted = ((NOSE_POINTS, nose_mask), (OTHER_POINTS, face_mask & ~nose_mask))
    found = [cv2.goodFeaturesToTrack(grey, most, LEAST_CORNER, APART_PX, mask=mask, blockSize=5) for most, mask in wanted]
    return np.concatenate([np.zeros((0, 1, 2), np.float32), *(points for points in found if points is not None)])


def _described(fit: FloatArray, smaller: float) -> Shift:
    """smaller: scale of the frontal picture over that of the other, both as they were made upright."""
    larger_side, lesser_side = np.linalg.svd(fit[1:3], compute_uv=False)
    ratio = float(lesser_side / max(larger_side, 1e-6))
    return Shift(float(fit[-1, 0]), float(fit[-1, 1]), float(larger_side * smaller), ratio, fit)
