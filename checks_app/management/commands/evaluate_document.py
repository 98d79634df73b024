"""manage.py evaluate_document: measures on a folder of labelled pictures where documents are found and what is said of them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
from django.core.management.base import BaseCommand, CommandError

from checks_app.document import framing, quad, quality
from checks_app.management import labelled_documents as labelled
from checks_app.management.labelled_folder import MANIFEST, BadManifest


class Command(BaseCommand):
    help = (
        f"Measure quad, framing and quality on a folder with pictures and a {MANIFEST} ({', '.join(labelled.COLUMNS)}, side). "
        f"corners: x1,y1,x2,y2,x3,y3,x4,y4 in pixels, or empty; expected: reasons, or {labelled.FINE}; side: FRONT, BACK or empty."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", type=Path, help="write the result to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        cv2.setNumThreads(1)
        try:
            labels = labelled.read_manifest(folder)
            outcomes = [labelled.examine(labelled.load_picture(folder / label.file), label) for label in labels]
        except BadManifest as refusal:
            raise CommandError(str(refusal)) from refusal
        if not outcomes:
            raise CommandError(f"{folder / MANIFEST} lists no picture")
        rows = list(labelled.report(outcomes))
        self.stdout.write(f"{len(outcomes)} pictures; intervals are Wilson's, 95 %")
        for counted, told in rows:
            self.stdout.write(f"{counted:<42} {told}")
        for outcome in outcomes:
            if outcome.flagged != bool(outcome.expected):
                said = ", ".join(outcome.reasons) or "nothing"
                self.stdout.write(f"  {outcome.file}: expected {', '.join(outcome.expected) or labelled.FINE}, said {said}")
        if options["json"]:
            engines = [asdict(engine) for engine in (quad.ENGINE, framing.ENGINE, quality.ENGINE)]
            result = {"engines": engines, "summary": dict(rows), "pictures": [asdict(outcome) for outcome in outcomes]}
            options["json"].write_text(json.dumps(result, indent=2) + "\n", "utf-8")
