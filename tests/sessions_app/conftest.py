"""What domain tests share: a place for pictures, and checks that say what the drawn findings say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks_app import pipeline
from sessions_app import verification
from sessions_app.choices import CaptureKind
from tests import findings as drawn


@pytest.fixture(autouse=True)
def capture_root(settings: Any, tmp_path: Path) -> Path:
    """Pictures of tests go to a folder of the test."""
    settings.CAPTURE_ROOT = tmp_path / "captures"
    return tmp_path / "captures"


@pytest.fixture
def drawn_checks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Replace the expensive half: each inspection finds what this dictionary says (an exception is raised), judged by drawn levels."""
    found: dict[str, Any] = {
        CaptureKind.DOCUMENT_FRONT: drawn.passport(),
        CaptureKind.DOCUMENT_BACK: drawn.card_back(),
        CaptureKind.SELFIE: drawn.selfie(),
        CaptureKind.LIVENESS: drawn.liveness(),
    }

    def finds(kind: CaptureKind) -> Any:
        if isinstance(found[kind], BaseException):
            raise found[kind]
        return found[kind]

    sides = {"FRONT": CaptureKind.DOCUMENT_FRONT, "BACK": CaptureKind.DOCUMENT_BACK}
    monkeypatch.setattr(pipeline, "inspect_document", lambda image, *, side, **_: finds(sides[side]))
    monkeypatch.setattr(pipeline, "inspect_selfie", lambda image, **_: finds(CaptureKind.SELFIE))
    monkeypatch.setattr(pipeline, "inspect_liveness", lambda frames, **_: finds(CaptureKind.LIVENESS))
    monkeypatch.setattr(verification, "load_engine", lambda *_: None)
    monkeypatch.setattr(verification, "load_calibration", lambda *_: drawn.CALIBRATION)
    return found
