"""No engine runs without a calibration of its own."""

import pytest

from checks_app.face import engine as engines
from checks_app.face.match_level import CalibrationForAnotherVersion, CalibrationMissing, load_calibration
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


def test_calibration_of_another_version_is_refused() -> None:
    """R33, R37."""
    calibration = load_calibration(engines.DEFAULT_ENGINE)
    with pytest.raises(CalibrationForAnotherVersion):
        calibration.require(Engine(calibration.engine.name, "0.0.1"))
