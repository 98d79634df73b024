"""A living head, drawn: the astronaut of scikit-image (NASA, public domain) on an ellipsoid with a nose, turned in three dimensions.

The photograph is laid over a height field, which is turned to the side, then up or down, and then seen in perspective. What comes to
lie behind the nose or the cheek disappears, as on a head and unlike on a picture of one. It is a simulation: skin, light and hair
stay as photographed. Any other frontal photograph can be laid on the same head with `add_face`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from checks_app.imaging import RgbImage

FloatImage = NDArray[np.float32]

# The photograph in its own pixels; its eyes are 42.5 pixels = 63 mm apart, so a millimetre is 0.675 pixels.
HEAD_CENTRE = (226.0, 100.0)
HEAD_RADII = (74.0, 90.0)  # across and down, hair included
HEAD_DEPTH = 64.0  # 95 mm from the ears to the forehead
NOSE_TIP, NOSE_RELIEF = (224.5, 129.0), 13.5  # the nose stands out by 20 mm
NOSE_SPREAD = (6.5, 15.0, 7.0)  # sigma across, upwards along the ridge, downwards
EYES, EYE_RELIEF, EYE_SPREAD = ((203.5, 102.0), (246.0, 104.5)), -3.0, 8.0
NOSE_BASE = (224.0, 135.0)  # where the landmarks of the engine see the nose
SOFT_RIM = 0.12  # share of the radius over which the head passes into the unturned photograph
PHOTOGRAPH_ZOOM = {640: 1.9, 1280: 2.8}  # camera pixels per pixel of the photograph, by the frame's width
PRINT_CENTRE, PRINT_HALF = (226.0, 125.0), (116.0, 125.0)  # the part that an attacker prints
FRAME_FROM, FRAME_GREY = 0.9, 22  # the dark frame of a screen: beyond this share of the half

CAMERA_DISTANCE = 304.0  # 450 mm: a telephone at arm's length
STEP_DEGREES, STEP_ZOOM = 0.5, 0.01
CACHED_PICTURES = 96
GRID_STEP = 2.0  # pixels of the photograph: the geometry is smooth
NEAREST, FARTHEST = 40.0, -200.0  # bounds of what can be seen, from the camera and from the ears, while searching
ITERATIONS = 3  # from a pixel of the camera to the point that it sees

# The stranger's features: where (x, y), how far around (across, down), shifted by, enlarged by
STRANGER: tuple[tuple[tuple[float, float], ...], ...] = (
    ((203.5, 102.0), (18.0, 14.0), (8.0, 3.3), (1.17, 0.62)),
    ((246.0, 104.5), (18.0, 14.0), (-8.0, 3.3), (1.17, 0.62)),
    ((224.5, 126.0), (18.0, 20.0), (8.0, -6.8), (0.91, 1.62)),
    ((224.0, 148.0), (24.0, 12.0), (0.5, -3.5), (0.6, 0.6)),
    ((224.0, 172.0), (46.0, 26.0), (3.5, 6.9), (1.69, 1.49)),
)

_ADDED: dict[str, RgbImage] = {}


@dataclass(frozen=True, slots=True)
class Surface:
    """A height field on a regular grid. column, row: of the photograph, laid on each point; height: towards the camera at 0 degrees."""

    column: FloatImage
    row: FloatImage
    height: FloatImage
    front: float  # the height that keeps its size in the picture at 0 degrees

    @property
    def half(self) -> tuple[float, float]:
        """How far the grid reaches from its middle, across and down, in pixels of the photograph."""
        rows, columns = self.height.shape
        return (columns - 1) / 2 * GRID_STEP, (rows - 1) / 2 * GRID_STEP


def portrait(face: str = "astronaut") -> RgbImage:
    """Return head and shoulders, upright, 300 x 240: as printed on a document. face: "astronaut" or "stranger"."""
    return np.ascontiguousarray(_photograph(face)[0:300, 105:345])


def add_face(name: str, picture: RgbImage, eyes: tuple[tuple[float, float], tuple[float, float]], nose: tuple[float, float]) -> None:
    """Lay a frontal photograph on the head under a name. eyes: the one at the left of the picture first; nose: its base; in pixels."""
    seen, place = np.array([*eyes, nose], np.float32), np.array([*EYES, NOSE_BASE], np.float32)
    lying = cv2.getAffineTransform(seen, place)
    laid = cv2.warpAffine(picture, lying, (512, 512), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    _ADDED[name] = np.asarray(laid, dtype=np.uint8)


def drop_face(name: str) -> None:
    """Forget a photograph and all that was drawn of it."""
    _ADDED.pop(name, None)
    _head.cache_clear()
    _turned_print.cache_clear()


def head(yaw: float, pitch: float = 0.0, zoom: float = 1.0, *, size: tuple[int, int] = (640, 480), face: str = "astronaut") -> RgbImage:
    """Draw the head turned by `yaw` degrees, + to the person's own left, and by `pitch`, + upwards, without camera noise.

    zoom: how many times closer than a telephone at arm's length, in perspective. size: width, height.
    """
    return _head(round(yaw / STEP_DEGREES), round(pitch / STEP_DEGREES), round(zoom / STEP_ZOOM), size, face)


def turned_print(
    yaw: float, pitch: float = 0.0, zoom: float = 1.0, *, size: tuple[int, int] = (640, 480), bend: float = 0.0,
    face: str = "astronaut", shape: str = "sheet", wall: RgbImage | None = None,
) -> RgbImage:  # fmt: skip
    """Draw a printed photograph turned by hand in front of a wall. Angles, zoom and size as in `head`.

    bend: half angle in degrees around which it is rolled, + around an upright bottle, - around a lying one. shape: "sheet", "head"
    (cut out) or "screen" (in a dark frame). wall: what is behind it, else a grey one.
    """
    key = round(yaw / STEP_DEGREES), round(pitch / STEP_DEGREES), round(zoom / STEP_ZOOM)
    picture, mask = _turned_print(*key, size, bend, face, shape)
    return picture if wall is None else np.asarray(np.where(mask[..., None], picture, wall), dtype=np.uint8)


def _photograph(face: str) -> RgbImage:
    return _ADDED[face] if face in _ADDED else _own_photograph(face)


@cache
def _own_photograph(face: str) -> RgbImage:
    picture = np.asarray(data.astronaut(), dtype=np.uint8)
    if face == "astronaut":
        return picture
    if face != "stranger":
        raise ValueError(f"There is no face called {face!r}")
    return _remodelled(picture)


def _remodelled(picture: RgbImage) -> RgbImage:
    """Make another person of the astronaut: other proportions, other skin. No second free face comes with scikit-image."""
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    map_x, map_y = columns.copy(), rows.copy()
    for (x, y), (across, down), (shift_x, shift_y), (zoom_x, zoom_y) in STRANGER:
        weight = np.exp(-(((columns - x) / across) ** 2) - ((rows - y) / down) ** 2)
        map_x -= weight * (shift_x + (columns - x) * (1 - 1 / zoom_x))
        map_y -= weight * (shift_y + (rows - y) * (1 - 1 / zoom_y))
    return np.asarray(cv2.remap(picture, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def _relief(columns: FloatImage, rows: FloatImage) -> FloatImage:
    """Return how far each point of the photograph stands out from the plane through the ears, in its pixels."""
    across, down = (columns - HEAD_CENTRE[0]) / HEAD_RADII[0], (rows - HEAD_CENTRE[1]) / HEAD_RADII[1]
    height = HEAD_DEPTH * np.sqrt(np.maximum(0.0, 1 - across**2 - down**2))
    along = rows - NOSE_TIP[1]
    ridge = np.where(along < 0, NOSE_SPREAD[1], NOSE_SPREAD[2])
    height += NOSE_RELIEF * np.exp(-(((columns - NOSE_TIP[0]) / NOSE_SPREAD[0]) ** 2) / 2 - (along / ridge) ** 2 / 2)
    for x, y in EYES:
        height += EYE_RELIEF * np.exp(-(((columns - x) ** 2 + (rows - y) ** 2) / (2 * EYE_SPREAD**2)))
    return np.asarray(height, dtype=np.float32)


def _plane(half: tuple[float, float]) -> tuple[FloatImage, FloatImage]:
    """Return x and y of a grid around 0, in pixels of the photograph."""
    across, down = (int(reach / GRID_STEP) for reach in half)
    rows, columns = np.mgrid[-down : down + 1, -across : across + 1].astype(np.float32) * np.float32(GRID_STEP)
    return columns, rows


@cache
def _head_surface() -> Surface:
    x, y = _plane((HEAD_RADII[0] * 1.16, HEAD_RADII[1] * 1.16))
    column, row = x, y
    for _ in range(ITERATIONS):  # the photograph shows the head in perspective already: undo it
        growth = CAMERA_DISTANCE / (CAMERA_DISTANCE - _relief(column + HEAD_CENTRE[0], row + HEAD_CENTRE[1]) + HEAD_DEPTH)
        column, row = x * growth, y * growth
    column, row = column + np.float32(HEAD_CENTRE[0]), row + np.float32(HEAD_CENTRE[1])
    return Surface(column, row, _relief(column, row), HEAD_DEPTH)


@cache
def _print_surface(bend: float) -> Surface:
    x, y = _plane(PRINT_HALF)
    rolled, reach = (x, PRINT_HALF[0]) if bend >= 0 else (y, PRINT_HALF[1])
    radius = reach / np.deg2rad(max(abs(bend), 0.01))
    height = np.asarray(np.sqrt(np.maximum(0.0, radius**2 - rolled**2)) - radius, dtype=np.float32)
    around = np.asarray(np.arcsin(np.clip(rolled / radius, -1, 1)) * radius, dtype=np.float32)
    column, row = (around, y) if bend >= 0 else (x, around)
    return Surface(column + np.float32(PRINT_CENTRE[0]), row + np.float32(PRINT_CENTRE[1]), height, 0.0)


def _turned(surface: Surface, degrees: float) -> Surface:
    """Turn a surface around its upright axis, + towards the right of the picture, and keep what is visible.

    A point is hidden when one to its left has come to lie further right; turned to the left it is the other way round. So a running
    maximum keeps what is visible.
    """
    if degrees < 0:
        return _mirrored(_turned(_mirrored(surface), -degrees))
    if degrees == 0:
        return surface
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    columns = surface.height.shape[1]
    x = (np.arange(columns) - (columns - 1) / 2) * GRID_STEP
    place = np.maximum.accumulate(x * cosine + surface.height * sine, axis=1) + np.arange(columns) * 1e-4
    numbers = np.arange(columns, dtype=np.float64)
    seen = np.stack([np.interp(x, row, numbers, left=-9.0, right=-9.0) for row in place]).astype(np.float32)
    rows = np.broadcast_to(np.arange(len(seen), dtype=np.float32)[:, None], seen.shape).copy()
    column, row, height = (_picked(values, seen, rows) for values in (surface.column, surface.row, surface.height))
    solid = (seen - (columns - 1) / 2) * GRID_STEP
    return Surface(column, row, np.asarray(height * cosine - solid * sine, dtype=np.float32), surface.front)


def _mirrored(surface: Surface) -> Surface:
    column, row, height = (np.ascontiguousarray(plane[:, ::-1]) for plane in (surface.column, surface.row, surface.height))
    return Surface(column, row, height, surface.front)


def _transposed(surface: Surface) -> Surface:
    column, row, height = (np.ascontiguousarray(plane.T) for plane in (surface.column, surface.row, surface.height))
    return Surface(column, row, height, surface.front)


def _picked(values: FloatImage, columns: FloatImage, rows: FloatImage) -> FloatImage:
    """Read a grid between its points; what lies outside it is far away from every photograph."""
    return np.asarray(cv2.remap(values, columns, rows, cv2.INTER_LINEAR, borderValue=-1e4), dtype=np.float32)


def _seen(surface: Surface, yaw: float, pitch: float, zoom: float, x: FloatImage, y: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Say which column and row of the photograph a camera sees at (x, y) from the surface's middle, in pixels at 0 degrees."""
    turned = _transposed(_turned(_transposed(_turned(surface, yaw)), -pitch))
    (half_x, half_y), away = turned.half, CAMERA_DISTANCE / zoom
    height = np.full_like(x, turned.front)
    for _ in range(ITERATIONS):
        grown = CAMERA_DISTANCE / np.maximum(NEAREST, away - height + turned.front)
        columns = np.asarray((x / grown + half_x) / GRID_STEP, dtype=np.float32)
        rows = np.asarray((y / grown + half_y) / GRID_STEP, dtype=np.float32)
        height = np.maximum(FARTHEST, _picked(turned.height, columns, rows))
    return _picked(turned.column, columns, rows), _picked(turned.row, columns, rows)


@lru_cache(maxsize=4)
def _grid(size: tuple[int, int]) -> tuple[FloatImage, FloatImage]:
    """Return for each camera pixel the column and row of the photograph that lies there when nothing is turned."""
    zoom = PHOTOGRAPH_ZOOM[size[0]]
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return (columns - size[0] / 2) / zoom + HEAD_CENTRE[0], (rows - size[1] / 2) / zoom + size[1] / 2 / zoom


@lru_cache(maxsize=CACHED_PICTURES)
def _head(yaw_steps: int, pitch_steps: int, zoom_steps: int, size: tuple[int, int], face: str) -> RgbImage:
    columns, rows = _grid(size)
    zoom = zoom_steps * STEP_ZOOM
    x, y = columns - np.float32(HEAD_CENTRE[0]), rows - np.float32(HEAD_CENTRE[1])
    body = _laid(face, x / np.float32(zoom) + np.float32(HEAD_CENTRE[0]), y / np.float32(zoom) + np.float32(HEAD_CENTRE[1]))
    seen = _seen(_head_surface(), yaw_steps * STEP_DEGREES, pitch_steps * STEP_DEGREES, zoom, _coarser(x), _coarser(y))
    turned = _laid(face, *(_finer(where, size) for where in seen))
    radius = np.hypot(x / HEAD_RADII[0], y / HEAD_RADII[1]) / zoom
    inside = (np.clip((1 - radius) / SOFT_RIM, 0, 1) * (_finer(seen[0], size) > 0)).astype(np.float32)
    return np.asarray(cv2.blendLinear(turned, body, inside, 1 - inside), dtype=np.uint8)


@lru_cache(maxsize=CACHED_PICTURES)
def _turned_print(
    yaw_steps: int, pitch_steps: int, zoom_steps: int, size: tuple[int, int], bend: float, face: str, shape: str
) -> tuple[RgbImage, NDArray[np.bool_]]:
    columns, rows = _grid(size)
    x, y = _coarser(columns - np.float32(PRINT_CENTRE[0])), _coarser(rows - np.float32(PRINT_CENTRE[1]))
    angles = yaw_steps * STEP_DEGREES, pitch_steps * STEP_DEGREES
    seen_columns, seen_rows = (_finer(p, size) for p in _seen(_print_surface(bend), *angles, zoom_steps * STEP_ZOOM, x, y))
    on_print, printed = seen_columns > 0, _laid(face, seen_columns, seen_rows)
    across, down = np.abs(seen_columns - PRINT_CENTRE[0]) / PRINT_HALF[0], np.abs(seen_rows - PRINT_CENTRE[1]) / PRINT_HALF[1]
    if shape == "head":
        on_print &= np.hypot((seen_columns - HEAD_CENTRE[0]) / HEAD_RADII[0], (seen_rows - HEAD_CENTRE[1]) / HEAD_RADII[1]) < 1
    if shape == "screen":
        printed[np.maximum(across, down) > FRAME_FROM] = FRAME_GREY
    wall = np.stack([150 + 30 * np.cos(columns / 90 + shade) for shade in (0.0, 0.3, 0.6)], axis=-1)
    return np.asarray(np.where(on_print[..., None], printed, wall), dtype=np.uint8), np.asarray(on_print)


def _coarser(plane: FloatImage) -> FloatImage:
    """Half the resolution: the geometry is smooth, and turning it costs more than all the rest."""
    return np.asarray(cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _finer(plane: FloatImage, size: tuple[int, int]) -> FloatImage:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _laid(face: str, columns: FloatImage, rows: FloatImage) -> RgbImage:
    return np.asarray(cv2.remap(_photograph(face), columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
