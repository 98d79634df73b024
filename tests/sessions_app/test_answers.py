from datetime import timedelta
from typing import Any

import pytest

from sessions_app import answers, lifecycle
from sessions_app.choices import CaptureKind, EventKind
from sessions_app.clients import ClientFacts
from sessions_app.models import VerificationSession
from settings_app.choices import DocumentChoice
from tests import findings as drawn
from tests.captures import CLIENT, add_capture, answered_session, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
DESKTOP = ClientFacts(ip="198.51.100.9", device="PC", browser="Chrome 141", os="Windows 11", model="")

ANSWERS: dict[str, Any] = {
    "open_link": lambda session, now: answers.open_link(session=session, client=CLIENT, now=now),
    "consent": lambda session, now: answers.consent(session=session, version="1", language="en", now=now),
    "refuse_consent": lambda session, now: answers.refuse_consent(session=session, now=now),
    "fill_extra": lambda session, now: answers.fill_extra(session=session, values={}, now=now),
    "choose_document": lambda session, now: answers.choose_document(session=session, country="GEO", document="PASSPORT", now=now),
}


def kinds(session: VerificationSession) -> list[str]:
    return list(session.events.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
@pytest.mark.parametrize(("late", "accepted"), [(-1, True), (0, False), (1, False)])
def test_answers_are_taken_until_the_link_expires(answer: Any, late: int, accepted: bool) -> None:
    """R3: 7 d - 1 s, 7 d, 7 d + 1 s, computed when read."""
    session = SessionFactory()
    moment = session.expires_at + timedelta(seconds=late)
    if accepted:
        answer(session, moment)
        assert VerificationSession.objects.get(pk=session.pk).last_activity_at == moment
    else:
        with pytest.raises(lifecycle.SessionClosed):
            answer(session, moment)
        assert kinds(session) == [EventKind.CREATED]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_answers_are_refused_once_the_session_is_closed(answer: Any) -> None:
    """R8: cancelled by the company, while the user still has the page open."""
    session = SessionFactory()
    lifecycle.cancel(session=VerificationSession.objects.get(pk=session.pk), actor=UserFactory(company=session.company), now=NOW)
    with pytest.raises(lifecycle.SessionClosed):
        answer(session, NOW)


def test_first_opening_counts_and_later_ones_keep_the_session_alive() -> None:
    """R2, R5: opened anywhere, as often as wanted."""
    session = SessionFactory()
    answers.open_link(session=session, client=CLIENT, now=NOW)
    answers.open_link(session=session, client=CLIENT, now=LATER)
    session.refresh_from_db()
    assert (session.opened_at, session.last_activity_at) == (NOW, LATER)
    assert kinds(session) == [EventKind.CREATED, EventKind.OPENED]


def test_device_is_the_one_that_opens_until_there_are_pictures() -> None:
    """R65: the device that captured."""
    session = answered_session()
    answers.open_link(session=session, client=DESKTOP, now=NOW)
    session.refresh_from_db()
    before = session.device
    add_capture(session, CaptureKind.DOCUMENT_FRONT)
    answers.open_link(session=session, client=CLIENT, now=NOW)
    session.refresh_from_db()
    assert (before, session.device, session.client_ip, session.os) == ("PC", "PC", "198.51.100.9", "Windows 11")


def test_consent_keeps_version_language_and_time_of_the_first_yes() -> None:
    session = SessionFactory()
    answers.consent(session=session, version="2026-11", language="ka", now=NOW)
    answers.consent(session=session, version="2027-01", language="en", now=LATER)
    session.refresh_from_db()
    assert (session.consented_at, session.consent_version, session.consent_language) == (NOW, "2026-11", "ka")
    assert kinds(session).count(EventKind.CONSENTED) == 1


def test_no_can_become_yes_and_yes_stays_yes() -> None:
    session = SessionFactory()
    answers.refuse_consent(session=session, now=NOW)
    answers.refuse_consent(session=session, now=NOW)
    answers.consent(session=session, version="1", language="en", now=LATER)
    answers.refuse_consent(session=session, now=LATER)
    session.refresh_from_db()
    assert (session.consented_at, session.consent_refused_at) == (LATER, None)
    assert kinds(session) == [EventKind.CREATED, EventKind.CONSENT_REFUSED, EventKind.CONSENTED]


def test_extra_fields_join_those_that_the_company_gave() -> None:
    """R45: filled in the flow or given at creation."""
    session = SessionFactory()
    VerificationSession.objects.filter(pk=session.pk).update(extra_values={"plan": "gold"})
    answers.fill_extra(session=session, values={"city": "Tbilisi"}, now=NOW)
    session.refresh_from_db()
    assert session.extra_values == {"plan": "gold", "city": "Tbilisi"}
    assert session.events.get(kind=EventKind.EXTRA_FILLED).details == {"fields": 1}


def test_another_document_drops_its_pictures_and_keeps_the_face() -> None:
    """R5: nothing is asked twice that need not be."""
    session = ready_session()
    answers.choose_document(session=session, country="GEO", document=DocumentChoice.ID_CARD, now=LATER)
    assert set(session.captures.current().values_list("kind", flat=True)) == {CaptureKind.SELFIE, CaptureKind.LIVENESS}


def test_same_document_chosen_again_drops_nothing() -> None:
    session = ready_session()
    answers.choose_document(session=session, country="GEO", document=DocumentChoice.PASSPORT, now=LATER)
    assert session.captures.current().count() == 3
    assert kinds(session).count(EventKind.DOCUMENT_CHOSEN) == 1


def test_document_cannot_change_under_the_checks() -> None:
    """R22: what was submitted is judged as what it was submitted for."""
    session = ready_session()
    processing_attempt(session)
    with pytest.raises(lifecycle.BeingChecked):
        answers.choose_document(session=session, country="GEO", document=DocumentChoice.ID_CARD, now=LATER)
    session.refresh_from_db()
    assert (session.chosen_document, session.captures.current().count()) == (DocumentChoice.PASSPORT, 3)


@pytest.mark.parametrize("document", [DocumentChoice.ID_CARD, "DRIVING_LICENCE", ""])
def test_document_that_the_company_does_not_accept_cannot_be_chosen(document: str) -> None:
    """R47: allowed documents."""
    session = SessionFactory(company=CompanyFactory(allowed_documents=[DocumentChoice.PASSPORT]))
    with pytest.raises(answers.DocumentNotAccepted):
        answers.choose_document(session=session, country="GEO", document=document, now=NOW)


def test_timeline_holds_codes_and_counts_and_no_personal_data() -> None:
    session = ready_session(changed={CaptureKind.DOCUMENT_FRONT: drawn.passport()})
    answers.fill_extra(session=session, values={"city": "Tbilisi", "mother": "Ketevan"}, now=NOW)
    told = str(list(session.events.values_list("details", flat=True)))
    assert not [word for word in ("Tbilisi", "Ketevan", "BERIDZE", "203.0.113.7") if word in told]
