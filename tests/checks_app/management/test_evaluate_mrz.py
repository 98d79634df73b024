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
    assert "VerifyPortal: 2 pictures, 1 of them with right check digits" in told
    assert "accepted and exact   1 of 1 = 100.0%" in told
    assert "accepted but wrong   0 of 2" in told
    assert "wrong digits printed, refused  1 of 1" in told
    assert "1.png: refused" in told


def test_an_accepted_reading_that_is_not_the_truth_is_a_wrong_acceptance(tmp_path: Path) -> None:
    """R30."""
    told = report(folder_with(tmp_path, (RIGHT, OTHER_NAME, True)))
    assert "accepted but wrong   1 of 1" in told
    assert "lines exact          1 of 2" in told
    assert "characters right     98.61%" in told
    assert "0.png: ACCEPTED BUT WRONG, 98.6% of characters right" in told


def test_the_first_reader_is_also_measured_without_any_rule(tmp_path: Path) -> None:
    """R30."""
    kept = tmp_path / "result.json"
    told = report(folder_with(tmp_path, (RIGHT, RIGHT, True)), "--json", str(kept))
    assert "own recogniser alone: 1 pictures" in told
    pictures = json.loads(kept.read_text("utf-8"))["pictures"]
    assert [picture["reader"] for picture in pictures] == ["VerifyPortal", "own recogniser alone"]
    assert [picture["lines_exact"] for picture in pictures] == [2, 2]


def test_what_one_would_use_instead_is_measured_beside_it(tmp_path: Path) -> None:
    """R30."""
    told = report(folder_with(tmp_path, (RIGHT, RIGHT, True)), "--peers")
    assert "tesseract eng: 1 pictures" in told
    assert "tesseract with OCR-B: 1 pictures" in told


def test_whether_the_digits_are_right_is_computed_where_the_manifest_does_not_say(tmp_path: Path) -> None:
    """R30."""
    folder_with(tmp_path, (RIGHT, RIGHT, True), (WRONG, WRONG, False))
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("".join(line.rpartition(",")[0] + "\n" for line in manifest.read_text("utf-8").splitlines()), "utf-8")
    assert "VerifyPortal: 2 pictures, 1 of them with right check digits" in report(tmp_path)


def test_pictures_that_cannot_be_measured_are_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R30."""
    folder_with(tmp_path, (RIGHT, RIGHT, True))
    with (tmp_path / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write(f"absent.png,{RIGHT[0]},{RIGHT[1]},,True\ntext.png,{RIGHT[0]},{RIGHT[1]},,True\n0.png,,,,\n,,,,\n")
    (tmp_path / "text.png").write_text("no picture", "utf-8")
    assert "VerifyPortal: 1 pictures" in report(tmp_path)
    told = capsys.readouterr().err
    assert all(f"not measured: {name}" in told for name in ("absent.png", "text.png", "0.png: the manifest has no text for it"))


def test_the_result_can_be_kept_as_json(tmp_path: Path) -> None:
    """R37."""
    kept = tmp_path / "result.json"
    report(folder_with(tmp_path, (RIGHT, RIGHT, True)), "--json", str(kept))
    result = json.loads(kept.read_text("utf-8"))
    assert result["engine"]["name"]
    assert [(picture["file"], picture["exact"], tuple(picture["lines"])) for picture in result["pictures"]] == [("0.png", True, RIGHT)] * 2


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
