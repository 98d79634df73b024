"""R70, R37: the details page."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checks_app.results import DocumentFindings, MrzField, Reason, SessionFindings
from sessions_app import storage
from sessions_app.choices import CaptureKind, Outcome
from sessions_app.models import CaptureImage, VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests import findings as given
from tests.factories import ExtraFieldFactory, SessionFactory, checked_session, decide_attempt, finished_session, picture, store_inspected

WEAK_FACE = given.of_passport(selfie=given.selfie(face=given.face(0.52)))
QUERIES_OF_THE_PAGE = 28  # whatever the number of captures, attempts, checks and events


def details(panel: Client, session: VerificationSession) -> str:
    response = panel.get(f"/sessions/{session.public_id}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_page_shows_every_field_of_the_person(panel: Client, company: Company) -> None:
    """R30, R70."""
    page = details(panel, checked_session(company=company, reference="KYC-4711", market="GEO"))
    for text in (
        "NINO BERIDZE",
        "01001012345",
        "12AB34567",
        "17 Apr 1990",
        "Georgia (GEO)",
        "female",
        "31 Jan 2030",
        "Passport",
        "KYC-4711",
    ):
        assert text in page


def test_page_says_what_was_concluded(panel: Client, company: Company) -> None:
    page = details(panel, checked_session(company=company))
    for text in ("Approved", "ID is real", "Full ID detected", "Level 7 (1 in 500,000)", "All corners are visible"):
        assert text in page


def test_spoof_and_incompleteness_are_said(panel: Client, company: Company) -> None:
    page = details(panel, finished_session(Outcome.DECLINE, company=company, document_valid=False, digital_spoof=True, not_full_id=True))
    assert "ID is spoofed" in page
    assert "Full ID not detected" in page


def test_nothing_is_said_of_a_document_that_nobody_judged(panel: Client, company: Company) -> None:
    page = details(panel, SessionFactory(company=company))
    assert "ID is" not in page
    assert "Full ID" not in page


def test_reasons_appear_in_the_words_of_staff(panel: Client, company: Company) -> None:
    """R25."""
    page = details(panel, checked_session(WEAK_FACE, company=company))
    assert "Face match below the accepted level" in page
    assert "are hard to compare" not in page


def test_check_card_shows_score_thresholds_engine_and_time(panel: Client, company: Company) -> None:
    """R37."""
    page = details(panel, checked_session(WEAK_FACE, company=company))
    for text in ("Level 2 (1 in 250)", "required: Level 4 (1 in 1,000)", "distance 0.520", "drawn-faces 1 · 200 ms", "approve from 0.65"):
        assert text in page


def test_mrz_shows_the_state_of_each_check_digit(panel: Client, company: Company) -> None:
    """R30."""
    page = details(panel, checked_session(company=company))
    assert "BERIDZE&lt;&lt;NINO" in page
    assert "no check digit" in page
    assert "99 %" in page


def test_mrz_tells_what_is_wrong_with_each_field(panel: Client, company: Company) -> None:
    """R30: per-field errors."""
    parts = (MrzField("nationality", "QQQ", None, 0.99), MrzField("names", "BERIDZE<<NINO", None, 0.4))
    page = details(panel, checked_session(given.of_passport(front=given.passport(mrz=given.reading(fields=parts))), company=company))
    assert "No issuer has this code." in page
    assert "Was not read with certainty." in page
    assert "A field of the machine-readable zone says something impossible" in page


@pytest.mark.parametrize(("found", "title"), [(given.of_passport(), "Print agrees"), (given.of_card(), "Front and back agree")])
def test_print_is_shown_beside_the_zone(panel: Client, company: Company, found: SessionFindings, title: str) -> None:
    """R30: field by field, with what was not seen."""
    response = panel.get(f"/sessions/{checked_session(found, company=company).public_id}/")
    assert {(str(line.name), str(line.badge.word)) for line in response.context["printed"]} >= {
        ("Last name", "agrees"),
        ("Birth date", "agrees"),
        ("Personal number", "not seen"),
    }
    assert "Print and machine-readable zone" in response.content.decode()
    assert title in response.content.decode()


def test_print_that_differs_is_shown_as_printed(panel: Client, company: Company) -> None:
    """R30, R37."""
    changed = given.passport(printed_text="22.07.1971", printed_surely="22.07.1971")
    page = details(panel, checked_session(given.of_passport(front=changed), company=company))
    for text in ("1971-07-22", "differs: Birth date", "Print and machine-readable zone disagree"):
        assert text in page


@pytest.mark.parametrize("front", [given.passport(mrz=None, fields=None), given.passport(printed_text="", printed_surely="")])
def test_no_comparison_is_shown_where_there_was_none(panel: Client, company: Company, front: DocumentFindings) -> None:
    assert "Print and machine-readable zone" not in details(panel, checked_session(given.of_passport(front=front), company=company))


def test_mrz_that_is_not_certain_is_never_shown(panel: Client, company: Company) -> None:
    doubtful = given.passport(mrz=given.reading(accepted=False), fields=None)
    page = details(panel, checked_session(given.of_passport(front=doubtful), company=company))
    assert "BERIDZE" not in page
    assert "not certain enough to show" in page


def test_every_attempt_keeps_its_photos(panel: Client, company: Company) -> None:
    """R70."""
    session = checked_session(given.of_passport(liveness=given.liveness(liveness=given.measure(0.1, Reason.FLAT_FACE))), company=company)
    first = list(session.captures.values_list("public_id", flat=True))
    again = [store_inspected(session, CaptureKind.LIVENESS, given.liveness())]
    decide_attempt(session, [*session.captures.filter(replaced_at=None).exclude(pk=again[0].pk), *again], given.of_passport())
    page = details(panel, session)
    assert "Attempt 1" in page
    assert "Attempt 2" in page
    assert "Not passed, retry offered" in page
    assert all(str(capture) in page for capture in [*first, again[0].public_id])


def test_portrait_is_shown_beside_the_selfie(panel: Client, company: Company) -> None:
    captions = [photo.caption for photo in panel.get(f"/sessions/{checked_session(company=company).public_id}/").context["photos"]]
    assert [str(caption) for caption in captions] == ["Selfie", "Portrait on the document", "Document, front", "Machine-readable zone"]


def test_both_sides_of_a_card_are_shown(panel: Client, company: Company) -> None:
    session = checked_session(given.of_card(), company=company)
    captions = [str(photo.caption) for photo in panel.get(f"/sessions/{session.public_id}/").context["photos"]]
    assert captions[2:] == ["Document, front", "Document, back", "Machine-readable zone"]


def test_extra_fields_appear_under_their_labels(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, key="phone", label="Phone number")
    page = details(panel, SessionFactory(company=company, extra_values={"phone": "+995 555 12 34 56"}))
    assert "Phone number" in page
    assert "+995 555 12 34 56" in page


def test_times_are_those_of_the_company(panel: Client, company: Company) -> None:
    assert "22 Nov 2026 14:05:00" in details(panel, SessionFactory(company=company))


def test_timeline_tells_the_story(panel: Client, company: Company) -> None:
    words = [str(line.words) for line in panel.get(f"/sessions/{checked_session(company=company).public_id}/").context["timeline"]]
    assert words[0] == "Session created"
    assert words[-1] == "Approved"


def test_opening_the_page_is_recorded(panel: Client, company: Company, agent: User) -> None:
    session = SessionFactory(company=company)
    details(panel, session)
    event = company.audit_events.get(kind=AuditKind.SESSION_VIEWED)
    assert (event.session_public_id, event.actor) == (session.public_id, agent)
    assert audit.first_broken(company) is None


def test_page_costs_a_fixed_number_of_queries(panel: Client, company: Company) -> None:
    weak = given.of_passport(liveness=given.liveness(liveness=given.measure(0.1)))
    session = checked_session(weak, company=company)
    for _ in range(2):
        fresh = store_inspected(session, CaptureKind.LIVENESS, given.liveness())
        kept = session.captures.filter(replaced_at=None).exclude(pk=fresh.pk)
        decide_attempt(session, [*kept, fresh], weak)
    with CaptureQueriesContext(connection) as queries:
        details(panel, session)
    assert len(queries) == QUERIES_OF_THE_PAGE


@pytest.mark.parametrize("page", ["", "ready/", "cancel/"])
def test_session_of_another_company_does_not_exist(stranger: Client, company: Company, page: str) -> None:
    """R81."""
    session = SessionFactory(company=company)
    assert stranger.get(f"/sessions/{session.public_id}/{page}").status_code == 404
    assert stranger.get(f"/sessions/{uuid4()}/{page}").status_code == 404


def test_session_that_is_being_checked_has_no_cards_yet(panel: Client, company: Company) -> None:
    session = finished_session(Outcome.PENDING, company=company)
    session.attempts.create(number=1, max_retries=5, submitted_at=session.created_at)
    response = panel.get(f"/sessions/{session.public_id}/")
    assert [made.cards for made in response.context["tries"]] == [[]]
    assert "Being checked" in response.content.decode()


def test_crashed_inspection_does_not_hide_the_page(panel: Client, company: Company) -> None:
    session = SessionFactory(company=company)
    capture = store_inspected(session, CaptureKind.SELFIE, replace(given.selfie()))
    session.captures.filter(pk=capture.pk).update(state="CRASHED", findings_sealed=None)
    details(panel, session)


def test_document_is_shown_with_what_was_found_in_it(panel: Client, company: Company) -> None:
    """R37: outline, zone and portrait lie over the picture, and the zone is shown flat."""
    page = details(panel, checked_session(company=company))
    assert 'class="mark-document" points="100,100 900,100 900,900 100,900"' in page
    assert "?size=zone" in page


def test_moments_before_the_picture_are_shown(panel: Client, company: Company) -> None:
    """R31: what the judgement on screens rests on can be looked at."""
    session = checked_session(company=company)
    front = session.captures.get(kind=CaptureKind.DOCUMENT_FRONT)
    CaptureImage.objects.bulk_create(storage.write_picture(front, picture(), position=at, step=None, at_ms=None) for at in (1, 2))
    page = details(panel, session)
    assert "Moments before" in page
    assert all(f"/photos/{front.public_id}/{at}/?size=thumb" in page for at in (1, 2))


def test_likeness_of_faces_is_no_score_and_no_percentage(panel: Client, company: Company) -> None:
    """R33: 1 in N says what it is worth; 0.48 looks like a probability."""
    page = details(panel, checked_session(WEAK_FACE, company=company))
    assert page.count("as alike as 1 in 380 pairs of strangers") == 2  # in the result and on the card
    assert "score 0.48" not in page


def test_frames_around_a_selfie_are_counted_and_not_shown(panel: Client, company: Company) -> None:
    session = checked_session(given.of_passport(selfie=given.selfie(frames=4)), company=company)
    selfie = session.captures.get(kind=CaptureKind.SELFIE)
    CaptureImage.objects.bulk_create(storage.write_picture(selfie, picture(), position=at, step=None, at_ms=None) for at in (1, 2, 3))
    page = details(panel, session)
    assert "Selfie, averaged over 4 frames" in page
    assert f"/photos/{selfie.public_id}/1/" not in page


@pytest.mark.parametrize(("move", "word"), [("UP", "up"), ("DOWN", "down"), ("CLOSER", "closer"), ("LEFT", "left"), ("RIGHT", "right")])
def test_page_names_what_the_challenge_asked(panel: Client, company: Company, move: str, word: str) -> None:
    """R34."""
    session = checked_session(company=company)
    session.challenges.update(moves=[move])
    assert panel.get(f"/sessions/{session.public_id}/").context["moves"] == [word]
