"""How a phone comes in with a code, and who does not (R1, R11-R13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from sessions_app import tokens
from sessions_app.flow import tries
from sessions_app.models import Transfer, TransferCode
from sessions_app.steps import Step
from tests.sessions_app.flow.companion import ANDROID, Companion, progress, shown
from tests.sessions_app.flow.visitor import Visitor

pytestmark = pytest.mark.django_db


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
