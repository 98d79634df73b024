"""Sweeps blur, light, glare and distance on drawn photographs: where does reading the MRZ fail, and where is a retake asked?

    python -m benchmarks.quality [--shots 12] [--seed 60000] [--sweep blur] [--json FILE]

A threshold stands right when a retake is asked about where reading gets lost: earlier disturbs the user, later costs him an attempt.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2

from benchmarks.documents import BACK, PASSPORT, SIZES, document
from checks_app.document import mrz_reader, quality
from checks_app.document.quad import find_quad
from checks_app.document.rectify import in_pixels, side_lengths
from checks_app.imaging import RgbImage
from checks_app.management.labelled_documents import share
from checks_app.results import Reason
from tests.images import Scene, photograph

SWEEPS: dict[str, tuple[float, ...]] = {
    "blur": (0.0, 1.0, 1.6, 2.0, 2.4, 2.8, 3.4),  # sigma in 1/1000 of the frame's width
    "exposure": (0.06, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 1.3, 1.6, 2.0),  # 1 is right
    "glare": (0.0, 0.03, 0.05, 0.08, 0.12, 0.2),  # radius in widths of the document
    "fill": (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.7),  # the document's share of the frame
}
ASKS = {
    "blur": (Reason.BLURRED,),
    "exposure": (Reason.TOO_DARK, Reason.TOO_BRIGHT),
    "glare": (Reason.GLARE, Reason.TOO_BRIGHT),
    "fill": (Reason.DOCUMENT_TOO_FAR, Reason.NO_DOCUMENT),
}
MEASURED = {"blur": "blur", "exposure": "median", "glare": "glare", "fill": "side"}


@dataclass(frozen=True, slots=True)
class Level:
    """What happened at one level of a sweep. measured: median of what the threshold looks at."""

    sweep: str
    level: float
    measured: float
    read: str
    asked: str
    read_but_asked: str
    lost_and_not_asked: str


def look(sweep: str, level: float, seeds: range) -> Level:
    """Photograph the sides that carry an MRZ, with nothing wrong but what is swept."""
    measured, read, asked = [], [], []
    for seed in seeds:
        image = photograph(document((PASSPORT, BACK)[seed % 2], seed), _scene(sweep, level, seed)).image
        quad = find_quad(image)
        problems, measure = quality.judge_quality(image, quad)
        sides = max(side_lengths(in_pixels(quad, image))) if quad else 0.0
        measured.append(({"side": sides} | measure.details).get(MEASURED[sweep], 0.0))
        asked.append(any(reason in problems for reason in ASKS[sweep]))
        read.append(_is_read(image))
    return Level(
        sweep,
        level,
        round(statistics.median(measured), 3),
        share(read),
        share(asked),
        share([a for a, r in zip(asked, read, strict=True) if r]),
        share([not a for a, r in zip(asked, read, strict=True) if not r]),
    )


def _scene(sweep: str, level: float, seed: int) -> Scene:
    return Scene(seed=seed, size=SIZES[0], **{sweep: level})  # type: ignore[arg-type]


def _is_read(image: RgbImage) -> bool:
    reading = mrz_reader.read(image)
    return reading is not None and reading.accepted


def _print(levels: Sequence[Level]) -> None:
    for level in levels:
        print(
            f"{level.sweep} {level.level:<5} measured {level.measured:<8} read {level.read}; asked {level.asked}; "
            f"asked though read {level.read_but_asked}; lost and not asked {level.lost_and_not_asked}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", type=int, default=12, help="per level")
    parser.add_argument("--seed", type=int, default=60_000)
    parser.add_argument("--sweep", action="append", choices=SWEEPS)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    print(
        f"thresholds: blur {quality.BLURRED_FROM}, median {quality.DARK_MEDIAN}, glare {quality.GLARE_SHARE}, "
        f"blown {quality.BLOWN_SHARE}, side {quality.MIN_DOCUMENT_SIDE} pixels"
    )
    levels = []
    for sweep in arguments.sweep or SWEEPS:
        for level in SWEEPS[sweep]:
            levels.append(look(sweep, level, range(arguments.seed, arguments.seed + arguments.shots)))
            _print(levels[-1:])
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(level) for level in levels], indent=1))


if __name__ == "__main__":
    main()
