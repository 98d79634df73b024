"""R22, R35: whatever a stranger sends for a document is looked at without a crash, and is never good."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from checks_app import pipeline
from checks_app.face.engine import load_engine
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Side

CHANCE = np.random.default_rng(9303)
BOARD = np.kron(np.indices((8, 12)).sum(axis=0) % 2, np.ones((60, 60))).astype(np.uint8) * 255
STRIPES = np.tile(np.array([0, 255], np.uint8), 300)


def flat(height: int, width: int, grey: int = 128) -> RgbImage:
    return np.full((height, width, 3), grey, np.uint8)


PICTURES = {
    "one pixel": flat(1, 1),
    "one row": flat(1, 2000),
    "one column": flat(2000, 1),
    "three pixels high": flat(3, 900),
    "white": flat(480, 640, 255),
    "black": flat(480, 640, 0),
    "noise": CHANCE.integers(0, 256, (480, 640, 3), dtype=np.uint8),
    "stripes of one pixel": np.repeat(np.tile(STRIPES, (400, 1))[..., None], 3, axis=2),
    "a board of squares": np.repeat(BOARD[..., None], 3, axis=2),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("kind", "side"), [(DocumentKind.PASSPORT, Side.FRONT), (DocumentKind.ID_CARD, Side.BACK)])
def test_odd_picture_is_looked_at_and_asked_for_again(name: str, kind: DocumentKind, side: Side) -> None:
    picture = PICTURES[name]
    found = pipeline.inspect_document(picture, burst=[picture] * 6, side=side, kind=kind, engine=load_engine(), today=date(2026, 11, 22))
    assert found.problems
    assert found.fields is None
