"""Reads folders of labelled faces for the commands that calibrate and evaluate: the only reader of files among the face checks."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from checks_app.faces import FaceEngine
from checks_app.management.labelled_folder import open_upright

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
NUMBER_AT_END = re.compile(r"_\d+$")

Half = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class LabelledFaces:
    """Embeddings (images x dimensions) with the number of the person on each, and how many images gave no face.

    `names`: of the people, by number.
    """

    embeddings: NDArray[np.float64]
    people: NDArray[np.int64]
    not_enrolled: int
    names: tuple[str, ...]


def person_of(path: Path, root: Path) -> str:
    """Name the person on a picture: its folder below `root`, or its file name without `_NNNN` when it lies in `root` itself."""
    return path.parent.name if path.parent != root else NUMBER_AT_END.sub("", path.stem)


def list_pictures(root: Path) -> list[Path]:
    """List the pictures below a folder, sorted, so that each run sees the same first picture of a person."""
    return sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)


def half_of_people(pictures: list[Path], root: Path, half: Half, seed: int) -> list[Path]:
    """Keep the pictures of one random half of the people, so that levels are tried on people whom the calibration never saw."""
    names = sorted({person_of(path, root) for path in pictures})
    random.Random(seed).shuffle(names)
    middle = len(names) // 2
    kept = set(names[:middle] if half == "first" else names[middle:])
    return [path for path in pictures if person_of(path, root) in kept]


def read_faces(pictures: list[Path], root: Path, engine: FaceEngine, cache: Path | None) -> LabelledFaces:
    """Find and describe the largest face of each picture. `cache`: an .npz that keeps the embeddings of one engine version."""
    known = _read_cache(cache, engine)
    found: dict[str, NDArray[np.float64]] = {}
    for path in pictures:
        key = str(path.relative_to(root))
        found[key] = known[key] if key in known else _describe_largest(path, engine)
    if cache:
        _write_cache(cache, engine, known | found)
    enrolled = [key for key, embedding in found.items() if embedding.size]
    if not enrolled:
        raise ValueError(f"No face was found below {root}")
    names = [person_of(root / key, root) for key in enrolled]
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    people = np.array([numbers[name] for name in names], dtype=np.int64)
    return LabelledFaces(np.array([found[key] for key in enrolled]), people, len(found) - len(enrolled), tuple(numbers))


def read_groups(path: Path | None, names: Sequence[str]) -> dict[str, list[int]]:
    """Read a CSV file with the columns person and group: the numbers of the people of each group; {} without a file.

    A person may be in several groups, on several lines, or in none. Raises ValueError when a column is missing or nobody is known.
    """
    if path is None:
        return {}
    numbers = {name: number for number, name in enumerate(names)}
    groups: dict[str, list[int]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream)
        if not {"person", "group"} <= set(table.fieldnames or ()):
            raise ValueError(f"{path} needs the columns person and group")
        for row in table:
            person, group = (row["person"] or "").strip(), (row["group"] or "").strip()
            if group and person in numbers:
                groups.setdefault(group, []).append(numbers[person])
    if not groups:
        raise ValueError(f"{path} puts none of these people into a group: a person is named as the pictures are, without _NNNN")
    return groups


def _describe_largest(path: Path, engine: FaceEngine) -> NDArray[np.float64]:
    image = open_upright(path)
    faces = engine.detect(image)
    return np.array(engine.embed(image, faces[0])) if faces else np.empty(0)


def _stamp(engine: FaceEngine) -> str:
    return f"{engine.engine.name} {engine.engine.version}"


def _read_cache(cache: Path | None, engine: FaceEngine) -> dict[str, NDArray[np.float64]]:
    if not cache or not cache.exists():
        return {}
    with np.load(cache) as stored:
        if str(stored["engine"]) != _stamp(engine):
            return {}
        lengths = stored["enrolled"]
        rows = iter(stored["embeddings"])
        return {str(key): next(rows) if enrolled else np.empty(0) for key, enrolled in zip(stored["keys"], lengths, strict=True)}


def _write_cache(cache: Path, engine: FaceEngine, known: dict[str, NDArray[np.float64]]) -> None:
    enrolled = np.array([bool(embedding.size) for embedding in known.values()])
    rows = np.array([embedding for embedding in known.values() if embedding.size])
    np.savez(cache, engine=_stamp(engine), keys=np.array(list(known)), enrolled=enrolled, embeddings=rows)
