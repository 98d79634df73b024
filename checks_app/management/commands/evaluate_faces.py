"""manage.py evaluate_faces: measures how often each match level is right and wrong on a folder of labelled faces."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checks_app.face import acceptance
from checks_app.face.acceptance import Pairs
from checks_app.face.engine import EngineUnavailable, UnknownEngine, build_engine
from checks_app.face.match_level import Calibration, GroupRates, Interval, LevelRates, load_calibration, read_calibration
from checks_app.management.face_rates import Miss, group_tables, misses, rates_table, share
from checks_app.management.labelled_faces import LabelledFaces, half_of_people, list_pictures, read_faces, read_groups
from checks_app.results import Engine


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a calibration's levels did to other people. Rates are 0..1, with 95 % intervals over people."""

    engine: Engine
    calibration: str  # the name of its data
    people: int
    pictures: int
    not_enrolled: int  # pictures in which no face was found
    not_enrolled_interval: Interval
    impostor_pairs: int
    genuine_pairs: int
    levels: tuple[LevelRates, ...]
    groups: tuple[GroupRates, ...]
    misses: tuple[Miss, ...]


class Command(BaseCommand):
    help = (
        "Measure false and true acceptance of every match level on labelled faces: Name_NNNN.jpg or one folder a person. "
        "Says in words which levels do not keep their promise there."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--pairs", type=int, help="draw at most so many pairs of strangers; default: all")
        parser.add_argument("--calibration", type=Path, help="another calibration file than that of FACE_ENGINE")
        parser.add_argument("--groups", type=Path, help="CSV with the columns person and group: the levels inside each group, too")
        parser.add_argument("--half", choices=("first", "second"), help="only this half of the people; see calibrate_match --half")
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--embeddings", type=Path, help="an .npz that keeps embeddings between runs")
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pictures = list_pictures(folder)
        if options["half"]:
            pictures = half_of_people(pictures, folder, options["half"], options["seed"])
        rng = np.random.default_rng(options["seed"])
        try:
            calibration = _calibration(options["calibration"])
            engine = build_engine(calibration.engine.name, settings.FACE_MODELS_DIR)
            calibration.require(engine.engine)
            faces = read_faces(pictures, folder, engine, options["embeddings"])
            impostors = acceptance.impostor_pairs(faces.embeddings, faces.people)
            genuine = acceptance.genuine_pairs(faces.embeddings, faces.people)
            members = read_groups(options["groups"], faces.names)
        except (EngineUnavailable, UnknownEngine, OSError, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if not len(impostors) and not len(genuine):
            raise CommandError("Nothing to compare: the folder needs at least two pictures with a face")
        impostors = impostors.sample(options["pairs"] or len(impostors), rng)
        result = _evaluate(calibration, faces, impostors, genuine, members, rng)
        self._print(result)
        if options["json"]:
            options["json"].write_text(json.dumps(asdict(result), indent=2) + "\n", "utf-8")

    def _print(self, result: Evaluation) -> None:
        lost = share(result.not_enrolled / result.pictures, result.not_enrolled_interval)
        pairs = f"{result.impostor_pairs:,} pairs of strangers, {result.genuine_pairs:,} pairs of the same person"
        self.stdout.write(f"Engine {result.engine.name} {result.engine.version}, calibrated on {result.calibration}")
        self.stdout.write(f"{result.pictures:,} pictures, no face found in {result.not_enrolled} = {lost}")
        self.stdout.write(f"{pairs}; intervals 95 %, over people")
        for line in (*rates_table(result.levels), *group_tables(result.groups), "", *(miss.says for miss in result.misses)):
            self.stdout.write(line)
        if not result.misses:
            self.stdout.write("No level is shown to miss what it promises.")
        self.stdout.write("If these people are also in the calibration's data, this is no held-out test: use --half in both commands.")


def _evaluate(
    calibration: Calibration,
    faces: LabelledFaces,
    impostors: Pairs,
    genuine: Pairs,
    members: dict[str, list[int]],
    rng: np.random.Generator,
) -> Evaluation:
    levels = acceptance.level_rates(calibration.levels, impostors, genuine, rng)
    groups = acceptance.group_rates(calibration.levels, impostors, genuine, members, rng)
    pictures = len(faces.people) + faces.not_enrolled
    return Evaluation(
        engine=calibration.engine,
        calibration=calibration.dataset,
        people=len(faces.names),
        pictures=pictures,
        not_enrolled=faces.not_enrolled,
        not_enrolled_interval=acceptance.wilson(faces.not_enrolled, pictures),
        impostor_pairs=len(impostors),
        genuine_pairs=len(genuine),
        levels=levels,
        groups=groups,
        misses=(*misses(levels), *(miss for group in groups for miss in misses(group.levels, group.group))),
    )


def _calibration(given: Path | None) -> Calibration:
    return read_calibration(given.read_text("utf-8")) if given else load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
