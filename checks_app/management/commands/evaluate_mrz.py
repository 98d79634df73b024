"""manage.py evaluate_mrz: measures the MRZ reader on a folder of pictures with known text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
from django.core.management.base import BaseCommand, CommandError

from checks_app.document import mrz_reader
from checks_app.management import mrz_peers
from checks_app.management.labelled_folder import MANIFEST, BadManifest
from checks_app.management.labelled_mrz import (
    COLUMNS,
    Outcome,
    Reader,
    UnreadablePicture,
    examine,
    load,
    portal,
    read_manifest,
    report,
)


class Command(BaseCommand):
    help = f"Measure the MRZ reader on a folder with pictures and a {MANIFEST} ({', '.join(COLUMNS)}; others are optional)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", type=Path, help="write every reading to this file")
        parser.add_argument("--peers", action="store_true", help="also measure plain Tesseract on the same pictures")

    def handle(self, *args: Any, **options: Any) -> None:
        cv2.setNumThreads(1)
        readers = (portal, mrz_peers.tesseract, mrz_peers.tesseract_ocr_b) if options["peers"] else (portal,)
        outcomes, unread = self._measure(options["folder"], readers)
        self.stdout.write(f"Engine {mrz_reader.ENGINE.name} {mrz_reader.ENGINE.version}; intervals are Wilson's, 95 %")
        for line in report(outcomes):
            self.stdout.write(line)
        if options["json"]:
            result = {"engine": asdict(mrz_reader.ENGINE), "pictures": [asdict(outcome) for outcome in outcomes], "not_measured": unread}
            options["json"].write_text(json.dumps(result, indent=2) + "\n", "utf-8")

    def _measure(self, folder: Path, readers: tuple[Reader, ...]) -> tuple[list[Outcome], list[str]]:
        """Read every picture with every reader; tell at once, and at last, which could not be opened."""
        outcomes: list[Outcome] = []
        unread: list[str] = []
        try:
            specimens = read_manifest(folder)
        except BadManifest as refusal:
            raise CommandError(str(refusal)) from refusal
        for specimen in specimens:
            try:
                image = load(folder, specimen)
            except UnreadablePicture as refusal:
                unread.append(str(refusal))
                self.stderr.write(f"not measured: {refusal}")
                continue
            for reader in readers:
                outcomes += examine(specimen, image, reader)
        if not outcomes:
            raise CommandError(f"{folder / MANIFEST} lists no picture that can be measured. {' '.join(unread)}".strip())
        return outcomes, unread
