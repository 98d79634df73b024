"""No engine runs without a calibration of its own."""

import sys
from pathlib import Path

import pytest

from checks_app.face import engine as engines
from checks_app.face.match_level import CalibrationForAnotherVersion, CalibrationMissing, load_calibration
from checks_app.model_files import ModelRefused
from checks_app.results import Engine


def test_engine_is_loaded_once() -> None:
    """R33."""
    assert engines.load_engine() is engines.load_engine()


def test_unknown_engine_is_refused() -> None:
    """R33."""
    with pytest.raises(engines.UnknownEngine, match="no-such-engine"):
        engines.load_engine("no-such-engine")


def test_engine_without_calibration_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """R33."""
    monkeypatch.setattr(engines, "DEFAULT_ENGINE", "never-calibrated")
    with pytest.raises(CalibrationMissing, match="calibrate_match"):
        engines.load_engine("never-calibrated")


@pytest.mark.parametrize("failure", [SystemExit(0), ImportError("libGL.so.1")], ids=["ends Python", "missing"])
def test_package_that_ends_python_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """R33: face packages call quit(), with exit status 0, when one of theirs is missing."""

    class Refusing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "checks_app.face.dlib_engine":
                raise failure

    monkeypatch.delitem(sys.modules, "checks_app.face.dlib_engine", raising=False)
    monkeypatch.delattr("checks_app.face.dlib_engine", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    with pytest.raises(engines.EngineUnavailable, match="dlib-20-unit"):
        engines.build_engine(engines.DEFAULT_ENGINE)


def test_own_engine_needs_the_folder_of_its_models() -> None:
    """R33."""
    with pytest.raises(ModelRefused, match="FACE_MODELS_DIR"):
        engines.load_engine(engines.ONNX_ENGINE)


def test_own_models_do_not_touch_the_engine_that_ships(tmp_path: Path) -> None:
    """R33: a folder that holds an attack model alone."""
    assert load_calibration(engines.DEFAULT_ENGINE, tmp_path) == load_calibration(engines.DEFAULT_ENGINE)


def test_calibration_of_another_version_is_refused() -> None:
    """R33, R37."""
    calibration = load_calibration(engines.DEFAULT_ENGINE)
    with pytest.raises(CalibrationForAnotherVersion):
        calibration.require(Engine(calibration.engine.name, "0.0.1"))
