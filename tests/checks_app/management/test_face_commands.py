"""The commands that calibrate and evaluate, on a small folder of drawn faces."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from checks_app.face.match_level import read_calibration
from checks_app.management.labelled_faces import half_of_people, list_pictures, person_of
from tests import heads

FACES = {"Eileen_Day": ("astronaut", (0, 8)), "Una_Known": ("stranger", (0, 6))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people with two pictures each, and one picture without a face."""
    root = tmp_path_factory.mktemp("faces")
    for name, (face, yaws) in FACES.items():
        for number, yaw in enumerate(yaws, start=1):
            Image.fromarray(heads.head(yaw, face=face)).save(root / f"{name}_{number:04}.jpg", quality=92)
    Image.new("RGB", (300, 300), (120, 130, 140)).save(root / "No_Body_0001.jpg")
    return root


@pytest.fixture(scope="module")
def calibrated(folder: Path) -> tuple[Path, Path]:
    """The calibration file and the stored embeddings of the folder."""
    out, embeddings = folder.parent / "calibration.json", folder.parent / "embeddings.npz"
    call_command("calibrate_match", folder, out=out, embeddings=embeddings, dataset="drawn", stdout=StringIO())
    return out, embeddings


def test_calibration_counts_its_data(calibrated: tuple[Path, Path]) -> None:
    """R33."""
    calibration = read_calibration(calibrated[0].read_text("utf-8"))
    counted = (calibration.people, calibration.images, calibration.not_enrolled, calibration.impostor_pairs, calibration.genuine_pairs)
    assert counted == (2, 5, 1, 1, 2)
    assert calibration.dataset == "drawn"
    assert "calibrate_match" in calibration.command


def test_no_level_is_evidenced_by_one_pair(calibrated: tuple[Path, Path]) -> None:
    """R33."""
    assert not any(level.evidenced for level in read_calibration(calibrated[0].read_text("utf-8")).levels)


def test_evaluation_says_what_its_data_cannot_show(folder: Path, calibrated: tuple[Path, Path]) -> None:
    """R33."""
    said = StringIO()
    call_command("evaluate_faces", folder, embeddings=calibrated[1], stdout=said)
    assert said.getvalue().count("not evidenced") == 7
    assert "1 pairs of strangers, 2 pairs of the same person" in said.getvalue()
    assert "no face found in 1" in said.getvalue()


def test_evaluation_writes_its_result(folder: Path, calibrated: tuple[Path, Path], tmp_path: Path) -> None:
    """R33."""
    call_command("evaluate_faces", folder, embeddings=calibrated[1], json=tmp_path / "result.json", stdout=StringIO())
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert [level["true_acceptance"] for level in result["levels"][:4]] == [1.0] * 4
    assert all(level["false_accepted"] == 0 for level in result["levels"])


def test_folder_without_faces_is_refused(tmp_path: Path) -> None:
    """R33."""
    with pytest.raises(CommandError, match="No face"):
        call_command("evaluate_faces", tmp_path, stdout=StringIO())


def test_person_is_named_by_file_or_folder(tmp_path: Path) -> None:
    """R33."""
    assert person_of(tmp_path / "Ann_Lee_0012.jpg", tmp_path) == "Ann_Lee"
    assert person_of(tmp_path / "Ann Lee" / "12.png", tmp_path) == "Ann Lee"


def test_halves_share_no_person_and_lose_none(folder: Path) -> None:
    """R33."""
    pictures = list_pictures(folder)
    first, second = (half_of_people(pictures, folder, half, 3) for half in ("first", "second"))
    assert sorted(first + second) == pictures
    assert not {person_of(path, folder) for path in first} & {person_of(path, folder) for path in second}
