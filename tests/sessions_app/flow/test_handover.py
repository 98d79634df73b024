"""The pages by which a session moves to a phone and back (R10-R14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from checks_app.decision import Decision, Verdict
from sessions_app import leases, lifecycle, tokens
from sessions_app.choices import Outcome
from sessions_app.flow import tries
from sessions_app.models import Transfer, TransferCode, VerificationSession
from sessions_app.steps import Step
from tests.sessions_app.flow.companion import ANDROID, Companion, progress, shown
from tests.sessions_app.flow.visitor import Visitor, file, inspected, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Visitor:
    return Visitor().go_to(Step.DOCUMENT_FRONT)


@pytest.fixture
def phone(visitor: Visitor) -> Companion:
    """A phone that carries the visitor's session."""
    companion = Companion(visitor)
    companion.scan()
    return companion


# Coming in


def test_the_phone_goes_on_at_the_exact_step(visitor: Visitor) -> None:
    """R12"""
    page = Companion(visitor).scan()
    assert (page.status_code, page.templates[0].name) == (200, "flow/capture.html")
    assert page.context["step"] == Step.DOCUMENT_FRONT


def test_the_code_leaves_the_address_bar_at_once(visitor: Visitor) -> None:
    """R1: it stands in no address for longer than one request."""
    link = shown(visitor)["link"]
    token = link.rstrip("/").rsplit("/", 1)[1]
    first = Client().get(f"/phone/{token}/")
    assert (first.status_code, first["Location"]) == (302, reverse("flow:phone_connect"))
    assert (first["Referrer-Policy"], first["Cache-Control"]) == ("no-referrer", "private, no-store")
    cookie = first.cookies["vp_code"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/phone/", True, "Lax")
    page = Companion(visitor).scan(link)
    assert not [address for address, _status in page.redirect_chain if token in address]


def test_the_phone_gets_a_cookie_for_its_own_pages_alone(visitor: Visitor) -> None:
    """R11"""
    phone = Companion(visitor)
    phone.scan()
    cookie = phone.client.cookies["vp_link"]
    assert (cookie["path"], cookie["httponly"]) == (phone.url("page"), True)
    assert tokens.hash_token(cookie.value) == phone.transfer.token_hash
    assert phone.client.cookies["vp_code"].value == ""


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"X-Moz": "prefetch"}, {"Purpose": "preview"}])
def test_a_browser_that_only_looks_ahead_claims_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    companion = Companion(visitor)
    companion.client.get(shown(visitor)["link"].split("/phone/")[1].join(("/phone/", "")))
    assert companion.client.get(reverse("flow:phone_connect"), headers=headers).status_code == 204
    assert not Transfer.objects.exists()
    companion.client.get(reverse("flow:phone_connect"))
    assert Transfer.objects.count() == 1


def test_the_typed_code_leads_to_the_same_place(visitor: Visitor) -> None:
    """R13"""
    phone = Companion(visitor)
    answer = phone.type(shown(visitor)["typed"].lower().replace("-", " "))
    assert (answer.status_code, answer["Location"]) == (302, phone.url("page"))
    assert phone.get().context["step"] == Step.DOCUMENT_FRONT


@pytest.mark.parametrize(("seconds", "status"), [(-1, 302), (0, 404), (1, 404)])
def test_a_code_works_until_its_time_is_over(visitor: Visitor, seconds: int, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """R11"""
    typed, code = shown(visitor)["typed"], TransferCode.objects.get()
    monkeypatch.setattr(timezone, "now", lambda: code.expires_at + timedelta(seconds=seconds))
    assert Companion(visitor).type(typed).status_code == status


def test_an_unknown_code_asks_for_the_typed_one_and_tells_nothing(visitor: Visitor) -> None:
    """R1"""
    answers = [Companion(visitor).scan(f"/phone/{tokens.new_token()}/"), Companion(visitor).type("0000-0000")]
    assert [(answer.status_code, answer.templates[0].name) for answer in answers] == [(404, "flow/phone.html")] * 2
    assert "This code does not work" in answers[0].content.decode()


def test_the_form_without_a_code_says_so() -> None:
    answer = Client().post(reverse("flow:phone"), {"code": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_the_form_opens_without_any_cookie() -> None:
    """R13"""
    answer = Client().get(reverse("flow:phone"))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_a_browser_without_cookies_is_led_to_the_form() -> None:
    answer = Client().get(reverse("flow:phone_connect"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("flow:phone"))


def test_an_answer_that_was_lost_on_the_way_is_asked_again(visitor: Visitor) -> None:
    """R11: the phone is not told that it is its own rival."""
    phone, path = Companion(visitor), shown(visitor)["link"].split(":", 2)[2].split("/", 1)[1]
    phone.client.get(f"/{path}")
    before = phone.client.cookies.output()
    phone.client.get(reverse("flow:phone_connect"))
    assert before != phone.client.cookies.output()
    again = Client(HTTP_USER_AGENT=ANDROID)
    again.cookies.load({name: morsel.value for name, morsel in phone.client.cookies.items() if name in ("vp_phone",)})
    again.get(f"/{path}")
    assert again.get(reverse("flow:phone_connect"))["Location"] == phone.url("page")
    assert Transfer.objects.get().rivals == 0


# One winner


def test_the_second_phone_is_told_and_the_computer_sees_it(visitor: Visitor) -> None:
    """R11"""
    link = shown(visitor)["link"]
    Companion(visitor).scan(link)
    second = Companion(visitor).scan(link)
    assert (second.status_code, second.templates[0].name) == (409, "flow/another_phone.html")
    assert progress(visitor)["phone"]["rivals"] == 1


def test_the_same_phone_that_scans_again_goes_on(visitor: Visitor) -> None:
    """R11"""
    link, phone = shown(visitor)["link"], Companion(visitor)
    phone.scan(link)
    assert phone.scan(link).redirect_chain[-1][0] == phone.url("page")
    assert Transfer.objects.count() == 1


# The computer


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


# Ends


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


# Strangers


@pytest.mark.parametrize("name", ["page", "progress", "handover"])
def test_a_handle_without_its_own_cookie_opens_nothing(visitor: Visitor, phone: Companion, name: str) -> None:
    """R1, R81: neither the link's cookie on the phone's pages nor the phone's on the link's."""
    for handle, secret in (
        (phone.transfer.handle, visitor.token),
        (visitor.session.handle, phone.client.cookies["vp_link"].value),
        (phone.transfer.handle, phone.transfer.token_hash),
        (phone.transfer.handle, ""),
    ):
        browser = Client()
        browser.cookies["vp_link"] = secret
        assert browser.get(reverse(f"flow:{name}", args=[handle])).status_code == 404


def test_another_companys_phone_sees_nothing_of_this_session(visitor: Visitor, phone: Companion) -> None:
    """R81"""
    other = Companion(Visitor().go_to(Step.DOCUMENT_FRONT))
    other.scan()
    assert other.client.get(phone.url("page")).status_code == 404
    assert progress(visitor)["phone"]["rivals"] == 0


# Tries


def test_an_address_may_mistype_a_code_so_often(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """R13"""
    monkeypatch.setattr(tries, "MOST_WRONG", 3)
    phone = Companion(visitor)
    assert [phone.type("0000-0000").status_code for _try in range(4)] == [404, 404, 404, 429]
    right = phone.type()
    assert (right.status_code, "Too many wrong codes" in right.content.decode()) == (429, True)


def test_another_address_goes_on_typing(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_WRONG", 1)
    Companion(visitor).type("0000-0000")
    neighbour = Companion(visitor)
    neighbour.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert neighbour.type().status_code == 302


def test_one_household_of_ipv6_is_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_WRONG", 1)
    tries.count("2001:db8:1:2::7")
    assert tries.used_up("2001:db8:1:2:ffff::1")
    assert not tries.used_up("2001:db8:1:3::7")


def test_scanning_works_however_often_a_code_was_mistyped(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_WRONG", 0)
    assert Companion(visitor).scan().status_code == 200


def test_codes_work_while_the_cache_is_away(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis may be wiped or gone at any moment."""

    def gone(*_: object, **__: object) -> None:
        raise RedisDown

    for act in ("get", "add", "incr"):
        monkeypatch.setattr(cache, act, gone)
    assert Companion(visitor).type("0000-0000").status_code == 404
    assert Companion(visitor).type().status_code == 302


def _picture() -> dict[str, Any]:
    return {"kind": "DOCUMENT_FRONT", "source": "FILE", "upload_key": uuid4().hex, "image": file()}


def _decide(visitor: Visitor, verdict: Verdict) -> None:
    """Let the checks conclude on an attempt, whatever was captured."""
    session, now = visitor.session, timezone.now()
    attempt = session.attempts.create(number=1, max_retries=session.max_retries, submitted_at=now)
    leases.claim(attempt, now=now)
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(verdict), columns={}, now=now)
    visitor.fresh()
