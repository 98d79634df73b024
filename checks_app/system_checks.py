"""Django system checks: everything that the face checks need is installed, or the message says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register

from checks_app.face.engine import DEFAULT_ENGINE
from checks_app.face.match_level import CalibrationMissing, load_calibration


@register("faces")
def check_face_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the engine imports, its model files are there and its calibration is published."""
    return [*_check_import(), *_check_calibration(), *_check_reference()]


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


def _check_calibration() -> list[CheckMessage]:
    hint = f"manage.py calibrate_match DIR --out checks_app/face/calibration/{DEFAULT_ENGINE}.json, see docs/calibration.md"
    try:
        calibration = load_calibration(DEFAULT_ENGINE)
    except CalibrationMissing as failure:
        return [Error(str(failure), hint=hint, id="checks_app.E003")]
    except (ValueError, KeyError, TypeError) as failure:
        return [Error(f"The calibration of {DEFAULT_ENGINE} cannot be read: {failure!r}", hint=hint, id="checks_app.E003")]
    installed = _installed_dlib()
    if installed and calibration.engine.version != installed:
        message = f"The calibration is for dlib {calibration.engine.version}, installed is {installed}"
        return [Error(message, hint=f"Install the pinned dlib-bin, or: {hint}", id="checks_app.E004")]
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
