"""One description of a face from several pictures of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks_app.faces import Embedding


def mean_embedding(embeddings: Sequence[Embedding]) -> Embedding:
    """Return the mean direction of one engine's embeddings at their mean length.

    A plain mean would be shorter than its parts and so lie closer to strangers, too: not what the calibration measured.
    """
    parts = np.array(embeddings, dtype=np.float64)
    mean = parts.mean(axis=0)
    length = float(np.linalg.norm(parts, axis=1).mean())
    return tuple(float(value) for value in mean * (length / max(float(np.linalg.norm(mean)), 1e-12)))
