"""Which face engines exist, and the rule that none runs without a calibration of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from checks_app.face.match_level import ONNX_ENGINE, load_calibration
from checks_app.faces import Embedding, FaceBox, FaceEngine
from checks_app.model_files import ModelRefused

__all__ = [
    "DEFAULT_ENGINE",
    "ONNX_ENGINE",
    "Embedding",
    "EngineUnavailable",
    "FaceBox",
    "FaceEngine",
    "UnknownEngine",
    "build_engine",
    "load_engine",
]

DEFAULT_ENGINE = "dlib-20-unit"


class UnknownEngine(LookupError):
    """No engine has this name."""


class EngineUnavailable(RuntimeError):
    """A package that the engine needs is missing, or ended Python instead of raising."""


def build_engine(name: str, folder: Path | None = None) -> FaceEngine:
    """Build an engine without asking for its calibration: for the commands that make one, never for a check.

    folder: the operator's models, which only the engine `onnx` reads. Raises UnknownEngine; EngineUnavailable;
    `dlib_engine.ModelMissing` when a model file is not installed; `model_files.ModelRefused` for the operator's models.
    """
    if name not in (DEFAULT_ENGINE, ONNX_ENGINE):
        raise UnknownEngine(f"No face engine is called {name!r}; there are {DEFAULT_ENGINE!r} and {ONNX_ENGINE!r}")
    try:  # imported here, so that reading levels loads neither
        if name == ONNX_ENGINE:
            from checks_app.face.onnx_engine import OnnxEngine

            if folder is None:
                raise ModelRefused("The engine 'onnx' needs the folder of its models: set FACE_MODELS_DIR")
            return OnnxEngine(folder)
        from checks_app.face.dlib_engine import DlibEngine

        return DlibEngine(name)
    except (ImportError, SystemExit) as failure:  # SystemExit: face packages call quit() instead of raising, which would end the worker
        raise EngineUnavailable(f"The face engine {name!r} cannot be imported: {failure!r}") from failure


@cache
def load_engine(name: str = DEFAULT_ENGINE, folder: Path | None = None) -> FaceEngine:
    """Load an engine once per process (dlib: 32 MB of models, about 0.5 s).

    Raises what `build_engine` raises; `match_level.CalibrationMissing`, because distances without a calibration mean nothing;
    `match_level.UnreadableCalibration`; `match_level.CalibrationForAnotherVersion`.
    """
    engine = build_engine(name, folder)
    load_calibration(name, folder).require(engine.engine)
    return engine
