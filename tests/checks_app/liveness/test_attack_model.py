"""The operator's model against presentation attacks: off without him, and exactly of the form that is described."""

from math import exp
from pathlib import Path

import numpy as np
import pytest

from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.liveness.attack_model import AttackModel, crop_around, load_attack_model
from checks_app.model_files import ModelRefused
from tests import models

TWO_SCALES = "[attack]\nthreshold = 0.6\n[[attack.models]]\n{near}crop = 2.7\n[[attack.models]]\n{far}crop = 4.0\n"


def face(left: float = 90, top: float = 80, width: float = 20, height: float = 24) -> FaceBox:
    return FaceBox(left, top, left + width, top + height, (0, 0), (0, 0), (0, 0), ())


def coloured(red: int, blue: int, side: int = 200) -> RgbImage:
    return np.full((side, side, 3), (red, 99, blue), dtype=np.uint8)


def loaded(folder: Path, text: str = TWO_SCALES) -> AttackModel:
    models.write_manifest(folder, text, near=models.classifier(), far=models.classifier())
    model = load_attack_model(folder)
    assert model is not None
    return model


def test_no_model_is_used_that_nobody_brought(tmp_path: Path) -> None:
    """R34: off by default."""
    assert load_attack_model(None) is None
    assert load_attack_model(tmp_path / "empty") is None
    models.write_engine(tmp_path / "engine")
    assert load_attack_model(tmp_path / "engine") is None


@pytest.mark.parametrize(("red", "blue"), [(100, 100), (110, 100), (100, 130)])
def test_score_is_one_minus_the_mean_probability_of_a_live_face(tmp_path: Path, red: int, blue: int) -> None:
    """R34: the tiny model's classes are mean blue and mean red, divided by ten."""
    model = loaded(tmp_path)
    assert model.attack_score(coloured(red, blue), face()) == pytest.approx(1 / (1 + exp((red - blue) / 10)), abs=1e-3)
    assert model.threshold == 0.6


def test_both_scales_count_alike(tmp_path: Path) -> None:
    """R34: the near piece is all red, the far one is half of it by area."""
    image = coloured(0, 200, side=300)
    image[150 - 27 : 150 + 27, 150 - 27 : 150 + 27] = (200, 99, 0)
    score = loaded(tmp_path).attack_score(image, face(140, 140, 20, 20))
    share = (54 / 80) ** 2
    assert score == pytest.approx(1 - (1 + 1 / (1 + exp(20 - 40 * share))) / 2, abs=0.05)


@pytest.mark.parametrize(
    ("place", "times", "shape", "corner"),
    [
        (face(90, 80), 2.5, (60, 50), (75, 62)),  # in the middle of the picture
        (face(0, 0), 2.5, (60, 50), (0, 0)),  # moved inside
        (face(180, 176), 2.5, (60, 50), (150, 140)),
        (face(90, 80, 100, 50), 4.0, (100, 200), (0, 55)),  # widened less, with its proportions
    ],
)
def test_piece_is_the_widened_box_inside_the_picture(place: FaceBox, times: float, shape: tuple[int, int], corner: tuple[int, int]) -> None:
    """R34."""
    rows, columns = np.mgrid[:200, :200]
    image = np.stack([columns, rows, rows], axis=2).astype(np.uint8)
    piece = crop_around(image, place, times)
    assert piece.shape[:2] == shape
    assert tuple(piece[0, 0, :2]) == corner


def test_what_cannot_be_measured_has_no_score(tmp_path: Path) -> None:
    """R22: never a zero."""
    assert loaded(tmp_path).attack_score(coloured(10, 10), face(width=0.2)) is None
    raw = loaded(tmp_path / "raw", TWO_SCALES.replace("crop", "softmax = false\ncrop"))
    assert raw.attack_score(coloured(200, 0), face()) is None, "20 is no probability"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[attack]\n", "one or more tables"),
        ("attack = 3\n", "one or more tables"),
        ("[attack]\nthreshold = 2\n[[attack.models]]\n{near}crop = 2.7", "threshold"),
        ("[[attack.models]]\n{near}", "crop"),
        ("[[attack.models]]\n{near}crop = 2.7\nlive = 7", "cannot use near"),
        ("[[attack.models]]\n{near}crop = 2.7\nsize = 64000", "out of range"),
        ('[[attack.models]]\nfile = "near.onnx"\nsha256 = "00"\ncrop = 2.7', "SHA-256"),
        ('[[attack.models]]\nfile = "gone.onnx"\nsha256 = "00"\ncrop = 2.7', "no file"),
        ("[[attack.models]]\n{broken}crop = 2.7", "cannot use broken"),
    ],
)
def test_slot_that_was_filled_wrongly_is_refused_and_not_left_empty(tmp_path: Path, text: str, said: str) -> None:
    """R34: an operator who named a model must not go without it unawares."""
    models.write_manifest(tmp_path, text, near=models.classifier(), broken=b"no network")
    with pytest.raises(ModelRefused, match=said):
        load_attack_model(tmp_path)
