"""What a verification costs and how long its user waits: `./run bench verify`.

Drawn pictures, the product's own checks, its own queue and a worker with one process a core. Beside each figure stands what
one would do otherwise: everything after the last picture in one task, and face_recognition's default call.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import cv2
import django

from checks_app import judging, pipeline
from checks_app.document.quad import find_quad
from checks_app.face.engine import load_engine
from checks_app.face.match_level import load_calibration
from checks_app.face.portraits import find_portrait
from checks_app.imaging import RgbImage
from checks_app.results import DocumentFindings, DocumentKind, Expectations, SessionFindings, Side
from checks_app.thresholds import DEFAULTS

CHALLENGE_FRAMES = 12
TODAY = datetime.now(UTC).date()
PASSPORT, CARD = DocumentKind.PASSPORT, DocumentKind.ID_CARD


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench verify", description=__doc__)
    parser.add_argument("--n", type=int, default=20, help="inspections of each kind")
    parser.add_argument("--submissions", type=int, default=60, help="attempts whose outcome is waited for")
    parser.add_argument("--sessions", type=int, default=20, help="whole sessions for the throughput")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    django.setup()
    from benchmarks import submissions  # reads models

    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load()}\n")
    costs, found = inspection(options.n)
    judgement(found, options.n * 10)
    faces(options.n)
    for kind, parts in {"passport": ("passport", "selfie", "liveness"), "card": ("card front", "card back", "selfie", "liveness")}.items():
        print(f"whole session with a {kind:9} {sum(costs[part] for part in parts):8.0f} CPU-ms, the queue apart")
    print()
    waits = [submissions.wait_for_outcome(found[PASSPORT]) for _ in range(options.submissions)]
    show("submit to outcome, inspected before", waits, "ms wall", p95=True)
    shots = [
        material for material in (submissions.pictures_of(PASSPORT), submissions.pictures_of(CARD)) for _ in range(options.sessions // 2)
    ]
    alone = [submissions.wait_when_nothing_is_inspected(material) for material in shots]
    show("the same in one task, nothing inspected before", alone, "ms wall", p95=True)
    minutes = submissions.work_off(shots) / 60
    print(f"{'sessions a minute, worker busy':48} {len(shots) / minutes:8.1f}      n={len(shots)}, load {load()}")


def inspection(n: int) -> tuple[dict[str, float], dict[DocumentKind, SessionFindings]]:
    """Measure the expensive half per kind of capture. Returns the medians and the findings of the last ones."""
    from benchmarks import material

    engine = load_engine()

    def document(draw: Callable[[int], RgbImage], side: Side, kind: DocumentKind, number: int) -> DocumentFindings:
        burst = material.burst(draw, number)
        return pipeline.inspect_document(draw(number), burst=burst, side=side, kind=kind, engine=engine, today=TODAY)

    works: dict[str, Callable[[int], Any]] = {
        "passport": partial(document, material.passport, Side.FRONT, PASSPORT),
        "card front": partial(document, material.card_front, Side.FRONT, CARD),
        "card back": partial(document, material.card_back, Side.BACK, CARD),
        "selfie": lambda i: pipeline.inspect_selfie(material.selfie(i), burst=material.selfie_burst(i), engine=engine),
        "liveness": lambda i: pipeline.inspect_liveness(material.challenge(i)[0], challenge=material.challenge(i)[1], engine=engine),
    }
    material.prepare(n)
    costs: dict[str, float] = {}
    last: dict[str, Any] = {}
    for name, work in works.items():
        spent = []
        for number in range(n):
            milliseconds, last[name] = cpu_ms(partial(work, number))
            spent.append(milliseconds)
        costs[name] = statistics.median(spent)
        show(f"inspect {name}", spent, "CPU-ms")
    face = {"selfie": last["selfie"], "liveness": last["liveness"]}
    return costs, {
        PASSPORT: SessionFindings(front=last["passport"], **face),
        CARD: SessionFindings(front=last["card front"], back=last["card back"], **face),
    }


def judgement(found: dict[DocumentKind, SessionFindings], n: int) -> None:
    """Measure the cheap half."""
    calibration = load_calibration(load_engine().engine.name)
    for kind, findings in found.items():
        expected = Expectations(today=TODAY, kind=kind, country="UTO", accepted_kinds=tuple(DocumentKind), specimens_accepted=True)

        judge = partial(judging.judge, findings, thresholds=DEFAULTS, expectations=expected, calibration=calibration)
        show(f"judge {kind.value.lower()}", [cpu_ms(judge)[0] for _ in range(n)], "CPU-ms")


def faces(n: int) -> None:
    """Measure the selfie's face against the default call of the library that supplies the models."""
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")
    import face_recognition

    from benchmarks import material

    engine = load_engine()
    quads = [find_quad(material.passport(i)) for i in range(n)]

    def everything(i: int) -> None:
        find_portrait(material.passport(i), engine, quads[i])
        pipeline.inspect_selfie(material.selfie(i), burst=material.selfie_burst(i), engine=engine)
        frames, asked = material.few_frames(i, CHALLENGE_FRAMES)
        pipeline.inspect_liveness(frames, challenge=asked, engine=engine)

    together = [cpu_ms(partial(everything, i))[0] for i in range(n)]
    show(f"portrait, selfie, {CHALLENGE_FRAMES} frames of a challenge", together, "CPU-ms")
    ours = [cpu_ms(partial(pipeline.inspect_selfie, material.selfie(i), engine=engine))[0] for i in range(n)]
    theirs = [cpu_ms(partial(face_recognition.face_encodings, material.selfie(i)))[0] for i in range(n)]
    show("face of a selfie, ours (with its quality)", ours, "CPU-ms")
    show("face of a selfie, face_recognition's default", theirs, "CPU-ms")


def cpu_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of CPU of this process and of the children that it waited for, such as tesseract."""
    before = used()
    answer = work()
    return (used() - before) * 1000, answer


def used() -> float:
    kinds = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(kind.ru_utime + kind.ru_stime for kind in kinds)


def show(what: str, values: Sequence[float], unit: str, *, p95: bool = False) -> None:
    high = f", p95 {quantile(values, 0.95):.1f}" if p95 else f", max {max(values):.1f}"
    print(f"{what:48} {statistics.median(values):8.1f} {unit} p50{high}   n={len(values)}", flush=True)


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
