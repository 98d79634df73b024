"""How many of the right people each way of describing a face accepts at the same false acceptance: python -m benchmarks.matching DIR.

    [--cache FILE.npz] [--moments 300] [--prints 250]

DIR: pictures `Name_NNNN.jpg`. Everybody's first picture stands for the portrait, the second for the selfie; strangers are everybody's
first pictures. Limits are found on one half of the people and tried on the other, and the other way round, so nobody is measured
with a limit, or a projection, that was found on himself. --cache keeps what the network said, without the faces.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from benchmarks import face_pictures
from checks_app.face.acceptance import Pairs, genuine_pairs, impostor_pairs, wilson
from checks_app.face.dlib_engine import DlibEngine
from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.face.match_level import load_calibration
from checks_app.imaging import RgbImage
from checks_app.management.labelled_faces import list_pictures, person_of

SEED = 20
ONE_IN = (1_000, 10_000)
Rows = NDArray[np.float64]
"""One description a row; numbers 0.. beside it say whose."""

Projection = Callable[[Rows], Rows]
SHRINKAGE = 0.5


@dataclass
class Descriptions:
    """What the network says of chips, plain and mirrored (2 x 128), by a key; kept in a file between runs."""

    engine: DlibEngine
    file: Path | None
    known: dict[str, Rows] = field(default_factory=dict)
    passes: int = 0
    spent: float = 0.0

    def read(self) -> None:
        if self.file and self.file.exists():
            with np.load(self.file) as stored:
                self.known = dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))

    def write(self) -> None:
        if self.file:
            np.savez(self.file, keys=np.array(list(self.known)), rows=np.array(list(self.known.values())))

    def of(self, key: str, draw: Callable[[], RgbImage]) -> Rows:
        """Describe the largest face of the picture that `draw` gives; not a number when there is none."""
        if key not in self.known:
            self.known[key] = self._describe(draw())
        return self.known[key]

    def _describe(self, image: RgbImage) -> Rows:
        faces = self.engine.detect(image)
        if not faces:
            return np.full((2, 128), np.nan)
        chip, started = self.engine.chip(image, faces[0]), process_time()
        rows = np.array([self.engine.describe(chip), self.engine.describe(chip[:, ::-1])])
        self.passes, self.spent = self.passes + 2, self.spent + process_time() - started
        return rows


def unit(rows: Rows) -> Rows:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True))


def whitening(rows: Rows, people: NDArray[np.int64]) -> Projection:
    """Fit what makes the differences within one person alike in all directions, drawn half-way to doing nothing."""
    counts = np.bincount(people)
    sums = np.zeros((len(counts), rows.shape[1]))
    np.add.at(sums, people, rows)
    several = counts[people] > 1
    off = (rows - (sums / np.maximum(counts, 1)[:, None])[people])[several]
    within = off.T @ off / len(off)
    within = (1 - SHRINKAGE) * within + SHRINKAGE * np.trace(within) / len(within) * np.eye(len(within))
    values, vectors = np.linalg.eigh(within)
    mean, turn = rows.mean(axis=0), vectors / np.sqrt(values) @ vectors.T
    return lambda others: np.asarray((others - mean) @ turn)


def crossed(name: str, rows: Rows, people: NDArray[np.int64], fit: Callable[[Rows, NDArray[np.int64]], Projection] | None = None) -> None:
    """Print acceptance on each half of the people with the limits that the other half gave."""
    first = np.isin(people, np.random.default_rng(SEED).permutation(people.max() + 1)[: (people.max() + 1) // 2])
    genuine, strangers, n, total = [0, 0], [0, 0], 0, 0
    for known, new in ((first, ~first), (~first, first)):
        project: Projection = fit(rows[known], people[known]) if fit else lambda some: some
        # a projection has seen the people of its own half, so their distances would set a wrong limit: the new half gives its own
        source = new if fit else known
        limits = _limits(impostor_pairs(project(rows[source]), _numbered(people[source])))
        right = genuine_pairs(project(rows[new]), _numbered(people[new]))
        wrong = impostor_pairs(project(rows[new]), _numbered(people[new]))
        n, total = n + len(right), total + len(wrong)
        for place, limit in enumerate(limits):
            genuine[place] += right.accepted(limit)
            strangers[place] += wrong.accepted(limit)
    rates = "   ".join(
        f"1/{one_in:,}: {_share(accepted, n)} at 1/{total / max(1, passed):,.0f}"
        for one_in, accepted, passed in zip(ONE_IN, genuine, strangers, strict=True)
    )
    print(f"{name:<50}n {n}  {rates}", flush=True)


def at_levels(name: str, probes: Rows, references: Rows) -> None:
    """Print acceptance at the shipped distances of levels 4 and 5; row k of both shows person k."""
    gaps = np.linalg.norm(probes[:, None] - references[None], axis=-1)
    same, parts = np.eye(len(gaps), dtype=bool), []
    for level in load_calibration(DEFAULT_ENGINE).levels[3:5]:
        right, wrong = ((gaps[which] <= level.distance).sum() for which in (same, ~same))
        parts.append(f"level {level.level}: {_share(int(right), len(gaps))} at 1/{(~same).sum() / max(1, wrong):,.0f}")
    print(f"{name:<50}n {len(gaps)}  {'   '.join(parts)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--moments", type=int, default=300, help="people whose selfie is taken again twice")
    parser.add_argument("--prints", type=int, default=250, help="people whose portrait is printed")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found = Descriptions(DlibEngine(DEFAULT_ENGINE), options.cache)
    found.read()
    try:
        _measure(found, options.folder, options.moments, options.prints)
    finally:
        found.write()
    if found.passes:
        print(f"one pass of the network: {1000 * found.spent / found.passes:.0f} CPU-ms ({found.passes} passes)")


def _measure(found: Descriptions, folder: Path, moments: int, prints: int) -> None:
    pictures = [path for path in list_pictures(folder) if np.isfinite(found.of(path.name, partial(_read, path))).all()]
    both = np.array([found.known[path.name] for path in pictures])
    names = sorted({person_of(path, folder) for path in pictures})
    people = np.array([names.index(person_of(path, folder)) for path in pictures])
    crossed("plain (face_recognition)", both[:, 0], people)
    crossed("mean with the mirror image (dlib-20-mirror)", both.mean(axis=1), people)
    crossed("plain, at length 1", unit(both[:, 0]), people)
    crossed("mean with the mirror, at length 1 (dlib-20-unit)", unit(both.mean(axis=1)), people)
    crossed("... whitened within people", unit(both.mean(axis=1)), people, whitening)
    pairs = [tuple(path for path in pictures if person_of(path, folder) == name)[:2] for name in _several(pictures, folder)]
    order = np.random.default_rng(SEED).permutation(len(pairs))
    _measure_moments(found, [pairs[place] for place in order[:moments]])
    _measure_prints(found, [pairs[place] for place in order[:prints]])


def _measure_moments(found: Descriptions, pairs: Sequence[tuple[Path, ...]]) -> None:
    frames = []
    for number, (_, again) in enumerate(pairs):
        chance = np.random.default_rng(SEED + number)
        frames.append([found.of(f"moment {part} {again.name}", partial(_moment, again, chance)) for part in range(2)])
    taken = np.array(frames)
    seen = np.isfinite(taken).all(axis=(1, 2, 3))
    taken = taken[seen]
    portraits, selfies = (np.array([found.known[pair[side].name] for pair in pairs])[seen] for side in (0, 1))
    reference, selfie, moments = unit(portraits.mean(axis=1)), unit(selfies.mean(axis=1)), unit(taken.mean(axis=2))
    at_levels("selfie", selfie, reference)
    at_levels("one small frame", moments[:, 0], reference)
    at_levels("selfie and one frame", unit(selfie + moments[:, 0]), reference)
    at_levels("selfie and two frames", unit(selfie + moments.sum(axis=1)), reference)
    at_levels("selfie twice, one frame without its mirror", unit(2 * selfie + unit(taken[:, 0, 0])), reference)


def _measure_prints(found: Descriptions, pairs: Sequence[tuple[Path, ...]]) -> None:
    def of(name: str, portrait: Path, number: int) -> Rows:
        chance, enhanced = np.random.default_rng(SEED + number), face_pictures.ENHANCEMENTS[name]
        return found.of(f"{name} {portrait.name}", lambda: enhanced(face_pictures.printed(_read(portrait), chance)))

    names = face_pictures.ENHANCEMENTS
    rows = {name: np.array([of(name, pair[0], number) for number, pair in enumerate(pairs)]) for name in names}
    seen = np.all([np.isfinite(some).all(axis=(1, 2)) for some in rows.values()], axis=0)
    probes = unit(np.array([found.known[pair[1].name] for pair in pairs]).mean(axis=1))[seen]
    print(f"portraits in which every way finds a face: {seen.sum()} of {len(seen)}")
    for name, some in rows.items():
        at_levels(f"printed portrait, {name}", probes, unit(some[seen].mean(axis=1)))


def _several(pictures: Sequence[Path], folder: Path) -> list[str]:
    names = [person_of(path, folder) for path in pictures]
    return sorted({name for name, after in pairwise(names) if name == after})


def _moment(path: Path, chance: Generator) -> RgbImage:
    return face_pictures.moment(_read(path), chance)


def _read(path: Path) -> RgbImage:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def _limits(strangers: Pairs) -> list[float]:
    return [float(strangers.distances[len(strangers) // one_in - 1]) for one_in in ONE_IN]


def _numbered(people: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(people, return_inverse=True)[1]


def _share(count: int, n: int) -> str:
    interval = wilson(count, n)
    return f"{count / n:.1%} ({interval.low:.1%} to {interval.high:.1%})"


if __name__ == "__main__":
    main()
