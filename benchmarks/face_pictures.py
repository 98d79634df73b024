"""What happens to a photograph of a face: it is printed on an identity card, it is taken again a moment later. Drawn from a chance."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage

PRINT_WIDTHS = (60, 100)  # pixels of the portrait in the user's picture
FLAT_WIDTH = 300  # pixels of the portrait on the document as `portraits.find_portrait` flattens it

MOMENT_SIZE, MOMENT_SCALE = (400, 300), 0.55


def printed(image: RgbImage, chance: Generator) -> RgbImage:
    """Print a portrait as identity cards do and photograph it: pale, halftone, wavy lines, arcs of a hologram, few pixels, noise, JPEG."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    pale = 128 + (image.astype(np.float32) - 128) * chance.uniform(0.6, 0.95) + chance.uniform(-5, 25)
    period, angle = chance.uniform(3.5, 6), chance.uniform(0, np.pi)
    along, across = columns * np.cos(angle) + rows * np.sin(angle), rows * np.cos(angle) - columns * np.sin(angle)
    added = chance.uniform(8, 28) * np.cos(2 * np.pi * along / period) * np.cos(2 * np.pi * across / period)
    for _ in range(chance.integers(1, 3)):
        bent = rows + chance.uniform(4, 10) * np.sin(2 * np.pi * columns / chance.uniform(60, 140) + chance.uniform(0, 6))
        added -= chance.uniform(15, 40) * np.clip(np.sin(2 * np.pi * bent / chance.uniform(14, 26)) - 0.85, 0, 1) / 0.15
    for _ in range(chance.integers(0, 4)):
        (x, y), radius = chance.uniform(-0.5, 1.5, 2) * (width, height), chance.uniform(0.4, 1.2) * width
        off = (np.hypot(columns - x, rows - y) - radius) / chance.uniform(3, 9)
        added += chance.uniform(20, 70) * np.exp(-(off**2))
    scale = chance.uniform(*PRINT_WIDTHS) / width
    seen = cv2.GaussianBlur(pale + added[..., None], (0, 0), 0.45 / scale)
    small = np.asarray(cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return packed(small + chance.normal(0, 3, small.shape), int(chance.integers(60, 88)))


def flattened(portrait: RgbImage) -> RgbImage:
    """Enlarge a small portrait as a flattened document shows it."""
    size = (FLAT_WIDTH, round(FLAT_WIDTH * portrait.shape[0] / portrait.shape[1]))
    return np.asarray(cv2.resize(portrait, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def moment(image: RgbImage, chance: Generator) -> RgbImage:
    """Take the picture again as a small frame: moved, rolled, nearer or farther, a little shaken, with fresh noise and JPEG.

    Expression, light and pose stay, so it shows the least that another moment can bring.
    """
    angle, scale = np.deg2rad(chance.normal(0, 1.5)), MOMENT_SCALE * (1 + chance.normal(0, 0.02))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    move = np.array(MOMENT_SIZE) / 2 + chance.normal(0, 4, 2) - turn @ (image.shape[1] / 2, image.shape[0] / 2)
    seen = cv2.warpAffine(image, np.column_stack([turn, move]), MOMENT_SIZE, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
    shake = np.zeros((5, 5), np.float32)
    cv2.line(shake, (2, 2), (int(chance.integers(0, 5)), int(chance.integers(0, 5))), 1.0)
    lit = cv2.filter2D(seen, -1, shake / shake.sum()) * chance.uniform(0.92, 1.08)
    return packed(lit + chance.normal(0, 4, (*lit.shape[:2], 1)) + chance.normal(0, 2, lit.shape), int(chance.integers(70, 90)))


def packed(image: NDArray[np.floating], quality: int) -> RgbImage:
    """Compress as JPEG, quality 0..100, and unpack again."""
    _, jpeg = cv2.imencode(".jpg", np.clip(image, 0, 255).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), dtype=np.uint8)[..., ::-1])


def _even_contrast(image: RgbImage) -> RgbImage:
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(2.0, (4, 4)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), dtype=np.uint8)


def _sharpened(image: RgbImage) -> RgbImage:
    return np.asarray(cv2.addWeighted(image, 1.7, cv2.GaussianBlur(image, (0, 0), 4), -0.7, 0), dtype=np.uint8)


ENHANCEMENTS: dict[str, Callable[[RgbImage], RgbImage]] = {
    "as it is": flattened,
    "median of 3 x 3": lambda small: flattened(np.asarray(cv2.medianBlur(small, 3), dtype=np.uint8)),
    "bilateral filter": lambda small: flattened(np.asarray(cv2.bilateralFilter(small, 5, 30, 2), dtype=np.uint8)),
    "unsharp mask": lambda small: _sharpened(flattened(small)),
    "even contrast (CLAHE)": lambda small: _even_contrast(flattened(small)),
}
