"""Photographs of documents, drawn from a seed: a document on a desk, seen by a camera, with every fault that a user can make."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests.textures import DESKS, cloud, desk

FINENESS_OF_DISPLAYS = 2  # drawn finer than the sensor, so that a sensor pixel averages stripes of light over its area
CORNER_RADIUS = 0.037  # of the width: 3.18 mm on ID-1 (ISO/IEC 7810)
CARD_ASPECT_FROM = 1.5  # width : height; cards are 1.586, passports 1.420
WIDTH_MM = (125.0, 85.6)  # passport, card

FOCAL_LENGTH = 0.85  # of the frame's width: between a phone's main camera and a webcam

FloatImage = NDArray[np.float32]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scene:
    """How the picture is taken. None means: an ordinary value drawn from the seed."""

    seed: int = 0
    size: tuple[int, int] = (1280, 960)  # width, height in pixels
    desk: str | None = None  # one of DESKS
    fill: float | None = None  # the document's share of the frame, along the side that it fills first
    rotation: float | None = None  # degrees
    tilt: float | None = None  # degrees by which the camera does not look straight down
    blur: float = 0.0  # more blur than focus leaves, sigma in 1/1000 of the frame's width
    noise: float | None = None  # sigma in grey levels
    exposure: float | None = None  # 1 is right
    warmth: float | None = None  # colour of the light: red against blue, 0 is neutral
    glare: float = 0.0  # radius of a blown-out spot, share of the document's width
    finger: str = ""  # "corner" or "edge"
    cut: str = ""  # "corner" or "side": outside the frame


@dataclass(frozen=True, slots=True)
class Shot:
    """A drawn photograph and where the document's corners truly are (they may lie outside 0..1)."""

    image: RgbImage
    quad: Quad


def photograph(document: RgbImage, scene: Scene | None = None, *, fineness: int = 1) -> Shot:
    """Draw `document` (height x width x 3) as the camera of the scene sees it, at `fineness` times its pixels before the lens."""
    scene = scene or Scene()
    chance = np.random.default_rng(scene.seed)
    width, height = (side * fineness for side in scene.size)
    ground = desk(scene.desk or str(chance.choice(DESKS)), (width, height), chance).astype(np.float32)
    corners = _corners(document, scene, chance, (width, height))
    canvas = _laid(ground, document, corners, chance)
    if scene.finger:
        canvas = _with_finger(canvas, corners, scene.finger, _pixels_per_mm(document, corners), chance)
    canvas = _lit(canvas, corners, scene, chance)
    return Shot(_seen(canvas, scene, chance), _fractions(corners, (width, height)))


def photograph_of(surface: RgbImage, box: tuple[float, float, float, float], scene: Scene | None = None) -> Shot:
    """Draw a larger surface (a screen, a sheet) on which the document takes `box` (left, top, right, bottom as fractions)."""
    shot = photograph(surface, scene, fineness=FINENESS_OF_DISPLAYS)
    outer = np.array(shot.quad.corners, dtype=np.float32)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float32)
    left, top, right, bottom = box
    inner = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], dtype=np.float32)
    found = cv2.perspectiveTransform(inner, cv2.getPerspectiveTransform(square, outer))[0]
    return Shot(shot.image, Quad(tuple((float(x), float(y)) for x, y in found)))


def _corners(document: RgbImage, scene: Scene, chance: Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    """Place the document in the frame: scale, tilt, turn, shift. Returns 4 x 2 pixels, clockwise from its top left."""
    fill = chance.uniform(0.66, 0.86) if scene.fill is None else scene.fill
    tilt = np.radians(chance.uniform(0, 18) if scene.tilt is None else scene.tilt)
    rotation = np.radians(chance.uniform(-5, 5) if scene.rotation is None else scene.rotation)
    aspect = document.shape[1] / document.shape[0]
    flat = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=np.float64) * (aspect / 2, 0.5)
    flat = flat @ np.array([(np.cos(rotation), np.sin(rotation)), (-np.sin(rotation), np.cos(rotation))])
    azimuth = chance.uniform(0, 2 * np.pi)
    away = flat @ (np.cos(azimuth), np.sin(azimuth))
    shortened = flat - np.outer(away * (1 - np.cos(tilt)), (np.cos(azimuth), np.sin(azimuth)))
    distance = FOCAL_LENGTH * aspect / fill
    turned = shortened / (1 + np.sin(tilt) * away / distance)[:, None]
    turned -= (turned.max(axis=0) + turned.min(axis=0)) / 2
    scale = fill * min(size[0] / np.ptp(turned[:, 0]), size[1] / np.ptp(turned[:, 1]))
    placed = turned * scale + np.array(size) / 2
    room = (np.array(size) - np.ptp(placed, axis=0)) / 2 * 0.7
    placed += chance.uniform(-1, 1, 2) * room
    return np.asarray(placed + _shift_out(placed, scene.cut, size, chance), dtype=np.float32)


def _shift_out(placed: NDArray[np.float64], cut: str, size: tuple[int, int], chance: Generator) -> NDArray[np.float64]:
    """Return the shift that moves a side, or a corner, out of the frame by 4 to 12 % of the document."""
    if not cut:
        return np.zeros(2)
    share = chance.uniform(0.04, 0.12)
    beyond = share * np.ptp(placed, axis=0)
    across, down = chance.choice((-1, 1), 2)
    target = np.where(np.array([across, down]) > 0, np.array(size) + beyond - placed.max(axis=0), -beyond - placed.min(axis=0))
    if cut == "corner":
        return np.asarray(target)
    return np.asarray(target * ((1, 0) if chance.random() < 0.5 else (0, 1)))


def _laid(ground: FloatImage, document: RgbImage, corners: NDArray[np.float32], chance: Generator) -> FloatImage:
    """Lay the document with rounded corners and a soft shadow on the ground."""
    height, width = ground.shape[:2]
    target = int(np.linalg.norm(corners[1] - corners[0])), int(np.linalg.norm(corners[3] - corners[0]))
    page = cv2.resize(document, target, interpolation=cv2.INTER_AREA if target[0] < document.shape[1] else cv2.INTER_CUBIC)
    flat = np.array([(0, 0), (target[0], 0), target, (0, target[1])], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    mask = cv2.warpPerspective(_rounded(target), warp, (width, height), flags=cv2.INTER_LINEAR)[..., None]
    seen = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    offset = chance.uniform(-1, 1, 2) * 0.006 * width
    shadow = cv2.warpAffine(mask, np.array([[1, 0, offset[0]], [0, 1, offset[1]]]), (width, height))
    shadow = _softened(np.asarray(shadow, dtype=np.float32), 0.006 * width)
    return np.asarray(ground * (1 - 0.45 * shadow) * (1 - mask) + seen * mask, dtype=np.float32)


def _rounded(size: tuple[int, int]) -> Plane:
    mask = np.zeros((size[1], size[0]), np.float32)
    radius = round(CORNER_RADIUS * size[0])
    cv2.rectangle(mask, (radius, 0), (size[0] - radius, size[1]), 1, -1)
    cv2.rectangle(mask, (0, radius), (size[0], size[1] - radius), 1, -1)
    for x in (radius, size[0] - radius - 1):
        for y in (radius, size[1] - radius - 1):
            cv2.circle(mask, (x, y), radius, 1, -1, cv2.LINE_AA)
    return mask


def _with_finger(canvas: FloatImage, corners: NDArray[np.float32], place: str, per_mm: float, chance: Generator) -> FloatImage:
    """Lay a fingertip 15 to 19 mm wide, 9 to 16 mm deep over a corner, or over the middle of a side."""
    which = int(chance.integers(4))
    anchor = corners[which] if place == "corner" else corners[which] * 0.5 + corners[(which + 1) % 4] * 0.5
    inward = corners.mean(axis=0) - anchor
    inward /= np.linalg.norm(inward)
    tip = anchor + inward * chance.uniform(9, 16) * per_mm
    radius = chance.uniform(7.5, 9.5) * per_mm
    root = tip - inward * 90 * per_mm
    skin = np.array([(236, 188, 160), (214, 160, 124), (168, 114, 82), (112, 74, 54)][chance.integers(4)], dtype=np.float32)
    mask = _capsule(canvas, tip, root, radius)
    core = _softened(_capsule(canvas, tip, root, radius * 0.6), radius * 0.35)
    nail = _softened(_capsule(canvas, tip - inward * radius * 0.1, tip - inward * radius * 0.6, radius * 0.5), 1.0)
    wrinkles = cloud((canvas.shape[1], canvas.shape[0]), (90, 90), chance)[..., None] * 0.04
    colour = skin * (0.72 + 0.34 * core + wrinkles)
    colour = colour * (1 - 0.5 * nail) + (skin * 0.6 + 100) * 0.5 * nail
    shadow = _softened(_capsule(canvas, tip, root, radius * 1.1), radius * 0.2)
    edge = _softened(mask, 0.8)
    return np.asarray(canvas * (1 - 0.35 * shadow) * (1 - edge) + colour * edge, dtype=np.float32)


def _softened(mask: Plane, sigma: float) -> Plane:
    """Blur a mask; a wide blur is made small and enlarged, because tests must be quick. Returns height x width x 1."""
    size = mask.shape[1], mask.shape[0]
    shrink = max(1, int(sigma / 4))
    small = cv2.resize(mask, (size[0] // shrink, size[1] // shrink), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)[..., None]


def _capsule(canvas: FloatImage, tip: NDArray[np.float32], root: NDArray[np.float32], radius: float) -> Plane:
    mask = np.zeros(canvas.shape[:2], np.float32)
    ends = [(int(point[0]), int(point[1])) for point in (tip, root)]
    cv2.line(mask, ends[0], ends[1], 1.0, max(1, int(2 * radius)))
    return mask


def _lit(canvas: FloatImage, corners: NDArray[np.float32], scene: Scene, chance: Generator) -> FloatImage:
    """Light the scene: exposure, colour, a soft gradient and, if asked for, a blown-out spot on the document."""
    height, width = canvas.shape[:2]
    exposure = chance.uniform(0.85, 1.03) if scene.exposure is None else scene.exposure
    warmth = chance.uniform(-0.05, 0.1) if scene.warmth is None else scene.warmth
    across, down = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    angle = chance.uniform(0, 2 * np.pi)
    gradient = 1 + chance.uniform(0.02, 0.14) * (np.cos(angle) * across + np.sin(angle) * down)
    lit = canvas * (exposure * gradient)[..., None] * np.array([1 + warmth, 1, 1 - warmth], dtype=np.float32)
    if scene.glare:
        weights = chance.dirichlet(np.ones(4) * 3)
        centre = weights @ corners
        radius = scene.glare * np.linalg.norm(corners[1] - corners[0])
        xs, ys = (across + 1) / 2 * width, (down + 1) / 2 * height
        distance = np.hypot(xs - centre[0], (ys - centre[1]) * 1.4) / radius
        lit = lit + 420 * np.exp(-(distance**4))[..., None]
    return np.asarray(lit, dtype=np.float32)


def _seen(canvas: FloatImage, scene: Scene, chance: Generator) -> RgbImage:
    """Turn light into a picture: lens, sensor (every other one a plain colour mosaic), noise, JPEG."""
    width = scene.size[0]
    small = cv2.resize(canvas, scene.size, interpolation=cv2.INTER_AREA)
    sigma = np.hypot(chance.uniform(0.35, 0.6), scene.blur * width / 1000)
    small = cv2.GaussianBlur(small, (0, 0), sigma)
    noise = chance.uniform(1.0, 3.5) if scene.noise is None else scene.noise
    exact = np.clip(small + chance.normal(0, noise, small.shape), 0, 255).astype(np.uint8)
    picture = _mosaic(exact) if chance.random() < 0.5 else exact
    quality = int(chance.integers(86, 96))
    encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


def _mosaic(picture: RgbImage) -> RgbImage:
    """Keep one colour per pixel as a Bayer sensor does, and interpolate the other two."""
    raw = picture[..., 1].copy()
    raw[0::2, 0::2] = picture[0::2, 0::2, 0]
    raw[1::2, 1::2] = picture[1::2, 1::2, 2]
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB), dtype=np.uint8)


def _pixels_per_mm(document: RgbImage, corners: NDArray[np.float32]) -> float:
    is_card = document.shape[1] / document.shape[0] > CARD_ASPECT_FROM
    return float(np.linalg.norm(corners[1] - corners[0])) / WIDTH_MM[is_card]


def _fractions(corners: NDArray[np.float32], size: tuple[int, int]) -> Quad:
    return Quad(tuple((float(x / size[0]), float(y / size[1])) for x, y in corners))
