"""What the face checks need is missing: the system check says so, and what to do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks_app import system_checks
from checks_app.face import dlib_engine
from checks_app.face.engine import build_engine
from checks_app.face.match_level import CalibrationMissing, load_calibration
from checks_app.liveness.attack_model import load_attack_model
from checks_app.results import Engine
from tests import findings as drawn
from tests import models


@pytest.fixture
def own_models(settings: Any, tmp_path: Path) -> Path:
    """An operator's engine that has everything it needs."""
    models.write_engine(tmp_path)
    calibrate(tmp_path, build_engine("onnx", tmp_path).engine)
    settings.FACE_ENGINE, settings.FACE_MODELS_DIR = "onnx", tmp_path
    load_attack_model.cache_clear()
    return tmp_path


def calibrate(folder: Path, engine: Engine) -> None:
    load_calibration.cache_clear()
    (folder / "calibration.json").write_text(replace(drawn.CALIBRATION, engine=engine).to_json(), "utf-8")


def found() -> dict[str | None, str]:
    return {message.id: message.hint or "" for message in system_checks.check_face_engine(None)}


def test_complete_installation_has_nothing_to_say() -> None:
    """R33."""
    assert found() == {}


@pytest.mark.parametrize("failure", [ImportError("no dlib"), SystemExit(0)], ids=["missing", "ends the process"])
def test_engine_that_cannot_be_imported_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """R33: a package that calls quit() must not end the portal with exit status 0."""

    def refuse(name: str) -> None:
        raise failure

    monkeypatch.setattr(system_checks, "import_module", refuse)
    assert "requirements.txt" in found()["checks_app.E001"]


def test_missing_model_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """R33."""
    monkeypatch.setattr(dlib_engine, "find_spec", lambda name: None)
    assert "requirements.txt" in found()["checks_app.E002"]


def test_missing_calibration_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """R33."""

    def refuse(name: str, folder: Path | None) -> None:
        raise CalibrationMissing(name)

    monkeypatch.setattr(system_checks, "load_calibration", refuse)
    assert "calibrate_match" in found()["checks_app.E003"]


def test_another_version_of_dlib_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """R37."""
    monkeypatch.setattr(system_checks, "_installed_dlib", lambda: "19.0")
    assert "checks_app.E004" in found()


def test_face_recognition_that_would_end_python_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """R82."""
    monkeypatch.setattr(system_checks, "find_spec", lambda name: None if name == "pkg_resources" else object())
    assert "setuptools" in found()["checks_app.W005"]


def test_engine_that_nobody_knows_is_an_error(settings: Any) -> None:
    """R33."""
    settings.FACE_ENGINE = "facenet"
    assert "dlib-20-unit or onnx" in found()["checks_app.E006"]


def test_complete_engine_of_the_operator_has_nothing_to_say(own_models: Path) -> None:
    """R33."""
    assert found() == {}


def test_own_engine_without_a_folder_is_an_error_with_a_remedy(settings: Any) -> None:
    """R33."""
    settings.FACE_ENGINE = "onnx"
    assert "models.toml" in found()["checks_app.E002"]


def test_damaged_model_of_the_operator_is_an_error_with_a_remedy(own_models: Path) -> None:
    """R33."""
    (own_models / "detector.onnx").write_bytes(b"half of it")
    assert "models.toml" in found()["checks_app.E002"]


def test_own_engine_without_a_calibration_is_told_how_to_make_one(own_models: Path) -> None:
    """R33."""
    load_calibration.cache_clear()
    (own_models / "calibration.json").unlink()
    assert f"--engine onnx --out {own_models / 'calibration.json'}" in found()["checks_app.E003"]


@pytest.mark.parametrize(("engine", "version"), [("onnx", "0123456789ab"), ("dlib-20-unit", "")])
def test_calibration_of_other_models_is_an_error(own_models: Path, engine: str, version: str) -> None:
    """R37."""
    calibrate(own_models, Engine(engine, version or build_engine("onnx", own_models).version))
    assert "calibrate_match" in found()["checks_app.E004"]


def test_attack_model_that_cannot_be_used_is_an_error_with_a_remedy(settings: Any, tmp_path: Path) -> None:
    """R34: whatever the face engine is."""
    models.write_manifest(tmp_path, "[[attack.models]]\n{near}crop = 2.7", near=b"no network")
    settings.FACE_MODELS_DIR = tmp_path
    assert "[attack]" in found()["checks_app.E007"]
