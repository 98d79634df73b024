"""What one picture says, put together from its detectors; here the detectors say what the test wants to hear."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from checks_app import pipeline
from checks_app.document import fields as document_fields
from checks_app.document import framing, mrz_reader, ocr, photocopy, quality, recapture
from checks_app.document.ocr import Print
from checks_app.face import portraits, selfies
from checks_app.liveness import scoring
from checks_app.liveness.challenge import Challenge, Frame, Move
from checks_app.results import DocumentFindings, DocumentKind, Reason, Side
from tests import findings as drawn

IMAGE = np.zeros((60, 80, 3), np.uint8)
ENGINE: Any = object()
PASSPORT, CARD = DocumentKind.PASSPORT, DocumentKind.ID_CARD
GOOD = drawn.passport()
CARD_FIELDS = drawn.fields(kind=CARD)
WRONG_DIGITS = drawn.reading(accepted=False, fields=tuple(replace(field, check_digit_ok=False) for field in drawn.reading().fields))


@pytest.fixture
def detectors(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each detector answers; a good passport unless the test changes it."""
    says: dict[str, Any] = {
        "quad": GOOD.quad,
        "problems": (),
        "mrz": GOOD.mrz,
        "fields": GOOD.fields,
        "portrait": GOOD.portrait,
        "print": "BERIDZE",
        "framing": drawn.measure(0.91),
    }
    monkeypatch.setattr(pipeline, "find_quad", lambda image: says["quad"])
    monkeypatch.setattr(quality, "judge_quality", lambda image, quad: (says["problems"], drawn.measure()))
    monkeypatch.setattr(mrz_reader, "read", lambda image: says["mrz"])
    monkeypatch.setattr(document_fields, "from_mrz", lambda reading, *, today: says["fields"])
    monkeypatch.setattr(portraits, "find_portrait", lambda image, engine, quad: says["portrait"])
    monkeypatch.setattr(ocr, "read_print", lambda image, quad, *, kind, country: Print(f"{kind} {country}", says["print"]))
    monkeypatch.setattr(framing, "kind_by_shape", lambda quad, size: (quad, size) and PASSPORT)
    monkeypatch.setattr(framing, "judge_framing", lambda image, quad, **told: says.setdefault("told", told) and says["framing"])
    monkeypatch.setattr(recapture, "judge_screen_replay", lambda image, quad, burst: drawn.measure(0.92 - 0.01 * len(burst)))
    monkeypatch.setattr(photocopy, "judge_photocopy", lambda image, quad: drawn.measure(0.93))
    return says


def inspected(side: Side = Side.FRONT, kind: DocumentKind = PASSPORT) -> DocumentFindings:
    return pipeline.inspect_document(IMAGE, side=side, kind=kind, country="GEO", engine=ENGINE, today=date(2026, 11, 22))


@pytest.mark.usefixtures("detectors")
def test_good_passport_has_no_problems_and_says_everything() -> None:
    found = inspected()
    assert (found.problems, found.side, found.fields, found.portrait, found.mrz) == ((), Side.FRONT, GOOD.fields, GOOD.portrait, GOOD.mrz)
    assert (found.full_document.score, found.screen_replay.score, found.photocopy.score) == (0.91, 0.92, 0.93)


def test_framing_hears_where_zone_and_portrait_lie(detectors: dict[str, Any]) -> None:
    """R32: what covers them is told apart from what covers the border."""
    assert GOOD.mrz is not None
    assert GOOD.portrait is not None
    inspected()
    place = {"mrz_read": True, "mrz_region": GOOD.mrz.region, "portrait_box": GOOD.portrait.box}
    assert detectors["told"] == {"kind": PASSPORT, "side": Side.FRONT, **place}


@pytest.mark.usefixtures("detectors")
def test_moments_before_the_picture_reach_the_judgement_on_screens() -> None:
    """R31"""
    found = pipeline.inspect_document(IMAGE, burst=[IMAGE] * 6, side=Side.FRONT, kind=PASSPORT, engine=ENGINE, today=date(2026, 11, 22))
    assert found.burst_frames == 6
    assert found.screen_replay.score == pytest.approx(0.86)


@pytest.mark.parametrize(
    ("side", "kind", "changed", "problems"),
    [
        (Side.FRONT, PASSPORT, {"mrz": None}, (Reason.MRZ_NOT_READ,)),
        (Side.FRONT, PASSPORT, {"mrz": drawn.reading(accepted=False)}, (Reason.MRZ_NOT_READ,)),
        (Side.FRONT, PASSPORT, {"mrz": WRONG_DIGITS}, ()),
        (Side.FRONT, PASSPORT, {"mrz": drawn.reading(format="MRVA"), "fields": None}, (Reason.VISA,)),
        (Side.BACK, CARD, {"mrz": drawn.reading(format="MRVB"), "fields": None}, (Reason.VISA,)),
        (Side.FRONT, PASSPORT, {"portrait": None}, (Reason.NO_PORTRAIT,)),
        (Side.FRONT, PASSPORT, {"fields": CARD_FIELDS}, (Reason.WRONG_DOCUMENT_TYPE,)),
        (Side.FRONT, CARD, {"mrz": None}, ()),
        (Side.FRONT, CARD, {"mrz": None, "portrait": None}, (Reason.NO_PORTRAIT,)),
        (Side.FRONT, CARD, {}, (Reason.WRONG_DOCUMENT_TYPE,)),
        (Side.BACK, CARD, {"fields": CARD_FIELDS, "portrait": None}, ()),
        (Side.BACK, CARD, {"mrz": None}, (Reason.MRZ_NOT_READ,)),
        (Side.FRONT, PASSPORT, {"problems": (Reason.BLURRED,), "mrz": None, "portrait": None}, (Reason.BLURRED,)),
    ],
)
def test_problems_name_what_to_mend_first(
    detectors: dict[str, Any], side: Side, kind: DocumentKind, changed: dict[str, Any], problems: tuple[Reason, ...]
) -> None:
    """R35: answered at capture; a blurred picture is told to be blurred, a zone with wrong digits is no fault of the picture."""
    detectors.update(changed)
    assert inspected(side, kind).problems == problems


@pytest.mark.parametrize(
    "reading", [None, drawn.reading(accepted=False), drawn.reading(format="MRVA"), drawn.reading(format="MRVB"), WRONG_DIGITS]
)
def test_identity_comes_from_an_accepted_zone_of_a_travel_document_alone(detectors: dict[str, Any], reading: Any) -> None:
    """R30: never a guess; a visa is no passport."""
    detectors["mrz"] = reading
    assert inspected().fields is None


@pytest.mark.parametrize(
    ("side", "kind", "changed", "read"),
    [
        (Side.FRONT, CARD, {"mrz": None}, ("ID_CARD GEO", "BERIDZE")),
        (Side.FRONT, PASSPORT, {}, ("PASSPORT GEO", "BERIDZE")),
        (Side.BACK, CARD, {"fields": CARD_FIELDS}, ("", "")),
        (Side.FRONT, PASSPORT, {"problems": (Reason.BLURRED,)}, ("", "")),
    ],
)
def test_print_is_read_only_where_it_is_compared(
    detectors: dict[str, Any], side: Side, kind: DocumentKind, changed: dict[str, Any], read: tuple[str, str]
) -> None:
    """R30: not on backs, and not on a picture that must be taken again."""
    detectors.update(changed)
    found = inspected(side, kind)
    assert (found.printed_text, found.printed_surely) == read


@pytest.mark.parametrize(("score", "problems"), [(0.349, (Reason.COVERED,)), (0.35, ()), (None, ())])
def test_covered_document_is_asked_for_again_at_once(detectors: dict[str, Any], score: float | None, problems: tuple[Reason, ...]) -> None:
    """R35: below the default decline threshold another picture is asked for, which costs no attempt."""
    detectors["framing"] = replace(drawn.measure(), score=score, reasons=(Reason.COVERED,))
    assert inspected().problems == problems


@pytest.mark.usefixtures("detectors")
def test_back_is_not_searched_for_a_portrait() -> None:
    assert inspected(Side.BACK, CARD).portrait is None


def test_picture_without_a_document_is_described_all_the_same(detectors: dict[str, Any]) -> None:
    detectors.update(quad=None, problems=(Reason.NO_DOCUMENT,), mrz=None, portrait=None)
    found = inspected(Side.FRONT, CARD)
    assert (found.quad, found.kind_by_shape, found.printed_text, found.problems) == (None, None, "", (Reason.NO_DOCUMENT,))


def test_selfie_and_challenge_go_to_their_own_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = Challenge((Move.LEFT, Move.RIGHT), "0" * 32)
    frames = [Frame(IMAGE, 0, 0)]
    monkeypatch.setattr(selfies, "inspect_selfie_image", lambda image, engine, burst: ("selfie", image is IMAGE, engine is ENGINE, burst))
    monkeypatch.setattr(scoring, "inspect_challenge", lambda *given: ("challenge", *given))
    selfie: Any = pipeline.inspect_selfie(IMAGE, burst=[IMAGE], engine=ENGINE)
    liveness: Any = pipeline.inspect_liveness(frames, challenge=challenge, engine=ENGINE)
    assert selfie == ("selfie", True, True, [IMAGE])
    assert liveness == ("challenge", frames, challenge, ENGINE, None)
