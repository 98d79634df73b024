"""Photographs of documents, drawn from a seed: a document on a desk, seen by a camera, with every fault that a user can make."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests import light
from tests.covers import Page, cover, hand_behind
from tests.light import FloatImage, Plane
from tests.textures import DESKS, desk

CORNER_RADIUS = 0.037  # of the width: 3.18 mm on ID-1 (ISO/IEC 7810)
CARD_ASPECT_FROM = 1.5  # width : height; cards are 1.586, passports 1.420
FOCAL_LENGTH = 0.85  # of the frame's width: between a phone's main camera and a webcam
WHOLE = (0.0, 0.0, 1.0, 1.0)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of a surface."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How the picture is taken. None means: an ordinary value drawn from the seed."""

    seed: int = 0
    size: tuple[int, int] = (1280, 960)  # width, height in pixels
    desk: str | None = None  # one of DESKS or of SURROUNDINGS
    fill: float | None = None  # the document's share of the frame, along the side that it fills first
    rotation: float | None = None  # degrees
    tilt: float | None = None  # degrees by which the camera does not look straight down
    blur: float = 0.0  # more blur than focus leaves, sigma in 1/1000 of the frame's width
    noise: float | None = None  # sigma in grey levels
    exposure: float | None = None  # 1 is right
    warmth: float | None = None  # colour of the light: red against blue, 0 is neutral
    glare: float = 0.0  # radius of a blown-out spot, share of the document's width
    shadow: float = 0.0  # share of the light that a head or a phone keeps from a part of the scene
    held: bool = False  # fingers hold the document from behind and cover nothing
    covered: str = ""  # one of PLACES
    thing: str = "finger"  # one of THINGS: what covers
    cut: str = ""  # outside the frame: "corner" with the two sides that meet there, "tip" of a corner alone, "side"


@dataclass(frozen=True, slots=True)
class Shot:
    """A drawn photograph and where the document's corners truly are (they may lie outside 0..1)."""

    image: RgbImage
    quad: Quad
    covered: str = ""  # as in the scene
    cut: str = ""  # as in the scene


def photograph(surface: RgbImage, scene: Scene | None = None, *, part: Box = WHOLE) -> Shot:
    """Draw a surface (height x width x 3) as the camera of the scene sees it.

    part: where on it the document is, when it is a spread of pages.
    """
    scene = scene or Scene()
    chance = np.random.default_rng(scene.seed)
    mishaps = np.random.default_rng((scene.seed, 1))  # of their own, so that the same seed shows the same scene without them
    ground = desk(scene.desk or str(chance.choice(DESKS)), scene.size, chance).astype(np.float32)
    outer = _corners(surface, scene, chance, scene.size)
    page = Page(_inner(outer, part), _is_card(surface, part))
    if scene.held:
        ground = hand_behind(ground, Page(outer, page.is_card), mishaps)
    canvas = _laid(ground, surface, outer, chance)
    if scene.covered:
        canvas = cover(canvas, page, scene.covered, scene.thing, mishaps)
    canvas = light.lit(canvas, scene.exposure, scene.warmth, chance)
    if scene.shadow:
        canvas = light.shadowed(canvas, page.corners, scene.shadow, mishaps)
    if scene.glare:
        canvas = light.blown_out(canvas, page.corners, scene.glare, chance)
    image = light.seen(canvas, scene.size, scene.blur, scene.noise, chance)
    return Shot(image, _fractions(page.corners, scene.size), scene.covered, scene.cut)


def _inner(outer: NDArray[np.float32], part: Box) -> NDArray[np.float32]:
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float32)
    left, top, right, bottom = part
    inner = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], dtype=np.float32)
    return np.asarray(cv2.perspectiveTransform(inner, cv2.getPerspectiveTransform(square, outer))[0], dtype=np.float32)


def _is_card(surface: RgbImage, part: Box) -> bool:
    width, height = surface.shape[1] * (part[2] - part[0]), surface.shape[0] * (part[3] - part[1])
    return width / height > CARD_ASPECT_FROM


def _corners(document: RgbImage, scene: Scene, chance: Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    """Place the document in the frame: scale, tilt, turn, shift. Returns 4 x 2 pixels, clockwise from its top left."""
    fill = chance.uniform(0.66, 0.86) if scene.fill is None else scene.fill
    tilt = np.radians(chance.uniform(0, 18) if scene.tilt is None else scene.tilt)
    rotation = np.radians(_rotation(scene, chance))
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


def _rotation(scene: Scene, chance: Generator) -> float:
    """Return degrees; only a document that lies askew can lose the tip of one corner."""
    if scene.rotation is not None:
        return scene.rotation
    ordinary = chance.uniform(-5, 5)
    return float(np.sign(ordinary) * (8 + 3 * abs(ordinary)) if scene.cut == "tip" else ordinary)


def _shift_out(placed: NDArray[np.float64], cut: str, size: tuple[int, int], chance: Generator) -> NDArray[np.float64]:
    """Return the shift that moves a side, or a corner, out of the frame by 4 to 12 % of the document."""
    if not cut:
        return np.zeros(2)
    beyond = chance.uniform(0.04, 0.12) * np.ptp(placed, axis=0)
    directions = chance.choice((-1, 1), 2)
    if cut == "tip":  # less than the next corner is away from the border
        ranked = np.sort(placed * directions, axis=0)
        beyond = np.minimum(beyond, 0.6 * (ranked[-1] - ranked[-2]))
    target = np.where(directions > 0, np.array(size) + beyond - placed.max(axis=0), -beyond - placed.min(axis=0))
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
    shadow = light.softened(np.asarray(shadow, dtype=np.float32), 0.006 * width)
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


def _fractions(corners: NDArray[np.float32], size: tuple[int, int]) -> Quad:
    return Quad(tuple((float(x / size[0]), float(y / size[1])) for x, y in corners))
