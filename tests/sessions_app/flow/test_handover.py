"""The computer's page while a session moves to a phone and back, and what the phone then says (R10-R14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from checks_app.decision import Decision, Verdict
from sessions_app import leases, lifecycle
from sessions_app.choices import Outcome
from sessions_app.models import Transfer, TransferCode, VerificationSession
from sessions_app.steps import Step
from tests.sessions_app.flow.companion import ANDROID, Companion, progress, shown
from tests.sessions_app.flow.visitor import Visitor, file, inspected, member_of

pytestmark = pytest.mark.django_db


def test_the_computer_shows_code_link_and_typed_code(visitor: Visitor) -> None:
    """R10, R13"""
    page = visitor.client.get(visitor.url("handover"))
    assert page.templates[0].name == "flow/handover.html"
    assert page.context["link"] in page.content.decode()
    assert page.context["typed"] in page.content.decode()
    assert 'class="qr"' in page.content.decode()


def test_a_fresh_code_is_a_fragment_with_another_code(visitor: Visitor) -> None:
    """R11"""
    before = shown(visitor)["link"]
    answer = visitor.post("handover_code")
    assert (answer.status_code, answer.templates[0].name) == (200, "flow/_handover_code.html")
    assert answer.context["link"] != before
    assert Companion(visitor).scan(before).status_code == 200


def test_a_phone_with_the_link_never_sees_a_code(visitor: Visitor) -> None:
    """R10"""
    phone = Client(HTTP_USER_AGENT=ANDROID)
    phone.get(visitor.link)
    assert phone.get(visitor.url("handover"))["Location"] == visitor.page
    assert phone.post(visitor.url("handover_code"))["Location"] == visitor.page
    assert not TransferCode.objects.exists()


def test_a_phone_that_carries_a_session_never_sees_a_code(phone: Companion) -> None:
    """R10"""
    assert phone.get("handover")["Location"] == phone.url("page")
    assert phone.post("handover_code")["Location"] == phone.url("page")


def test_the_computer_mirrors_the_phone(visitor: Visitor, phone: Companion) -> None:
    """R13: which phone, its two digits, where it is."""
    told = progress(visitor)
    assert told["step"] == "handover"
    assert (told["phone"]["device"], told["phone"]["digits"]) == ("Pixel 8 · Chrome Mobile 126", phone.transfer.digits)
    states = [step["state"] for step in told["phone"]["steps"]]
    assert states == ["done", "done", "now", "todo", "todo", "todo", "todo"]
    page = visitor.client.get(visitor.page, follow=True)
    assert page.redirect_chain[-1][0] == visitor.url("handover")
    assert phone.transfer.digits in page.content.decode()


def test_both_screens_show_the_same_two_digits(visitor: Visitor, phone: Companion) -> None:
    """R11"""
    assert phone.get().context["transfer"].digits == progress(visitor)["phone"]["digits"]


def test_the_mirror_moves_on_with_the_phone(visitor: Visitor, phone: Companion) -> None:
    """R13: "document front done"."""
    answer = phone.post("captures", json=True, **_picture())
    assert answer.status_code == 201
    inspected(visitor.session.captures.get())
    steps = {step["name"]: step["state"] for step in progress(visitor)["phone"]["steps"]}
    assert (steps["Passport"], steps["Selfie"]) == ("done", "now")


def test_a_phone_of_which_nothing_is_heard_is_called_quiet(visitor: Visitor, phone: Companion) -> None:
    """R13: it lost its network for a minute."""
    assert progress(visitor)["phone"]["is_quiet"] is False
    Transfer.objects.update(last_seen_at=timezone.now() - timedelta(seconds=21))
    assert progress(visitor)["phone"]["is_quiet"] is True
    phone.get("progress")
    assert progress(visitor)["phone"]["is_quiet"] is False


def test_a_device_without_a_name_is_called_a_phone(visitor: Visitor, phone: Companion) -> None:
    Transfer.objects.update(device_model="", os="", browser="")
    assert progress(visitor)["phone"]["device"] == "A phone"


def test_the_computer_cannot_act_meanwhile_and_loses_nothing(visitor: Visitor, phone: Companion) -> None:
    """R12"""
    assert visitor.post("captures", json=True, **_picture()).json() == {"next": visitor.page}
    assert visitor.post("document", country="DEU", document="ID_CARD")["Location"] == visitor.page
    assert visitor.fresh().chosen_country == "GEO"
    assert not visitor.session.captures.exists()


def test_the_link_on_a_third_device_shows_the_mirror(visitor: Visitor, phone: Companion) -> None:
    """R11: a second tab, another computer, another phone."""
    for agent in ("", ANDROID):
        third = Client(HTTP_USER_AGENT=agent)
        page = third.get(visitor.link, follow=True)
        assert page.templates[0].name == "flow/handover.html"
        assert page.context["phone"]["digits"] == phone.transfer.digits
        assert "code" not in page.context


def test_a_reload_on_either_end_changes_nothing(visitor: Visitor, phone: Companion) -> None:
    """R13"""
    for _time in range(2):
        assert phone.get().context["step"] == Step.DOCUMENT_FRONT
        assert visitor.client.get(visitor.url("handover")).context["phone"]["digits"] == phone.transfer.digits
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "obstacle"),
    [("http://127.0.0.1:8000", "loopback"), ("http://localhost:8000", "loopback"), ("https://verify.example", "")],
)
def test_the_page_says_when_no_phone_can_reach_the_portal(visitor: Visitor, settings: Any, address: str, obstacle: str) -> None:
    settings.PUBLIC_BASE_URL = address
    page = visitor.client.get(visitor.url("handover"))
    assert page.context["reach"] == obstacle
    assert page.context["link"].startswith(f"{address}/phone/")


def test_taking_back_leads_the_computer_to_the_step_and_the_phone_says_so(visitor: Visitor, phone: Companion) -> None:
    """R14"""
    page = visitor.client.post(visitor.url("take_back"), follow=True)
    assert page.context["step"] == Step.DOCUMENT_FRONT
    assert phone.get("progress").json() == {"step": "taken_back", "next": phone.url("page"), "phone": None}
    assert phone.get().templates[0].name == "flow/taken_back.html"


def test_the_phone_itself_cannot_take_back(visitor: Visitor, phone: Companion) -> None:
    phone.post("take_back")
    assert phone.transfer.is_running(timezone.now())


@pytest.mark.parametrize(("seconds", "step"), [(-1, "front"), (0, "transfer_over"), (1, "transfer_over")])
def test_the_phone_says_when_its_time_is_over(visitor: Visitor, phone: Companion, seconds: int, step: str, monkeypatch: Any) -> None:
    """R11: computed when read."""
    at = phone.transfer.expires_at + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert phone.get("progress").json()["step"] == step
    assert (phone.get().templates[0].name == "flow/phone_over.html") is (step == "transfer_over")
    assert (progress(visitor)["phone"] is None) is (step == "transfer_over")


@pytest.mark.parametrize("end", ["taken back", "over"])
def test_a_phone_of_before_sees_no_picture_and_does_nothing(visitor: Visitor, phone: Companion, end: str) -> None:
    """R14: fail closed."""
    phone.post("captures", json=True, **_picture())
    capture = visitor.session.captures.get()
    image = phone.url("image", capture.public_id)
    assert phone.client.get(image).status_code == 200
    if end == "over":
        Transfer.objects.update(expires_at=timezone.now())
    else:
        visitor.post("take_back")
    assert phone.client.get(image)["Location"] == phone.url("page")
    assert phone.post("captures", json=True, **_picture()).json() == {"next": phone.url("page")}
    assert phone.post("submit")["Location"] == phone.url("page")


def test_after_the_end_of_the_transfer_the_computer_shows_a_code_again(visitor: Visitor, phone: Companion) -> None:
    """R11: it never ends the session."""
    Transfer.objects.update(expires_at=timezone.now())
    assert visitor.client.get(visitor.url("handover")).context["link"]
    second = Companion(visitor)
    assert second.scan().status_code == 200


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.REVIEW, Verdict.DECLINE])
def test_both_ends_show_the_result(visitor: Visitor, phone: Companion, verdict: Verdict) -> None:
    """R13"""
    _decide(visitor, verdict)
    assert progress(visitor) == {"step": "done", "next": visitor.page, "phone": None}
    assert phone.get("progress").json()["step"] == "done"
    assert [page.templates[0].name for page in (visitor.get(), phone.get())] == ["flow/done.html"] * 2


def test_another_attempt_stays_on_the_phone(visitor: Visitor, phone: Companion) -> None:
    """R13, R22"""
    _decide(visitor, Verdict.RETRY)
    assert progress(visitor)["step"] == "handover"
    assert phone.get("progress").json()["step"] not in ("taken_back", "transfer_over", "done")


def test_a_redo_that_a_reviewer_asks_for_comes_by_the_link(visitor: Visitor, phone: Companion) -> None:
    """R24: the phone that brought the first result has no say in it any more."""
    _decide(visitor, Verdict.REVIEW)
    VerificationSession.objects.filter(pk=visitor.session.pk).update(outcome=Outcome.PENDING, closed_at=None)
    assert phone.get("progress").json()["step"] == "transfer_over"
    assert progress(visitor)["step"] != "handover"


def test_a_dead_link_takes_its_phone_along(visitor: Visitor, phone: Companion) -> None:
    """R3, R8"""
    lifecycle.cancel(session=visitor.session, actor=member_of(visitor.session.company), now=timezone.now())
    assert (phone.get().status_code, phone.get().templates[0].name) == (410, "flow/closed.html")
    assert phone.get("progress", headers={"Accept": "application/json"}).json() == {"step": "done", "next": phone.url("page")}


def _picture() -> dict[str, Any]:
    return {"kind": "DOCUMENT_FRONT", "source": "FILE", "upload_key": uuid4().hex, "image": file()}


def _decide(visitor: Visitor, verdict: Verdict) -> None:
    """Let the checks conclude on an attempt, whatever was captured."""
    session, now = visitor.session, timezone.now()
    attempt = session.attempts.create(number=1, max_retries=session.max_retries, submitted_at=now)
    leases.claim(attempt, now=now)
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(verdict), columns={}, now=now)
    visitor.fresh()
