"""What several pictures of a document show that one cannot: frames that repeat, a lattice that moves, light that pulses.

The flow takes some small pictures in the second or two before the still one, while the hand moves a little. Print stays where it
is on the document; the moire of a display with the sensor changes with every movement, at one frequency. Glare also moves,
on paper as on glass, so it says nothing here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.lattice import excess, tile_spectra
from checks_app.document.rectify import in_pixels
from checks_app.imaging import GreyImage, RgbImage, to_grey
from checks_app.results import Engine, Measure, Quad, Reason

ENGINE = Engine("burst", "1")

MIN_FRAMES = 4
MIN_ALIGNED, MAX_ALIGNED = 2, 3  # frames that are compared with the last one: each costs time
SAME = 0.08  # mean difference in grey levels below which two frames are one picture; noise of 0.2 makes 0.11, pressing anew 0.04
BLANK = 4.0  # grey levels of spread: a covered lens or a glaring lamp gives frames that are equal, and no replay
SAMPLED = 4  # every so many rows and columns are compared
REPEATED_SHARE = 0.5  # of the frames that repeat an earlier one: a slow camera gives some twice, a replayed still all
MAX_POINTS, MIN_POINTS = 160, 25  # corners that are followed; fewer do not fix a homography well
MISS = 1.5  # pixels by which a followed corner may miss the homography
TILE = 64  # pixels of a frame
BAND = (0.05, 0.46)  # cycles per pixel; print cancels out, so it begins lower than for one picture
MIN_TILES, MAX_TILES = 6, 24
MOVING_PEAK = 3.8  # see `moving_peak`
BANDS = (2, 24)  # cycles per frame height
BAND_DEPTH, BAND_RATIO, BAND_NOISE = 0.012, 3.0, 0.003  # relative brightness; against the surroundings; what rounding makes of it
REPEATED_SCORE, MOVING_SCORE, PULSING_SCORE = 0.0, 0.3, 0.4

Floats = NDArray[np.float32]


def judge_burst(frames: Sequence[RgbImage], quad: Quad | None) -> Measure:
    """Score whether frames taken one after the other show a thing: 1 no sign of a replay, 0 sure, None when it cannot be measured.

    frames: at least MIN_FRAMES pictures of one size, RGB, oldest first. quad: of the document in the picture taken after them.
    Details: frames, repeated (how many repeat an earlier one), moving (peak of what changes on the document, see `moving_peak`),
    pulsing (depth of bands of brightness on the document); unmeasured: 1 too few frames or different sizes, 2 no document,
    3 the frames could not be aligned. What could not be measured is no sign of anything.
    """
    start = time.perf_counter()
    details: dict[str, float] = {"frames": len(frames)}

    def answer(score: float | None, *reasons: Reason) -> Measure:
        return Measure(score, ENGINE, round((time.perf_counter() - start) * 1000), reasons, details)

    if len(frames) < MIN_FRAMES or len({frame.shape for frame in frames}) > 1:
        details["unmeasured"] = 1
        return answer(None)
    details["repeated"], returns = count_repeated(frames)
    if details["repeated"] >= REPEATED_SHARE * len(frames) or returns:
        return answer(REPEATED_SCORE, Reason.FRAMES_REPEATED)
    if quad is None:
        details["unmeasured"] = 2
        return answer(None)
    reference, others = frames[-1], _picked(frames[:-1])
    aligned = _all_aligned(others, reference, quad)
    if len(aligned) < MIN_ALIGNED:
        details["unmeasured"] = 3
        return answer(None)
    details["moving"] = round(moving_peak(aligned, reference, quad), 2)
    details["pulsing"] = round(pulsing_depth(aligned, reference, quad), 4)
    score = min(1.0, MOVING_SCORE if details["moving"] >= MOVING_PEAK else 1.0, PULSING_SCORE if details["pulsing"] >= BAND_DEPTH else 1.0)
    return answer(score, *(() if score == 1 else (Reason.SCREEN_SUSPECTED,)))


def count_repeated(frames: Sequence[RgbImage]) -> tuple[int, bool]:
    """Return how many frames are one picture with an earlier one, and whether one came back after a different one.

    A sensor's noise never repeats, even on a tripod. A slow camera may give a frame twice in a row, but never later again.
    """
    sampled = [np.ascontiguousarray(frame[::SAMPLED, ::SAMPLED]) for frame in frames]
    same = np.array([[_same(one, other) for other in sampled] for one in sampled])
    count = sum(bool(same[number, :number].any()) for number in range(len(frames)))
    returns = any(same[number, : number - 1].any() and not same[number, number - 1] for number in range(2, len(frames)))
    return count, returns


def _same(first: RgbImage, second: RgbImage) -> bool:
    return float(first.std()) > BLANK and float(np.mean(cv2.absdiff(first, second))) < SAME


def _picked(frames: Sequence[RgbImage]) -> list[RgbImage]:
    """Return at most MAX_ALIGNED frames, evenly spread."""
    return [frames[round(number)] for number in np.linspace(0, len(frames) - 1, min(MAX_ALIGNED, len(frames)))]


def _all_aligned(frames: Sequence[RgbImage], reference: RgbImage, quad: Quad) -> list[RgbImage]:
    """Warp frames so that the document lies as in the reference, by corners of its print; those that could not be followed are left out.

    Where a frame does not reach, it is 0.
    """
    here = to_grey(reference)
    points = cv2.goodFeaturesToTrack(here, MAX_POINTS, 0.01, 8, mask=_mask(quad, reference))
    if points is None or len(points) < MIN_POINTS:
        return []
    followed = np.asarray(points, dtype=np.float32)
    return [one for one in (_aligned(frame, here, followed) for frame in frames) if one is not None]


def _aligned(frame: RgbImage, here: GreyImage, points: Floats) -> RgbImage | None:
    moved, found, _ = cv2.calcOpticalFlowPyrLK(here, to_grey(frame), points, points.copy(), winSize=(21, 21), maxLevel=4)
    good = found.ravel() == 1
    if good.sum() < MIN_POINTS:
        return None
    homography, fits = cv2.findHomography(points[good], moved[good], cv2.RANSAC, MISS)
    if homography is None or fits.sum() < max(MIN_POINTS, good.sum() // 2):
        return None
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(frame, homography, frame.shape[1::-1], flags=flags), dtype=np.uint8)


def moving_peak(aligned: Sequence[RgbImage], reference: RgbImage, quad: Quad) -> float:
    """Return the peak, over the median of its ring (log), of what changes on the document, as three quarters of its tiles reach it.

    One tile at a time, because perspective bends a moire; the mean over frames, because its frequency stays and its phase does not;
    three quarters, because very fine print makes a moire with the sensor, too, but not all over a document. 0 with too few tiles.
    """
    inside = cv2.erode(_mask(quad, reference), np.ones((5, 5), np.uint8))
    steps = (range(0, side - TILE + 1, TILE) for side in reference.shape[:2])
    rows, columns = steps
    places = [(row, column) for row in rows for column in columns if inside[row : row + TILE : 8, column : column + TILE : 8].all()]
    if len(places) < MIN_TILES:
        return 0.0
    places = places[:: -(-len(places) // MAX_TILES)]
    here = reference.astype(np.float32)
    spectra = np.mean([tile_spectra(frame.astype(np.float32) - here, places, TILE) for frame in aligned], axis=0)
    return float(np.percentile(excess(spectra, BAND).max(axis=(2, 3)), 25, axis=0).max())


def pulsing_depth(aligned: Sequence[RgbImage], reference: RgbImage, quad: Quad) -> float:
    """Return how deep bands of brightness across the sensor's rows are that come and go on the document and not beside it, else 0.

    Room light that pulses makes bands everywhere; a display's makes them on the display.
    """
    columns = slice(None, None, SAMPLED)
    mask = _mask(quad, reference)
    inside = mask[:, columns] > 0
    outside = cv2.dilate(mask, np.ones((31, 31), np.uint8))[:, columns] == 0
    here = to_grey(np.ascontiguousarray(reference[:, columns]))
    deepest = 0.0
    for frame in aligned:
        there = to_grey(np.ascontiguousarray(frame[:, columns]))
        document, surroundings = (_band_depth(there, here, one) for one in (inside, outside))
        if surroundings is not None and document is not None and document > BAND_RATIO * max(surroundings, BAND_NOISE):
            deepest = max(deepest, document)
    return deepest


def _band_depth(there: GreyImage, here: GreyImage, mask: NDArray[np.bool_]) -> float | None:
    """Return the amplitude of the strongest regular change from row to row, as a share of brightness; None with too few rows."""
    usable = mask & (there > 20) & (here > 20) & (there < 245) & (here < 245)
    count = usable.sum(axis=1)
    rows = np.flatnonzero(count > here.shape[1] // 12)
    if len(rows) < here.shape[0] // 2:
        return None
    ratio = np.where(usable, np.log(there.astype(np.float32) + 1) - np.log(here.astype(np.float32) + 1), 0)
    profile = ratio.sum(axis=1)[rows] / count[rows]
    profile -= np.polyval(np.polyfit(rows, profile, 3), rows)
    waves = np.exp(-2j * np.pi * np.outer(np.arange(*BANDS), rows) / here.shape[0])
    window = np.hanning(len(rows))
    return float(2 * np.abs(waves @ (profile * window)).max() / window.sum())


def _mask(quad: Quad, image: RgbImage) -> NDArray[np.uint8]:
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(in_pixels(quad, image)).astype(np.int32), 255)
    return mask
