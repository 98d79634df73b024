"""R24: fields that were misread are corrected by people, and the trail keeps what stood there, sealed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from sessions_app import claims, corrections, search
from sessions_app.choices import EventKind, Outcome
from sessions_app.models import VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from tests import findings as drawn
from tests.concurrency import race
from tests.factories import NOW, checked_session, finished_session
from tests.reviews import colleague, load, waiting
from verifyportal import crypto

pytestmark = pytest.mark.django_db
READ: dict[str, Any] = {
    "first_name": "NIN0",
    "last_name": "BERIDZE",
    "personal_number": "01024056789",
    "document_number": "12AB34567",
    "birth_date": date(1990, 4, 17),
    "nationality": "GEO",
    "sex": "F",
    "expiry_date": date(2031, 4, 17),
}
RIGHT: dict[str, Any] = {
    "first_name": "NINO",
    "last_name": "BERIDZÉ",
    "personal_number": "01024056780",
    "document_number": "12AB34568",
    "birth_date": date(1990, 4, 18),
    "nationality": "UKR",
    "sex": "M",
    "expiry_date": date(2032, 4, 17),
}


def misread(**columns: Any) -> VerificationSession:
    return waiting(**{**READ, "search_text": search.search_text("NIN0", "BERIDZE", "01024056789", "12AB34567"), **columns})


def correct(session: VerificationSession, actor: Any, shown: dict[str, Any] | None = None, **values: Any) -> list[str]:
    shown = shown or corrections.fields_of(load(session))
    return corrections.correct(session=session, shown=shown, values=shown | values, actor=actor, now=NOW)


@pytest.mark.parametrize("field", corrections.FIELDS)
def test_each_field_is_corrected_by_itself(field: str) -> None:
    session = misread()
    assert correct(session, colleague(session), **{field: RIGHT[field]}) == [field]
    assert corrections.fields_of(load(session)) == READ | {field: RIGHT[field]}


def test_correction_leaves_one_event_and_one_sealed_trace_for_each_field() -> None:
    """R24: before and after in the trail, never in the clear."""
    session = misread()
    agent = colleague(session)
    correct(session, agent, first_name="NINO", birth_date=RIGHT["birth_date"])
    event = session.events.get(kind=EventKind.FIELDS_EDITED)
    assert (event.actor, event.details) == (agent, {"fields": "first_name,birth_date"})
    trail = session.company.audit_events.filter(kind=AuditKind.FIELDS_EDITED)
    assert [made.details["field"] for made in trail.order_by("number")] == ["first_name", "birth_date"]
    written = json.dumps([made.details for made in trail])
    assert not [word for word in ("NIN0", "NINO", "1990") if word in written]
    assert audit.first_broken(session.company) is None


def test_company_reads_what_stood_there_before() -> None:
    session = misread()
    agent = colleague(session)
    correct(session, agent, first_name="NINO", expiry_date=None)
    read = [(made.field, made.before, made.after, made.actor) for made in corrections.of_session(session)]
    assert read == [("first_name", "NIN0", "NINO", agent), ("expiry_date", "2031-04-17", "", agent)]


def test_traces_of_a_session_open_for_no_other_company() -> None:
    session, other = misread(), misread()
    correct(session, colleague(session), first_name="NINO")
    correct(other, colleague(other), first_name="NINO")
    session.company.wrapped_key, session.company.master_key_id = other.company.wrapped_key, other.company.master_key_id
    with pytest.raises(crypto.DoesNotOpen):
        corrections.of_session(session)


def test_nothing_changed_leaves_no_trace() -> None:
    session = misread()
    assert correct(session, colleague(session)) == []
    assert not session.events.filter(kind=EventKind.FIELDS_EDITED).exists()


@pytest.mark.parametrize(
    ("values", "found", "lost"),
    [
        ({"first_name": "ÉLODIE"}, "elodie", "nin0"),
        ({"last_name": "კაპანაძე"}, "კაპანაძე", "beridze"),
        ({"personal_number": "99 99"}, "9999", "01024056789"),
        ({"document_number": "X1"}, "x1", "12ab34567"),
    ],
)
def test_search_follows_the_correction(values: dict[str, Any], found: str, lost: str) -> None:
    """R61."""
    session = misread()
    correct(session, colleague(session), **values)
    everything = VerificationSession.objects.all()
    assert list(search.matching(everything, found)) == [session]
    assert list(search.matching(everything, lost)) == []


def test_name_that_was_not_corrected_is_still_found_in_both_spellings() -> None:
    """R61: the page prints MÜLLER, its zone MUELLER."""
    front = drawn.passport(
        fields=drawn.fields(last_name="MUELLER"), printed_text="MÜLLER", printed_surely="MÜLLER", screen_replay=drawn.measure(0.3)
    )
    session = checked_session(drawn.of_passport(front=front))
    assert session.outcome == Outcome.REVIEW
    correct(session, colleague(session), document_number="X1")
    assert {"muller", "mueller", "x1"} <= set(load(session).search_text.split())


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.REVIEW])
def test_only_a_session_in_review_is_corrected(outcome: Outcome) -> None:
    session = finished_session(outcome, **READ)
    with pytest.raises(claims.NotInReview):
        correct(session, colleague(session), first_name="NINO")
    assert load(session).first_name == "NIN0"


def test_live_claim_of_another_refuses_a_correction() -> None:
    session = misread()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    with pytest.raises(claims.ClaimedByAnother):
        correct(session, colleague(session), first_name="NINO")


def test_holder_who_corrects_keeps_his_claim_longer() -> None:
    session = misread()
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW - timedelta(minutes=10))
    correct(session, agent, first_name="NINO")
    assert load(session).claimed_until == NOW + claims.LASTS


def test_correction_made_on_an_older_reading_is_refused_and_told_how_things_stand() -> None:
    session = misread()
    agent = colleague(session)
    shown = corrections.fields_of(load(session))
    correct(session, agent, first_name="NINO")
    with pytest.raises(corrections.NotAsShown) as refusal:
        correct(session, agent, shown, first_name="NINA", sex="M")
    assert refusal.value.current == {"first_name": "NINO"}
    assert (load(session).first_name, load(session).sex) == ("NINO", "F")


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_once_do_not_overwrite_each_other() -> None:
    session = misread()
    shown = corrections.fields_of(load(session))
    agents = [colleague(session), colleague(session)]
    answers = race(
        lambda: correct(session, agents[0], shown, first_name="NINO"), lambda: correct(session, agents[1], shown, last_name="KAPANADZE")
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NotAsShown", "list"]
    assert session.company.audit_events.filter(kind=AuditKind.FIELDS_EDITED).count() == 1
