"""manage.py evaluate_recapture: measures the screen detector, and what texture could tell, on photographs of things and of screens."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from checks_app.document import recapture
from checks_app.face.acceptance import wilson
from checks_app.management.recapture_photos import Photo, area, pairs_held_out, read_photos, wins_of
from checks_app.thresholds import DEFAULTS

VIEWS = ("_1600", "_crop1024")
MIN_FOLDERS = 2  # of each kind: one is left out


class Command(BaseCommand):
    help = (
        "Measure the screen detector on two folders (with one subfolder per place or device); each whole picture counts as the document. "
        "Beside it, what a classifier of texture reaches when it is learnt here from all folders but one place and one device, by turns."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("real_dir", type=Path)
        parser.add_argument("screen_dir", type=Path)
        parser.add_argument("--views", nargs="*", default=VIEWS, help="ends of files' names (before .jpg) that are views of one photo")
        parser.add_argument("--json", type=Path, help="write the result, and the score of every photo, to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        things = read_photos(options["real_dir"], options["views"], screen=False)
        screens = read_photos(options["screen_dir"], options["views"], screen=True)
        if not things or not screens:
            raise CommandError("Both folders need pictures")
        result = {"engine": asdict(recapture.ENGINE), "things": len(things), "screens": len(screens), "detector": detector(things, screens)}
        if min(len({photo.folder for photo in kind}) for kind in (things, screens)) >= MIN_FOLDERS:
            result["texture_folders_held_out"] = held_out(things, screens)
        self.stdout.write(json.dumps(result, indent=2))
        if options["json"]:
            photos = [{"folder": photo.folder, "name": photo.name, "score": photo.score} for photo in (*things, *screens)]
            options["json"].write_text(json.dumps(result | {"photos": photos}, indent=2), encoding="utf-8")


def detector(things: Sequence[Photo], screens: Sequence[Photo]) -> dict[str, Any]:
    """Say how the shipped detector does: area under the curve, errors at both default thresholds, and photos doubted by folder."""
    band = DEFAULTS.screen_replay
    doubted = {id(photo): photo.score is None or photo.score < band.approve for photo in (*things, *screens)}
    declined = {id(photo): photo.score is not None and photo.score < band.decline for photo in (*things, *screens)}
    return {
        "auc": area(wins_of(*([-(photo.score or 0.0) for photo in kind] for kind in (things, screens))), things, screens),
        "screens that pass (APCER)": share([not doubted[id(photo)] for photo in screens]),
        "things that do not (BPCER)": share([doubted[id(photo)] for photo in things]),
        "screens not declined (APCER)": share([not declined[id(photo)] for photo in screens]),
        "things declined (BPCER)": share([declined[id(photo)] for photo in things]),
        "doubted by folder": by_folder((*things, *screens), [doubted[id(photo)] for photo in (*things, *screens)]),
    }


def held_out(things: Sequence[Photo], screens: Sequence[Photo]) -> dict[str, Any]:
    """Say what texture tells when whole folders are held out; nothing that is learnt here is kept."""
    photos = [*things, *screens]
    wins, scores = pairs_held_out(photos)
    like_screens = list(scores > 0)
    return {
        "auc": area(wins, things, screens),
        "screens like things (APCER)": share([not one for one in like_screens[len(things) :]]),
        "things like screens (BPCER)": share(like_screens[: len(things)]),
        "like screens by folder": by_folder(photos, like_screens),
    }


def by_folder(photos: Sequence[Photo], hits: Sequence[bool]) -> dict[str, str]:
    """Count hits in every folder."""
    names = [("screen/" if photo.screen else "real/") + photo.folder for photo in photos]
    chosen = {name: [hit for one, hit in zip(names, hits, strict=True) if one == name] for name in dict.fromkeys(names)}
    return {name: f"{int(np.sum(found))} of {len(found)}" for name, found in chosen.items()}


def share(hits: Sequence[bool]) -> dict[str, float]:
    """Return a count with Wilson's 95 % interval."""
    count = int(np.sum(hits))
    interval = wilson(count, len(hits))
    return {"count": count, "of": len(hits), "low": round(interval.low, 3), "high": round(interval.high, 3)}
