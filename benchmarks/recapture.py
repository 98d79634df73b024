"""Measures screens and copies on drawn pictures: python -m benchmarks.recapture [--shots 54] [--seed 50000] [--case NAME] [--json FILE].

Thresholds were set on the cells of TUNED_ON (pixel pitch x distance x angle) and on seeds below 10,000; by default the other cells
are measured. --photos REAL_DIR SCREEN_DIR: instead, learn texture from drawn pictures and try it on photographs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.displays import CELLS, HELD_OUT, TUNED_ON, Cell, Take, as_thing, on_display
from benchmarks.documents import document, ordinary
from benchmarks.prints import printout
from checks_app.document.photocopy import judge_photocopy
from checks_app.document.recapture import judge_screen_replay
from checks_app.face.acceptance import wilson
from checks_app.imaging import RgbImage
from checks_app.management.discriminant import learn
from checks_app.management.recapture_photos import area, read_photos, wins_of
from checks_app.management.texture import describe_texture
from checks_app.results import Measure
from checks_app.thresholds import DEFAULTS
from tests.forgeries import photocopy

FRAMES = 5  # of the eight that the flow sends: drawing them takes long, and the detector aligns four
JPEG_QUALITY = 80  # of a burst's frames
FINE_SIZE = (1600, 1200)  # of pictures of copies
CASES: dict[str, Callable[[RgbImage, Cell, int, int], Take]] = {
    "thing": lambda page, cell, seed, frames: as_thing(page, cell, seed, frames=frames),
    "thing, camera standing": lambda page, cell, seed, frames: as_thing(page, cell, seed, frames=frames, still=True),
    "display": lambda page, cell, seed, frames: on_display(page, cell, seed, frames=frames),
    "display, bezel around": lambda page, cell, seed, frames: on_display(page, cell, seed, frames=frames, bezel=True),
    "thing, the other drawn camera": lambda page, cell, seed, frames: other_camera(seed),
    "still picture fed to the camera": lambda page, cell, seed, frames: replayed(as_thing(page, cell, seed), frames),
}

COPIES: dict[str, Callable[[RgbImage, Cell, int], Take]] = {
    "original": lambda page, cell, seed: as_thing(page, cell, seed, size=FINE_SIZE),
    "monochrome copy": lambda page, cell, seed: as_thing(photocopy(page, seed), cell, seed, size=FINE_SIZE),
    "colour printout": lambda page, cell, seed: printout(page, cell, seed, lines_per_inch=85 + seed * 13 % 66, size=FINE_SIZE),
}


def other_camera(seed: int) -> Take:
    """What the benchmark of documents draws as ordinary: other desks, hands and papers, and a simpler camera without bursts."""
    shot = ordinary(seed % 3, seed)
    return Take(shot.image, shot.quad)


def replayed(take: Take, frames: int) -> Take:
    """What a virtual camera gives that plays a picture: the same frame every time."""
    size = take.image.shape[1] * 3 // 4, take.image.shape[0] * 3 // 4
    pressed = cv2.imencode(".jpg", cv2.resize(take.image, size, interpolation=cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
    frame = np.asarray(cv2.imdecode(pressed, cv2.IMREAD_COLOR), dtype=np.uint8)
    return Take(take.image, take.quad, (frame,) * frames)


def measure(case: str, cells: list[Cell], seeds: range) -> dict[str, object]:
    """Judge shots of a case, each alone and with its burst, and count where the scores lie."""
    alone, together, cpu = [], [], []
    for seed in seeds:
        take = CASES[case](document(seed // len(cells) % 3, seed), cells[seed % len(cells)], seed, FRAMES)
        alone.append(judge_screen_replay(take.image, take.quad))
        start = time.process_time()
        together.append(judge_screen_replay(take.image, take.quad, take.burst))
        cpu.append((time.process_time() - start) * 1000)
    timing = {"median": round(statistics.median(cpu)), "95th": round(float(np.percentile(cpu, 95)))}
    return {"n": len(seeds), "still alone": bands(alone), "with burst": bands(together), "CPU ms with burst": timing}


def measure_copies(case: str, cells: list[Cell], seeds: range) -> dict[str, object]:
    """Judge shots of originals or copies for being copies."""
    takes = ((COPIES[case](document(seed // len(cells) % 3, seed), cells[seed % len(cells)], seed)) for seed in seeds)
    measures = [judge_photocopy(take.image, take.quad) for take in takes]
    return {"n": len(seeds), "copy": bands(measures), "fine enough for dots": sum("dots" in one.details for one in measures)}


def bands(measures: list[Measure]) -> dict[str, str]:
    """Count scores by the default band, each count with Wilson's 95 % interval."""
    counts = Counter(DEFAULTS.screen_replay.status(one.score).value for one in measures)
    told = {}
    for status in ("PASSED", "UNCLEAR", "FAILED"):
        interval = wilson(counts[status], len(measures))
        told[status] = f"{counts[status]}/{len(measures)} ({interval.low:.1%} to {interval.high:.1%})"
    return told


def across_sets(real: Path, screens: Path, shots: int, seed: int) -> dict[str, object]:
    """Learn texture from drawn things and displays, and say how well it orders photographs; also how well other drawn cells."""
    numbers, kinds, held = [], [], []
    for number in range(seed, seed + shots):
        cell = CELLS[number % len(CELLS)]
        for display in (False, True):
            page = document(number % 3, number)
            take = on_display(page, cell, number, bezel=number % 2 == 1) if display else as_thing(page, cell, number)
            described = describe_texture(take.image, take.quad)
            if described is not None:
                numbers.append(described)
                kinds.append(display)
                held.append(cell in HELD_OUT)
    table, kind, out = np.array(numbers), np.array(kinds), np.array(held)
    inside = learn(table[~out], kind[~out]).score(table[out])
    learnt = learn(table, kind)
    photos = [read_photos(folder, ("_1600", "_crop1024"), screen=screen) for folder, screen in ((real, False), (screens, True))]
    scores = [[float(np.mean([learnt.score(one[None])[0] for one in photo.texture.values()])) for photo in some] for some in photos]
    drawn = wins_of(list(inside[~kind[out]]), list(inside[kind[out]])).mean()
    return {"drawn": len(kind), "drawn cells held out, AUC": round(float(drawn), 3), "photographs, AUC": area(wins_of(*scores), *photos)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", type=int, default=54)
    parser.add_argument("--seed", type=int, default=50_000)
    parser.add_argument("--cells", choices=("held-out", "tuned-on"), default="held-out")
    parser.add_argument("--case", action="append", choices=(*CASES, *COPIES), help="only these")
    parser.add_argument("--photos", nargs=2, type=Path, metavar=("REAL_DIR", "SCREEN_DIR"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    cells = HELD_OUT if arguments.cells == "held-out" else TUNED_ON
    seeds = range(arguments.seed, arguments.seed + arguments.shots)
    result: dict[str, object] = {}
    if arguments.photos:
        result["texture learnt from drawn pictures"] = across_sets(
            arguments.photos[0], arguments.photos[1], arguments.shots, arguments.seed
        )
        print(json.dumps(result, indent=1))
    else:
        for case in arguments.case or (*CASES, *COPIES):
            result[case] = (measure if case in CASES else measure_copies)(case, cells, seeds)
            print(json.dumps({case: result[case]}, indent=1), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
