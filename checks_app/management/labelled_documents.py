"""Folders of pictures that say what each shows, and what the document detectors make of them."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from checks_app.document import framing, quality
from checks_app.document.quad import find_quad, overlap
from checks_app.imaging import RgbImage
from checks_app.management import labelled_folder
from checks_app.management.labelled_folder import MANIFEST, BadManifest, open_upright, read_rows
from checks_app.results import DocumentKind, Quad, Reason, Side, Status
from checks_app.thresholds import DEFAULTS

COLUMNS = ("file", "corners", "kind", "expected")
FINE = "ok"  # in the column `expected`: nothing is wrong with the picture
GOOD_OVERLAP = 0.9

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a picture shows. corners: in pixels, () when unknown; expected: what should be found wrong, () when nothing is."""

    file: str
    corners: Corners
    kind: DocumentKind | None
    expected: tuple[Reason, ...]
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the detectors made of one picture. overlap: of the true quad and the found one, 0..1; None when the truth is unknown."""

    file: str
    expected: tuple[Reason, ...]
    overlap: float | None
    reasons: tuple[Reason, ...]
    asked_at_once: bool
    passed: bool
    kind: str
    cpu_ms: dict[str, float]

    @property
    def flagged(self) -> bool:
        """Somebody hears of it: the user at once, or the check of the whole document does not pass."""
        return self.asked_at_once or not self.passed


def read_manifest(folder: Path) -> list[Label]:
    """Read the labels of a folder; the column `side` may be missing. Raises BadManifest."""
    return [_label(row, place) for row, place in read_rows(folder, COLUMNS)]


def write_manifest(folder: Path, labels: Sequence[Label]) -> None:
    """Write labels so that `read_manifest` returns them."""
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow((*COLUMNS, "side"))
        for label in labels:
            corners = ",".join(f"{place:.1f}" for corner in label.corners for place in corner)
            table.writerow((label.file, corners, label.kind or "", ",".join(label.expected) or FINE, label.side or ""))


def load_picture(path: Path) -> RgbImage:
    """Read a picture upright. Raises BadManifest when there is none."""
    try:
        return open_upright(path)
    except OSError as refusal:
        raise BadManifest(f"{path}: {refusal}") from refusal


def examine(image: RgbImage, label: Label) -> Outcome:
    """Run the detectors as the product does when a picture arrives, and compare with the label."""
    times, clock = {}, time.process_time()
    quad = find_quad(image)
    times["quad"], clock = _since(clock)
    problems, _ = quality.judge_quality(image, quad)
    times["quality"], clock = _since(clock)
    measure = framing.judge_framing(image, quad, kind=label.kind, side=label.side)
    times["framing"], clock = _since(clock)
    status = DEFAULTS.full_document.status(measure.score)
    size = image.shape[1], image.shape[0]
    shape = framing.kind_by_shape(quad, size) if quad else None
    true = Quad(tuple((x / size[0], y / size[1]) for x, y in label.corners)) if label.corners else None
    return Outcome(
        file=label.file,
        expected=label.expected,
        overlap=None if true is None else overlap(true, quad) if quad else 0.0,
        reasons=tuple(dict.fromkeys((*problems, *measure.reasons))),
        asked_at_once=bool(problems) or status is Status.FAILED,
        passed=status is Status.PASSED,
        kind="unsaid" if shape is None else "right" if shape is label.kind else "wrong",
        cpu_ms=times,
    )


def report(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """Yield what was counted, and the count with Wilson's 95 % interval."""
    whole = [one for one in outcomes if Reason.CORNER_MISSING not in one.expected]
    found = [one.overlap for one in whole if one.overlap is not None]
    yield f"quad, IoU > {GOOD_OVERLAP}", share([overlap > GOOD_OVERLAP for overlap in found])
    fine = [one for one in outcomes if not one.expected]
    if fine:
        yield "ok: false alarm", share([one.flagged for one in fine])
        yield "ok: retake asked at once", share([one.asked_at_once for one in fine])
        for reason in sorted({reason for one in fine for reason in one.reasons}):
            yield f"ok: {reason} said", share([reason in one.reasons for one in fine])
    for reason in sorted({reason for one in outcomes for reason in one.expected}):
        with_it = [one for one in outcomes if reason in one.expected]
        yield f"{reason}: flagged", share([one.flagged for one in with_it])
        yield f"{reason}: retake asked at once", share([one.asked_at_once for one in with_it])
        yield f"{reason}: named", share([reason in one.reasons for one in with_it])
    for kind in ("right", "wrong", "unsaid"):
        yield f"kind by shape {kind}", share([one.kind == kind for one in whole])
    for stage in outcomes[0].cpu_ms if outcomes else ():
        times = [one.cpu_ms[stage] for one in outcomes]
        yield f"CPU {stage}", f"median {np.median(times):.0f} ms, 95th percentile {np.percentile(times, 95):.0f} ms"


def share(hits: Sequence[bool]) -> str:
    """Write how many of them are hits, or that there are none."""
    return labelled_folder.share(sum(hits), len(hits)) if hits else "none"


def _label(row: dict[str, str], place: str) -> Label:
    try:
        numbers = [float(number) for number in (row["corners"] or "").replace(";", ",").split(",") if number.strip()]
        expected = () if row["expected"].strip().lower() == FINE else tuple(Reason(word.strip()) for word in row["expected"].split(","))
        kind = DocumentKind(row["kind"].strip()) if row["kind"].strip() else None
        side = Side(row["side"].strip()) if (row.get("side") or "").strip() else None
    except (ValueError, AttributeError) as refusal:
        raise BadManifest(f"{place}: {refusal}") from refusal
    if len(numbers) not in (0, 8) or not np.isfinite(numbers).all():
        raise BadManifest(f"{place}: corners are x1,y1,x2,y2,x3,y3,x4,y4 in pixels, or empty")
    return Label(row["file"], tuple(zip(numbers[0::2], numbers[1::2], strict=True)), kind, expected, side)


def _since(start: float) -> tuple[float, float]:
    """Return the milliseconds of CPU since a moment, and the present one."""
    now = time.process_time()
    return (now - start) * 1000, now
