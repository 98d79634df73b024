"""A folder of pictures with a manifest that says what they show: what all measuring commands need of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from checks_app.face.acceptance import wilson
from checks_app.imaging import RgbImage

MANIFEST = "manifest.csv"


class BadManifest(ValueError):
    """The manifest is missing, or says something that cannot be understood; the message tells where."""


def read_rows(folder: Path, columns: Sequence[str]) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the rows of a folder's manifest, each with its place for messages. Raises BadManifest when it or a column is missing."""
    path = folder / MANIFEST
    if not path.is_file():
        raise BadManifest(f"{path} is missing")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream)
        if not set(columns) <= set(table.fieldnames or ()):
            raise BadManifest(f"{path} needs the columns {', '.join(columns)}")
        for row in table:
            yield row, f"{path}, line {table.line_num}"


def open_upright(path: Path) -> RgbImage:
    """Open a picture as its camera held it. Raises what Pillow raises."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def share(count: int, total: int) -> str:
    """Write a proportion with Wilson's 95 % interval, such as 24 of 24 = 100.0% (86.2% to 100.0%)."""
    interval = wilson(count, total)
    return f"{count} of {total} = {count / total if total else 0:.1%} ({interval.low:.1%} to {interval.high:.1%})"
