"""Presentation attacks drawn from a seed: a document photocopied, and a document shown on a screen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from checks_app.imaging import RgbImage
from tests.images import Scene, Shot, photograph_of

SUBPIXELS = 3  # a display pixel is three stripes wide, and as high as wide


def photocopy(document: RgbImage, seed: int = 0) -> RgbImage:
    """Copy a document with a monochrome copier: toner, harder contrast, specks, the paper's own faint tint."""
    chance = np.random.default_rng(seed)
    grey = cv2.cvtColor(document, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0) / 255, dtype=np.float32)
    toner = np.clip((grey - 0.12) * chance.uniform(1.1, 1.35), 0.06, 0.96)
    toner += 0.03 * chance.normal(0, 1, grey.shape)
    specks = np.asarray(chance.random(grey.shape) < 0.0003, dtype=np.uint8)
    toner[cv2.dilate(specks, np.ones((2, 2))) > 0] = 0.15
    paper = np.array(chance.uniform(0.95, 1.0, 3) * 252, dtype=np.float32)
    return np.asarray(np.clip(toner[..., None] * paper, 0, 255), dtype=np.uint8)


def replay_on_screen(document: RgbImage, scene: Scene, *, bezel: bool = True) -> Shot:
    """Show a document on a display and photograph that: stripes of red, green and blue, a black matrix, moire, and the bezel."""
    chance = np.random.default_rng(scene.seed + 10_000)
    columns = int(chance.integers(760, 1180))  # display pixels across the document
    page = cv2.resize(document, (columns, round(columns * document.shape[0] / document.shape[1])), interpolation=cv2.INTER_AREA)
    margin = round(columns * chance.uniform(0.05, 0.12))
    backdrop = [(24, 24, 26), (60, 62, 66), (238, 240, 242)][chance.integers(3)]
    shown = cv2.copyMakeBorder(page, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=backdrop)
    lit = _emitted(np.asarray(shown, dtype=np.uint8), chance)
    frame = round(margin * chance.uniform(0.5, 0.9)) * SUBPIXELS if bezel else 0
    device = np.pad(lit, ((frame, frame), (frame, frame), (0, 0)), constant_values=17)
    edge = frame + margin * SUBPIXELS
    box = edge / device.shape[1], edge / device.shape[0], 1 - edge / device.shape[1], 1 - edge / device.shape[0]
    fill = scene.fill if scene.fill is not None else float(chance.uniform(0.88, 0.97) if bezel else chance.uniform(1.02, 1.08))
    return photograph_of(device, box, replace(scene, fill=fill, exposure=scene.exposure or float(chance.uniform(1.0, 1.15))))


def _emitted(shown: RgbImage, chance: np.random.Generator) -> RgbImage:
    """Turn display pixels into stripes of light; brighter stripes make up for the dark between them."""
    fine = cv2.resize(shown, None, fx=SUBPIXELS, fy=SUBPIXELS, interpolation=cv2.INTER_NEAREST).astype(np.float32)
    leak = chance.uniform(0.25, 0.45)  # what a camera still sees of the other two colours within a stripe
    stripes = np.full((1, SUBPIXELS, 3), leak, dtype=np.float32)
    stripes[0, range(3), range(3)] = 1
    rows = np.array([1, 1, chance.uniform(0.5, 0.8)], dtype=np.float32)[:, None, None]
    cell = stripes * rows
    cell /= cell.mean()
    tiled = np.tile(cell, (shown.shape[0], shown.shape[1], 1))
    return np.asarray(np.clip(fine * tiled * chance.uniform(0.85, 0.95), 0, 255), dtype=np.uint8)
