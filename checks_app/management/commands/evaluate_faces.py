"""manage.py evaluate_faces: measures how often each match level is right and wrong on a folder of labelled faces."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from checks_app.face import acceptance
from checks_app.face.acceptance import Pairs
from checks_app.face.engine import DEFAULT_ENGINE, build_engine
from checks_app.face.match_level import Calibration, Interval, LevelThreshold, load_calibration, read_calibration
from checks_app.management.labelled_faces import half_of_people, list_pictures, read_faces


@dataclass(frozen=True, slots=True)
class LevelResult:
    """What one level did: rates 0..1 with their 95 % intervals."""

    level: int
    distance: float
    nominal_one_in: int
    false_accepted: int
    false_acceptance: float
    false_interval: Interval
    true_acceptance: float
    true_interval: Interval
    evidenced: bool


class Command(BaseCommand):
    help = "Measure false and true acceptance of every match level on labelled faces: Name_NNNN.jpg or one folder a person."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--pairs", type=int, help="draw at most so many pairs of strangers; default: all")
        parser.add_argument("--calibration", type=Path, help="another calibration file than the one that ships")
        parser.add_argument("--half", choices=("first", "second"), help="only this half of the people; see calibrate_match --half")
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--embeddings", type=Path, help="an .npz that keeps embeddings between runs")
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        given: Path | None = options["calibration"]
        calibration = read_calibration(given.read_text("utf-8")) if given else load_calibration(DEFAULT_ENGINE)
        engine = build_engine(calibration.engine.name)
        calibration.require(engine.engine)
        folder: Path = options["folder"]
        pictures = list_pictures(folder)
        if options["half"]:
            pictures = half_of_people(pictures, folder, options["half"], options["seed"])
        rng = np.random.default_rng(options["seed"])
        try:
            faces = read_faces(pictures, folder, engine, options["embeddings"])
            impostors = acceptance.impostor_pairs(faces.embeddings, faces.people)
            genuine = acceptance.genuine_pairs(faces.embeddings, faces.people)
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        if not len(impostors) and not len(genuine):
            raise CommandError("Nothing to compare: the folder needs at least two pictures with a face")
        impostors = impostors.sample(options["pairs"] or len(impostors), rng)
        results = _measure(calibration, impostors, genuine, rng)
        self._print(results, impostors, genuine, len(pictures), faces.not_enrolled, calibration)
        if options["json"]:
            options["json"].write_text(_as_json(results, impostors, genuine, len(pictures), faces.not_enrolled, calibration), "utf-8")

    def _print(
        self, results: list[LevelResult], impostors: Pairs, genuine: Pairs, pictures: int, not_enrolled: int, calibration: Calibration
    ) -> None:
        lost = acceptance.wilson(not_enrolled, pictures)
        self.stdout.write(f"Engine {calibration.engine.name} {calibration.engine.version}, calibrated on {calibration.dataset}")
        self.stdout.write(
            f"{pictures:,} pictures, no face found in {not_enrolled} = {not_enrolled / pictures:.2%} ({lost.low:.2%} to {lost.high:.2%})"
        )
        self.stdout.write(f"{len(impostors):,} pairs of strangers, {len(genuine):,} pairs of the same person; intervals 95 %, over people")
        self.stdout.write("level  at most  nominal     strangers accepted (interval)                     same person accepted (interval)")
        for row in results:
            self.stdout.write(_line(row))
        self.stdout.write("If these people are also in the calibration's data, this is no held-out test: use --half in both commands.")


def _measure(calibration: Calibration, impostors: Pairs, genuine: Pairs, rng: np.random.Generator) -> list[LevelResult]:
    stranger_draws, genuine_draws = acceptance.draw_people(impostors, rng), acceptance.draw_people(genuine, rng)

    def measured(level: LevelThreshold) -> LevelResult:
        false_accepted = impostors.accepted(level.distance)
        return LevelResult(
            level=level.level,
            distance=level.distance,
            nominal_one_in=level.one_in,
            false_accepted=false_accepted,
            false_acceptance=false_accepted / len(impostors) if len(impostors) else 0.0,
            false_interval=acceptance.rate_interval(impostors, level.distance, stranger_draws),
            true_acceptance=genuine.accepted(level.distance) / len(genuine) if len(genuine) else 0.0,
            true_interval=acceptance.rate_interval(genuine, level.distance, genuine_draws),
            evidenced=acceptance.is_evidenced(len(impostors), level.one_in),
        )

    return [measured(level) for level in calibration.levels]


def _line(row: LevelResult) -> str:
    wrong = f"{row.false_accepted:,} = {_one_in(row.false_acceptance)}"
    wrong_interval = f"({_one_in(row.false_interval.high)} to {_one_in(row.false_interval.low)})"
    right = f"{row.true_acceptance:.1%} ({row.true_interval.low:.1%} to {row.true_interval.high:.1%})"
    note = "" if row.evidenced else "  not evidenced: too few pairs"
    return f"{row.level:>5}  {row.distance:.4f}  1/{row.nominal_one_in:<9,} {wrong:<20} {wrong_interval:<28} {right}{note}"


def _one_in(rate: float) -> str:
    return f"1/{1 / rate:,.0f}" if rate else "none"


def _as_json(
    results: list[LevelResult], impostors: Pairs, genuine: Pairs, pictures: int, not_enrolled: int, calibration: Calibration
) -> str:
    summary = {
        "engine": asdict(calibration.engine),
        "calibration": calibration.dataset,
        "pictures": pictures,
        "not_enrolled": not_enrolled,
        "impostor_pairs": len(impostors),
        "genuine_pairs": len(genuine),
        "levels": [asdict(result) for result in results],
    }
    return json.dumps(summary, indent=2) + "\n"
