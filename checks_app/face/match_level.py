"""What a distance between two faces is worth: match levels by false acceptance rate (R33), from a published calibration."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from math import exp, log
from pathlib import Path

import cattrs

from checks_app.results import Engine
from checks_app.thresholds import HIGHEST_LEVEL, LOWEST_LEVEL

FALSE_ACCEPTANCE_ONE_IN = {1: 100, 2: 250, 3: 500, 4: 1_000, 5: 10_000, 6: 100_000, 7: 500_000}
"""The scale of R33: at level n one pair of different people in so many is taken for the same person."""

EXPECTED_FALSE_ACCEPTANCES = 10
"""A rate is evidenced when at least so many pairs of strangers are expected at it: 1 in N needs ten times N pairs."""

ONNX_ENGINE = "onnx"
"""The engine of the operator's own models, whose calibration lies beside them; every other engine's ships."""

SHIPPED = Path(__file__).parent / "calibration"
CALIBRATION_FILE = "calibration.json"
"""Its name beside the operator's own models."""

FIRST_SOFT_LEVEL = 6
"""From here on a level rests on few pairs and turns away about half of the right people: never chosen without a warning."""


class CalibrationMissing(FileNotFoundError):
    """No calibration was published for this engine, so its distances say nothing."""


class CalibrationForAnotherVersion(ValueError):
    """The calibration was measured with another engine or version."""


class UnreadableCalibration(ValueError):
    """The file is no calibration."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a measured value."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LevelThreshold:
    """One level: faces at most `distance` apart reach it. `evidenced`: the data hold enough pairs of strangers to say so."""

    level: int
    one_in: int
    distance: float
    distance_interval: Interval
    genuine_accepted: float
    genuine_interval: Interval
    evidenced: bool


@dataclass(frozen=True, slots=True)
class Rarity:
    """One pair of strangers in `one_in` is at most `distance` apart: a step between two levels."""

    one_in: int
    distance: float


@dataclass(frozen=True, slots=True)
class LevelRates:
    """What one level did to people: rates 0..1 with their 95 % intervals. `evidenced`: there were enough pairs of strangers to say so."""

    level: int
    distance: float
    nominal_one_in: int
    false_accepted: int
    false_acceptance: float
    false_interval: Interval
    true_acceptance: float
    true_interval: Interval
    evidenced: bool


@dataclass(frozen=True, slots=True)
class GroupRates:
    """What the overall levels do inside one group of people, when both of a pair belong to it."""

    group: str
    people: int
    impostor_pairs: int
    genuine_pairs: int
    levels: tuple[LevelRates, ...]


@dataclass(frozen=True, slots=True)
class LevelCost:
    """What choosing a level is expected to cost: one stranger in `one_in` accepted, `rejected` (0..1) of the right people refused."""

    level: int
    one_in: int
    rejected: float
    rejected_interval: Interval
    evidenced: bool

    @property
    def is_soft(self) -> bool:
        """Whether choosing this level calls for a warning: levels 6 and 7, and any level that the data cannot show."""
        return self.level >= FIRST_SOFT_LEVEL or not self.evidenced


@dataclass(frozen=True, slots=True)
class Calibration:
    """The levels of one engine with everything needed to judge and to repeat the measurement."""

    engine: Engine
    dataset: str
    people: int
    images: int
    not_enrolled: int  # images in which the engine found no face
    impostor_pairs: int
    genuine_pairs: int
    date: str
    command: str
    seed: int
    levels: tuple[LevelThreshold, ...]
    between: tuple[Rarity, ...] = ()  # measured between the levels, where these lie far apart
    groups: tuple[GroupRates, ...] = ()
    not_enrolled_interval: Interval | None = None  # of not_enrolled / images

    def __post_init__(self) -> None:
        if [level.level for level in self.levels] != list(range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)):
            raise ValueError("A calibration needs the levels 1 to 7, in order")
        distances = [level.distance for level in self.levels]
        if distances != sorted(distances, reverse=True):
            raise ValueError("A higher level needs a smaller distance")

    def level(self, distance: float) -> int:
        """Return the highest level that this distance reaches, 0 when it reaches none."""
        return max((level.level for level in self.levels if distance <= level.distance), default=0)

    @property
    def evidenced_one_in(self) -> float:
        """The rarest false acceptance that the data can show: 1 in so many."""
        return max(1.0, self.impostor_pairs / EXPECTED_FALSE_ACCEPTANCES)

    def false_acceptance_one_in(self, distance: float) -> float | None:
        """Say how rare such a distance is between different people: 1 in N.

        Between two measured distances the rate is interpolated on a logarithmic scale. It is never rarer than the last level and
        than the data can show, however close the faces are; None beyond level 1, where strangers are common.
        """
        if distance > self.levels[0].distance:
            return None
        steps = sorted(
            [*((level.distance, level.one_in) for level in self.levels), *((step.distance, step.one_in) for step in self.between)]
        )
        one_in = float(steps[0][1])
        for (nearer, rarer), (farther, commoner) in pairwise(steps):
            if nearer < distance <= farther:
                share = (farther - distance) / (farther - nearer)
                one_in = exp(log(commoner) + share * (log(rarer) - log(commoner)))
        return min(one_in, self.evidenced_one_in)

    def require(self, engine: Engine) -> None:
        """Raise CalibrationForAnotherVersion unless this calibration was measured with `engine`."""
        if engine != self.engine:
            raise CalibrationForAnotherVersion(f"The calibration is for {self.engine}, not for {engine}: run manage.py calibrate_match")

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def costs(calibration: Calibration) -> tuple[LevelCost, ...]:
    """Tell what each level costs, lowest first. The share of people refused was measured on photographs of the calibration's data."""
    return tuple(
        LevelCost(
            level=level.level,
            one_in=level.one_in,
            rejected=1 - level.genuine_accepted,
            rejected_interval=Interval(1 - level.genuine_interval.high, 1 - level.genuine_interval.low),
            evidenced=level.evidenced,
        )
        for level in calibration.levels
    )


def read_calibration(text: str) -> Calibration:
    """Read a calibration from its JSON text. Raises UnreadableCalibration."""
    try:
        return cattrs.Converter(detailed_validation=False).structure(json.loads(text), Calibration)
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise UnreadableCalibration(f"This is no calibration: {failure!r}") from failure


def calibration_path(engine_name: str, folder: Path | None = None) -> Path:
    """Say where an engine's calibration lies: among those that ship, or for ONNX_ENGINE in the operator's `folder`."""
    return folder / CALIBRATION_FILE if folder and engine_name == ONNX_ENGINE else SHIPPED / f"{Path(engine_name).name}.json"


@cache
def load_calibration(engine_name: str, folder: Path | None = None) -> Calibration:
    """Load an engine's calibration; `folder`: see `calibration_path`. Raises CalibrationMissing, UnreadableCalibration."""
    path = calibration_path(engine_name, folder)
    try:
        return read_calibration(path.read_text("utf-8"))
    except OSError:
        raise CalibrationMissing(f"No calibration for {engine_name!r}: make one with manage.py calibrate_match") from None
