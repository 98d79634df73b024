"""R5, R12: the current step is computed from what is stored, and from nothing else."""

import pytest

from checks_app.results import Reason
from sessions_app import answers, steps
from sessions_app.choices import CaptureKind, CaptureState, Outcome
from sessions_app.models import Capture, VerificationSession
from sessions_app.steps import Step
from settings_app.choices import DocumentChoice
from settings_app.models import Company
from tests import findings as drawn
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt, ready_session
from tests.factories import NOW, ExtraFieldFactory, SessionFactory, finished_session

pytestmark = pytest.mark.django_db


def test_passport_flow_goes_through_its_steps_in_order() -> None:
    """R5: progress is saved after every step; reopening resumes at the exact step."""
    session = SessionFactory()
    walked = [steps.step_of(session)]
    answers.open_link(session=session, client=CLIENT, now=NOW)
    answers.consent(session=session, version="1", language="en", now=NOW)
    walked.append(reread(session))
    answers.choose_document(session=session, country="GEO", document=DocumentChoice.PASSPORT, now=NOW)
    walked.append(reread(session))
    for kind, found in (
        (CaptureKind.DOCUMENT_FRONT, drawn.passport()),
        (CaptureKind.SELFIE, drawn.selfie()),
        (CaptureKind.LIVENESS, drawn.liveness()),
    ):
        add_capture(session, kind, found)
        walked.append(reread(session))
    processing_attempt(session)
    walked.append(reread(session))
    assert walked == [
        Step.CONSENT,
        Step.DOCUMENT_CHOICE,
        Step.DOCUMENT_FRONT,
        Step.SELFIE,
        Step.LIVENESS,
        Step.OVERVIEW,
        Step.CHECKING,
    ]


def reread(session: VerificationSession) -> Step:
    """Look up the step as another browser would: from the database alone."""
    return steps.step_of(VerificationSession.objects.get(pk=session.pk))


def test_card_asks_for_its_back_and_a_passport_does_not() -> None:
    """R30: front and back of a card."""
    assert Step.DOCUMENT_BACK in steps.document_steps(DocumentChoice.ID_CARD)
    assert Step.DOCUMENT_BACK not in steps.document_steps(DocumentChoice.PASSPORT)


def test_back_of_the_card_comes_right_after_its_front() -> None:
    session = answered_session(DocumentChoice.ID_CARD)
    add_capture(session, CaptureKind.DOCUMENT_FRONT, drawn.card_front())
    assert reread(session) == Step.DOCUMENT_BACK


@pytest.mark.parametrize(
    ("columns", "usable"),
    [
        ({"state": CaptureState.WAITING}, False),
        ({"state": CaptureState.INSPECTED}, True),
        ({"state": CaptureState.INSPECTED, "problems": [Reason.GLARE]}, False),
        ({"state": CaptureState.INSPECTED, "problems": [Reason.GLARE], "kept_despite_problems": True}, True),
        ({"state": CaptureState.CRASHED}, True),
    ],
)
def test_flow_goes_on_with_pictures_that_are_good_kept_or_beyond_inspection(columns: dict[str, object], usable: bool) -> None:
    """R35: a poor picture is asked for again at once."""
    session = VerificationSession(consented_at=NOW, chosen_document=DocumentChoice.PASSPORT)
    capture = Capture(kind=CaptureKind.DOCUMENT_FRONT, **columns)
    step = steps.next_step(session, captures=[capture], being_checked=False, asks_extra_fields=False)
    assert step == (Step.SELFIE if usable else Step.DOCUMENT_FRONT)


def test_extra_fields_are_asked_once() -> None:
    """R45, R5: nothing is asked twice."""
    session = answered_session()
    ExtraFieldFactory(company=session.company, key="plan")
    before = reread(session)
    answers.fill_extra(session=session, values={"plan": "gold"}, now=NOW)
    assert (before, reread(session)) == (Step.EXTRA_FIELDS, Step.DOCUMENT_FRONT)


def test_extra_fields_that_the_company_gave_are_not_asked() -> None:
    """R45: given at creation."""
    field = ExtraFieldFactory(key="plan")
    assert reread(answered_session(company=field.company, extra_values={"plan": "gold"})) == Step.DOCUMENT_FRONT


def test_extra_fields_are_asked_when_the_company_gave_only_some() -> None:
    field = ExtraFieldFactory(key="plan")
    ExtraFieldFactory(company=field.company, key="city")
    assert reread(answered_session(company=field.company, extra_values={"plan": "gold"})) == Step.EXTRA_FIELDS


def test_replaced_capture_leads_back_to_its_own_step_alone() -> None:
    """R22: a retry asks for what failed, and for nothing else."""
    session = ready_session()
    session.captures.filter(kind=CaptureKind.SELFIE).update(replaced_at=NOW)
    assert reread(session) == Step.SELFIE


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.PENDING])
def test_session_with_an_outcome_is_done(outcome: Outcome) -> None:
    assert reread(finished_session(outcome)) == Step.DONE


def test_document_that_is_accepted_no_more_is_chosen_anew_and_the_face_stays() -> None:
    """R47: rather than being declined for it in the end."""
    session = ready_session()
    Company.objects.update(allowed_documents=[DocumentChoice.ID_CARD])
    before = reread(session)
    answers.choose_document(session=session, country="GEO", document=DocumentChoice.ID_CARD, now=NOW)
    assert (before, reread(session)) == (Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT)
    assert set(session.captures.current().values_list("kind", flat=True)) == {CaptureKind.SELFIE, CaptureKind.LIVENESS}


def test_attempt_with_the_workers_is_not_disturbed_by_what_is_accepted() -> None:
    attempt = processing_attempt()
    Company.objects.update(allowed_documents=[DocumentChoice.ID_CARD])
    assert reread(attempt.session) == Step.CHECKING
