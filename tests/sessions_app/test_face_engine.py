"""A face engine that cannot be loaded never lets a session pass, and never takes the worker with it."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks_app import pipeline
from checks_app.face import engine as engines
from checks_app.face.match_level import load_calibration
from checks_app.liveness.attack_model import load_attack_model
from checks_app.model_files import MANIFEST
from checks_app.results import Engine, Reason
from sessions_app import storage, verification
from sessions_app.choices import CaptureKind, CaptureState, Outcome
from sessions_app.ingest import Picture
from sessions_app.models import Attempt, VerificationSession
from tests import files, models
from tests import findings as drawn
from tests.captures import add_capture, processing_attempt, ready_session
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PICTURE = Picture(jpeg=files.jpeg(), width=320, height=240)


@pytest.fixture(autouse=True)
def own_models(settings: Any, tmp_path: Path) -> Path:
    """An operator's engine that is whole, with a calibration of its own; each test breaks something."""
    folder = tmp_path / "models"
    models.write_engine(folder)
    settings.FACE_ENGINE, settings.FACE_MODELS_DIR = engines.ONNX_ENGINE, folder
    calibrate(folder, engines.build_engine(engines.ONNX_ENGINE, folder).engine)
    return folder


def calibrate(folder: Path, engine: Engine) -> None:
    load_calibration.cache_clear()
    (folder / "calibration.json").write_text(replace(drawn.CALIBRATION, engine=engine).to_json(), "utf-8")


def inspected(session: VerificationSession, kind: CaptureKind = CaptureKind.SELFIE) -> str:
    capture = add_capture(session, kind)
    storage.write_picture(capture, PICTURE, position=0, step=None, at_ms=None).save()
    verification.inspect(capture=capture, now=NOW)
    return str(session.captures.get(pk=capture.pk).state)


def decided(session: VerificationSession) -> Attempt:
    attempt = processing_attempt(session)
    verification.verify(attempt=attempt, now=NOW)
    return Attempt.objects.select_related("session").get(pk=attempt.pk)


def test_whole_engine_of_the_operator_inspects() -> None:
    """R33: what the other tests break does work."""
    assert inspected(ready_session()) == CaptureState.INSPECTED


def remove_a_model(folder: Path) -> None:
    (folder / "recogniser.onnx").unlink()


def exchange_a_model(folder: Path) -> None:
    (folder / "recogniser.onnx").write_bytes(models.recogniser(seed=8))


def damage_a_model_and_say_so(folder: Path) -> None:
    models.write_engine(folder, detector=models.detector()[:500])


def calibrate_other_models(folder: Path) -> None:
    calibrate(folder, Engine(engines.ONNX_ENGINE, "0123456789ab"))


def remove_the_calibration(folder: Path) -> None:
    (folder / "calibration.json").unlink()


@pytest.mark.parametrize(
    "broken", [remove_a_model, exchange_a_model, damage_a_model_and_say_so, calibrate_other_models, remove_the_calibration]
)
def test_session_whose_engine_cannot_be_loaded_is_reviewed(own_models: Path, broken: Callable[[Path], None]) -> None:
    """R22, R33: fail closed; the user is not left waiting."""
    load_calibration.cache_clear()
    broken(own_models)
    session = ready_session()
    assert inspected(session) == CaptureState.CRASHED
    attempt = decided(session)
    assert (attempt.verdict, attempt.session.outcome) == ("REVIEW", Outcome.REVIEW)
    assert Reason.CHECK_CRASHED in attempt.reasons or Reason.CAPTURE_MISSING in attempt.reasons


def test_package_that_ends_python_ends_neither_the_worker_nor_the_session(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """R22, R33: face packages call quit(), with exit status 0."""

    class Refusing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "checks_app.face.dlib_engine":
                raise SystemExit(0)

    settings.FACE_ENGINE = engines.DEFAULT_ENGINE
    engines.load_engine.cache_clear()
    monkeypatch.delitem(sys.modules, "checks_app.face.dlib_engine", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])
    session = ready_session()
    assert inspected(session) == CaptureState.CRASHED
    assert decided(session).session.outcome == Outcome.REVIEW


def test_faces_of_an_engine_that_was_exchanged_meanwhile_are_reviewed(settings: Any) -> None:
    """R37: stored embeddings of another engine are never compared, and never approved."""
    attempt = decided(ready_session())  # its findings are of the engine "drawn-faces"
    assert (attempt.verdict, attempt.session.outcome, attempt.reasons) == ("REVIEW", Outcome.REVIEW, [Reason.CHECK_CRASHED])


def test_attack_model_that_was_exchanged_lets_no_challenge_pass(own_models: Path) -> None:
    """R22, R34: an operator who asks for a model gets it, or a person looks."""
    load_attack_model.cache_clear()
    with (own_models / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write('[[attack.models]]\nfile = "recogniser.onnx"\nsha256 = "0"\ncrop = 2.7\n')
    session = ready_session()
    assert inspected(session, CaptureKind.LIVENESS) == CaptureState.CRASHED
    assert decided(session).session.outcome == Outcome.REVIEW


def test_attack_model_of_the_operator_looks_at_challenges(own_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R34: a model that is there is used."""
    load_attack_model.cache_clear()
    models.write_manifest(own_models, "[[attack.models]]\n{near}\ncrop = 2.7\n", near=models.classifier())
    used: list[object] = []

    def remember(*_: object, attack_model: object, **__: object) -> None:
        used.append(attack_model)
        raise RuntimeError("seen enough")

    monkeypatch.setattr(pipeline, "inspect_liveness", remember)
    monkeypatch.setattr(verification, "_engine", lambda: None)
    assert inspected(ready_session(), CaptureKind.LIVENESS) == CaptureState.CRASHED
    assert used == [load_attack_model(own_models)]
    assert used != [None]
