"""manage.py evaluate_mrz on a folder of drawn pictures."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.checks_app.document.lines_of_text import draw_lines

RIGHT = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
WRONG = (RIGHT[0], "D231458907UTO7408123F1204159<<<<<<<6")
OTHER_NAME = ("I<UTOERIKSSEN<<ANNA<MARIA<<<<<<<<<<<", RIGHT[1])


def folder_with(folder: Path, *pictures: tuple[tuple[str, ...], tuple[str, ...], bool]) -> Path:
    """Fill a folder: for each picture the lines drawn, the lines that the manifest claims, and what it says of the digits."""
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["file", "mrz_line1", "mrz_line2", "mrz_line3", "check_digits_ok"])
        for number, (drawn, claimed, sound) in enumerate(pictures):
            Image.fromarray(draw_lines(drawn)).save(folder / f"{number}.png")
            table.writerow([f"{number}.png", *claimed, *[""] * (3 - len(claimed)), sound])
    return folder


def report(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("evaluate_mrz", folder, *options, stdout=out)
    return out.getvalue()


def test_exact_readings_and_refusals_are_counted_apart(tmp_path: Path) -> None:
    """R30."""
    told = report(folder_with(tmp_path, (RIGHT, RIGHT, True), (WRONG, WRONG, False)))
    assert "2 pictures, 1 of them with right check digits" in told
    assert "accepted and exact   1 of 1 = 100.0%" in told
    assert "accepted but wrong   0 of 2" in told
    assert "printed check digits wrong: refused 1 of 1" in told
    assert "1.png: refused" in told


def test_an_accepted_reading_that_is_not_the_truth_is_a_wrong_acceptance(tmp_path: Path) -> None:
    """R30."""
    told = report(folder_with(tmp_path, (RIGHT, OTHER_NAME, True)))
    assert "accepted but wrong   1 of 1" in told
    assert "0.png: ACCEPTED BUT WRONG" in told
    assert "fields right, mean   90.0%" in told


def test_the_result_can_be_kept_as_json(tmp_path: Path) -> None:
    """R37."""
    kept = tmp_path / "result.json"
    report(folder_with(tmp_path, (RIGHT, RIGHT, True)), "--json", str(kept))
    result = json.loads(kept.read_text("utf-8"))
    assert result["engine"]["name"]
    assert [(picture["file"], picture["exact"], tuple(picture["lines"])) for picture in result["pictures"]] == [("0.png", True, RIGHT)]


def test_a_folder_that_cannot_be_measured_says_why(tmp_path: Path) -> None:
    """R30."""
    with pytest.raises(CommandError, match=r"manifest\.csv is missing"):
        report(tmp_path)
    (tmp_path / "manifest.csv").write_text("file,text\nx.png,y\n", "utf-8")
    with pytest.raises(CommandError, match="needs the columns"):
        report(tmp_path)
    (tmp_path / "manifest.csv").write_text("file,mrz_line1,mrz_line2,mrz_line3,check_digits_ok\n", "utf-8")
    with pytest.raises(CommandError, match="lists no picture"):
        report(tmp_path)
    (tmp_path / "manifest.csv").write_text(
        f"file,mrz_line1,mrz_line2,mrz_line3,check_digits_ok\nabsent.png,{RIGHT[0]},{RIGHT[1]},,True\n", "utf-8"
    )
    with pytest.raises(CommandError, match=r"absent\.png"):
        report(tmp_path)
