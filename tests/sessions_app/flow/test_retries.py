"""Trying again: exactly what failed, with the earlier picture, its defect and what to do; counted and kept (R4, R5, R21, R25)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from checks_app.decision import Verdict, decide
from checks_app.results import Check, CheckResult, Quad, Reason, Status
from sessions_app import challenges, leases, lifecycle, review, transfers
from sessions_app.choices import AttemptState, CaptureKind, Outcome, RedoStep
from sessions_app.models import Attempt, Capture, VerificationSession
from sessions_app.steps import Step
from settings_app.choices import DocumentChoice
from tests import findings as drawn
from tests.phones import connected
from tests.sessions_app.flow.visitor import Visitor, failed, inspected, member_of, sent_to_review

pytestmark = pytest.mark.django_db

AREA = Quad(((0.5, 0.5), (0.6, 0.5), (0.6, 0.75), (0.5, 0.75)))
DECIDED: dict[str, Any] = {"state": AttemptState.DECIDED, "verdict": Verdict.RETRY}
MARKED = '<polygon points="32,24 38,24 38,36 32,36" />'  # AREA on the visitor's picture of 64 x 48 pixels
FRONT, BACK, SELFIE, LIVENESS = (CaptureKind(kind) for kind in CaptureKind.values)


def _failed(check: Check, *reasons: Reason, decline_below: float | None = None) -> CheckResult:
    return CheckResult(check, Status.FAILED, 0.1, decline_below, None, reasons, drawn.ENGINE, 10)


def _dropped(visitor: Visitor) -> set[str]:
    return set(visitor.session.captures.exclude(replaced_at=None).values_list("kind", flat=True))


def _covered(side: str) -> Visitor:
    """A card of which one side was held with a finger over it."""
    visitor = Visitor().go_to(Step.CHECKING, DocumentChoice.ID_CARD)
    poor = replace(drawn.measure(0.1, Reason.COVERED), areas=(AREA,))
    found = (drawn.card_front if side == FRONT else drawn.card_back)(full_document=poor)
    inspected(visitor.session.captures.get(kind=side), found=found)
    return failed(visitor, _failed(Check.FULL_DOCUMENT, Reason.COVERED, decline_below=0.35))


WHAT_FAILED = [
    (_failed(Check.FACE_MATCH, Reason.FACES_DIFFER), {SELFIE}),
    (_failed(Check.LIVENESS, Reason.CHALLENGE_NOT_FOLLOWED), {LIVENESS}),
    (_failed(Check.LIVENESS, Reason.FACE_CHANGED), {SELFIE, LIVENESS}),
    (_failed(Check.DOCUMENT, Reason.WRONG_DOCUMENT_TYPE), {FRONT, BACK}),
    (_failed(Check.FULL_DOCUMENT, Reason.COVERED, decline_below=0.05), {FRONT, BACK}),
]


@pytest.mark.parametrize(("result", "asked"), WHAT_FAILED, ids=["face", "moves", "another face", "kind of document", "no side by itself"])
def test_exactly_what_failed_is_asked_again(result: CheckResult, asked: set[CaptureKind]) -> None:
    """R5"""
    visitor = failed(Visitor().go_to(Step.CHECKING, DocumentChoice.ID_CARD), result)
    assert _dropped(visitor) == asked


@pytest.mark.parametrize(("side", "step"), [(FRONT, Step.DOCUMENT_FRONT), (BACK, Step.DOCUMENT_BACK)])
def test_side_that_was_good_is_not_asked_again(side: CaptureKind, step: Step) -> None:
    """R5"""
    visitor = _covered(side)
    assert (_dropped(visitor), visitor.step) == ({side}, step)


def test_step_begins_with_the_earlier_picture_its_defect_and_what_to_do() -> None:
    """R25"""
    visitor = _covered(FRONT)
    page = visitor.get().content.decode()
    assert visitor.url("image", visitor.session.captures.get(kind=FRONT).public_id) in page
    assert MARKED in page
    assert "Something covers the document. Lay it on a table" in page
    assert "drawing" in page
    assert "Front of your card" in page


def test_button_leads_to_the_camera() -> None:
    """R25"""
    page = _covered(FRONT).get("?again").content.decode()
    assert "data-capture" in page
    assert "data-lesson" not in page


def test_lesson_is_over_once_a_new_picture_was_sent() -> None:
    """R25: what is then wrong with the new one is what counts."""
    visitor = _covered(FRONT)
    visitor.send(FRONT)
    inspected(visitor.session.captures.current().get(kind=FRONT), "BLURRED")
    page = visitor.get().content.decode()
    assert "data-lesson" not in page
    assert "The picture is blurred." in page


def test_picture_that_nobody_objected_to_is_taken_again_without_a_lesson() -> None:
    """R25"""
    visitor = _covered(FRONT)
    inspected(visitor.captured(FRONT))
    visitor.post("retake", kind=SELFIE)
    assert visitor.step is Step.SELFIE
    assert "data-lesson" not in visitor.get().content.decode()


def test_another_document_begins_without_the_lesson_of_the_first() -> None:
    """R25: a passport is not told what was wrong with the card."""
    visitor = _covered(FRONT)
    visitor.post("document", country="GEO", document="PASSPORT")
    assert visitor.step is Step.DOCUMENT_FRONT
    assert "data-lesson" not in visitor.get().content.decode()


def test_moves_that_were_not_followed_are_explained() -> None:
    """R25, R34"""
    visitor = failed(Visitor(), _failed(Check.LIVENESS, Reason.CHALLENGE_NOT_FOLLOWED))
    page = visitor.get().content.decode()
    assert "Please do it again" in page
    assert "Do as the signs show, one after the other" in page
    assert "data-challenge" in visitor.get("?again").content.decode()


@pytest.mark.parametrize("step", [RedoStep.DOCUMENT, RedoStep.SELFIE, RedoStep.LIVENESS])
def test_reviewers_wish_shows_the_picture_without_his_doubt(step: RedoStep) -> None:
    """R24"""
    visitor = sent_to_review(Visitor())
    capture = visitor.session.captures.filter(kind__startswith=step.value).order_by("pk").first()
    assert capture is not None
    inspected(capture, "GLARE")
    review.ask_again(session=visitor.session, step=step, actor=member_of(visitor.session.company), now=timezone.now())
    page = visitor.get().content.decode()
    assert visitor.url("image", capture.public_id) in page
    assert "Please do this step once more. Everything else is saved." in page
    assert "glare" not in page
    assert "polygon" not in page


def _image(visitor: Visitor, capture: Capture) -> int:
    return int(visitor.client.get(visitor.url("image", capture.public_id)).status_code)


def test_earlier_picture_is_shown_to_its_owner_until_there_is_a_new_one() -> None:
    """R80: and no other picture that was replaced."""
    visitor, stranger = _covered(FRONT), Visitor()
    earlier = visitor.session.captures.get(kind=FRONT)
    assert _image(visitor, earlier) == 200
    assert _image(stranger, earlier) == 404
    newer = visitor.captured(FRONT)
    assert (_image(visitor, earlier), _image(visitor, newer)) == (404, 200)


def test_earlier_picture_is_not_shown_once_the_session_is_closed() -> None:
    """R80"""
    visitor = _covered(FRONT)
    now = timezone.now()
    VerificationSession.objects.filter(pk=visitor.session.pk).update(outcome=Outcome.DECLINE, closed_at=now)
    assert _image(visitor, visitor.session.captures.get(kind=FRONT)) == 404


def _after(attempts: int) -> Visitor:
    """So many attempts failed, the last one with a selfie that did not match; the others are rows alone."""
    visitor = Visitor().go_to(Step.OVERVIEW)
    now = timezone.now()
    for number in range(1, attempts):
        Attempt.objects.create(session=visitor.session, number=number, max_retries=5, submitted_at=now, **DECIDED, decided_at=now)
    return failed(visitor, _failed(Check.FACE_MATCH, Reason.FACES_DIFFER))


TOLD = {1: None, 2: "This is try 3 of 6.", 4: "This is try 5 of 6.", 5: "This is the last try, so take your time."}


@pytest.mark.parametrize(("attempts", "sentence"), TOLD.items())
def test_number_of_the_try_is_told_from_the_third_on(attempts: int, sentence: str | None) -> None:
    """R4, R25"""
    page = _after(attempts).get().content.decode()
    assert (sentence or "data-lesson") in page
    assert ("This is t" in page) is (sentence is not None)


@pytest.mark.parametrize(
    ("failed_before", "outcome", "reasons"),
    [(4, Outcome.PENDING, []), (5, Outcome.DECLINE, ["RETRIES_EXHAUSTED", "FACES_DIFFER"])],
)
def test_sixth_attempt_that_fails_is_the_last(failed_before: int, outcome: Outcome, reasons: list[str]) -> None:
    """R4, R21: five may be mended, the sixth declines; a seventh does not exist."""
    visitor = _after(failed_before).go_to(Step.CHECKING)
    attempt = visitor.session.attempts.order_by("-number")[0]
    results = (_failed(Check.FACE_MATCH, Reason.FACES_DIFFER),)
    decided = decide(results, required=[Check.FACE_MATCH], retries_left=attempt.max_retries + 1 - attempt.number, manual_review=True)
    leases.claim(attempt, now=timezone.now())
    lifecycle.record_decision(attempt=attempt, results=results, decision=decided, columns={}, now=timezone.now())
    session = visitor.fresh()
    assert (session.outcome, session.reasons) == (outcome, reasons)
    assert session.attempts.count() == failed_before + 1


def test_nothing_is_submitted_after_the_last_try_and_the_page_says_so() -> None:
    """R4, R21: the seventh."""
    visitor = _after(6)
    VerificationSession.objects.filter(pk=visitor.session.pk).update(
        outcome=Outcome.DECLINE, closed_at=timezone.now(), reasons=["RETRIES_EXHAUSTED", "FACES_DIFFER"]
    )
    visitor.post("submit")
    assert visitor.session.attempts.count() == 6
    assert "all tries of this link are used up" in visitor.get().content.decode()


def test_pictures_of_every_attempt_are_kept() -> None:
    """R4, R70"""
    visitor = Visitor()
    for _ in range(3):
        failed(visitor, _failed(Check.FACE_MATCH, Reason.FACES_DIFFER))
    kept = {number: set(attempt.captures.values_list("pk", flat=True)) for number, attempt in enumerate(visitor.session.attempts.all())}
    assert all(len(captures) == 3 for captures in kept.values())
    assert len(set.union(*kept.values())) == 3 + 2  # each retry has a selfie of its own, and the rest in common
    assert all(capture.images.exists() for capture in visitor.session.captures.all())


def _reload(visitor: Visitor) -> None:
    visitor.get()
    visitor.get("?again")


def _retake(visitor: Visitor) -> None:
    visitor.go_to(Step.OVERVIEW)
    visitor.post("retake", kind=SELFIE)


def _upload_twice(visitor: Visitor) -> None:
    for _ in range(2):
        visitor.send(SELFIE, upload_key="the-same-key-twice")


def _poor_picture(visitor: Visitor) -> None:
    visitor.send(SELFIE)
    inspected(visitor.session.captures.current().get(kind=SELFIE), "TOO_DARK")


def _phone_for_a_while(visitor: Visitor) -> None:
    """Connected, its time over, connected once more, taken back."""
    now = timezone.now()
    phone = connected(visitor.session, now=now)
    later = phone.expires_at
    transfers.end_overdue(transfer=phone, now=later)
    connected(visitor.session, now=later)
    transfers.take_back(session=visitor.session, now=later)


def _challenge_not_answered(visitor: Visitor) -> None:
    """It was asked for and its time ran out."""
    challenges.issue(session=visitor.session, now=timezone.now() - challenges.ANSWER_WITHIN)
    visitor.post("challenge")


HAPPENINGS = [_reload, _retake, _upload_twice, _poor_picture, _phone_for_a_while, _challenge_not_answered]


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_only_a_submission_counts_as_a_try(happening: Any) -> None:
    """R4"""
    visitor = _after(1)
    happening(visitor)
    assert visitor.session.captures.count() >= 3
    assert visitor.session.attempts.count() == 1
