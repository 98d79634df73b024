"""manage.py evaluate_pad: measures the operator's model against presentation attacks on pictures of people and of attacks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checks_app.face.acceptance import wilson
from checks_app.face.engine import FaceEngine, build_engine
from checks_app.face.match_level import Interval
from checks_app.liveness.attack_model import AttackModel, load_attack_model
from checks_app.management.face_rates import share
from checks_app.management.labelled_faces import list_pictures
from checks_app.management.labelled_folder import open_upright
from checks_app.model_files import MANIFEST, ModelRefused

REAL = "real"


@dataclass(frozen=True, slots=True)
class SpeciesResult:
    """One folder: how many of its pictures the model took for the wrong thing, of those that it could answer."""

    species: str  # "real" for people, else the kind of attack
    pictures: int
    without_answer: int  # no face was found, or the model gave no probability
    wrong: int
    rate: float  # BPCER of "real", else APCER
    interval: Interval


class Command(BaseCommand):
    help = (
        f"Measure the model of [attack] in FACE_MODELS_DIR/{MANIFEST}: DIR/real/ holds pictures of people, each other folder one species "
        "of attack. Says APCER of each species and BPCER (ISO/IEC 30107-3) at the threshold, over pictures in which a face was found."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--threshold", type=float, help="attack score from which a picture counts as an attack; default: the manifest's"
        )
        parser.add_argument("--json", type=Path, help="write the result, and the score of every picture, to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        model, engine = _load()
        threshold: float = model.threshold if options["threshold"] is None else options["threshold"]
        folders = sorted(path for path in options["folder"].glob("*") if path.is_dir())
        scores = {folder.name: [_score(path, engine, model) for path in list_pictures(folder)] for folder in folders}
        if not scores.get(REAL) or not any(found for name, found in scores.items() if name != REAL):
            raise CommandError(f"{options['folder']} needs a folder {REAL} and one of attacks, with pictures")
        results = [_result(name, found, threshold) for name, found in scores.items() if found]
        self._print(results, threshold)
        if options["json"]:
            summary = {"threshold": threshold, "species": [asdict(result) for result in results], "scores": scores}
            options["json"].write_text(json.dumps(summary, indent=2) + "\n", "utf-8")

    def _print(self, results: Sequence[SpeciesResult], threshold: float) -> None:
        self.stdout.write(f"An attack score of {threshold:g} or more is a doubt; intervals 95 % (Wilson, over pictures)")
        for result in results:
            answered = result.pictures - result.without_answer
            rate = f"{'BPCER' if result.species == REAL else 'APCER'} {share(result.rate, result.interval)}"
            silent = f", {result.without_answer} more without an answer" if result.without_answer else ""
            self.stdout.write(f"{result.species:<24} {rate:<34} {result.wrong} of {answered}{silent}")


def _load() -> tuple[AttackModel, FaceEngine]:
    try:
        model = load_attack_model(settings.FACE_MODELS_DIR)
        if model is None:
            raise CommandError(f"There is no model to measure: set FACE_MODELS_DIR to a folder whose {MANIFEST} has a table [attack]")
        return model, build_engine(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    except ModelRefused as refusal:
        raise CommandError(str(refusal)) from refusal


def _score(path: Path, engine: FaceEngine, model: AttackModel) -> float | None:
    image = open_upright(path)
    faces = engine.detect(image)
    return model.attack_score(image, faces[0]) if faces else None


def _result(species: str, scores: Sequence[float | None], threshold: float) -> SpeciesResult:
    answers = [score for score in scores if score is not None]
    wrong = sum((score >= threshold) == (species == REAL) for score in answers)
    rate = wrong / len(answers) if answers else 0.0
    return SpeciesResult(species, len(scores), len(scores) - len(answers), wrong, rate, wilson(wrong, len(answers)))
