"""A living head, drawn: the astronaut of scikit-image (NASA, public domain) on an ellipsoid with a nose, turned in three dimensions.

The photograph is laid over a height field. A turn moves each point by its own depth, and what comes to lie behind the nose or
the cheek disappears, as on a head and unlike on a picture of one. It is a simulation: skin, light and hair stay as photographed.
"""

from __future__ import annotations

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
SOFT_RIM = 0.12  # share of the radius over which the head passes into the unturned photograph
PHOTOGRAPH_ZOOM = {640: 1.9, 1280: 2.8}  # camera pixels per pixel of the photograph, by the frame's width
PRINT_EDGES = (110, 0, 342, 250)  # left, top, right, bottom of the part that an attacker prints

CAMERA_DISTANCE = 304.0  # 450 mm: a telephone at arm's length
YAW_STEP_DEGREES = 0.5
CACHED_PICTURES = 256

# The stranger's features: where (x, y), how far around (across, down), shifted by, enlarged by
STRANGER: tuple[tuple[tuple[float, float], ...], ...] = (
    ((203.5, 102.0), (18.0, 14.0), (8.0, 3.3), (1.17, 0.62)),
    ((246.0, 104.5), (18.0, 14.0), (-8.0, 3.3), (1.17, 0.62)),
    ((224.5, 126.0), (18.0, 20.0), (8.0, -6.8), (0.91, 1.62)),
    ((224.0, 148.0), (24.0, 12.0), (0.5, -3.5), (0.6, 0.6)),
    ((224.0, 172.0), (46.0, 26.0), (3.5, 6.9), (1.69, 1.49)),
)


def portrait(face: str = "astronaut") -> RgbImage:
    """Return head and shoulders, upright, 300 x 240: as printed on a document. face: "astronaut" or "stranger"."""
    return np.ascontiguousarray(_photograph(face)[0:300, 105:345])


def head(yaw: float, *, size: tuple[int, int] = (640, 480), face: str = "astronaut") -> RgbImage:
    """Draw the head turned by `yaw` degrees, + to the person's own left, without camera noise. size: width, height."""
    return _head(round(yaw / YAW_STEP_DEGREES), size, face)


def turned_print(yaw: float, *, size: tuple[int, int] = (640, 480), bend: float = 0.0, face: str = "astronaut") -> RgbImage:
    """Draw a printed photograph turned by `yaw` degrees in front of a wall. bend: half angle in degrees around which it is rolled."""
    return _turned_print(round(yaw / YAW_STEP_DEGREES), size, bend, face)


@cache
def _photograph(face: str) -> RgbImage:
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


def _turned(columns: FloatImage, rows: FloatImage, relief: FloatImage, yaw: float, front: float) -> tuple[FloatImage, FloatImage]:
    """Say for each pixel of the turned picture which column and row of the photograph are seen there.

    Turned to the right of the picture, a point is hidden when one to its left has come to lie further right; turned to the
    left it is the other way round. So a running maximum keeps what is visible. `front`: the relief that keeps its size at 0 degrees.
    """
    if yaw < 0:
        mirrored, seen_rows = _turned(2 * HEAD_CENTRE[0] - columns[:, ::-1], rows[:, ::-1], relief[:, ::-1], -yaw, front)
        return np.ascontiguousarray(2 * HEAD_CENTRE[0] - mirrored[:, ::-1]), np.ascontiguousarray(seen_rows[:, ::-1])
    cosine, sine = np.cos(np.deg2rad(yaw)), np.sin(np.deg2rad(yaw))
    across = columns - HEAD_CENTRE[0]
    photographed = CAMERA_DISTANCE / (CAMERA_DISTANCE - relief + front)  # so that the head at 0 degrees is the photograph
    solid = across / photographed
    growth = CAMERA_DISTANCE / (CAMERA_DISTANCE - relief * cosine + solid * sine + front)
    visible = np.maximum.accumulate((solid * cosine + relief * sine) * growth, axis=1) + np.arange(columns.shape[1]) * 1e-4
    ratio = growth / photographed
    seen = np.stack([np.interp(across[row], visible[row], columns[row]) for row in range(len(columns))])
    grown = np.stack([np.interp(across[row], visible[row], ratio[row]) for row in range(len(columns))])
    return seen.astype(np.float32), (HEAD_CENTRE[1] + (rows - HEAD_CENTRE[1]) / grown).astype(np.float32)


def _grid(size: tuple[int, int]) -> tuple[FloatImage, FloatImage]:
    """Return for each camera pixel the column and row of the photograph that lies there when nothing is turned."""
    zoom = PHOTOGRAPH_ZOOM[size[0]]
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return (columns - size[0] / 2) / zoom + HEAD_CENTRE[0], (rows - size[1] / 2) / zoom + size[1] / 2 / zoom


@lru_cache(maxsize=CACHED_PICTURES)
def _head(half_degrees: int, size: tuple[int, int], face: str) -> RgbImage:
    columns, rows = _grid(size)
    some_columns, some_rows = _coarser(columns), _coarser(rows)
    turned = _turned(some_columns, some_rows, _relief(some_columns, some_rows), half_degrees * YAW_STEP_DEGREES, HEAD_DEPTH)
    radius = np.hypot((columns - HEAD_CENTRE[0]) / HEAD_RADII[0], (rows - HEAD_CENTRE[1]) / HEAD_RADII[1])
    inside = np.clip((1 - radius) / SOFT_RIM, 0, 1)[..., None]
    head_turned, unturned = _laid(face, *(_finer(where, size) for where in turned)), _laid(face, columns, rows)
    return np.asarray(head_turned * inside + unturned * (1 - inside), dtype=np.uint8)


@lru_cache(maxsize=CACHED_PICTURES)
def _turned_print(half_degrees: int, size: tuple[int, int], bend: float, face: str) -> RgbImage:
    columns, rows = _grid(size)
    some_columns, some_rows = _coarser(columns), _coarser(rows)
    left, top, right, bottom = PRINT_EDGES
    radius = (right - left) / 2 / np.deg2rad(max(bend, 0.01))
    relief = np.asarray(np.sqrt(np.maximum(0.0, radius**2 - (some_columns - HEAD_CENTRE[0]) ** 2)) - radius, dtype=np.float32)
    turned = _turned(some_columns, some_rows, relief, half_degrees * YAW_STEP_DEGREES, 0.0)
    seen_columns, seen_rows = (_finer(where, size) for where in turned)
    around = np.arcsin(np.clip((seen_columns - HEAD_CENTRE[0]) / radius, -1, 1)) * radius
    flat_columns = np.asarray(HEAD_CENTRE[0] + around, dtype=np.float32)
    printed = _laid(face, flat_columns, seen_rows)
    on_print = (flat_columns > left) & (flat_columns < right) & (seen_rows > top) & (seen_rows < bottom)
    wall = np.stack([150 + 30 * np.cos(columns / 90 + shade) for shade in (0.0, 0.3, 0.6)], axis=-1)
    return np.asarray(np.where(on_print[..., None], printed, wall), dtype=np.uint8)


def _coarser(plane: FloatImage) -> FloatImage:
    """Half the resolution: the geometry is smooth, and turning it costs more than all the rest."""
    return np.asarray(cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _finer(plane: FloatImage, size: tuple[int, int]) -> FloatImage:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _laid(face: str, columns: FloatImage, rows: FloatImage) -> RgbImage:
    return np.asarray(cv2.remap(_photograph(face), columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
