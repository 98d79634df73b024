"""The commands that calibrate and evaluate, on a small folder of drawn faces."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from checks_app.face.acceptance import wilson
from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.face.match_level import Interval, LevelRates, load_calibration, read_calibration
from checks_app.management.face_rates import misses
from checks_app.management.labelled_faces import half_of_people, list_pictures, person_of
from checks_app.results import Engine
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


def test_calibration_says_how_many_pictures_show_no_face(calibrated: tuple[Path, Path]) -> None:
    """R33: failure to enrol, with its interval."""
    interval = read_calibration(calibrated[0].read_text("utf-8")).not_enrolled_interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.036, 0.624), abs=0.001)


def test_groups_are_measured_and_stored(folder: Path, calibrated: tuple[Path, Path], tmp_path: Path) -> None:
    """R33: what the overall levels do inside a group."""
    groups, out, said = tmp_path / "groups.csv", tmp_path / "calibration.json", StringIO()
    groups.write_text("person,group\nEileen_Day,women\nUna_Known,women\nUna_Known,strangers\nNobody_Here,women\n", "utf-8")
    call_command("calibrate_match", folder, out=out, embeddings=calibrated[1], groups=groups, stdout=said)
    found = {group.group: group for group in read_calibration(out.read_text("utf-8")).groups}
    assert {name: (group.people, group.impostor_pairs, group.genuine_pairs) for name, group in found.items()} == {
        "strangers": (1, 0, 1),
        "women": (2, 1, 2),
    }
    assert "Group women: 2 people, 1 pairs of strangers, 2 of the same person" in said.getvalue()
    assert [level.level for level in found["women"].levels] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "said"), [("person\nUna_Known\n", "columns person and group"), ("person,group\nUna,women\n", "none of these")]
)
def test_groups_that_say_nothing_are_refused(folder: Path, calibrated: tuple[Path, Path], tmp_path: Path, text: str, said: str) -> None:
    """R33."""
    groups = tmp_path / "groups.csv"
    groups.write_text(text, "utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("evaluate_faces", folder, embeddings=calibrated[1], groups=groups, stdout=StringIO())


def test_evaluation_names_the_levels_that_do_not_keep_their_promise(tmp_path: Path) -> None:
    """R33: in words and in the file; the command succeeds all the same. Here all 60 people look alike."""
    shipped, folder = load_calibration(DEFAULT_ENGINE), tmp_path / "people"
    folder.mkdir()
    keys = [f"P{person:02}_{number:04}.jpg" for person in range(60) for number in (1, 2)]
    for key in keys:
        (folder / key).touch()
    alike = np.random.default_rng(1).normal(0, 0.005, (len(keys), 128))
    stamp = f"{shipped.engine.name} {shipped.engine.version}"
    np.savez(tmp_path / "alike.npz", engine=stamp, keys=keys, enrolled=np.ones(len(keys), dtype=bool), embeddings=alike)
    said = StringIO()
    call_command("evaluate_faces", folder, embeddings=tmp_path / "alike.npz", json=tmp_path / "result.json", stdout=said)
    missed = json.loads((tmp_path / "result.json").read_text("utf-8"))["misses"]
    assert [(miss["level"], miss["too_soft"], miss["times"]) for miss in missed][:3] == [(1, True, 100), (2, True, 250), (3, True, 500)]
    assert "Level 4 misses: strangers are accepted 1000.0 times as often as promised, 1/1" in said.getvalue()


def test_evaluation_that_finds_no_miss_says_so(folder: Path, calibrated: tuple[Path, Path]) -> None:
    """R33."""
    said = StringIO()
    call_command("evaluate_faces", folder, embeddings=calibrated[1], stdout=said)
    assert "No level is shown to miss" in said.getvalue()


@pytest.mark.parametrize(
    ("accepted", "pairs", "missed"),
    [
        (1_000, 100_000, None),
        (1_300, 100_000, (True, False)),  # the interval excludes 1 in 100, but by less than a factor of two
        (2_600, 100_000, (True, True)),
        (300, 100_000, (False, True)),
        (2, 80, None),  # 2.5 times as often, but the data are too few to say so
    ],
)
def test_level_misses_by_its_interval_or_by_a_factor_of_two(accepted: int, pairs: int, missed: tuple[bool, bool] | None) -> None:
    """R33."""
    rate = accepted / pairs
    rates = LevelRates(1, 0.4, 100, accepted, rate, wilson(accepted, pairs), 0.9, Interval(0.8, 1.0), pairs >= 1_000)
    assert [(miss.too_soft, miss.beyond_factor) for miss in misses([rates])] == ([missed] if missed else [])


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


@pytest.mark.parametrize("command", ["calibrate_match", "evaluate_faces"])
def test_engine_that_cannot_be_loaded_is_said_without_a_traceback(
    folder: Path, calibrated: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    """R33."""
    other = replace(read_calibration(calibrated[0].read_text("utf-8")), engine=Engine("onnx", "0123456789ab"))
    (tmp_path / "other.json").write_text(other.to_json(), "utf-8")
    options = {"engine": "onnx", "out": tmp_path / "out.json"} if command == "calibrate_match" else {"calibration": tmp_path / "other.json"}
    with pytest.raises(CommandError, match="FACE_MODELS_DIR"):
        call_command(command, folder, stdout=StringIO(), **options)


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
