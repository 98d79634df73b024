"""Which face engines exist, and the rule that none runs without a calibration of its own."""

from __future__ import annotations

from functools import cache

from checks_app.face.match_level import load_calibration
from checks_app.faces import Embedding, FaceBox, FaceEngine

__all__ = ["DEFAULT_ENGINE", "Embedding", "FaceBox", "FaceEngine", "UnknownEngine", "build_engine", "load_engine"]

DEFAULT_ENGINE = "dlib-20-mirror"


class UnknownEngine(LookupError):
    """No engine has this name."""


def build_engine(name: str) -> FaceEngine:
    """Build an engine without asking for its calibration: for the commands that make one, never for a check.

    Raises UnknownEngine; `dlib_engine.ModelMissing` when a model file is not installed.
    """
    if name != DEFAULT_ENGINE:
        raise UnknownEngine(f"No face engine is called {name!r}; there is {DEFAULT_ENGINE!r}")
    from checks_app.face.dlib_engine import DlibEngine  # here, so that reading levels does not load dlib

    return DlibEngine(name)


@cache
def load_engine(name: str = DEFAULT_ENGINE) -> FaceEngine:
    """Load an engine once per process (dlib: 32 MB of models, about 0.5 s).

    Raises what `build_engine` raises; `match_level.CalibrationMissing`, because distances without a calibration mean nothing;
    `match_level.CalibrationForAnotherVersion`.
    """
    engine = build_engine(name)
    load_calibration(name).require(engine.engine)
    return engine
