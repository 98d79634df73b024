"""How a verification ends for the person: each end in its own words, the way back to the company, and no way back into the steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import lifecycle
from sessions_app.choices import Outcome
from sessions_app.flow.access import REMEMBERED
from sessions_app.models import VerificationSession
from sessions_app.steps import Step
from settings_app.models import Company
from tests.factories import CompanyFactory
from tests.sessions_app.flow.visitor import Visitor, member_of

pytestmark = pytest.mark.django_db

BACK = "https://bank.example/back?a=1&b=2"
COUNTDOWN, WAY_BACK = "data-onward=", 'href="https://bank.example/back?a=1&amp;b=2"'


def _ended(outcome: Outcome, *, reasons: tuple[str, ...] = ("FACES_DIFFER",)) -> Visitor:
    visitor = Visitor(company=CompanyFactory(allowed_return_origins=["https://bank.example"]), return_url=BACK)
    now = timezone.now()
    VerificationSession.objects.filter(pk=visitor.session.pk).update(outcome=outcome, closed_at=now, opened_at=now, reasons=list(reasons))
    return visitor


HEADINGS = {
    Outcome.APPROVE: "You are verified",
    Outcome.REVIEW: "Thank you",
    Outcome.DECLINE: "We could not verify you",
    Outcome.ABANDONED: "This verification was closed",
}


@pytest.mark.parametrize(("outcome", "heading"), HEADINGS.items())
def test_each_end_has_its_kind_page_with_the_way_back(outcome: Outcome, heading: str) -> None:
    """R20, R25"""
    page = _ended(outcome).get().content.decode()
    assert heading in page
    assert WAY_BACK in page
    assert 'rel="noreferrer"' in page
    assert ("do not seem to match" in page) is (outcome is Outcome.DECLINE)


@pytest.mark.parametrize("outcome", HEADINGS)
def test_origin_that_is_allowed_no_longer_is_not_followed(outcome: Outcome) -> None:
    """R47: the company's list counts when somebody would be led there, not only when the session was made."""
    visitor = _ended(outcome)
    Company.objects.update(allowed_return_origins=["https://other.example"])
    page = visitor.get().content.decode()
    assert WAY_BACK not in page
    assert COUNTDOWN not in page


def test_who_refuses_is_led_back_only_where_it_is_allowed() -> None:
    """R47"""
    visitor = Visitor(company=CompanyFactory(allowed_return_origins=["https://bank.example"]), return_url=BACK)
    visitor.get()
    visitor.post("consent", answer="no")
    assert WAY_BACK in visitor.get().content.decode()
    Company.objects.update(allowed_return_origins=[])
    assert WAY_BACK not in visitor.get().content.decode()


@pytest.mark.parametrize(("outcome", "follows"), [(outcome, outcome is not Outcome.ABANDONED) for outcome in HEADINGS])
def test_only_a_result_leads_back_by_itself(outcome: Outcome, follows: bool) -> None:
    """R7"""
    assert (COUNTDOWN in _ended(outcome).get().content.decode()) is follows


def test_nothing_leads_back_where_the_company_gave_no_address() -> None:
    """R7"""
    visitor = Visitor()
    VerificationSession.objects.filter(pk=visitor.session.pk).update(outcome=Outcome.APPROVE, closed_at=timezone.now())
    page = visitor.get().content.decode()
    assert COUNTDOWN not in page
    assert "You may close this page." in page


def test_used_up_tries_are_told_with_what_was_wrong_in_the_end() -> None:
    """R21, R25"""
    page = _ended(Outcome.DECLINE, reasons=("RETRIES_EXHAUSTED", "GLARE")).get().content.decode()
    assert "all tries of this link are used up" in page
    assert "There is glare on the document." in page
    assert "There are no tries left" not in page


def _cancel(visitor: Visitor) -> None:
    lifecycle.cancel(session=visitor.session, actor=member_of(visitor.session.company), now=timezone.now())


def _set(visitor: Visitor, **columns: Any) -> None:
    VerificationSession.objects.filter(pk=visitor.session.pk).update(**columns)


def _abandon(visitor: Visitor) -> None:
    now = timezone.now()
    _set(visitor, outcome=Outcome.ABANDONED, closed_at=now, opened_at=now, expires_at=now)


def _expire(visitor: Visitor) -> None:
    _set(visitor, expires_at=timezone.now())


def _finish(visitor: Visitor) -> None:
    now = timezone.now()
    _set(visitor, outcome=Outcome.APPROVE, closed_at=now, expires_at=now)


ENDS: dict[str, tuple[Callable[[Visitor], None], str]] = {
    "cancelled": (_cancel, "This verification was cancelled"),
    "abandoned": (_abandon, "It was not finished in time."),
    "expired": (_expire, "Links work for a limited time only."),
    "finished": (_finish, "You finished in time"),
}


@pytest.mark.parametrize("name", ENDS)
def test_who_holds_the_cookie_is_told_which_end_it_was(name: str) -> None:
    """R3, R8: and is led to that page by whatever his open page asks next."""
    end, sentence = ENDS[name]
    visitor = Visitor().go_to(Step.DOCUMENT_FRONT)
    end(visitor)
    answer = visitor.get()
    assert (answer.status_code, sentence in answer.content.decode()) == (410, True)
    asked = visitor.client.get(visitor.url("progress"), headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()) == (200, {"step": "done", "next": visitor.page})
    assert visitor.send("DOCUMENT_FRONT").json()["next"] == visitor.page
    assert not visitor.session.captures.exists()


def test_who_sent_everything_in_time_is_told_so() -> None:
    """R23: an attempt that is being checked when the link expires is decided all the same."""
    visitor = Visitor().go_to(Step.CHECKING)
    _expire(visitor)
    assert "Your pictures came in time and are still being checked." in visitor.get().content.decode()


def test_nobody_else_learns_how_it_ended() -> None:
    """R1"""
    visitor = Visitor()
    _cancel(visitor)
    assert "cancelled" not in Client().get(visitor.page).content.decode()


def test_browser_remembers_the_link_long_enough_to_be_told_that_it_expired() -> None:
    """R3: a cookie that ends with the link would leave nobody to be told."""
    visitor = Visitor(enters=False)
    cookie = visitor.client.get(visitor.link).cookies["vp_link"]
    ends = (visitor.session.expires_at + REMEMBERED).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert cookie["expires"] == ends
    assert timedelta(hours=12) < REMEMBERED


@pytest.mark.parametrize(("since", "told"), [(0, ()), (11, (10,)), (31, (10, 30))])
def test_waiting_page_says_more_the_longer_it_takes(since: int, told: tuple[int, ...]) -> None:
    """R25: also after a reload, and without any script."""
    visitor = Visitor().go_to(Step.CHECKING)
    visitor.session.attempts.update(submitted_at=timezone.now() - timedelta(seconds=since))
    page = " ".join(visitor.get().content.decode().split())
    for seconds in (10, 30):
        assert (f'data-after="{seconds}" hidden' not in page) is (seconds in told)
