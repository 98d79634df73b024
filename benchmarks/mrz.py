"""Measures the MRZ reader on drawn photographs: how often it reads to the letter, refuses, or accepts what is not there.

    python -m benchmarks.mrz [--shots 2000] [--seed 500000] [--json FILE]

Documents, scenes and faults are drawn from the seed. Nothing was ever tuned on seeds from 500,000 on.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image

from checks_app.imaging import RgbImage
from checks_app.management.labelled_mrz import Outcome, Specimen, examine, portal, report
from checks_app.results import DocumentKind
from tests.images import Scene, photograph
from verifyportal.dev.portraits import drawn_portrait
from verifyportal.dev.specimens import draw_card_back, draw_passport, invent_person, mrz_lines

TODAY = date(2026, 11, 22)
SIZES = ((1280, 960), (1280, 720), (1024, 768), (800, 600), (640, 480))
_KINDS = (DocumentKind.PASSPORT, DocumentKind.ID_CARD)
_PORTRAITS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shots", type=int, default=2000)
    options.add_argument("--seed", type=int, default=500_000)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    outcomes: list[Outcome] = []
    for seed in range(chosen.seed, chosen.seed + chosen.shots):
        specimen, image = shot(seed)
        outcomes += examine(specimen, image, portal)
    for line in report(outcomes):
        print(line)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) + "\n", "utf-8")


def shot(seed: int) -> tuple[Specimen, RgbImage]:
    """Draw a document and photograph it, well or badly: any quarter turn, up to 25 degrees askew, half of the shots with a fault."""
    chance = np.random.default_rng(seed)
    person, kind = invent_person(seed, today=TODAY), _KINDS[seed % 2]
    passport = kind is DocumentKind.PASSPORT
    document = draw_passport(person, drawn_portrait(seed % _PORTRAITS)) if passport else draw_card_back(person)
    scene = Scene(
        seed=seed,
        size=SIZES[chance.choice(len(SIZES), p=(0.3, 0.25, 0.2, 0.15, 0.1))],
        rotation=float(chance.integers(0, 4) * 90 + chance.uniform(-25, 25)),
        tilt=float(chance.uniform(0, 22)),
    )
    image = _packed(chance, photograph(document, _with_fault(chance, scene)).image)
    return Specimen(f"{seed} {kind.value} {scene.size[0]}", mrz_lines(person, kind), check_digits_ok=True), image


def _with_fault(chance: Generator, scene: Scene) -> Scene:
    """Spoil half of the shots in one of five ways."""
    spoilt = (
        replace(scene, blur=chance.uniform(0.3, 1.2)),
        replace(scene, noise=chance.uniform(6, 18)),
        replace(scene, exposure=chance.uniform(0.25, 0.6)),
        replace(scene, glare=chance.uniform(0.05, 0.15)),
        replace(scene, fill=chance.uniform(0.45, 0.65)),
    )
    return spoilt[int(chance.integers(len(spoilt)))] if chance.random() < 0.5 else scene


def _packed(chance: Generator, image: RgbImage) -> RgbImage:
    """Compress as JPEG."""
    packed = BytesIO()
    Image.fromarray(image).save(packed, "JPEG", quality=int(chance.integers(40, 96)))
    return np.asarray(Image.open(packed))


if __name__ == "__main__":
    main()
