"""manage.py calibrate_match: measures the distance of each match level on a folder of labelled faces."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checks_app.face import acceptance
from checks_app.face.acceptance import Pairs
from checks_app.face.engine import EngineUnavailable, FaceEngine, UnknownEngine, build_engine
from checks_app.face.match_level import Calibration
from checks_app.management.face_rates import group_tables, share
from checks_app.management.labelled_faces import LabelledFaces, half_of_people, list_pictures, read_faces, read_groups


class Command(BaseCommand):
    help = (
        "Measure the distance of each match level on labelled faces: Name_NNNN.jpg (same name = same person) or one folder a person. "
        "Writes figures only, no face."
    )
    requires_system_checks: list[str] = []  # it makes the file that the system check asks for

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--out", type=Path, required=True, help="the calibration file to write (JSON)")
        parser.add_argument("--dataset", default="", help="name of the data for the record; default: the folder's name")
        parser.add_argument("--engine", default=settings.FACE_ENGINE, help="onnx reads its models from FACE_MODELS_DIR")
        parser.add_argument("--groups", type=Path, help="CSV with the columns person and group: what the levels do inside each group")
        parser.add_argument("--half", choices=("first", "second"), help="use only this random half of the people, hold out the rest")
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--embeddings", type=Path, help="an .npz that keeps embeddings between runs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pictures = list_pictures(folder)
        if options["half"]:
            pictures = half_of_people(pictures, folder, options["half"], options["seed"])
        try:
            engine = build_engine(options["engine"], settings.FACE_MODELS_DIR)
            faces = read_faces(pictures, folder, engine, options["embeddings"])
            impostors = acceptance.impostor_pairs(faces.embeddings, faces.people)
            genuine = acceptance.genuine_pairs(faces.embeddings, faces.people)
            groups = read_groups(options["groups"], faces.names)
        except (EngineUnavailable, UnknownEngine, OSError, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if not len(impostors) or not len(genuine):
            raise CommandError("A calibration needs pictures of several people, and of some people more than one")
        calibration = _calibration(engine, faces, impostors, genuine, groups, len(pictures), options)
        options["out"].write_text(calibration.to_json(), "utf-8")
        self._print(calibration, options["out"])

    def _print(self, calibration: Calibration, out: Path) -> None:
        pairs = f"{calibration.impostor_pairs:,} pairs of strangers, {calibration.genuine_pairs:,} pairs of the same person"
        self.stdout.write(f"{out}: {pairs}; intervals 95 %, over people")
        lost = acceptance.wilson(calibration.not_enrolled, calibration.images)
        self.stdout.write(f"{calibration.images:,} pictures, without a face {share(calibration.not_enrolled / calibration.images, lost)}")
        self.stdout.write("level  strangers   at most (interval)            same person accepted (interval)")
        for level in calibration.levels:
            note = "" if level.evidenced else "  not evidenced: too few pairs"
            limits = f"{level.distance:.4f} ({level.distance_interval.low:.4f} to {level.distance_interval.high:.4f})"
            self.stdout.write(
                f"{level.level:>5}  1/{level.one_in:<9,} {limits:<29} {share(level.genuine_accepted, level.genuine_interval)}{note}"
            )
        for line in group_tables(calibration.groups):
            self.stdout.write(line)


def _calibration(
    engine: FaceEngine,
    faces: LabelledFaces,
    impostors: Pairs,
    genuine: Pairs,
    groups: dict[str, list[int]],
    pictures: int,
    options: dict[str, Any],
) -> Calibration:
    rng = np.random.default_rng(options["seed"])
    levels = acceptance.level_thresholds(impostors, genuine, rng)
    return Calibration(
        engine=engine.engine,
        dataset=options["dataset"] or options["folder"].resolve().name,
        people=len(faces.names),
        images=pictures,
        not_enrolled=faces.not_enrolled,
        impostor_pairs=len(impostors),
        genuine_pairs=len(genuine),
        date=datetime.now(UTC).date().isoformat(),
        command=_command(options),
        seed=options["seed"],
        levels=levels,
        between=acceptance.steps_between(impostors),
        groups=acceptance.group_rates(levels, impostors, genuine, groups, rng),
        not_enrolled_interval=acceptance.wilson(faces.not_enrolled, pictures),
    )


def _command(options: dict[str, Any]) -> str:
    half = f" --half {options['half']}" if options["half"] else ""
    groups = f" --groups {options['groups'].name}" if options["groups"] else ""
    return f"manage.py calibrate_match {options['folder'].name} --engine {options['engine']} --seed {options['seed']}{half}{groups}"
