"""manage.py evaluate_recapture: measures the screen detector on photographs of things and of screens."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from numpy.typing import NDArray
from PIL import Image, ImageOps

from checks_app.document import recapture
from checks_app.face.acceptance import wilson
from checks_app.results import Quad
from checks_app.thresholds import DEFAULTS

SUFFIXES = {".jpg", ".jpeg", ".png"}
WHOLE_PICTURE = Quad(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
RESAMPLES, SEED = 2000, 20  # of the bootstrap


@dataclass(frozen=True, slots=True)
class Scored:
    """One photograph; score None: could not be measured, which counts as unclear."""

    folder: str
    file: str
    screen: bool
    score: float | None


class Command(BaseCommand):
    help = "Measure the screen detector on two folders (with one subfolder per place or device); each whole picture counts as the document."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("real_dir", type=Path)
        parser.add_argument("screen_dir", type=Path)
        parser.add_argument(
            "--name", default="*", help="only files of this pattern, such as *crop*: views of one photo are not independent"
        )
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        photos = [
            scored
            for folder, screen in ((options["real_dir"], False), (options["screen_dir"], True))
            for scored in score_folder(folder, options["name"], screen=screen)
        ]
        if len({photo.screen for photo in photos}) < 2:
            raise CommandError("Both folders need pictures")
        result = summarise(photos)
        self.stdout.write(json.dumps(result, indent=2))
        if options["json"]:
            options["json"].write_text(json.dumps(result | {"photos": [asdict(photo) for photo in photos]}, indent=2))


def score_folder(folder: Path, pattern: str, *, screen: bool) -> list[Scored]:
    """Score all pictures below a folder, in the order of their names."""
    found = []
    for path in sorted(path for path in folder.rglob(pattern) if path.suffix.lower() in SUFFIXES):
        with Image.open(path) as picture:
            image = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
        score = recapture.judge_screen_replay(image, WHOLE_PICTURE).score
        found.append(Scored(path.parent.name, path.name, screen, score))
    return found


def summarise(photos: list[Scored]) -> dict[str, Any]:
    """Return area under the curve, errors at both default thresholds, and the same by folder."""
    real, screens = ([photo for photo in photos if photo.screen is screen] for screen in (False, True))
    band = DEFAULTS.screen_replay
    return {
        "engine": asdict(recapture.ENGINE),
        "n_real": len(real),
        "n_screen": len(screens),
        "auc": _auc_with_interval(_scores(real), _scores(screens)),
        "at_approve": {
            "threshold": band.approve,
            "apcer": _share([(photo.score or 0.0) >= band.approve for photo in screens]),
            "bpcer": _share([(photo.score or 0.0) < band.approve for photo in real]),
        },
        "at_decline": {
            "threshold": band.decline,
            "apcer": _share([photo.score is None or photo.score >= band.decline for photo in screens]),
            "bpcer": _share([photo.score is not None and photo.score < band.decline for photo in real]),
        },
        "folders": {name: _folder([photo for photo in photos if photo.folder == name]) for name in sorted({p.folder for p in photos})},
    }


def _folder(photos: list[Scored]) -> dict[str, Any]:
    doubted = [(photo.score or 0.0) < DEFAULTS.screen_replay.approve for photo in photos]
    return {"screen": photos[0].screen, "median": float(np.median(_scores(photos))), "not_approved": _share(doubted)}


def _scores(photos: list[Scored]) -> NDArray[np.float64]:
    return np.array([photo.score or 0.0 for photo in photos])


def _auc_with_interval(real: NDArray[np.float64], screens: NDArray[np.float64]) -> dict[str, float]:
    """Return the probability that a thing scores above a screen, ties half, with the 95 % interval of a bootstrap over photographs."""
    chance = np.random.default_rng(SEED)
    resampled = [_auc(chance.choice(real, len(real)), chance.choice(screens, len(screens))) for _ in range(RESAMPLES)]
    low, high = np.percentile(resampled, (2.5, 97.5))
    return {"value": round(_auc(real, screens), 3), "low": round(float(low), 3), "high": round(float(high), 3)}


def _auc(real: NDArray[np.float64], screens: NDArray[np.float64]) -> float:
    above = real[:, None] - screens[None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def _share(hits: list[bool]) -> dict[str, float]:
    interval = wilson(sum(hits), len(hits))
    return {"count": sum(hits), "of": len(hits), "low": round(interval.low, 3), "high": round(interval.high, 3)}
