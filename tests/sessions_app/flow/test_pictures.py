"""Pictures of the flow: sent once however often they arrive, answered in words, and shown to their owner alone (R5, R34, R35)."""

from __future__ import annotations

import errno
import json
import os
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import challenges, lifecycle
from sessions_app.choices import CaptureState
from sessions_app.models import Capture
from sessions_app.steps import Step
from tests.factories import CompanyFactory
from tests.sessions_app.flow.visitor import Visitor, file, inspected, jpeg, member_of

pytestmark = pytest.mark.django_db


def test_a_picture_is_taken_in_and_waits_for_its_inspection() -> None:
    """R35"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    response = visitor.send("DOCUMENT_FRONT", source="CAMERA")
    capture = visitor.session.captures.get()
    assert response.status_code == 201
    assert response.json() == {
        "state": "WAITING",
        "usable": False,
        "problems": [],
        "url": visitor.url("capture", capture.public_id),
        "next": visitor.page,
    }
    assert "Checking the picture…" in visitor.get().content.decode()


def test_without_script_the_same_form_leads_on() -> None:
    """R2"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    response = visitor.send("DOCUMENT_FRONT", json=False)
    assert (response.status_code, response["Location"]) == (302, visitor.page)
    assert 'http-equiv="refresh"' in visitor.get().content.decode()


def test_a_picture_sent_again_is_the_same_picture_even_when_the_step_moved_on() -> None:
    """R5: the answer to the first upload was lost on the way."""
    visitor, key = Visitor().go_to(Step.DOCUMENT_FRONT), uuid4().hex
    first = visitor.send("DOCUMENT_FRONT", upload_key=key)
    inspected(visitor.session.captures.get())
    again = visitor.send("DOCUMENT_FRONT", upload_key=key)
    assert first.json()["url"] == again.json()["url"]
    assert visitor.session.captures.count() == 1


def test_a_key_that_stands_for_another_kind_of_picture_stores_nothing_and_leads_on() -> None:
    """R5: what was sent as a selfie is never answered with the document."""
    visitor, key = Visitor().go_to(Step.DOCUMENT_FRONT), uuid4().hex
    visitor.send("DOCUMENT_FRONT", upload_key=key)
    inspected(visitor.session.captures.get())
    answer = visitor.send("SELFIE", upload_key=key)
    assert (answer.status_code, answer.json()) == (200, {"next": f"{visitor.page}?note=elsewhere"})
    assert visitor.session.captures.count() == 1


def test_page_that_follows_a_replaced_picture_is_sent_on() -> None:
    """R5: a second tab took a newer one, so nobody looks at this one any more."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    followed = visitor.send("DOCUMENT_FRONT").json()["url"]
    visitor.send("DOCUMENT_FRONT")
    assert visitor.client.get(followed).json()["state"] == "REPLACED"


def test_the_answer_to_a_poor_picture_says_what_to_do() -> None:
    """R35, R25: the capture costs no attempt."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    visitor.send("DOCUMENT_FRONT")
    capture = inspected(visitor.session.captures.get(), "GLARE", "BLURRED")
    answer = visitor.client.get(visitor.url("capture", capture.public_id)).json()
    assert (answer["state"], answer["usable"]) == ("INSPECTED", False)
    assert answer["problems"][0] == {
        "code": "GLARE",
        "text": "There is glare on the document. Tilt it a little, or move away from the lamp.",
    }
    page = visitor.get().content.decode()
    assert "There is glare on the document." in page
    assert visitor.url("image", capture.public_id) in page
    assert "Use it anyway" not in page
    assert "Take or choose a photo" in visitor.get("?again").content.decode()


def test_from_the_second_poor_picture_on_it_can_be_used_anyway() -> None:
    """R35"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    for number in (1, 2):
        visitor.send("DOCUMENT_FRONT")
        capture = inspected(visitor.session.captures.current().get(), "BLURRED")
        assert ("Use it anyway" in visitor.get().content.decode()) is (number == 2)
        if number == 1:
            visitor.post("keep", capture.public_id)
            assert visitor.step is Step.DOCUMENT_FRONT
    visitor.post("keep", capture.public_id)
    assert visitor.step is Step.SELFIE


def test_a_picture_that_could_not_be_inspected_does_not_stop_the_user() -> None:
    """R22: the check will be unclear, not failed."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    visitor.send("DOCUMENT_FRONT")
    Capture.objects.filter(session=visitor.session).update(state=CaptureState.CRASHED)
    assert visitor.step is Step.SELFIE


REFUSED = {
    "empty": (b"", ""),
    "no picture": (b"not a picture at all", "not a picture that we can read"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that we can read"),
    "truncated": (jpeg(640, 480)[:-900], "damaged or did not arrive whole"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("wants_json", [True, False])
def test_a_file_that_is_no_good_picture_is_refused_in_words(name: str, wants_json: bool) -> None:
    """R35: never an error page, and nothing is stored."""
    data, sentence = REFUSED[name]
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    response = visitor.send("DOCUMENT_FRONT", json=wants_json, image=file(data))
    assert response.status_code == 422
    assert sentence in (response.json()["error"] if wants_json else response.content.decode())
    assert not visitor.session.captures.exists()


@pytest.mark.parametrize("wants_json", [True, False])
def test_a_full_disk_refuses_in_words_and_the_same_picture_is_taken_later(wants_json: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """R35: never an error page, and nothing is lost."""
    visitor, key = Visitor().go_to(Step.DOCUMENT_FRONT), uuid4().hex
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
        response = visitor.send("DOCUMENT_FRONT", json=wants_json, upload_key=key)
    assert response.status_code == 507
    assert "Please try again in a few minutes" in (response.json()["error"] if wants_json else response.content.decode())
    assert visitor.send("DOCUMENT_FRONT", upload_key=key).status_code == 201
    assert visitor.session.captures.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "PASSPORT"},
        {"source": "SCANNER"},
        {"upload_key": "short"},
        {"upload_key": "../../etc/passwd-and-more"},
        {"upload_key": "x" * 65},
        {"image": "a text"},
        {"frames": "[[0,"},
        {"frames": "[" * 3000},
        {"frames": "[[0, 0], [0, 200]]"},
        {"frames": '[[0, "soon"]]'},
        {"frames": "[[0, -1]]"},
        {"frames": "[[201, 0]]"},
        {"frames": "[[true, 0]]"},
        {"frames": "7"},
        {"nonce": "\x00"},
    ],
    ids=str,
)
def test_a_broken_upload_is_answered_with_a_sentence(broken: dict[str, Any]) -> None:
    """R35: whatever a stranger sends, there is no error page."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    assert visitor.send("DOCUMENT_FRONT", **broken).status_code == 422
    assert not visitor.session.captures.exists()


def test_a_picture_of_another_step_leads_to_the_current_one() -> None:
    """R5"""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    assert visitor.send("SELFIE").json() == {"next": f"{visitor.page}?note=elsewhere"}
    assert visitor.send("SELFIE", json=False)["Location"] == f"{visitor.page}?note=elsewhere"
    assert not visitor.session.captures.exists()


def test_a_picture_for_a_session_that_was_closed_meanwhile_is_not_stored() -> None:
    """R8: the page that sent it is led to the one that says so."""
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    lifecycle.cancel(session=visitor.session, actor=member_of(visitor.session.company), now=timezone.now())
    assert visitor.send("DOCUMENT_FRONT").json()["next"] == visitor.page
    assert visitor.send("DOCUMENT_FRONT", json=False).status_code == 410
    assert not visitor.session.captures.exists()


def test_the_challenge_comes_from_the_server_with_its_schedule() -> None:
    """R34"""
    visitor = Visitor().go_to(Step.LIVENESS)
    answer = visitor.post("challenge", json=True).json()
    phases = answer["schedule"]["phases"]
    assert phases[0] == {"step": 0, "show": "STRAIGHT", "until_ms": 1500}
    assert [phase["show"] for phase in phases if phase["step"] > 0] == answer["moves"]
    assert {phase["show"] for phase in phases if phase["step"] < 0} == {"BACK"}
    assert answer["schedule"]["frames_per_second"] == 5
    assert visitor.session.challenges.get().nonce == answer["nonce"]


def test_a_reload_brings_the_same_challenge_with_the_time_that_is_left() -> None:
    """R34"""
    visitor = Visitor().go_to(Step.LIVENESS)
    first, again = (visitor.post("challenge", json=True).json() for _ in range(2))
    assert first["nonce"] == again["nonce"]
    assert first["start_within_ms"] >= again["start_within_ms"] > 60_000


def test_each_flash_comes_with_its_colour_after_the_moves() -> None:
    """R34, WCAG 2.3.1: at most three changes a second."""
    visitor = Visitor(company=CompanyFactory(liveness_flash=True)).go_to(Step.LIVENESS)
    phases = visitor.post("challenge", json=True).json()["schedule"]["phases"]
    lights = phases[-challenges.FLASHES :]
    assert [phase["step"] for phase in lights] == [100, 101, 102, 103]
    assert [phase["colour"] for phase in lights] == visitor.session.challenges.get().flashes
    assert {phase["show"] for phase in lights} == {"LIGHT"}
    assert all(after["until_ms"] - before["until_ms"] >= 1000 / 3 for before, after in pairwise(lights))
    assert not any("colour" in phase for phase in phases[: -challenges.FLASHES])


def test_when_all_challenges_are_used_up_the_page_kindly_asks_for_a_photo() -> None:
    """R34: no endless drawing, and no dead end."""
    visitor = Visitor().go_to(Step.LIVENESS)
    long_ago = timezone.now() - challenges.ANSWER_WITHIN
    for _ in range(challenges.MOST_DRAWN):
        challenges.issue(session=visitor.session, now=long_ago)
        visitor.session.challenges.update(expires_at=long_ago)
    response = visitor.post("challenge", json=True)
    assert (response.status_code, "send one photo of your face instead" in response.json()["error"]) == (422, True)
    assert visitor.send("LIVENESS").status_code == 201


def _frames(visitor: Visitor, nonce: str, steps: tuple[int, ...] = (0, 1, -1, 103)) -> dict[str, Any]:
    told = json.dumps([[step, 200 * number] for number, step in enumerate(steps)])
    return {"source": "CAMERA", "nonce": nonce, "frames": told, "image": [file(jpeg(colour="red")) for _ in steps]}


def test_the_frames_of_a_challenge_keep_their_step_and_time() -> None:
    """R34"""
    visitor = Visitor().go_to(Step.LIVENESS)
    nonce = visitor.post("challenge", json=True).json()["nonce"]
    assert visitor.send("LIVENESS", **_frames(visitor, nonce)).status_code == 201
    capture = visitor.session.captures.get(kind="LIVENESS")
    assert list(capture.images.order_by("position").values_list("step", "at_ms")) == [(0, 0), (1, 200), (-1, 400), (103, 600)]
    assert capture.challenge is not None
    assert capture.challenge.nonce == nonce


def test_a_challenge_is_answered_once_and_only_by_its_own_session() -> None:
    """R34"""
    visitor, other = Visitor().go_to(Step.LIVENESS), Visitor().go_to(Step.LIVENESS)
    nonce = visitor.post("challenge", json=True).json()["nonce"]
    for wrong in (nonce, "", "0" * 32):
        response = other.send("LIVENESS", **_frames(other, wrong))
        assert (response.status_code, "start the head movements again" in response.json()["error"]) == (422, True)
    visitor.send("LIVENESS", **_frames(visitor, nonce))
    inspected(visitor.session.captures.get(kind="LIVENESS"), "FACE_LOST")
    assert visitor.send("LIVENESS", **_frames(visitor, nonce)).status_code == 422


def test_whoever_cannot_turn_the_head_sends_one_photo() -> None:
    """R34: it is marked as a file, so it can never prove a live person."""
    visitor = Visitor().go_to(Step.LIVENESS)
    assert visitor.send("LIVENESS").status_code == 201
    assert visitor.session.captures.get(kind="LIVENESS").source == "FILE"


def test_a_picture_is_shown_to_the_holder_of_its_own_link_only() -> None:
    """R81"""
    visitor, other = Visitor().go_to(Step.SELFIE), Visitor()
    capture = visitor.session.captures.get()
    shown = visitor.client.get(visitor.url("image", capture.public_id))
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert shown.content.startswith(b"\xff\xd8")
    assert other.client.get(other.url("image", capture.public_id)).status_code == 404
    assert Client().get(visitor.url("image", capture.public_id)).status_code == 404


def test_a_picture_that_was_replaced_is_not_shown_any_more() -> None:
    """R35"""
    visitor = Visitor().go_to(Step.OVERVIEW)
    capture = visitor.session.captures.get(kind="SELFIE")
    visitor.post("retake", kind="SELFIE")
    assert visitor.client.get(visitor.url("image", capture.public_id)).status_code == 404
