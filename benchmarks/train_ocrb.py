"""Trains the OCR-B classifier of the MRZ reader on drawn lines and writes its weights.

    python -m benchmarks.train_ocrb [--lines 20000] [--seed 1] [--out checks_app/document/ocrb_weights.npz]

The same seed gives the same weights on the same numpy. Needs Debian's `fonts-ocr-b` and `fonts-dejavu-core`; no picture of a
document is used.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.ocrb_drawing import CAMERAS, Camera, DrawnLine, draw, draw_clutter
from checks_app.document import ocrb
from checks_app.document.mrz_layouts import CHARACTERS
from checks_app.document.mrz_strips import MARGIN, PITCH, TextLine, cut

LENGTH = 32  # characters per drawn line
HIDDEN = (224, 256)  # of the two halves; each learns from the lines of one camera
EPOCHS, BATCH = 12, 256
LEARNING_RATE, WEIGHT_DECAY = 1.5e-3, 1e-4
HELD_OUT = 0.05  # share of the lines that only measures

Floats = NDArray[np.float32]
Parameters = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Examples:
    """Window features (n x features) and their classes (n)."""

    inputs: NDArray[np.float16]
    classes: NDArray[np.int64]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, default=Path("checks_app/document/ocrb_weights.npz"))
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    halves = [_learn(np.random.default_rng(chosen.seed), chosen.lines, *half) for half in zip(CAMERAS, HIDDEN, strict=True)]
    np.savez(chosen.out, allow_pickle=False, **joined(*halves))
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1024:.0f} KiB")


def _learn(chance: Generator, lines: int, camera: Camera, hidden: int) -> Parameters:
    held_out = gather(chance, camera, round(lines * HELD_OUT))
    training = gather(chance, camera, lines)
    print(f"{len(training.classes)} windows to learn from, {len(held_out.classes)} held out")
    return train(chance, training, held_out, hidden=hidden)


def joined(*nets: Parameters) -> dict[str, Any]:
    """Join nets to one that scores each class as they do on average: their hidden layers side by side. Returns half precision."""
    halves = [{name: values.astype(np.float16) for name, values in net.items()} for net in nets]
    share = np.float16(1 / len(nets))
    return {
        "hidden_weights": np.concatenate([net["hidden_weights"] for net in halves], axis=1),
        "hidden_bias": np.concatenate([net["hidden_bias"] for net in halves]),
        "output_weights": np.concatenate([net["output_weights"] for net in halves]) * share,
        "output_bias": np.mean([net["output_bias"] for net in halves], axis=0, dtype=np.float32).astype(np.float16),
    }


def gather(chance: Generator, camera: Camera, lines: int) -> Examples:
    """Draw lines, cut them as the reader does with ends that are a little wrong, and label windows; one line in six is clutter."""
    inputs, classes = [], []
    for number in range(lines):
        drawn = (draw_clutter if number % 6 == 5 else draw)(chance, camera, length=LENGTH)
        found = _misplaced(chance, drawn.line)
        ink = cut(drawn.grey, found, LENGTH)
        windows, labels = _labelled_windows(chance, drawn, found)
        inside = (windows >= 0) & (windows <= ink.shape[1] - ocrb.WINDOW)
        inputs.append(ocrb.features(ink, windows[inside]).astype(np.float16))
        classes.append(labels[inside])
    return Examples(np.concatenate(inputs), np.concatenate(classes))


def _misplaced(chance: Generator, line: TextLine) -> TextLine:
    """Move a line as far from the truth as the line finder may."""
    pitch = line.length / LENGTH
    (x0, y0), (x1, y1) = line.left, line.right
    down = chance.normal(0, 0.05) * line.height
    return replace(
        line,
        left=(x0 + chance.uniform(-1, 1) * pitch, y0 + down + chance.normal(0, 0.04) * line.height),
        right=(x1 + chance.uniform(-1, 1) * pitch, y1 + down + chance.normal(0, 0.04) * line.height),
        height=line.height * float(np.exp(chance.normal(0, 0.09))),
    )


def _labelled_windows(chance: Generator, drawn: DrawnLine, found: TextLine) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose windows on characters and between them; every window of clutter is 'between'."""
    if not drawn.text:
        windows = chance.integers(0, (LENGTH + 2 * MARGIN) * PITCH - ocrb.WINDOW, 24)
        return windows, np.full(len(windows), ocrb.BETWEEN)
    step = drawn.line.length / LENGTH
    middles = drawn.line.left[0] + (np.arange(LENGTH) + 0.5) * step
    columns = ((middles - found.left[0]) / (found.right[0] - found.left[0]) * LENGTH + MARGIN) * PITCH
    on = np.round(columns + chance.uniform(-1.3, 1.3, LENGTH)).astype(np.int64)
    gaps = chance.choice(columns, 12, replace=False) + PITCH / 2
    off = np.round(gaps + chance.uniform(-1.6, 1.6, 12)).astype(np.int64)
    classes = np.array([CHARACTERS.index(character) for character in drawn.text])
    outside = np.round(np.array([columns[0] - chance.uniform(8, 24), columns[-1] + chance.uniform(8, 24)])).astype(np.int64)
    windows = np.concatenate([on, off, outside]) - ocrb.WINDOW // 2
    return windows, np.concatenate([classes, np.full(len(off) + len(outside), ocrb.BETWEEN)])


def train(chance: Generator, training: Examples, held_out: Examples, *, hidden: int) -> Parameters:
    """Fit the two layers with Adam under a cosine schedule, reporting the held-out error after every epoch."""
    weights = _start(chance, training.inputs.shape[1], hidden)
    moments = {name: (np.zeros_like(values), np.zeros_like(values)) for name, values in weights.items()}
    steps_per_epoch = len(training.classes) // BATCH
    step = 0
    for epoch in range(EPOCHS):
        order = chance.permutation(len(training.classes))
        for batch in np.array_split(order[: steps_per_epoch * BATCH], steps_per_epoch):
            step += 1
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / (EPOCHS * steps_per_epoch)))
            slopes = _slopes(weights, training.inputs[batch].astype(np.float32), training.classes[batch])
            _adam(weights, moments, slopes, rate=rate, step=step)
        print(f"epoch {epoch + 1}: {_report(weights, held_out)}", flush=True)
    return weights


def _start(chance: Generator, inputs: int, hidden: int) -> Parameters:
    def layer(rows: int, columns: int) -> Floats:
        return chance.normal(0, np.sqrt(2 / rows), (rows, columns)).astype(np.float32)

    return {
        "hidden_weights": layer(inputs, hidden),
        "hidden_bias": np.zeros(hidden, np.float32),
        "output_weights": layer(hidden, ocrb.CLASSES),
        "output_bias": np.zeros(ocrb.CLASSES, np.float32),
    }


def _forward(weights: Parameters, inputs: Floats) -> tuple[Floats, Floats]:
    hidden = np.maximum(inputs @ weights["hidden_weights"] + weights["hidden_bias"], 0)
    scores = hidden @ weights["output_weights"] + weights["output_bias"]
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, grown / grown.sum(axis=1, keepdims=True)


def _slopes(weights: Parameters, inputs: Floats, classes: NDArray[np.int64]) -> Parameters:
    hidden, error = _forward(weights, inputs)
    error[np.arange(len(classes)), classes] -= 1
    error /= len(classes)
    back = (error @ weights["output_weights"].T) * (hidden > 0)
    return {
        "hidden_weights": inputs.T @ back,
        "hidden_bias": back.sum(axis=0),
        "output_weights": hidden.T @ error,
        "output_bias": error.sum(axis=0),
    }


def _adam(weights: Parameters, moments: dict[str, tuple[Floats, Floats]], slopes: Parameters, *, rate: float, step: int) -> None:
    for name, slope in slopes.items():
        first, second = moments[name]
        first += 0.1 * (slope - first)
        second += 0.001 * (slope**2 - second)
        scaled = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        decay = WEIGHT_DECAY * weights[name] if slope.ndim > 1 else 0
        weights[name] -= rate * (scaled + decay * 10)


def _report(weights: Parameters, examples: Examples) -> str:
    _, probabilities = _forward(weights, examples.inputs.astype(np.float32))
    right = probabilities.argmax(axis=1) == examples.classes
    on = examples.classes != ocrb.BETWEEN
    return f"right {right[on].mean():.4f} of characters, {right[~on].mean():.4f} of gaps"


if __name__ == "__main__":
    main()
