"""manage.py evaluate_faces: measures how often each match level is right and wrong on a folder of labelled faces."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checks_app.face import acceptance
from checks_app.face.engine import build_engine
from checks_app.face.match_level import Calibration, GroupRates, load_calibration, read_calibration
from checks_app.management.face_rates import Miss, group_tables, misses, rates_table, share
from checks_app.management.labelled_faces import half_of_people, list_pictures, read_faces, read_groups


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
        given: Path | None = options["calibration"]
        calibration = (
            read_calibration(given.read_text("utf-8")) if given else load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
        )
        engine = build_engine(calibration.engine.name, settings.FACE_MODELS_DIR)
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
            members = read_groups(options["groups"], faces.names)
        except (OSError, ValueError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if not len(impostors) and not len(genuine):
            raise CommandError("Nothing to compare: the folder needs at least two pictures with a face")
        impostors = impostors.sample(options["pairs"] or len(impostors), rng)
        levels = acceptance.level_rates(calibration.levels, impostors, genuine, rng)
        everybody = GroupRates("", len(faces.names), len(impostors), len(genuine), levels)
        groups = acceptance.group_rates(calibration.levels, impostors, genuine, members, rng)
        missed = [miss for group in (everybody, *groups) for miss in misses(group.levels, group.group)]
        self._print(calibration, len(pictures), faces.not_enrolled, everybody, groups, missed)
        if options["json"]:
            options["json"].write_text(_as_json(calibration, len(pictures), faces.not_enrolled, everybody, groups, missed), "utf-8")

    def _print(
        self,
        calibration: Calibration,
        pictures: int,
        not_enrolled: int,
        everybody: GroupRates,
        groups: tuple[GroupRates, ...],
        missed: list[Miss],
    ) -> None:
        lost = share(not_enrolled / pictures, acceptance.wilson(not_enrolled, pictures))
        pairs = f"{everybody.impostor_pairs:,} pairs of strangers, {everybody.genuine_pairs:,} pairs of the same person"
        self.stdout.write(f"Engine {calibration.engine.name} {calibration.engine.version}, calibrated on {calibration.dataset}")
        self.stdout.write(f"{pictures:,} pictures, no face found in {not_enrolled} = {lost}")
        self.stdout.write(f"{pairs}; intervals 95 %, over people")
        for line in (*rates_table(everybody.levels), *group_tables(groups), "", *(miss.says for miss in missed)):
            self.stdout.write(line)
        if not missed:
            self.stdout.write("No level is shown to miss what it promises.")
        self.stdout.write("If these people are also in the calibration's data, this is no held-out test: use --half in both commands.")


def _as_json(
    calibration: Calibration, pictures: int, not_enrolled: int, everybody: GroupRates, groups: tuple[GroupRates, ...], missed: list[Miss]
) -> str:
    summary = {
        "engine": asdict(calibration.engine),
        "calibration": calibration.dataset,
        "people": everybody.people,
        "pictures": pictures,
        "not_enrolled": not_enrolled,
        "not_enrolled_interval": asdict(acceptance.wilson(not_enrolled, pictures)),
        "impostor_pairs": everybody.impostor_pairs,
        "genuine_pairs": everybody.genuine_pairs,
        "levels": [asdict(level) for level in everybody.levels],
        "groups": [asdict(group) for group in groups],
        "misses": [asdict(miss) for miss in missed],
    }
    return json.dumps(summary, indent=2) + "\n"
