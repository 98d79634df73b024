"""The engine of the operator's own models: it finds, aligns and describes, and refuses what is not what its manifest says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from checks_app import pipeline
from checks_app.face.engine import ONNX_ENGINE, build_engine, load_engine
from checks_app.face.match_level import CalibrationForAnotherVersion, CalibrationMissing, load_calibration
from checks_app.face.matching import DifferentEngines, compare_faces
from checks_app.face.onnx_engine import TEMPLATE, NoEmbedding, OnnxEngine
from checks_app.faces import FaceBox
from checks_app.imaging import RgbImage
from checks_app.model_files import ModelRefused
from checks_app.results import Engine, FaceFindings
from tests import findings as drawn
from tests import models


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models")
    models.write_engine(path)
    return path


@pytest.fixture(scope="module")
def engine(folder: Path) -> OnnxEngine:
    return OnnxEngine(folder)


def picture(*cells: tuple[int, int], size: tuple[int, int] = (320, 256), seed: int = 3) -> RgbImage:
    """Draw a dim picture of width x height in which each cell of 32 pixels, (column, row), is white: there the detector sees a face."""
    image = np.random.default_rng(seed).integers(0, 60, (size[1], size[0], 3)).astype(np.uint8)
    for column, row in cells:
        image[row * 32 : row * 32 + 32, column * 32 : column * 32 + 32] = 255
    return image


def calibrated(folder: Path, engine: Engine) -> None:
    (folder / "calibration.json").write_text(replace(drawn.CALIBRATION, engine=engine).to_json(), "utf-8")


def test_face_is_where_the_detector_says(engine: OnnxEngine) -> None:
    """R33: the box of four cells around the white one, and the points in the person's own left and right."""
    (face,) = engine.detect(picture((4, 3)))
    assert (face.left, face.top, face.right, face.bottom) == pytest.approx((80, 48, 208, 176), abs=0.1)
    assert face.left_eye == pytest.approx((169.6, 89.6), abs=0.1)
    assert face.right_eye == pytest.approx((118.4, 89.6), abs=0.1)
    assert face.nose == pytest.approx((144, 115.2), abs=0.1)


def test_face_of_a_large_picture_is_in_its_own_pixels(engine: OnnxEngine) -> None:
    """R33: faces are looked for at 640 pixels."""
    large = np.kron(picture((4, 3), size=(640, 512)), np.ones((2, 2, 1), dtype=np.uint8))
    (face,) = engine.detect(large)
    assert face.nose == pytest.approx((288, 230.4), abs=1)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_picture_without_an_upright_face_is_turned(engine: OnnxEngine, quarter_turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """R33: phones forget which way is up."""
    upright = picture((4, 3))
    turned = np.ascontiguousarray(np.rot90(upright, -quarter_turns))
    look = engine._boxes
    monkeypatch.setattr(engine, "_boxes", lambda image, small: look(image, small) if np.array_equal(image, upright) else ())
    (face,), (expected,) = engine.detect(turned), look(upright, upright)
    assert face.turned_back(4 - quarter_turns, *upright.shape[:2]).nose == pytest.approx(expected.nose)


def test_no_face_in_a_dark_picture(engine: OnnxEngine) -> None:
    """R35."""
    assert engine.detect(picture()) == ()
    assert engine.detect(np.zeros((1, 400, 3), dtype=np.uint8)) == ()


def test_followed_face_is_found_near_its_last_place_alone(engine: OnnxEngine) -> None:
    """R34."""
    elsewhere, here = (1, 12), (7, 3)
    last = replace(engine.detect(picture(here))[0], left=208, right=304, top=80, bottom=176)
    followed = engine.track(picture(here, elsewhere, size=(640, 512)), last)
    assert followed is not None
    assert followed.nose == pytest.approx((240, 115.2), abs=0.1)
    assert engine.track(picture(elsewhere, size=(640, 512)), last) is None
    assert engine.track(picture(here, size=(100, 100)), last) is None


def test_aligned_face_has_its_points_on_the_template(engine: OnnxEngine) -> None:
    """R33: ArcFace's template, whatever the face's turn and size."""
    place = 2.3 * np.exp(0.4j)
    points = TEMPLATE * place + (90 + 40j)
    image = np.zeros((500, 500, 3), dtype=np.uint8)
    for point in points:
        image[round(point.imag) - 3 : round(point.imag) + 4, round(point.real) - 3 : round(point.real) + 4] = 255
    landmarks = tuple((point.real, point.imag) for point in points)
    chip = engine.chip(image, FaceBox(0, 0, 1, 1, landmarks[1], landmarks[0], landmarks[2], landmarks))
    assert [int(chip[round(point.imag), round(point.real), 0]) for point in TEMPLATE] == [255] * 5
    assert chip.shape == (112, 112, 3)


def test_embedding_is_the_mean_with_the_mirror_image_at_unit_length(engine: OnnxEngine) -> None:
    """R33."""
    image = picture((4, 3))
    face = engine.detect(image)[0]
    chip = engine.chip(image, face)
    one, other = engine.describe(chip), engine.describe(chip[:, ::-1])
    mean = one / np.linalg.norm(one) + other / np.linalg.norm(other)
    assert engine.embed(image, face) == pytest.approx(tuple(mean / np.linalg.norm(mean)))
    assert engine.distance(engine.embed(image, face), engine.embed(image, face)) == 0


def test_output_without_a_direction_is_no_embedding(engine: OnnxEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """R33: two faces of which the network says nothing are not one person."""
    image = picture((4, 3))
    (face,) = engine.detect(image)
    for nothing in (np.zeros(16), np.full(16, np.nan)):
        monkeypatch.setattr(engine, "describe", lambda chip, nothing=nothing: nothing)
        for describe in (engine.embed, engine.glance):
            with pytest.raises(NoEmbedding):
                describe(image, face)


def test_selfie_is_inspected_and_compared_with_own_models(engine: OnnxEngine) -> None:
    """R33: nothing behind the engine knows which one it is."""
    found = pipeline.inspect_selfie(picture((8, 6), size=(640, 480)), engine=engine).face
    assert found is not None
    assert found.engine == engine.engine
    assert compare_faces(found, found, replace(drawn.CALIBRATION, engine=engine.engine)).level == 7


def test_version_names_the_models_and_what_they_are_given(folder: Path, engine: OnnxEngine, tmp_path: Path) -> None:
    """R37: other weights, or the same weights fed otherwise, are another engine."""
    versions = {engine.version}
    for number, changes in enumerate((models.recogniser(seed=8), models.recogniser())):
        models.write_engine(tmp_path / str(number), options="mean = 0", recogniser=changes)
        versions.add(OnnxEngine(tmp_path / str(number)).version)
    assert len(versions) == 3
    assert OnnxEngine(folder).version == engine.version


def test_engine_runs_with_a_calibration_of_its_own_alone(tmp_path: Path) -> None:
    """R33, R37: off until the operator has measured what its distances are worth."""
    models.write_engine(tmp_path)
    with pytest.raises(CalibrationMissing, match="calibrate_match"):
        load_engine(ONNX_ENGINE, tmp_path)
    load_calibration.cache_clear()
    calibrated(tmp_path, Engine(ONNX_ENGINE, "0123456789ab"))
    with pytest.raises(CalibrationForAnotherVersion):
        load_engine(ONNX_ENGINE, tmp_path)
    load_calibration.cache_clear()
    calibrated(tmp_path, build_engine(ONNX_ENGINE, tmp_path).engine)
    load_calibration.cache_clear()
    engine = load_engine(ONNX_ENGINE, tmp_path)
    assert engine.calibration == tmp_path / "calibration.json"
    assert engine.same_sitting_distance == drawn.LEVEL_DISTANCES[2]


def test_faces_of_two_versions_are_never_compared(engine: OnnxEngine) -> None:
    """R37."""
    calibration = replace(drawn.CALIBRATION, engine=engine.engine)
    probe, reference = (FaceFindings((0, 0, 1, 1), (0.1,), one, 1) for one in (engine.engine, Engine(ONNX_ENGINE, "0123456789ab")))
    with pytest.raises(DifferentEngines):
        compare_faces(probe, reference, calibration)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "detector.onnx").unlink(), "detector.onnx is no file"),
        (lambda folder: (folder / "recogniser.onnx").write_bytes(models.recogniser()[:-1] + b"!"), "SHA-256"),
        (lambda folder: (folder / "models.toml").unlink(), r"models\.toml cannot be read"),
        (lambda folder: (folder / "models.toml").write_text("[detector"), r"models\.toml cannot be read"),
        (lambda folder: (folder / "models.toml").write_text("[detector]\nfile = 3"), "file and sha256"),
        (lambda folder: (folder / "models.toml").write_text('[detector]\nfile = "../x.onnx"\nsha256 = ""'), "no file in"),
        (lambda folder: models.write_engine(folder, options='mean = "0"'), "must be a number"),
        (lambda folder: models.write_engine(folder, options='channels = "GRB"'), "RGB or BGR"),
        (lambda folder: models.write_engine(folder, detector=b"no network"), "cannot use detector"),
        (lambda folder: models.write_engine(folder, detector=models.recogniser()), "cannot use detector"),
        (lambda folder: models.write_engine(folder, recogniser=b"no network"), "cannot use recogniser"),
        (lambda folder: models.write_engine(folder, recogniser=models.detector()), "no recogniser"),
        (lambda folder: models.write_engine(folder, recogniser=models.recogniser(length=1)), "no recogniser"),
    ],
)  # fmt: skip
def test_models_that_are_missing_changed_or_of_another_form_are_refused(tmp_path: Path, damage: object, said: str) -> None:
    """R33: at loading, never in the middle of a session."""
    models.write_engine(tmp_path)
    damage(tmp_path)  # type: ignore[operator]
    with pytest.raises(ModelRefused, match=said):
        OnnxEngine(tmp_path)
