"""Documents in front of a camera, as things and on displays, drawn from a seed: sub-pixels, backlight, glass, desk, hand.

The camera is `optics`; nothing here knows what the detectors look for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.optics import Camera, Light, Pose, Pulses, Surface, corners_seen, take
from checks_app.imaging import RgbImage
from checks_app.results import Quad
from tests.textures import DESKS, cloud, desk
from verifyportal.dev.specimens import CARD_MM, PASSPORT_MM

GAMMA = 2.2  # of displays (IEC 61966-2-1 is near it) and of the drawn documents
STRIPES = 3  # samples across a display pixel, one for each colour
ROOM_LIGHTS = np.array(
    [(1.0, 1.0, 1.0), (1.12, 1.0, 0.82), (1.28, 1.0, 0.62), (0.95, 1.0, 1.06)], dtype=np.float32
)  # day, white, bulb, shade
DISPLAY_WHITES = np.array([(1.0, 1.0, 1.0), (0.94, 1.0, 1.12), (0.9, 1.0, 1.22)], dtype=np.float32)  # 6,500, 7,500 and 9,000 kelvin
BRIGHTER = (0.8, 20.0)  # a display's white against paper: 250 cd/m2 in an office (500 lx) and in a dim room (40 lx)
BACKDROPS = (18, 60, 240)  # grey levels around a picture in a viewer
FOCAL = Camera().focal
BURST_FRAMES, BURST_SECONDS, HAND = 8, 1.5, 0.9  # HAND: millimetres between frames


class Kind(NamedTuple):
    """A kind of display: pixel pitch in mm, whether two pixels share red and blue, widest picture in mm, flicker in Hz (0: none)."""

    pitch: float
    pentile: bool
    widest: float
    flicker: float


KINDS = {
    "monitor": Kind(0.272, False, 300.0, 0.0),
    "laptop": Kind(0.18, False, 220.0, 480.0),
    "tablet": Kind(0.096, False, 190.0, 0.0),
    "phone": Kind(0.0605, True, 66.0, 240.0),
}
FILLS = {"near": 0.92, "middle": 0.78, "far": 0.62}  # the document's share of the frame's width
ANGLES = {"straight": (0.0, 4.0), "leaning": (4.0, 12.0), "oblique": (12.0, 22.0)}  # degrees


class Cell(NamedTuple):
    """One way to hold a camera before a display."""

    kind: str
    fill: str
    angle: str


CELLS = [Cell(*names) for names in product(KINDS, FILLS, ANGLES)]
HELD_OUT = [cell for number, cell in enumerate(CELLS) if (number + number // 3) % 3 == 1]
"""Every third cell, along diagonals: each kind, distance and angle is in both halves, and their combination in one only."""

TUNED_ON = [cell for cell in CELLS if cell not in HELD_OUT]


@dataclass(frozen=True, slots=True)
class Take:
    """A still picture with the frames before it, and where the document truly is in the still."""

    image: RgbImage
    quad: Quad
    burst: tuple[RgbImage, ...] = ()


def on_display(
    document: RgbImage, cell: Cell, seed: int, *, size: tuple[int, int] = (1280, 960), bezel: bool = False, frames: int = 0
) -> Take:
    """Show a document on a display and take it. bezel: the device's frame is in the picture. frames: of a burst before the still."""
    chance = np.random.default_rng((seed, CELLS.index(cell)))
    kind = KINDS[cell.kind]
    width_mm = min(_width(document) * chance.uniform(0.9, 1.7), kind.widest)
    room = ROOM_LIGHTS[chance.integers(len(ROOM_LIGHTS))]
    white = DISPLAY_WHITES[chance.integers(len(DISPLAY_WHITES))] * np.float32(np.exp(chance.uniform(*np.log(BRIGHTER))))
    margin = width_mm * (chance.uniform(0.04, 0.1) if bezel else 0.32)
    place = _place(document, width_mm)
    shown = _shown(document, width_mm, margin, kind, chance)
    veil = np.float32(chance.uniform(0.004, 0.03)) * room  # what the glass reflects of the room
    lit = emitted(shown, kind, chance) * white + veil
    outer = _grown(place, margin)
    surfaces = [_ground(chance, room, width_mm)]
    if bezel:
        surfaces.append(Surface(np.full((2, 2, 3), 0.012, np.float32) * room, _grown(outer, width_mm * chance.uniform(0.03, 0.08))))
    surfaces.append(Surface(lit, outer, _flicker(kind, chance), fine=True))
    balance = _balance((room + 2 * white) / (1 + 2 * white[1]), chance)
    return _taken(surfaces, place, _camera(size, chance), _pose(cell, width_mm, chance), balance, chance, frames)


def as_thing(
    document: RgbImage, cell: Cell, seed: int, *, size: tuple[int, int] = (1280, 960), frames: int = 0, still: bool = False
) -> Take:
    """Lay a document itself on a desk and take it with the same camera. still: the camera stands, as on a tripod."""
    chance = np.random.default_rng((seed, 1000 + CELLS.index(cell)))
    width_mm = _width(document)
    room = ROOM_LIGHTS[chance.integers(len(ROOM_LIGHTS))]
    place = _place(document, width_mm)
    page = _linear(document) * room * _shade(document.shape[1::-1], chance)
    surfaces = [_ground(chance, room, width_mm), Surface(np.asarray(page, dtype=np.float32), place)]
    hand = 0.0 if still else HAND
    return _taken(surfaces, place, _camera(size, chance), _pose(cell, width_mm, chance), _balance(room, chance), chance, frames, hand)


def _taken(
    surfaces: list[Surface],
    place: tuple[float, float, float, float],
    camera: Camera,
    pose: Pose,
    balance: NDArray[np.float32],
    chance: Generator,
    frames: int,
    hand: float = HAND,
) -> Take:
    """Take the frames and, after them, the still."""
    small = replace(camera, size=(camera.size[0] * 3 // 4 // 2 * 2, camera.size[1] * 3 // 4 // 2 * 2), quality=80)
    burst = []
    for number in range(frames):
        burst.append(take(surfaces, small, pose, chance, balance=balance, time=number * BURST_SECONDS / max(1, frames - 1)))
        pose = pose.moved(chance, hand)
    image = take(surfaces, camera, pose, chance, balance=balance, time=BURST_SECONDS + chance.uniform(0.1, 0.3))
    return Take(image, corners_seen(place, camera, pose), tuple(burst))


def _shown(document: RgbImage, width_mm: float, margin: float, kind: Kind, chance: Generator) -> RgbImage:
    """Return the display's pixels: the document, scaled by a viewer, on its backdrop."""
    columns = round(width_mm / kind.pitch)
    rows = round(columns * document.shape[0] / document.shape[1])
    page = cv2.resize(document, (columns, rows), interpolation=cv2.INTER_AREA if columns < document.shape[1] else cv2.INTER_CUBIC)
    around = round(margin / kind.pitch)
    backdrop = int(chance.choice(BACKDROPS))
    return np.asarray(cv2.copyMakeBorder(page, around, around, around, around, cv2.BORDER_CONSTANT, value=(backdrop,) * 3), dtype=np.uint8)


def emitted(shown: RgbImage, kind: Kind, chance: Generator) -> Light:
    """Turn display pixels into light: STRIPES x STRIPES samples each, the dark between sub-pixels, the backlight's leak."""
    linear = _linear(shown)
    light = np.zeros((linear.shape[0], STRIPES, linear.shape[1], STRIPES, 3), np.float32)
    gap = np.float32(chance.uniform(0.15, 0.6))  # light in the last of three rows of samples, where the matrix runs
    if kind.pentile:
        odd = (np.add.outer(np.arange(linear.shape[0]), np.arange(linear.shape[1])) % 2).astype(np.float32)
        light[:, 0:2, :, 1, 1] = linear[:, None, :, 1]
        light[:, 1:3, :, 2, 0] = (2 * linear[..., 0] * (1 - odd))[:, None]
        light[:, 1:3, :, 2, 2] = (2 * linear[..., 2] * odd)[:, None]
    else:
        for colour in range(3):
            light[:, :, :, colour, colour] = linear[:, None, :, colour] * np.array([1, 1, gap], np.float32)[None, :, None]
    flat = light.reshape(linear.shape[0] * STRIPES, linear.shape[1] * STRIPES, 3)
    flat *= 1 / flat.reshape(-1, 3).mean(axis=0) * linear.reshape(-1, 3).mean(axis=0)
    return np.asarray(flat + 0.0012, dtype=np.float32)  # contrast of about 800 : 1


def _flicker(kind: Kind, chance: Generator) -> Pulses | None:
    """Return the backlight's pulses as a camera row sees them; None: it does not flicker."""
    if not kind.flicker:
        return None
    duty, phase = float(chance.uniform(0.4, 0.95)), float(chance.uniform(0, 1))

    def energy(time: NDArray[np.float64]) -> NDArray[np.float64]:
        turns = time * kind.flicker + phase
        return np.asarray((np.floor(turns) + np.minimum(turns % 1 / duty, 1)) / kind.flicker)

    return lambda start, exposure: (energy(start + exposure) - energy(start)) / exposure


def _ground(chance: Generator, room: NDArray[np.float32], width_mm: float) -> Surface:
    """A desk, larger than any frame sees."""
    reach = width_mm * 1.6
    picture = desk(str(chance.choice(DESKS)), (1200, 1200), chance)
    return Surface(np.asarray(_linear(picture) * room * _shade((1200, 1200), chance), dtype=np.float32), (-reach, -reach, reach, reach))


def _shade(size: tuple[int, int], chance: Generator) -> Light:
    """Uneven light of a room over a surface."""
    return np.asarray(1 + chance.uniform(0.03, 0.15) * cloud(size, (2, 2), chance)[..., None], dtype=np.float32)


def _linear(picture: RgbImage) -> Light:
    table = (np.arange(256) / 255) ** GAMMA
    return np.asarray(table[picture], dtype=np.float32)


def _balance(light: NDArray[np.float32], chance: Generator) -> NDArray[np.float32]:
    """What an automatic white balance makes of the light, nearly right."""
    return np.asarray(light[1] / light * chance.normal(1, 0.03, 3), dtype=np.float32)


def _camera(size: tuple[int, int], chance: Generator) -> Camera:
    return Camera(
        size=size,
        blur=float(chance.uniform(0.4, 1.0)),
        full_well=float(chance.uniform(1200, 8000)),
        exposure=float(chance.choice((1 / 50, 1 / 100, 1 / 200, 1 / 400))),
        edge_aware=bool(chance.random() < 0.6),
        denoise=float(chance.uniform(0.5, 1.4)),
        sharpen=float(chance.uniform(0.1, 0.8)),
        quality=int(chance.integers(84, 96)),
    )


def _pose(cell: Cell, width_mm: float, chance: Generator) -> Pose:
    low, high = ANGLES[cell.angle]
    distance = FOCAL * width_mm / (FILLS[cell.fill] * chance.uniform(0.95, 1.04))
    tilt, azimuth, roll = chance.uniform(low, high), chance.uniform(0, 360), chance.normal(0, 2)
    shift = width_mm * chance.uniform(-0.02, 0.02, 2)
    return Pose(distance, tilt, azimuth, roll, (float(shift[0]), float(shift[1])))


def _width(document: RgbImage) -> float:
    """Return its true width in millimetres, by its shape."""
    return CARD_MM[0] if document.shape[1] / document.shape[0] > 1.5 else PASSPORT_MM[0]


def _place(document: RgbImage, width_mm: float) -> tuple[float, float, float, float]:
    half, tall = width_mm / 2, width_mm / 2 * document.shape[0] / document.shape[1]
    return (-half, -tall, half, tall)


def _grown(place: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return (place[0] - by, place[1] - by, place[2] + by, place[3] + by)
