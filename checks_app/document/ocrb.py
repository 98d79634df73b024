"""A small classifier for OCR-B, the typeface of every MRZ (ICAO 9303-3, 4.4): one hidden layer, evaluated in numpy.

Weights and the figures behind them come from `benchmarks/train_ocrb.py`; they were learnt from renders of fonts alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from checks_app.document.mrz_layouts import CHARACTERS
from checks_app.document.mrz_strips import STRIP_HEIGHT, Ink

WINDOW = 20  # strip pixels that the classifier sees at once: a character and the edges of its neighbours, which blur into it
BETWEEN = len(CHARACTERS)
"""Index of the class for everything that is no character in the middle of the window."""

CLASSES = BETWEEN + 1
_WEIGHTS = Path(__file__).with_name("ocrb_weights.npz")
_DIRECTIONS = 8  # of the ink's gradient, in steps of 45 degrees
_CELL = 4  # strip pixels; side of the squares over which gradients are summed
_CELL_LEFTS = (0, 3, 6, 10, 13, 16)
_FAINT = 0.02  # contrast (0..1) below which a window is paper and must not be amplified

Floats = NDArray[np.float32]


def log_probabilities(ink: Ink, windows: NDArray[np.int64] | None = None) -> Floats:
    """Classify windows of a strip, named by their left columns; by default all of them.

    Returns windows x CLASSES log-probabilities.
    """
    hidden_weights, hidden_bias, output_weights, output_bias = _weights()
    described = features(ink, np.arange(ink.shape[1] - WINDOW + 1) if windows is None else windows)
    hidden = np.maximum(described @ hidden_weights + hidden_bias, 0)
    scores = hidden @ output_weights + output_bias
    scores -= scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), dtype=np.float32)


def features(ink: Ink, windows: NDArray[np.int64]) -> Floats:
    """Describe windows of a strip by their pixels and by their gradients, both free of brightness and contrast."""
    seen = sliding_window_view(ink, WINDOW, axis=1)[:, windows].transpose(1, 0, 2).reshape(-1, STRIP_HEIGHT * WINDOW)
    centred = seen - seen.mean(axis=1, keepdims=True)
    pixels = centred / (centred.std(axis=1, keepdims=True) + _FAINT)
    gradients = _gradients(ink, windows)
    lengths = np.sqrt((gradients**2).sum(axis=1, keepdims=True))
    return np.concatenate([pixels, gradients / (lengths + _FAINT * 10) * 8], axis=1).astype(np.float32)


def _gradients(ink: Ink, windows: NDArray[np.int64]) -> Floats:
    """Sum the gradients of each direction over the cells of every window."""
    down, right = np.gradient(ink)
    strength = np.hypot(down, right)
    direction = np.round(np.arctan2(down, right) / (2 * np.pi / _DIRECTIONS)).astype(int) % _DIRECTIONS
    maps = np.where(direction == np.arange(_DIRECTIONS)[:, None, None], strength, 0).astype(np.float32)
    summed = maps.reshape(_DIRECTIONS, STRIP_HEIGHT // _CELL, _CELL, -1).sum(axis=2)
    summed = sliding_window_view(summed, _CELL, axis=2).sum(axis=3)
    cells = [summed[:, :, windows + left] for left in _CELL_LEFTS]
    return np.stack(cells).transpose(3, 0, 1, 2).reshape(len(windows), -1)


@cache
def _weights() -> tuple[Floats, Floats, Floats, Floats]:
    with np.load(_WEIGHTS, allow_pickle=False) as stored:
        names = ("hidden_weights", "hidden_bias", "output_weights", "output_bias")
        hidden_weights, hidden_bias, output_weights, output_bias = (stored[name].astype(np.float32) for name in names)
    return hidden_weights, hidden_bias, output_weights, output_bias
