"""manage.py evaluate_mrz: measures the MRZ reader on a folder of pictures with known text."""

from __future__ import annotations

import csv
import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandError
from PIL import Image, ImageOps

from checks_app.document import mrz, mrz_reader
from checks_app.face.acceptance import wilson
from checks_app.imaging import RgbImage
from checks_app.results import MrzReading

MANIFEST = "manifest.csv"
COLUMNS = ("file", "mrz_line1", "mrz_line2", "mrz_line3", "check_digits_ok")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A picture, the text that its MRZ holds, and whether the printed check digits are right at all."""

    file: str
    lines: tuple[str, ...]
    check_digits_ok: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader made of one picture. fields_right: share of the fields whose text is right, 0..1."""

    file: str
    check_digits_ok: bool
    accepted: bool
    exact: bool
    fields_right: float
    confidence: float
    cpu_seconds: float
    lines: tuple[str, ...]


class Command(BaseCommand):
    help = f"Measure the MRZ reader on a folder with pictures and a {MANIFEST} ({', '.join(COLUMNS)})."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        cv2.setNumThreads(1)
        outcomes = [_examine(specimen, _load(folder / specimen.file)) for specimen in _specimens(folder)]
        if not outcomes:
            raise CommandError(f"{folder / MANIFEST} lists no picture")
        for line in _report(outcomes):
            self.stdout.write(line)
        if options["json"]:
            summary = {"engine": asdict(mrz_reader.ENGINE), "pictures": [asdict(outcome) for outcome in outcomes]}
            options["json"].write_text(json.dumps(summary, indent=2) + "\n", "utf-8")


def _specimens(folder: Path) -> list[Specimen]:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise CommandError(f"{manifest} is missing")
    with manifest.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if rows and not set(COLUMNS) <= rows[0].keys():
        raise CommandError(f"{manifest} needs the columns {', '.join(COLUMNS)}")
    return [
        Specimen(row["file"], tuple(row[name] for name in COLUMNS[1:4] if row[name]), row["check_digits_ok"].strip().lower() == "true")
        for row in rows
    ]


def _load(path: Path) -> RgbImage:
    try:
        with Image.open(path) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except OSError as refusal:
        raise CommandError(f"{path}: {refusal}") from refusal


def _examine(specimen: Specimen, image: RgbImage) -> Outcome:
    started = time.process_time()
    reading = mrz_reader.read(image)
    seconds = time.process_time() - started
    return Outcome(
        file=specimen.file,
        check_digits_ok=specimen.check_digits_ok,
        accepted=reading is not None and reading.accepted,
        exact=reading is not None and reading.lines == specimen.lines,
        fields_right=_fields_right(specimen, reading),
        confidence=reading.confidence if reading else 0.0,
        cpu_seconds=round(seconds, 3),
        lines=reading.lines if reading else (),
    )


def _fields_right(specimen: Specimen, reading: MrzReading | None) -> float:
    truth = {field.name: field.raw for field in mrz.parse(specimen.lines)}
    seen = {field.name: field.raw for field in reading.fields} if reading else {}
    return sum(seen.get(name) == raw for name, raw in truth.items()) / len(truth)


def _report(outcomes: Sequence[Outcome]) -> list[str]:
    sound = [outcome for outcome in outcomes if outcome.check_digits_ok]
    unsound = [outcome for outcome in outcomes if not outcome.check_digits_ok]
    seconds = [outcome.cpu_seconds for outcome in outcomes]
    wrong = [outcome for outcome in outcomes if outcome.accepted and not outcome.exact]
    lines = [
        f"Engine {mrz_reader.ENGINE.name} {mrz_reader.ENGINE.version}; intervals are Wilson's, 95 %",
        f"{len(outcomes)} pictures, {len(sound)} of them with right check digits",
        f"accepted and exact   {_share([outcome.accepted and outcome.exact for outcome in sound])}",
        f"fields right, mean   {np.mean([outcome.fields_right for outcome in sound] or [0.0]):.1%}",
        f"refused or not read  {_share([not outcome.accepted for outcome in sound])}",
        f"accepted but wrong   {_share([outcome in wrong for outcome in outcomes])}",
        f"printed check digits wrong: refused {_share([not outcome.accepted for outcome in unsound])}",
        f"CPU seconds          median {np.median(seconds):.2f}, 95th percentile {np.percentile(seconds, 95):.2f}",
    ]
    for outcome in outcomes:
        if not (outcome.accepted and outcome.exact):
            state = "ACCEPTED BUT WRONG" if outcome in wrong else "refused" if outcome.lines else "not found"
            lines.append(f"  {outcome.file}: {state}, confidence {outcome.confidence:.2f}, {outcome.fields_right:.0%} of fields right")
    return lines


def _share(verdicts: Sequence[bool]) -> str:
    count, total = sum(verdicts), len(verdicts)
    interval = wilson(count, total)
    return f"{count} of {total} = {count / total if total else 0:.1%} ({interval.low:.1%} to {interval.high:.1%})"
