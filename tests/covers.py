"""What lies over a document in a drawn photograph, or holds it: fingers, hands, pens, coins, notes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.light import FloatImage, Plane, softened
from tests.textures import cloud

PLACES = ("corner", "edge", "mrz", "portrait")
THINGS = ("finger", "hand", "pen", "coin", "note")
SKINS = ((236, 188, 160), (224, 176, 146), (214, 160, 124), (190, 136, 100), (168, 114, 82), (112, 74, 54), (74, 50, 38))
METALS = ((206, 176, 96), (188, 190, 194), (176, 116, 78), (150, 140, 112))
PENS = ((30, 34, 44), (36, 66, 150), (170, 34, 40), (226, 226, 222), (24, 110, 84))
NOTES = ((246, 226, 110), (244, 168, 186), (168, 216, 240), (250, 250, 246), (240, 168, 84))
PORTRAITS_MM = ((23.0, 40.0), (19.0, 31.0))  # middle of the portrait of a passport and of a card
SIZES_MM = ((125.0, 88.0), (85.6, 53.98))

Point = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Page:
    """Where a document lies in the picture: its corners in pixels, clockwise from the top left."""

    corners: NDArray[np.float32]
    is_card: bool

    @property
    def per_mm(self) -> float:
        return float(np.linalg.norm(self.corners[1] - self.corners[0])) / SIZES_MM[self.is_card][0]

    def at(self, x: float, y: float) -> Point:
        """Return the pixel of a place in millimetres from the document's top left."""
        width, height = SIZES_MM[self.is_card]
        flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
        warp = cv2.getPerspectiveTransform(flat, self.corners)
        return np.asarray(cv2.perspectiveTransform(np.array([[(x, y)]], dtype=np.float32), warp)[0, 0], dtype=np.float64)


def cover(canvas: FloatImage, page: Page, place: str, thing: str, chance: Generator) -> FloatImage:
    """Lay one of THINGS over one of PLACES, from a seed."""
    edge, target = _aim(page, place, chance)
    inward = _unit(target - edge)
    if thing in ("finger", "hand"):
        return _fingers(canvas, page.per_mm, target, inward, 1 if thing == "finger" else int(chance.integers(2, 5)), chance)
    if thing == "coin":
        centre = edge + (target - edge) * (0.4 if place in ("corner", "edge") else 1.0)
        return _coin(canvas, centre, chance.uniform(9, 13) * page.per_mm, chance)
    if thing == "pen":
        turn = np.pi / 2 if place == "corner" else chance.choice((0.0, 0.5, -0.5))
        return _pen(canvas, page.per_mm, target, _turned(inward, turn + chance.uniform(-0.25, 0.25)), chance)
    return _note(canvas, page.per_mm, edge, target, chance)


def hand_behind(canvas: FloatImage, page: Page, chance: Generator) -> FloatImage:
    """Draw the fingers that hold a document from below; to be drawn before the document is laid."""
    edge, target = _aim(page, "edge", chance)
    return _fingers(canvas, page.per_mm, target, _unit(target - edge), int(chance.integers(1, 5)), chance)


def _aim(page: Page, place: str, chance: Generator) -> tuple[Point, Point]:
    """Return the pixel on the document's border where something comes in, and how far it reaches."""
    width, height = SIZES_MM[page.is_card]
    if place == "mrz":
        x = chance.uniform(0.2, 0.8) * width
        return page.at(x, height), page.at(x + chance.uniform(-6, 6), height - chance.uniform(11, 17))
    if place == "portrait":
        x, y = PORTRAITS_MM[page.is_card]
        return page.at(0, y + chance.uniform(-8, 8)), page.at(x, y)
    which = int(chance.integers(4))
    along = 0.0 if place == "corner" else chance.uniform(0.3, 0.7)
    edge = page.corners[which] * (1 - along) + page.corners[(which + 1) % 4] * along
    inward = _unit(page.corners.mean(axis=0) - edge)
    return edge.astype(np.float64), edge + inward * chance.uniform(9, 16) * page.per_mm


def _fingers(canvas: FloatImage, per_mm: float, tip: Point, inward: Point, count: int, chance: Generator) -> FloatImage:
    """Lay fingertips 15 to 19 mm wide side by side, with nails, wrinkles and a shadow."""
    skin = np.array(SKINS[chance.integers(len(SKINS))], dtype=np.float32)
    beside = np.array([-inward[1], inward[0]])
    wrinkles = cloud((canvas.shape[1], canvas.shape[0]), (90, 90), chance)[..., None] * 0.04
    for number in range(count):
        radius = chance.uniform(7.5, 9.5) * per_mm
        end = tip + beside * (number - (count - 1) / 2) * 2.1 * radius - inward * chance.uniform(0, 0.5) * radius * (count > 1)
        root = end - inward * 90 * per_mm
        core = softened(_capsule(canvas, end, root, radius * 0.6), radius * 0.35)
        nail = softened(_capsule(canvas, end - inward * radius * 0.1, end - inward * radius * 0.6, radius * 0.5), 1.0)
        colour = skin * (0.72 + 0.34 * core + wrinkles)
        colour = colour * (1 - 0.5 * nail) + (skin * 0.6 + 100) * 0.5 * nail
        canvas = _over(canvas, colour, _capsule(canvas, end, root, radius), _capsule(canvas, end, root, radius * 1.1), radius * 0.2)
    return canvas


def _coin(canvas: FloatImage, centre: Point, radius: float, chance: Generator) -> FloatImage:
    metal = np.array(METALS[chance.integers(len(METALS))], dtype=np.float32)
    disc = _disc(canvas, centre, radius)
    rim = softened(disc - _disc(canvas, centre, radius * 0.9), 1.0)
    relief = cloud((canvas.shape[1], canvas.shape[0]), (canvas.shape[1] // 14, canvas.shape[0] // 14), chance)[..., None]
    relief = relief * softened(_disc(canvas, centre, radius * 0.7), 2.0)
    return _over(canvas, metal * (0.85 + 0.2 * rim + 0.16 * relief), disc, _disc(canvas, centre + radius * 0.08, radius), radius * 0.1)


def _pen(canvas: FloatImage, per_mm: float, through: Point, along: Point, chance: Generator) -> FloatImage:
    """Lay a pen 8 to 11 mm thick across a place; it ends on the document or goes on beyond it."""
    ink = np.array(PENS[chance.integers(len(PENS))], dtype=np.float32)
    radius = chance.uniform(4, 5.5) * per_mm
    end, start = through + along * chance.uniform(8, 60) * per_mm, through - along * 120 * per_mm
    aside = np.array([-along[1], along[0]]) * radius * 0.4
    gloss = softened(_capsule(canvas, end + aside, start + aside, radius * 0.22), radius * 0.15)
    shaft = _capsule(canvas, end, start, radius)
    return _over(canvas, ink * (0.9 + 0.1 * gloss) + 90 * gloss, shaft, _capsule(canvas, end + aside, start + aside, radius), radius * 0.4)


def _note(canvas: FloatImage, per_mm: float, edge: Point, reach: Point, chance: Generator) -> FloatImage:
    """Lay a sticky note so that its middle sides end about where the thing should reach."""
    ink = np.array(NOTES[chance.integers(len(NOTES))], dtype=np.float32)
    side = chance.uniform(38, 60) * per_mm
    inward = _unit(reach - edge)
    angle = np.degrees(np.arctan2(inward[1], inward[0])) + chance.uniform(-12, 12)
    centre = reach - inward * side / 2
    mask = np.zeros(canvas.shape[:2], np.float32)
    box = cv2.boxPoints((centre.tolist(), (float(side), float(side)), float(angle)))
    cv2.fillPoly(mask, [box.astype(np.int32)], 1.0, cv2.LINE_AA)
    return _over(canvas, np.broadcast_to(ink * 0.97, canvas.shape), mask, mask, 1.2 * per_mm)


def _over(canvas: FloatImage, colour: Plane, mask: Plane, cast: Plane, softness: float) -> FloatImage:
    """Lay a colour where the mask is, and a shadow where it is cast."""
    shadow, edge = softened(cast, softness), softened(mask, 0.8)
    return np.asarray(canvas * (1 - 0.35 * shadow) * (1 - edge) + colour * edge, dtype=np.float32)


def _capsule(canvas: FloatImage, tip: Point, root: Point, radius: float) -> Plane:
    mask = np.zeros(canvas.shape[:2], np.float32)
    ends = [(int(point[0]), int(point[1])) for point in (tip, root)]
    cv2.line(mask, ends[0], ends[1], 1.0, max(1, int(2 * radius)))
    return mask


def _disc(canvas: FloatImage, centre: Point, radius: float) -> Plane:
    mask = np.zeros(canvas.shape[:2], np.float32)
    cv2.circle(mask, (int(centre[0]), int(centre[1])), max(1, int(radius)), 1.0, -1, cv2.LINE_AA)
    return mask


def _unit(vector: NDArray[np.floating]) -> Point:
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-9), dtype=np.float64)


def _turned(vector: Point, angle: float) -> Point:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1]])
