"""How often simulated presentations pass the liveness check, and how often simulated people do not: ./run bench liveness.

APCER: share of an attack that reaches the approving threshold without a doubt. BPCER: share of the people that do not
(ISO/IEC 30107-3). Every recording has its own face, challenge, angle, speed, reaction time, hand, light, camera noise, JPEG quality and
delay. Photographs of any folder are laid on one drawn head: the figures compare rules and are no certificate for the world's cameras.

Beside the check stands what one would build without it: the head's angle by solvePnP from the same landmarks, a plain threshold of
6 degrees in the asked direction (1.2 times for closer), and no further guard.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from time import process_time

import cv2

from benchmarks.plain_angles import passes
from benchmarks.presentations import find_photographs, record
from checks_app.face.acceptance import wilson
from checks_app.face.engine import load_engine
from checks_app.face.match_level import Interval
from checks_app.liveness.scoring import inspect_challenge
from checks_app.thresholds import DEFAULTS
from tests.recordings import Attack

PERSON = "person"
KINDS = (PERSON, *(attack.value for attack in Attack))
HEADING = "kind          n  rate   wrong         95 % interval      declined no score  CPU-ms  plain rule  reasons"
COMPARED = 50
"""Recordings of each kind that the plain rule sees as well."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one recording. plain: whether the plain rule lets it pass; None: not asked."""

    score: float | None
    doubts: tuple[str, ...]
    reasons: tuple[str, ...]
    cpu_ms: float
    plain: bool | None

    @property
    def passed(self) -> bool:
        return self.score is not None and self.score >= DEFAULTS.liveness.approve and not self.doubts


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
    compared: int
    plain_wrong: int


def judge(number: int, kind: str, faces: list[Path]) -> Verdict | None:
    """Draw and judge one recording. None: its photograph cannot be used."""
    engine = load_engine()
    recording = record(None if kind == PERSON else Attack(kind), number, faces, engine)
    if recording is None:
        return None
    started = process_time()
    findings = inspect_challenge(recording.frames, recording.challenge, engine)
    spent = process_time() - started
    plain = passes(recording.frames, recording.challenge, engine) if number < COMPARED else None
    doubts = tuple(reason.value for reason in findings.doubts)
    reasons = tuple(reason.value for reason in findings.liveness.reasons) + doubts
    return Verdict(findings.liveness.score, doubts, reasons, 1000 * spent, plain)


def summed(kind: str, verdicts: Sequence[Verdict]) -> Species:
    """Count the wrong outcomes of one kind."""
    n, person = len(verdicts), kind == PERSON
    wrong = sum(verdict.passed is not person for verdict in verdicts)
    scores = [verdict.score for verdict in verdicts]
    plain = [verdict.plain for verdict in verdicts if verdict.plain is not None]
    return Species(
        name=kind, n=n, wrong=wrong, interval=wilson(wrong, n),
        declined=sum(score is not None and score < DEFAULTS.liveness.decline for score in scores), unmeasured=scores.count(None),
        cpu_ms=round(sum(verdict.cpu_ms for verdict in verdicts) / n),
        reasons=dict(Counter(reason for verdict in verdicts for reason in verdict.reasons)),
        compared=len(plain), plain_wrong=sum(passed is not person for passed in plain),
    )  # fmt: skip


def measured(kinds: Sequence[str], n: int, faces: list[Path], processes: int) -> Iterator[Species]:
    """Judge `n` recordings of each kind. Photographs that cannot be used are replaced by the next, once through the folder."""
    most = len(faces) or n
    with Pool(processes, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        for kind in kinds:
            verdicts: list[Verdict] = []
            tried = 0
            while len(verdicts) < n and tried < most:
                numbers = range(tried, min(most, tried + n - len(verdicts)))
                tried = numbers.stop
                found = pool.imap_unordered(partial(judge, kind=kind, faces=faces), numbers)
                verdicts.extend(verdict for verdict in found if verdict is not None)
            yield summed(kind, verdicts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--faces", type=Path, help="folder of frontal photographs to lay on the head; else one that comes with scikit-image"
    )
    parser.add_argument("--names", default="A-Z", help="only photographs whose name begins with a letter of this range, such as M-Z")
    parser.add_argument("--n", type=int, default=100, help="recordings of each kind")
    parser.add_argument("--species", nargs="*", choices=KINDS, default=KINDS, help="only these kinds")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    faces = find_photographs(options.faces, options.names) if options.faces else []
    results: list[Species] = []
    print(HEADING)
    for species in measured(options.species, options.n, faces, options.processes):
        results.append(species)
        print(_line(species), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n", "utf-8")


def _line(row: Species) -> str:
    rate = "BPCER" if row.name == PERSON else "APCER"
    interval = f"{row.interval.low:.1%} to {row.interval.high:.1%}"
    share = f" = {row.wrong / row.n:.1%}"
    counts = f"{row.declined:>9}{row.unmeasured:>9}{row.cpu_ms:>8}"
    plain = f"{row.plain_wrong} of {row.compared}"
    return f"{row.name:<10}{row.n:>5}  {rate:<6}{row.wrong:>6}{share:<9}{interval:<18}{counts}  {plain:<12}{row.reasons}"


if __name__ == "__main__":
    main()
