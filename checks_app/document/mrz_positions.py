"""Where the characters of a line stand: the most probable evenly spaced sequence of windows (Viterbi)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks_app.document.mrz_strips import MARGIN, PITCH
from checks_app.document.ocrb import BETWEEN

_STEPS = range(round(0.75 * PITCH), round(1.25 * PITCH) + 1)  # strip pixels; the line's ends are only estimated
_UNEVEN = 0.02  # cost of one strip pixel off the expected pitch, squared
_FLOOR = -8.0  # log-probability below which one window says no more


@dataclass(frozen=True, slots=True)
class Placed:
    """windows: the window on each character, from left to right. score: mean log-probability per character, at most 0."""

    windows: NDArray[np.int64]
    score: float


def place(log_probabilities: NDArray[np.float32], characters: int) -> Placed:
    """Find so many characters in a strip with characters on most windows' middles and gaps between them.

    log_probabilities: windows x classes, as from `ocrb.log_probabilities` on a strip that was cut for so many characters.
    """
    on = np.maximum(log_probabilities[:, :BETWEEN].max(axis=1), _FLOOR).astype(np.float64)
    between = np.maximum(log_probabilities[:, BETWEEN], _FLOOR).astype(np.float64)
    windows = len(on)
    best = np.where(np.arange(windows) < (2 * MARGIN + 1) * PITCH, on, -np.inf)
    arrivals = np.zeros((characters, windows), np.int64)
    for order in range(1, characters):
        options = np.full((len(_STEPS), windows), -np.inf)
        for row, step in enumerate(_STEPS):
            gap = between[step // 2 : windows - step + step // 2]
            options[row, step:] = best[:-step] + gap - _UNEVEN * (step - PITCH) ** 2
        chosen = options.argmax(axis=0)
        arrivals[order] = np.asarray(_STEPS)[chosen]
        best = options[chosen, np.arange(windows)] + on
    path = [int(best.argmax())]
    for order in range(characters - 1, 0, -1):
        path.append(path[-1] - int(arrivals[order][path[-1]]))
    return Placed(np.array(path[::-1]), float(best.max()) / characters)
