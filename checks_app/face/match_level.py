"""What a distance between two faces is worth: match levels by false acceptance rate (R33), from a published calibration."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from pathlib import Path

from checks_app.results import Engine
from checks_app.thresholds import HIGHEST_LEVEL, LOWEST_LEVEL

FALSE_ACCEPTANCE_ONE_IN = {1: 100, 2: 250, 3: 500, 4: 1_000, 5: 10_000, 6: 100_000, 7: 500_000}
"""The scale of R33: at level n one pair of different people in so many is taken for the same person."""


class CalibrationMissing(FileNotFoundError):
    """No calibration was published for this engine, so its distances say nothing."""


class CalibrationForAnotherVersion(ValueError):
    """The calibration was measured with another engine or version."""


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

    def __post_init__(self) -> None:
        if [level.level for level in self.levels] != list(range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)):
            raise ValueError("A calibration needs the levels 1 to 7, in order")
        distances = [level.distance for level in self.levels]
        if distances != sorted(distances, reverse=True):
            raise ValueError("A higher level needs a smaller distance")

    def level(self, distance: float) -> int:
        """Return the highest level that this distance reaches, 0 when it reaches none."""
        return max((level.level for level in self.levels if distance <= level.distance), default=0)

    def false_acceptance_one_in(self, distance: float) -> float | None:
        """Say how rare such a distance is between different people: 1 in N.

        Between two levels the rate is interpolated on a logarithmic scale. Beyond level 7 it stays at the level's own rate,
        because the data say no more; None below level 1.
        """
        if distance > self.levels[0].distance:
            return None
        for easier, harder in zip(self.levels, self.levels[1:], strict=False):
            if distance > harder.distance:
                share = (easier.distance - distance) / (easier.distance - harder.distance)
                return exp(log(easier.one_in) + share * (log(harder.one_in) - log(easier.one_in)))
        return float(self.levels[-1].one_in)

    def require(self, engine: Engine) -> None:
        """Raise CalibrationForAnotherVersion unless this calibration was measured with `engine`."""
        if engine != self.engine:
            raise CalibrationForAnotherVersion(f"The calibration is for {self.engine}, not for {engine}: run manage.py calibrate_match")

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def read_calibration(text: str) -> Calibration:
    """Read a calibration from its JSON text. Raises ValueError, KeyError or TypeError when it is not one."""
    values = json.loads(text)
    values["engine"] = Engine(**values["engine"])
    values["levels"] = tuple(
        LevelThreshold(**level | {key: Interval(**level[key]) for key in ("distance_interval", "genuine_interval")})
        for level in values["levels"]
    )
    return Calibration(**values)


@cache
def load_calibration(engine_name: str) -> Calibration:
    """Load the calibration that ships for an engine. Raises CalibrationMissing."""
    try:
        text = files("checks_app.face").joinpath("calibration", f"{Path(engine_name).name}.json").read_text("utf-8")
    except FileNotFoundError:
        raise CalibrationMissing(f"No calibration for {engine_name!r}: make one with manage.py calibrate_match") from None
    return read_calibration(text)
