"""The command that measures the operator's model against presentation attacks, on drawn pictures and a tiny model."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests import models

RED, BLUE = (200, 60, 0), (0, 60, 200)
"""The tiny classifier takes what is more red than blue for a person."""


@pytest.fixture
def own_models(settings: Any, tmp_path: Path) -> Path:
    """A detector that finds white cells, and the classifier."""
    folder = tmp_path / "models"
    text = "[detector]\n{detector}\n[recogniser]\n{recogniser}\n[attack]\n[[attack.models]]\n{near}crop = 2\n"
    models.write_manifest(folder, text, detector=models.detector(), recogniser=models.recogniser(), near=models.classifier())
    settings.FACE_ENGINE, settings.FACE_MODELS_DIR = "onnx", folder
    return folder


def draw(path: Path, colour: tuple[int, int, int], *, face: bool = True) -> None:
    """A face is a white cell of the detector's grid."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = np.full((320, 320, 3), colour, dtype=np.uint8)
    if face:
        image[128:160, 128:160] = 255
    Image.fromarray(image).save(path)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three people of whom one looks like an attack, four prints of which one passes, and a screen without a face."""
    root = tmp_path / "pictures"
    for number, colour in enumerate((RED, RED, BLUE)):
        draw(root / "real" / f"{number}.png", colour)
    for number, colour in enumerate((BLUE, BLUE, BLUE, RED)):
        draw(root / "print" / f"{number}.png", colour)
    draw(root / "screen" / "0.png", BLUE, face=False)
    return root


def test_each_species_has_its_error_rate_with_n_and_interval(own_models: Path, pictures: Path) -> None:
    """R34: ISO/IEC 30107-3."""
    said = StringIO()
    call_command("evaluate_pad", pictures, json=pictures / "result.json", stdout=said)
    found = {row["species"]: row for row in json.loads((pictures / "result.json").read_text("utf-8"))["species"]}
    assert {name: (row["pictures"], row["wrong"], row["without_answer"]) for name, row in found.items()} == {
        "print": (4, 1, 0),
        "real": (3, 1, 0),
        "screen": (1, 0, 1),
    }
    assert (found["print"]["rate"], found["print"]["interval"]["low"]) == pytest.approx((0.25, 0.0456), abs=1e-3)
    assert "APCER 25.0% (4.6% to 69.9%)" in said.getvalue()
    assert "BPCER 33.3%" in said.getvalue()
    assert "1 more without an answer" in said.getvalue()


def test_another_threshold_can_be_tried(own_models: Path, pictures: Path) -> None:
    """R34: what the operator chooses in his manifest."""
    call_command("evaluate_pad", pictures, threshold=0.0, json=pictures / "result.json", stdout=StringIO())
    rates = {row["species"]: row["rate"] for row in json.loads((pictures / "result.json").read_text("utf-8"))["species"]}
    assert (rates["real"], rates["print"]) == (1.0, 0.0)


def test_folder_without_people_is_refused(own_models: Path, tmp_path: Path) -> None:
    """R34."""
    draw(tmp_path / "attacks" / "print" / "0.png", BLUE)
    with pytest.raises(CommandError, match="real"):
        call_command("evaluate_pad", tmp_path / "attacks", stdout=StringIO())


def test_without_a_model_there_is_nothing_to_measure(settings: Any, pictures: Path) -> None:
    """R34."""
    settings.FACE_MODELS_DIR = None
    with pytest.raises(CommandError, match=r"table \[attack\]"):
        call_command("evaluate_pad", pictures, stdout=StringIO())


def test_damaged_model_is_refused(own_models: Path, pictures: Path) -> None:
    """R34."""
    (own_models / "near.onnx").write_bytes(b"half of it")
    with pytest.raises(CommandError, match="SHA-256"):
        call_command("evaluate_pad", pictures, stdout=StringIO())
