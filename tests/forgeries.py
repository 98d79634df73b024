"""Copies of documents drawn from a seed; documents on displays are drawn by `benchmarks.displays`."""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.imaging import RgbImage


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
