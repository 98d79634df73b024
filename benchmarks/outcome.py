"""What the way through web, queue, worker and database adds to judging itself: `./run bench outcome`.

The same findings are judged in process, and submitted to an idle worker as a session whose pictures were inspected while its user went on,
in turns, so that both meet the same machine. The difference of each pair is the overhead: storing, queueing, reading, unsealing, the
search of duplicates, deciding, and noticing it. Its 95th percentile comes with the interval that so many pairs leave open.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from functools import partial

import cv2
import django
from scipy.stats import binom

from benchmarks.verify import quantile, show
from checks_app import judging
from checks_app.face.engine import load_engine
from checks_app.face.match_level import load_calibration
from checks_app.results import DocumentKind, Expectations
from checks_app.thresholds import DEFAULTS

AIM_MS = 150
IDLE_SECONDS = 0.1  # so that each submission finds a worker that waits
CONFIDENCE = 0.95
SHARE = 0.95


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench outcome", description=__doc__)
    parser.add_argument("--n", type=int, default=120, help="pairs; 60 or more, else nothing is known of their 95th percentile")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    django.setup()
    from benchmarks import submissions, verify  # read models

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}\n")
    found = verify.inspection(1)[1][DocumentKind.PASSPORT]
    calibration = load_calibration(load_engine().engine.name)
    expected = Expectations(
        today=verify.TODAY, kind=DocumentKind.PASSPORT, country="UTO", accepted_kinds=tuple(DocumentKind), specimens_accepted=True
    )
    judge = partial(judging.judge, found, thresholds=DEFAULTS, expectations=expected, calibration=calibration)
    submissions.wait_for_outcome(found)  # the worker loads what it needs once
    computing, waiting = list[float](), list[float]()
    for _ in range(options.n):
        began = time.perf_counter()
        judge()
        computing.append((time.perf_counter() - began) * 1000)
        waiting.append(submissions.wait_for_outcome(found))
        time.sleep(IDLE_SECONDS)
    print()
    show("judging in process", computing, "ms wall", p95=True)
    show("submit to outcome", waiting, "ms wall", p95=True)
    overhead = [way - alone for way, alone in zip(waiting, computing, strict=True)]
    show("overhead of submit to outcome", overhead, "ms wall", p95=True)
    low, high = interval(overhead)
    met = quantile(overhead, SHARE) <= AIM_MS
    print(f"its 95th percentile lies between {low:.1f} and {high:.1f} ms ({CONFIDENCE:.0%}); aim {AIM_MS}: {'met' if met else 'missed'}")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0 if met else 1


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Confidence interval of the 95th percentile by order statistics: no assumption on how times are distributed."""
    ordered = sorted(values)
    low = int(binom.ppf((1 - CONFIDENCE) / 2, len(ordered), SHARE))
    high = int(binom.ppf((1 + CONFIDENCE) / 2, len(ordered), SHARE))
    return ordered[max(0, low - 1)], ordered[min(len(ordered) - 1, high)]


if __name__ == "__main__":
    sys.exit(main())
