"""Django system checks: everything that the face checks need is installed, or the message says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from checks_app.face.engine import DEFAULT_ENGINE, ONNX_ENGINE, EngineUnavailable, build_engine
from checks_app.face.match_level import CalibrationMissing, UnreadableCalibration, calibration_path, load_calibration
from checks_app.liveness.attack_model import load_attack_model
from checks_app.model_files import ModelRefused

OWN_MODELS = 'docs/calibration.md, "An engine of your own"'


@register("faces")
def check_face_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the chosen engine imports, its model files are there and it has a calibration of its own version."""
    name, folder = settings.FACE_ENGINE, settings.FACE_MODELS_DIR
    if name == ONNX_ENGINE:
        return [*_check_own_engine(folder), *_check_attack_model(folder), *_check_reference()]
    if name != DEFAULT_ENGINE:
        hint = f"Set FACE_ENGINE to {DEFAULT_ENGINE} or {ONNX_ENGINE}"
        return [Error(f"No face engine is called {name!r}", hint=hint, id="checks_app.E006")]
    messages = [*_check_import(), *_check_calibration(name, folder, _installed_dlib())]
    return [*messages, *_check_attack_model(folder), *_check_reference()]


def _check_import() -> list[CheckMessage]:
    try:
        engine = import_module("checks_app.face.dlib_engine")
    except (ImportError, SystemExit) as failure:  # SystemExit: face packages call quit() instead of raising
        hint = "pip install -r requirements.txt (it brings dlib-bin, which needs no compiler)"
        return [Error(f"The face engine cannot be imported: {failure!r}", hint=hint, id="checks_app.E001")]
    messages: list[CheckMessage] = []
    for file_name in (engine.LANDMARKS_FILE, engine.EMBEDDING_FILE):
        try:
            engine.model_path(file_name)
        except FileNotFoundError as failure:
            messages.append(Error(str(failure), hint="pip install -r requirements.txt", id="checks_app.E002"))
    return messages


def _check_own_engine(folder: Path | None) -> list[CheckMessage]:
    """Load the operator's models: only that tells whether they are whole, unchanged and of the right form."""
    try:
        engine = build_engine(ONNX_ENGINE, folder)
    except EngineUnavailable as failure:
        return [Error(str(failure), hint="pip install -r requirements.txt", id="checks_app.E001")]
    except ModelRefused as failure:
        hint = f"Put the files and models.toml right, see {OWN_MODELS}, or set FACE_ENGINE to {DEFAULT_ENGINE}"
        return [Error(str(failure), hint=hint, id="checks_app.E002")]
    return _check_calibration(ONNX_ENGINE, folder, engine.version)


def _check_calibration(name: str, folder: Path | None, installed: str) -> list[CheckMessage]:
    hint = f"manage.py calibrate_match DIR --engine {name} --out {calibration_path(name, folder)}, see docs/calibration.md"
    try:
        calibration = load_calibration(name, folder)
    except (CalibrationMissing, UnreadableCalibration) as failure:
        return [Error(f"The face engine {name!r} cannot be used: {failure}", hint=hint, id="checks_app.E003")]
    if installed and (calibration.engine.name, calibration.engine.version) != (name, installed):
        message = f"The calibration is for {calibration.engine.name} {calibration.engine.version}, installed is {name} {installed}"
        return [Error(message, hint=f"Install what was calibrated (for dlib: the pinned dlib-bin), or: {hint}", id="checks_app.E004")]
    return []


def _check_attack_model(folder: Path | None) -> list[CheckMessage]:
    try:
        load_attack_model(folder)
    except ModelRefused as failure:
        hint = f"Put the file and models.toml right, or remove its table [attack], see {OWN_MODELS}"
        return [Error(f"The model against presentation attacks cannot be used: {failure}", hint=hint, id="checks_app.E007")]
    return []


def _check_reference() -> list[CheckMessage]:
    """face_recognition ends the whole process, with exit status 0, when pkg_resources is missing (setuptools 81 and later)."""
    if find_spec("face_recognition") and not find_spec("pkg_resources"):
        hint = 'pip install "setuptools<81"; the checks themselves do not need it, only the tests that compare with face_recognition'
        return [Warning("Importing face_recognition would end Python: pkg_resources is missing", hint=hint, id="checks_app.W005")]
    return []


def _installed_dlib() -> str:
    try:
        return str(import_module("dlib").__version__)
    except (ImportError, SystemExit):
        return ""
