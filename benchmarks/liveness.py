"""How often simulated presentations pass the liveness check, and how often simulated people do not: python -m benchmarks.liveness.

APCER: share of an attack that reaches the approving threshold. BPCER: share of the people that do not (ISO/IEC 30107-3). Every
recording has its own challenge, angle, speed, reaction time, hand movement and delay. All of it is drawn from one photograph
on one head: the figures compare rules with each other and say nothing about the faces and cameras of the world.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import process_time

import cv2

from checks_app.face.acceptance import wilson
from checks_app.face.engine import load_engine
from checks_app.face.match_level import Interval
from checks_app.faces import FaceEngine
from checks_app.liveness.challenge import draw
from checks_app.liveness.scoring import inspect_challenge
from checks_app.thresholds import DEFAULTS
from tests.recordings import Attack, challenge_frames

DELAY_MS = 800  # the person may be so far ahead of the page's clock or behind it


@dataclass(frozen=True, slots=True)
class Species:
    """The outcome of one kind of presentation. wrong: attacks that passed, or people who did not."""

    name: str
    n: int
    wrong: int
    interval: Interval
    declined: int  # below the declining threshold, or denied
    unmeasured: int
    cpu_ms: int
    reasons: dict[str, int]


def measure(attack: Attack | None, n: int, engine: FaceEngine) -> Species:
    """Judge `n` recordings of one kind; recording k is the same in every run."""
    scores: list[float | None] = []
    reasons: Counter[str] = Counter()
    spent = 0.0
    for seed in range(n):
        chance = Random(seed)
        challenge = draw(chance)
        frames = challenge_frames(challenge, attack=attack, seed=seed, late_ms=chance.randint(-DELAY_MS, DELAY_MS))
        started = process_time()
        findings = inspect_challenge(frames, challenge, engine)
        spent += process_time() - started
        scores.append(findings.liveness.score)
        reasons.update(str(reason) for reason in findings.liveness.reasons)
    passed = sum(score is not None and score >= DEFAULTS.liveness.approve for score in scores)
    wrong = passed if attack else n - passed
    declined = sum(score is not None and score < DEFAULTS.liveness.decline for score in scores)
    name = str(attack) if attack else "person"
    return Species(name, n, wrong, wilson(wrong, n), declined, scores.count(None), round(1000 * spent / n), dict(reasons))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="recordings of each kind")
    parser.add_argument("--only", nargs="*", choices=["person", *(attack.value for attack in Attack)], help="only these kinds")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    engine = load_engine()
    results: list[Species] = []
    print(f"{'kind':<10}{'n':>5}  {'rate':<6}{'wrong':>6}{'':>9}{'95 % interval':<18}{'declined':>9}{'no score':>9}{'CPU-ms':>8}  reasons")
    for attack in (None, *Attack):
        if not options.only or (attack.value if attack else "person") in options.only:
            results.append(measure(attack, options.n, engine))
            print(_line(results[-1], "APCER" if attack else "BPCER"), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", "utf-8")


def _line(row: Species, rate: str) -> str:
    interval = f"{row.interval.low:.1%} to {row.interval.high:.1%}"
    share = f" = {row.wrong / row.n:.1%}"
    counts = f"{row.declined:>9}{row.unmeasured:>9}{row.cpu_ms:>8}"
    return f"{row.name:<10}{row.n:>5}  {rate:<6}{row.wrong:>6}{share:<9}{interval:<18}{counts}  {row.reasons}"


if __name__ == "__main__":
    main()
