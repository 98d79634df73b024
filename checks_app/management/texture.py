"""What a picture's grain and colours are like, as numbers: the evidence of one photograph for a classifier, weak by nature.

Grain: what a median of 3 x 3 pixels and a wide blur leave over in even areas, how it goes together between colours and neighbours,
how strong it is at each brightness, and which local patterns occur. Colours: saturation, brightness, tint of light and dark parts,
how edges are spread. Cameras, rooms and contents shape all of these more than displays do: never decide by them alone.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.document.rectify import in_pixels
from checks_app.imaging import RgbImage, fit_within
from checks_app.results import Quad

TILE, MAX_TILES = 128, 12  # pixels at the picture's own resolution; tiles spread over the document
SMALL = 300  # pixels of the longer side, for colours
LEVELS = (0, 40, 90, 150, 210, 256)  # grey levels between which the strength of grain is measured
NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (0, 3), (3, 0))  # pixels down and across
FAINT = 0.1  # grey levels: below it there is no grain but rounding
DIRECTIONS = 18
LUMA = np.array((0.3, 0.59, 0.11), np.float32)

Plane = NDArray[np.float32]


def describe_texture(image: RgbImage, quad: Quad) -> NDArray[np.float64] | None:
    """Return the numbers, always as many in the same order; NaN where one could not be measured. None when no tile fits."""
    places = _spread_tiles(image, quad)
    if not places:
        return None
    sheet = np.concatenate([image[row : row + TILE, column : column + TILE] for row, column in places])
    return np.array(_grain(sheet) + _patterns(sheet) + _colours(fit_within(_cut_out(image, quad), SMALL)))


def _spread_tiles(image: RgbImage, quad: Quad) -> list[tuple[int, int]]:
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.round(in_pixels(quad, image)).astype(np.int32), 1)
    rows, columns = range(0, height - TILE + 1, TILE), range(0, width - TILE + 1, TILE)
    places = [(row, column) for row in rows for column in columns if mask[row : row + TILE : 16, column : column + TILE : 16].all()]
    if len(places) <= MAX_TILES:
        return places
    return [places[round(number)] for number in np.linspace(0, len(places) - 1, MAX_TILES)]


def _cut_out(image: RgbImage, quad: Quad) -> RgbImage:
    """Return the picture's part around the document."""
    corners = in_pixels(quad, image)
    left, top = np.maximum(corners.min(axis=0), 0).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return image[top:bottom, left:right]


def _grain(sheet: RgbImage) -> list[float]:
    """Measure the grain of even areas: strength, kurtosis, correlation between colours and between neighbours, and by brightness."""
    light = sheet.astype(np.float32)
    luma = light @ LUMA
    steep = np.hypot(cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)) / 8
    even = cv2.erode(np.asarray(steep < np.median(steep), dtype=np.uint8), np.ones((3, 3), np.uint8)) > 0
    if even.mean() < 0.002:
        even = steep <= np.median(steep)
    wide = light - cv2.GaussianBlur(light, (0, 0), 1.5)
    fine = light - cv2.medianBlur(sheet, 3).astype(np.float32)
    found = [float(np.log(np.percentile(steep, share) + FAINT)) for share in (50, 75, 90, 95, 99)]
    for grain in (wide, fine):
        values = grain[even].astype(np.float64)
        spread = values.std(axis=0) + 1e-3
        joint = np.cov(values.T) / np.outer(spread, spread)
        found += [joint[0, 1], joint[0, 2], joint[1, 2], *np.log(spread + FAINT)]
        found += [float(np.log1p((values[:, 1] ** 4).mean() / (spread[1] ** 4))), float(np.log(grain[..., 1].std() + FAINT))]
    for plane in (wide[..., 1], wide[..., 0] - wide[..., 1], wide[..., 2] - wide[..., 1]):
        found += _neighbour_correlations(plane * even)
    for low, high in pairwise(LEVELS):
        there = even & (luma >= low) & (luma < high)
        found.append(float(np.log(wide[..., 1][there].std() + FAINT)) if there.sum() > 200 else np.nan)
    return [float(value) for value in found]


def _neighbour_correlations(plane: Plane) -> list[float]:
    power = float((plane * plane).mean()) + 1e-6
    height, width = plane.shape
    return [float((plane[down:, across:] * plane[: height - down, : width - across]).mean()) / power for down, across in NEIGHBOURS]


def _patterns(sheet: RgbImage) -> list[float]:
    """Return shares of the ten rotation-invariant uniform local binary patterns, at two scales, in brightness and two colours.

    Source: Ojala, Pietikainen, Maenpaa, IEEE PAMI 24(7), 2002.
    """
    light = sheet.astype(np.float32)
    luma = light @ LUMA
    red_green, blue_green = light[..., 0] - light[..., 1], light[..., 2] - light[..., 1]
    found: list[float] = []
    for step in (1, 2):
        for plane in (luma if step == 1 else np.asarray(cv2.GaussianBlur(luma, (0, 0), 1.0), np.float32), red_green, blue_green):
            found += _pattern_shares(plane, step)
    return found


def _pattern_shares(plane: Plane, step: int) -> list[float]:
    height, width = plane.shape
    middle = plane[step:-step, step:-step]
    code = np.zeros(middle.shape, np.uint8)
    circle = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
    for bit, (down, across) in enumerate(circle):
        there = plane[step + down * step : height - step + down * step, step + across * step : width - step + across * step]
        code |= (there > middle).astype(np.uint8) << bit
    counts = np.bincount(code.ravel(), minlength=256)
    shares = np.bincount(_PATTERN_CLASS, weights=counts, minlength=10) / code.size
    return [float(share) for share in shares]


def _pattern_class(code: int) -> int:
    bits = [code >> bit & 1 for bit in range(8)]
    changes = sum(bits[bit] != bits[bit - 1] for bit in range(8))
    return sum(bits) if changes <= 2 else 9


_PATTERN_CLASS = np.array([_pattern_class(code) for code in range(256)])


def _colours(small: RgbImage) -> list[float]:
    """Measure saturation, brightness, tint overall and of the lightest and darkest tenth, and how edges are spread."""
    tones = cv2.cvtColor(small, cv2.COLOR_RGB2HSV).astype(np.float32)
    found = [float(np.percentile(tones[..., plane], share)) for plane in (1, 2) for share in (5, 25, 50, 75, 95)]
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)
    lightness, tint = lab[..., 0], lab[..., 1:]
    found += [*tint.mean(axis=(0, 1)), *tint.std(axis=(0, 1))]
    found += [*tint[lightness >= np.percentile(lightness, 90)].mean(axis=0), *tint[lightness <= np.percentile(lightness, 10)].mean(axis=0)]
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    shares = np.histogram(np.mod(np.arctan2(down, across), np.pi), DIRECTIONS, (0, np.pi), weights=strength)[0] / (strength.sum() + 1e-6)
    found += [float((strength < 16).mean()), float(-(shares * np.log(shares + 1e-9)).sum()), float(shares.max())]
    return [float(value) for value in found]
