"""R47: a company may want the face before the document. Nothing is asked twice, also when it changes its mind meanwhile."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from checks_app.results import Check, CheckResult, Reason, Status
from sessions_app import ingest, submission
from sessions_app.choices import CaptureKind
from sessions_app.steps import Step
from settings_app.choices import DocumentChoice
from settings_app.models import Company
from tests import findings as drawn
from tests.factories import CompanyFactory, picture
from tests.sessions_app.flow.companion import Companion, progress
from tests.sessions_app.flow.visitor import Visitor, failed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process that decodes pictures is tested elsewhere, and takes its time."""
    monkeypatch.setattr(ingest, "decode_all", lambda files: [picture() for _ in files])


DOCUMENT_FIRST = [Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK, Step.SELFIE, Step.LIVENESS, Step.OVERVIEW]
FACE_FIRST = [Step.SELFIE, Step.LIVENESS, Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.DOCUMENT_BACK, Step.OVERVIEW]


def arrives(*, face_first: bool = True) -> Visitor:
    return Visitor(company=CompanyFactory(face_first=face_first))


def walk(visitor: Visitor) -> list[Step]:
    """The steps from here to the overview, with a card in the hand."""
    walked = [visitor.step]
    while walked[-1] is not Step.OVERVIEW:
        walked.append(visitor.go_on(DocumentChoice.ID_CARD))
    return walked


@pytest.mark.parametrize(("face_first", "order"), [(False, DOCUMENT_FIRST), (True, FACE_FIRST)])
def test_steps_come_in_the_order_of_the_company(face_first: bool, order: list[Step]) -> None:
    assert walk(arrives(face_first=face_first)) == [Step.CONSENT, *order]


@pytest.mark.parametrize("face_first", [True, False])
@pytest.mark.parametrize("done", range(len(FACE_FIRST)))
def test_whoever_is_on_the_way_when_it_changes_is_asked_nothing_twice(face_first: bool, done: int) -> None:
    """R5: whatever was done stays done, and everything is asked once."""
    visitor = arrives(face_first=face_first)
    before = [visitor.go_on(DocumentChoice.ID_CARD) for _ in range(done + 1)]
    Company.objects.update(face_first=not face_first)
    after = walk(visitor)
    assert sorted([*before[:-1], *after]) == sorted(FACE_FIRST)


def test_attempt_holds_every_picture_whatever_their_order() -> None:
    visitor = arrives().go_to(Step.OVERVIEW, DocumentChoice.ID_CARD)
    attempt = submission.submit_attempt(session=visitor.session, now=timezone.now())
    assert set(attempt.captures.values_list("kind", flat=True)) == set(CaptureKind)


def test_picture_of_a_document_has_to_wait_for_the_face() -> None:
    """The server alone knows the order."""
    visitor = arrives().go_to(Step.SELFIE)
    assert visitor.send("DOCUMENT_FRONT").json() == {"next": f"{visitor.page}?note=elsewhere"}
    assert not visitor.session.captures.exists()


def test_document_cannot_be_chosen_before_the_face() -> None:
    visitor = arrives().go_to(Step.SELFIE)
    visitor.post("document", country="GEO", document="PASSPORT")
    assert visitor.fresh().chosen_document == ""


def test_face_that_has_to_be_taken_again_is_asked_alone() -> None:
    """R22: the document was good."""
    differ = CheckResult(Check.FACE_MATCH, Status.FAILED, 0.1, None, None, (Reason.FACES_DIFFER,), drawn.ENGINE, 10)
    visitor = failed(arrives(), differ)
    assert walk(visitor) == [Step.SELFIE, Step.OVERVIEW]


@pytest.mark.parametrize(
    ("step", "reached"),
    [(Step.CONSENT, 1), (Step.SELFIE, 2), (Step.LIVENESS, 2), (Step.DOCUMENT_CHOICE, 3), (Step.DOCUMENT_FRONT, 3), (Step.OVERVIEW, 4)],
)
def test_dots_tell_the_order(step: Step, reached: int) -> None:
    page = arrives().go_to(step).get().content.decode()
    dots = re.findall(r"<li( ?[^>]*)>\s*<span class=\"unseen\">([^<]+)</span>", page)
    assert [name for _mark, name in dots] == ["About you", "Face", "Document", "Finish"]
    assert [number for number, (mark, _name) in enumerate(dots, start=1) if "now" in mark] == [reached]


def test_overview_shows_the_pictures_in_the_order_in_which_they_were_taken() -> None:
    page = arrives().go_to(Step.OVERVIEW).get().content.decode()
    assert re.findall(r'picture-name">([^<]+)<', page) == ["Selfie", "Head movements", "Passport"]


def test_computer_mirrors_the_steps_of_the_phone_in_their_order() -> None:
    """R13"""
    visitor = arrives().go_to(Step.LIVENESS)
    Companion(visitor).scan()
    told = progress(visitor)["phone"]["steps"]
    assert [one["name"] for one in told[:5]] == ["About you", "Selfie", "Head movements", "Choice of document", "Passport"]
    assert [one["state"] for one in told[:5]] == ["done", "done", "now", "todo", "todo"]


def test_waiting_page_hears_of_another_order_at_once() -> None:
    """Its short answer says "unchanged" only while the order is the same."""
    visitor = arrives().go_to(Step.SELFIE)
    first = visitor.client.get(visitor.url("progress"))["ETag"]
    Company.objects.update(face_first=False)
    assert visitor.client.get(visitor.url("progress"))["ETag"] != first
