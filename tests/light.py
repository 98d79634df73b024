"""Light, lens and sensor: what turns a drawn scene into a photograph."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage

FloatImage = NDArray[np.float32]
Plane = NDArray[np.float32]


def lit(canvas: FloatImage, exposure: float | None, warmth: float | None, chance: Generator) -> FloatImage:
    """Light a scene (RGB, 0..255 and above): exposure, colour and a soft gradient; None draws an ordinary value."""
    exposure = chance.uniform(0.85, 1.03) if exposure is None else exposure
    warmth = chance.uniform(-0.05, 0.1) if warmth is None else warmth
    across, down = _grid(canvas)
    angle = chance.uniform(0, 2 * np.pi)
    gradient = 1 + chance.uniform(0.02, 0.14) * (np.cos(angle) * across + np.sin(angle) * down)
    return np.asarray(canvas * (exposure * gradient)[..., None] * np.array([1 + warmth, 1, 1 - warmth], dtype=np.float32), dtype=np.float32)


def blown_out(canvas: FloatImage, corners: Plane, share: float, chance: Generator) -> FloatImage:
    """Reflect a lamp somewhere in the document; share: the spot's radius in widths of the document."""
    centre = chance.dirichlet(np.ones(4) * 3) @ corners
    radius = share * np.linalg.norm(corners[1] - corners[0])
    height, width = canvas.shape[:2]
    across, down = _grid(canvas)
    distance = np.hypot((across + 1) / 2 * width - centre[0], ((down + 1) / 2 * height - centre[1]) * 1.4) / radius
    return np.asarray(canvas + 420 * np.exp(-(distance**4))[..., None], dtype=np.float32)


def shadowed(canvas: FloatImage, corners: Plane, strength: float, chance: Generator) -> FloatImage:
    """Let the shadow of a head or a phone fall over a part of the document; its edge is soft."""
    height, width = canvas.shape[:2]
    across, down = _grid(canvas)
    angle = chance.uniform(0, 2 * np.pi)
    ahead = (across * width * np.cos(angle) + down * height * np.sin(angle)) / 2
    middle = (corners.mean(axis=0) - (width / 2, height / 2)) @ (np.cos(angle), np.sin(angle))
    softness = chance.uniform(0.008, 0.05) * width
    bend = chance.uniform(-0.15, 0.15) * width * (across * np.sin(angle) - down * np.cos(angle)) ** 2
    dark = 1 / (1 + np.exp(-(ahead - middle + bend + chance.uniform(-0.15, 0.15) * width) / softness))
    tint = np.array([1.0, 0.96, 0.9], dtype=np.float32)  # what lights a shadow is the blue of the sky
    return np.asarray(canvas * (1 - strength * dark[..., None] * tint), dtype=np.float32)


def seen(canvas: FloatImage, size: tuple[int, int], blur: float, noise: float | None, chance: Generator) -> RgbImage:
    """Turn light into a picture of (width, height): lens, sensor (every other one a plain colour mosaic), noise, JPEG."""
    small = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), np.hypot(chance.uniform(0.35, 0.6), blur * size[0] / 1000))
    noise = chance.uniform(1.0, 3.5) if noise is None else noise
    exact = np.clip(small + chance.normal(0, noise, small.shape), 0, 255).astype(np.uint8)
    picture = _mosaic(exact) if chance.random() < 0.5 else exact
    quality = int(chance.integers(86, 96))
    encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


def softened(mask: Plane, sigma: float) -> Plane:
    """Blur a mask; a wide blur is made small and enlarged, because tests must be quick. Returns height x width x 1."""
    size = mask.shape[1], mask.shape[0]
    shrink = max(1, int(sigma / 4))
    small = cv2.resize(mask, (size[0] // shrink, size[1] // shrink), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)[..., None]


def _grid(canvas: FloatImage) -> tuple[Plane, Plane]:
    """Return x and y of each pixel, -1..1."""
    height, width = canvas.shape[:2]
    across, down = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    return np.asarray(across, dtype=np.float32), np.asarray(down, dtype=np.float32)


def _mosaic(picture: RgbImage) -> RgbImage:
    """Keep one colour per pixel as a Bayer sensor does, and interpolate the other two."""
    raw = picture[..., 1].copy()
    raw[0::2, 0::2] = picture[0::2, 0::2, 0]
    raw[1::2, 1::2] = picture[1::2, 1::2, 2]
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB), dtype=np.uint8)
