"""What the face checks need is missing: the system check says so, and what to do."""

import pytest

from checks_app import system_checks
from checks_app.face import dlib_engine
from checks_app.face.match_level import CalibrationMissing


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

    def refuse(name: str) -> None:
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
