"""manage.py evaluate_document on a folder of drawn pictures."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from checks_app.imaging import RgbImage
from checks_app.management.labelled_documents import Label, read_manifest, write_manifest
from checks_app.results import DocumentKind, Reason, Side
from tests.images import Scene, photograph
from verifyportal.dev.specimens import Person, draw_card_back

HEADER = "file,corners,kind,expected\n"


@pytest.fixture(scope="module")
def card_back() -> RgbImage:
    return draw_card_back(Person())


def labelled(folder: Path, document: RgbImage, name: str, scene: Scene, *expected: Reason) -> Label:
    """Photograph a document into a folder."""
    shot = photograph(document, scene)
    Image.fromarray(shot.image).save(folder / name)
    height, width = shot.image.shape[:2]
    corners = tuple((round(x * width, 1), round(y * height, 1)) for x, y in shot.quad.corners)
    return Label(name, corners, DocumentKind.ID_CARD, expected, Side.BACK)


def report(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("evaluate_document", folder, *options, stdout=out)
    return out.getvalue()


def test_found_documents_false_alarms_and_faults_are_counted(tmp_path: Path, card_back: RgbImage) -> None:
    """R32: the middle picture claims a fault that it does not have."""
    fine = labelled(tmp_path, card_back, "fine.png", Scene(seed=81))
    claimed = labelled(tmp_path, card_back, "claimed.png", Scene(seed=82), Reason.GLARE)
    finger = labelled(tmp_path, card_back, "finger.png", Scene(seed=83, desk="dark", covered="corner"), Reason.COVERED)
    write_manifest(tmp_path, [fine, claimed, finger])
    assert read_manifest(tmp_path) == [fine, claimed, finger]
    kept = tmp_path / "result.json"
    told = report(tmp_path, "--json", str(kept))
    summary = json.loads(kept.read_text("utf-8"))["summary"]
    assert summary["quad, IoU > 0.9"].startswith("3 of 3")
    assert summary["ok: false alarm"].startswith("0 of 1")
    assert summary["GLARE: flagged"].startswith("0 of 1")
    assert summary["COVERED: named"].startswith("1 of 1")
    assert "claimed.png: expected GLARE, said nothing" in told


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        ("file,kind\n", "needs the columns"),
        (HEADER, "lists no picture"),
        (HEADER + 'a.png,"1,2,3",PASSPORT,ok\n', r"line 2: corners are x1,y1"),
        (HEADER + 'a.png,"1,2,3,4,5,6,7,nan",PASSPORT,ok\n', r"line 2: corners are x1,y1"),
        (HEADER + 'a.png,"1,2,3,4,5,6,7,x",PASSPORT,ok\n', "line 2: could not convert"),
        (HEADER + "a.png,,VISA,ok\n", "line 2: 'VISA' is not a valid DocumentKind"),
        (HEADER + "a.png,,PASSPORT,BROKEN\n", "line 2: 'BROKEN' is not a valid Reason"),
        (HEADER + "a.png\n", "line 2"),
        (HEADER + "absent.png,,PASSPORT,ok\n", r"absent\.png"),
    ],
)
def test_a_manifest_that_cannot_be_used_says_why(tmp_path: Path, manifest: str, complaint: str) -> None:
    """R32"""
    (tmp_path / "manifest.csv").write_text(manifest, "utf-8")
    with pytest.raises(CommandError, match=complaint):
        report(tmp_path)


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    """R32"""
    with pytest.raises(CommandError, match=r"manifest\.csv is missing"):
        report(tmp_path)
