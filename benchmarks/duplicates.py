"""What the search for the same face costs among many: `./run bench duplicates --faces 100000`.

Faces of chance, sealed for one company in a real PostgreSQL. Beside it stands what one would do without a face of its own: open the
whole findings of every selfie and compare pair by pair.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from math import dist
from typing import TYPE_CHECKING, Any

import django
import numpy as np

if TYPE_CHECKING:
    from sessions_app.models import VerificationSession

NOW = datetime.now(UTC)
BATCH = 5_000
RUNS = 5
NUMBERS = 128  # of a face


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench duplicates", description=__doc__)
    parser.add_argument("--faces", type=int, default=100_000, help="stored faces of the company")
    parser.add_argument("--naive", type=int, default=2_000, help="faces for the comparison with the naive way")
    options = parser.parse_args()
    django.setup()
    from django.conf import settings

    from checks_app.face.match_level import load_calibration
    from checks_app.results import DocumentFields
    from sessions_app import duplicates

    calibration = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR)
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    for faces in (options.naive, options.faces):
        mine = fill(faces)
        face = a_face(faces)
        search = partial(duplicates.search, session=mine, face=face, stated=DocumentFields(), calibration=calibration)
        _, allocated = traced(search)
        found, figures = measured(search, RUNS)
        print(f"{found.compared:7,} faces, level {found.level_needed}: {figures}, at most {allocated:.0f} MB at a time")
    mine = fill(options.naive)
    compared, figures = measured(lambda: naive(mine), 1)
    print(f"{compared:7,} faces, by opening all findings: {figures}")


def measured(work: Callable[[], Any], runs: int) -> tuple[Any, str]:
    walls, cpus, answer = [], [], None
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = work()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return answer, f"{statistics.median(walls):,.0f} ms wall (highest {max(walls):,.0f}), {statistics.median(cpus):,.0f} CPU-ms, n={runs}"


def traced(work: Callable[[], Any]) -> tuple[Any, float]:
    """Run it once, slowly. Returns its answer and the megabytes of Python and numpy that it held at most."""
    tracemalloc.start()
    answer = work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return answer, peak / 1e6


def a_face(seed: int) -> Any:
    from django.conf import settings

    from checks_app.face.match_level import load_calibration
    from checks_app.results import FaceFindings

    numbers = np.random.default_rng(seed).normal(size=NUMBERS)
    embedding = tuple(float(number) for number in numbers / np.linalg.norm(numbers))
    return FaceFindings(
        box=(0.3, 0.2, 0.7, 0.8),
        embedding=embedding,
        engine=load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR).engine,
        took_ms=100,
    )


def fill(faces: int) -> VerificationSession:
    """Make a company with so many sessions that submitted a selfie. Returns one more session of it."""
    from django.db import connection

    from sessions_app.models import Attempt, Capture, VerificationSession
    from settings_app import keys
    from settings_app.models import Company

    company = Company(name=f"Benchmark {uuid.uuid4()}", created_at=NOW)
    keys.give_key(company)
    company.save(force_insert=True)
    for start in range(0, faces + 1, BATCH):
        numbers = range(start, min(start + BATCH, faces + 1))
        sessions = VerificationSession.objects.bulk_create(a_session(company) for _ in numbers)
        Capture.objects.bulk_create(a_selfie(session, number) for session, number in zip(sessions, numbers, strict=True))
        Attempt.objects.bulk_create(Attempt(session=session, number=1, max_retries=5, submitted_at=NOW) for session in sessions)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return VerificationSession.objects.select_related("company").get(pk=sessions[-1].pk)


def a_session(company: Any) -> VerificationSession:
    from sessions_app.models import VerificationSession

    handle = uuid.uuid4().hex
    return VerificationSession(
        company=company, token_hash=handle * 2, token_sealed=b"", handle=handle[:16], created_at=NOW, expires_at=NOW + timedelta(days=7)
    )


def a_selfie(session: VerificationSession, number: int) -> Any:
    from checks_app.face.selfie_quality import QUALITY_ENGINE
    from checks_app.results import Measure, SelfieFindings
    from sessions_app import findings
    from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
    from sessions_app.models import Capture

    capture = Capture(
        session=session, kind=CaptureKind.SELFIE, source=CaptureSource.CAMERA, upload_key=uuid.uuid4().hex, created_at=NOW,
        state=CaptureState.INSPECTED, inspected_at=NOW,
    )  # fmt: skip
    found = SelfieFindings(problems=(), quality=Measure(0.9, QUALITY_ENGINE, 30), faces=1, face=a_face(number))
    for name, value in findings.columns_of(capture, found).items():
        setattr(capture, name, value)
    return capture


def naive(session: VerificationSession) -> int:
    """Compare with every selfie by opening its whole findings."""
    from checks_app.results import SelfieFindings
    from sessions_app import findings
    from sessions_app.models import Capture

    probe, near = a_face(0).embedding, 0
    captures = Capture.objects.filter(session__company=session.company_id, kind="SELFIE").exclude(session=session.pk)
    for capture in captures.select_related("session__company").iterator():
        found = findings.read(capture)
        if isinstance(found, SelfieFindings) and found.face is not None:
            near += dist(probe, found.face.embedding) < 10
    return near


if __name__ == "__main__":
    main()
