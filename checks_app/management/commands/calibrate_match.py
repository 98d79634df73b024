"""manage.py calibrate_match: measures the distance of each match level on a folder of labelled faces."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from checks_app.face import acceptance
from checks_app.face.engine import DEFAULT_ENGINE, build_engine
from checks_app.face.match_level import Calibration
from checks_app.management.labelled_faces import half_of_people, list_pictures, read_faces


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
        parser.add_argument("--engine", default=DEFAULT_ENGINE)
        parser.add_argument("--half", choices=("first", "second"), help="use only this random half of the people, hold out the rest")
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--embeddings", type=Path, help="an .npz that keeps embeddings between runs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pictures = list_pictures(folder)
        if options["half"]:
            pictures = half_of_people(pictures, folder, options["half"], options["seed"])
        engine = build_engine(options["engine"])
        try:
            faces = read_faces(pictures, folder, engine, options["embeddings"])
            impostors = acceptance.impostor_pairs(faces.embeddings, faces.people)
            genuine = acceptance.genuine_pairs(faces.embeddings, faces.people)
        except ValueError as refusal:
            raise CommandError(str(refusal)) from refusal
        if not len(impostors) or not len(genuine):
            raise CommandError("A calibration needs pictures of several people, and of some people more than one")
        calibration = Calibration(
            engine=engine.engine,
            dataset=options["dataset"] or folder.resolve().name,
            people=len(np.unique(faces.people)),
            images=len(pictures),
            not_enrolled=faces.not_enrolled,
            impostor_pairs=len(impostors),
            genuine_pairs=len(genuine),
            date=datetime.now(UTC).date().isoformat(),
            command=_command(options),
            seed=options["seed"],
            levels=acceptance.level_thresholds(impostors, genuine, np.random.default_rng(options["seed"])),
        )
        options["out"].write_text(calibration.to_json(), "utf-8")
        self.stdout.write(f"{options['out']}: {len(impostors):,} pairs of strangers, {len(genuine):,} pairs of the same person")


def _command(options: dict[str, Any]) -> str:
    half = f" --half {options['half']}" if options["half"] else ""
    return f"manage.py calibrate_match {options['folder'].name} --engine {options['engine']} --seed {options['seed']}{half}"
