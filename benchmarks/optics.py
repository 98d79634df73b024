"""A phone's camera, physically: light on a plane -> lens -> colour mosaic -> noise -> demosaic -> colour -> sharpening -> JPEG.

Light is linear: 1 is what white paper sends back in the room's light. Lengths are millimetres on the plane, times seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from checks_app.imaging import RgbImage
from checks_app.results import Quad

Light = NDArray[np.float32]
"""Height x width x 3, linear red, green and blue."""

Pulses = Callable[[NDArray[np.float64], float], NDArray[np.float64]]
"""Brightness, 1 on average, of rows that begin at these times and last for this exposure."""

FINER = 3  # samples of light across a sensor pixel: stripes of displays are narrower than one
WHITE_LEVEL = 0.78  # of the sensor's range, at which exposure puts the bright parts
CROSSTALK = np.array([(1.32, -0.26, -0.06), (-0.15, 1.27, -0.12), (-0.03, -0.32, 1.35)], dtype=np.float32)
"""Typical colour matrix of a phone (rows add up to 1): undoes how far the mosaic's dyes overlap; it raises colour noise."""

DYES = np.linalg.inv(CROSSTALK).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Camera:
    """One phone's camera and what it does to its pictures."""

    size: tuple[int, int] = (1280, 960)  # width, height in pixels
    focal: float = 0.85  # of the width
    blur: float = 0.6  # sigma of lens and focus, sensor pixels
    full_well: float = 5000.0  # electrons at white: fewer, more noise
    read_noise: float = 4.0  # electrons
    exposure: float = 0.01  # seconds
    readout: float = 0.02  # seconds from the first row to the last
    edge_aware: bool = True  # demosaicing
    denoise: float = 0.8  # sigma of the colour's smoothing, pixels
    sharpen: float = 0.4
    quality: int = 92  # of the JPEG


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera is: distance and shift in millimetres, angles in degrees."""

    distance: float
    tilt: float = 0.0
    azimuth: float = 0.0  # direction of the tilt
    roll: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)

    def moved(self, chance: Generator, millimetres: float) -> Pose:
        """Return where an unsteady hand has gone to."""
        step = chance.normal(0, millimetres, 3)
        turn = chance.normal(0, 0.15 * millimetres, 2)
        shift = self.shift[0] + step[0], self.shift[1] + step[1]
        return replace(self, shift=shift, distance=self.distance + step[2], tilt=self.tilt + turn[0], roll=self.roll + turn[1])


@dataclass(frozen=True, slots=True)
class Surface:
    """Something flat that sends light: its picture, its place (left, top, right, bottom in mm), and how its light changes in time."""

    light: Light
    place: tuple[float, float, float, float]
    pulses: Pulses | None = None  # None: its light is constant
    fine: bool = False  # drawn so finely that it needs FINER samples


def plane_to_pixels(camera: Camera, pose: Pose) -> NDArray[np.float64]:
    """Return the homography from millimetres on the plane to pixels of the picture."""
    width, height = camera.size
    focal = camera.focal * width
    tilt, azimuth, roll = np.radians((pose.tilt, pose.azimuth, pose.roll))
    axis = np.array((np.cos(azimuth), np.sin(azimuth), 0.0)) * tilt
    turn = cv2.Rodrigues(axis)[0] @ cv2.Rodrigues(np.array((0.0, 0.0, roll)))[0]
    view = np.column_stack((turn[:, 0], turn[:, 1], (pose.shift[0], pose.shift[1], pose.distance)))
    return np.array([(focal, 0, width / 2), (0, focal, height / 2), (0, 0, 1)]) @ view


def corners_seen(place: tuple[float, float, float, float], camera: Camera, pose: Pose) -> Quad:
    """Return where the corners of a place on the plane (left, top, right, bottom in mm) are in the picture."""
    left, top, right, bottom = place
    points = np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], dtype=np.float64)
    seen = cv2.perspectiveTransform(points, plane_to_pixels(camera, pose))[0] / camera.size
    return Quad(tuple((float(x), float(y)) for x, y in seen))


def take(
    surfaces: list[Surface], camera: Camera, pose: Pose, chance: Generator, *, balance: NDArray[np.float32], time: float = 0.0
) -> RgbImage:
    """Photograph surfaces, the first lowest. balance: gains of red, green and blue that the camera's white balance chose."""
    light = np.zeros((camera.size[1], camera.size[0], 3), np.float32)
    for surface in surfaces:
        _lay(light, surface, camera, pose, time)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), camera.blur), dtype=np.float32)
    return _developed(light, camera, chance, balance)


def _lay(light: Light, surface: Surface, camera: Camera, pose: Pose, time: float) -> None:
    """Lay a surface over what is there, in place; only the part of the frame that it covers is drawn."""
    height, width = surface.light.shape[:2]
    left, top, right, bottom = surface.place
    pixels_to_mm = np.array([((right - left) / width, 0, left), (0, (bottom - top) / height, top), (0, 0, 1)])
    finer = FINER if surface.fine else 1
    centred = np.array([(finer, 0, (finer - 1) / 2), (0, finer, (finer - 1) / 2), (0, 0, 1)])
    warp = centred @ plane_to_pixels(camera, pose) @ pixels_to_mm
    size = camera.size[0] * finer, camera.size[1] * finer
    seen = cv2.warpPerspective(surface.light, warp, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.ones((height, width), np.float32), warp, size, flags=cv2.INTER_LINEAR)
    if finer > 1:
        seen, inside = (cv2.resize(one, camera.size, interpolation=cv2.INTER_AREA) for one in (seen, inside))
    if surface.pulses is not None:
        rows = time + np.linspace(0, camera.readout, camera.size[1])
        seen = seen * surface.pulses(rows, camera.exposure)[:, None, None].astype(np.float32)
    light *= 1 - inside[..., None]
    light += seen


def _developed(light: Light, camera: Camera, chance: Generator, balance: NDArray[np.float32]) -> RgbImage:
    """Expose, sample through the colour mosaic, and make a picture of it as a phone does."""
    behind_dyes = np.maximum(light @ DYES.T, 0)
    exposed = behind_dyes * (WHITE_LEVEL / np.percentile(behind_dyes[::7, ::7].max(axis=2), 96))
    raw = exposed[..., 1].copy()
    raw[0::2, 0::2], raw[1::2, 1::2] = exposed[0::2, 0::2, 0], exposed[1::2, 1::2, 2]
    spread = np.sqrt(np.maximum(raw, 0) / camera.full_well + (camera.read_noise / camera.full_well) ** 2)
    raw = np.clip(raw + spread * chance.standard_normal(raw.shape, dtype=np.float32), 0, 1)
    gains = np.ones_like(raw) * balance[1]
    gains[0::2, 0::2], gains[1::2, 1::2] = balance[0], balance[2]
    balanced = np.minimum(raw * gains, 1.0)  # clipped after the gains, so that blown-out parts stay white
    code = cv2.COLOR_BayerRGGB2RGB_EA if camera.edge_aware else cv2.COLOR_BayerRGGB2RGB
    linear = cv2.cvtColor((balanced * 65535).astype(np.uint16), code).astype(np.float32) / 65535
    linear = np.clip(linear @ CROSSTALK.T, 0, 1)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055).astype(np.float32)
    toned = np.asarray(curve + 0.06 * np.sin(2 * np.pi * (curve - 0.5)) / np.pi, dtype=np.float32)
    luma = cv2.cvtColor(toned, cv2.COLOR_RGB2GRAY)[..., None]
    colour = cv2.GaussianBlur(toned - luma, (0, 0), camera.denoise)
    luma = luma + camera.sharpen * (luma - cv2.GaussianBlur(luma, (0, 0), 1.2)[..., None])
    picture = np.clip((luma + colour) * 255 + 0.5, 0, 255).astype(np.uint8)
    encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, camera.quality])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)
