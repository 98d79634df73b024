"""manage.py evaluate_recapture on folders of drawn textures."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from checks_app.management.discriminant import learn
from checks_app.management.recapture_photos import Photo, area, pairs_held_out, texture_scores, wins_of

VIEWS = ("_small", "_crop")


def picture(seed: int, *, lattice: float, size: int = 448) -> Image.Image:
    """Noise on a slope of brightness, with a lattice of the given strength in grey levels."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:size, 0:size]
    grey = (
        90
        + columns / 8
        + chance.normal(0, chance.uniform(2, 4), (size, size))
        + lattice * np.cos(2 * np.pi * (0.2 * columns + 0.11 * rows))
    )
    return Image.fromarray(np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two places with two things each and two devices with two screens each, every photo in two views."""
    root = tmp_path_factory.mktemp("photos")
    for kind, lattice, names in (("real", 0.0, ("desk", "garden")), ("screen", 9.0, ("laptop", "phone"))):
        for place, name in enumerate(names):
            (root / kind / name).mkdir(parents=True)
            for number in range(2):
                for view in VIEWS:
                    picture(place * 10 + number, lattice=lattice).save(root / kind / name / f"{number}{view}.png")
    return root / "real", root / "screen"


@pytest.fixture(scope="module")
def told(folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out, file = StringIO(), tmp_path_factory.mktemp("told") / "result.json"
    call_command("evaluate_recapture", *folders, "--views", *VIEWS, "--json", file, stdout=out)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert {name: value for name, value in found.items() if name != "photos"} == json.loads(out.getvalue())
    return found


def test_views_of_one_photo_count_once(told: dict[str, Any]) -> None:
    """R31: they are not independent."""
    assert (told["things"], told["screens"], len(told["photos"])) == (4, 4, 8)


def test_the_detector_is_counted_at_both_thresholds_and_by_folder(told: dict[str, Any]) -> None:
    """R31"""
    assert told["detector"]["auc"]["value"] == 1
    assert told["detector"]["screens that pass (APCER)"]["count"] == 0
    assert told["detector"]["things that do not (BPCER)"]["count"] == 0
    assert told["detector"]["screens not declined (APCER)"]["count"] == 4, "a lattice alone is doubt"
    assert told["detector"]["doubted by folder"] == {
        "real/desk": "0 of 2",
        "real/garden": "0 of 2",
        "screen/laptop": "2 of 2",
        "screen/phone": "2 of 2",
    }


def test_texture_is_learnt_without_the_folders_that_it_judges(told: dict[str, Any]) -> None:
    """R31"""
    assert told["texture_folders_held_out"]["auc"]["value"] == 1


def photo(folder: str, number: int, *, screen: bool) -> Photo:
    """A photo whose texture tells its folder and nothing else."""
    return Photo(screen, folder, str(number), 1.0, {"": np.array([*(float(folder == name) for name in "abcd"), number % 2])})


def test_a_folder_cannot_give_itself_away() -> None:
    """R31: a classifier that has seen the folder would be right every time."""
    things = [photo(folder, number, screen=False) for folder in "ab" for number in range(4)]
    screens = [photo(folder, number, screen=True) for folder in "cd" for number in range(4)]
    assert min(texture_scores([*things, *screens], screens)) > max(texture_scores([*things, *screens], things))
    wins, _ = pairs_held_out([*things, *screens])
    assert wins.mean() == pytest.approx(0.5, abs=0.05)


def test_folders_widen_the_interval_where_photos_of_one_agree() -> None:
    """R31: photographs of one sitting are not independent."""
    things = [photo(folder, number, screen=False) for folder in "ab" for number in range(3)]
    screens = [photo(folder, number, screen=True) for folder in "cd" for number in range(3)]
    found = area(wins_of([0, 0, 0, 2, 2, 2], [1, 1, 1, 3, 3, 3]), things, screens)
    assert found["value"] == 0.75
    assert found["folders_high"] - found["folders_low"] > found["high"] - found["low"]


def test_what_was_not_measured_is_taken_for_ordinary() -> None:
    """R22"""
    numbers = np.array([(0.0, 1.0), (0.2, np.nan), (1.0, 0.0), (0.8, np.nan)])
    learnt = learn(numbers, np.array([False, False, True, True]))
    first, second, unknown = learnt.score(np.array([(0.0, 1.0), (1.0, 0.0), (np.nan, np.nan)]))
    assert first < 0 < second
    assert unknown == pytest.approx(0, abs=0.1)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    """R31"""
    with pytest.raises(CommandError, match="Both folders need pictures"):
        call_command("evaluate_recapture", tmp_path, tmp_path, stdout=StringIO())
