"""R70: what the report of a session says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from checks_app.results import Reason
from sessions_app import corrections, erasure, notes, storage, transfers
from sessions_app.choices import CaptureKind, EventKind, Outcome, ReviewReason
from sessions_app.models import CaptureImage, PossibleDuplicate, SessionEvent, VerificationSession
from sessions_app.panel import listing
from sessions_app.panel.report import document, fonts
from settings_app.models import Company, User
from tests import findings as given
from tests.captures import CLIENT
from tests.factories import NOW, ExtraFieldFactory, SessionFactory, checked_session, decide_attempt, finished_session, store_inspected

COVERED = given.of_passport(front=given.passport(full_document=given.measure(0.51, Reason.COVERED)))


def reader_of(session: VerificationSession, agent: User) -> PdfReader:
    read = document.with_everything(session.company.sessions).get(pk=session.pk)
    report = document.make(read, listing.extra_fields_of(session.company), made_for=agent, now=NOW)
    return PdfReader(io.BytesIO(report.pdf))


def text_of(session: VerificationSession, agent: User) -> str:
    """The text of all pages, with every run of blanks as one, since lines break anywhere."""
    return " ".join(" ".join(page.extract_text() for page in reader_of(session, agent).pages).split())


def test_report_tells_who_the_person_is_and_how_it_ended(company: Company, agent: User) -> None:
    text = text_of(checked_session(company=company, reference="KYC-4711", market="GEO"), agent)
    for words in ("NINO BERIDZE", "01001012345", "12AB34567", "17 Apr 1990", "Georgia (GEO)", "KYC-4711", "● Approved", "Demo Bank"):
        assert words in text


def test_report_shows_each_check_against_its_thresholds(company: Company, agent: User) -> None:
    """R37: score, thresholds as applied, margin, engine and version."""
    text = text_of(checked_session(COVERED, company=company), agent)
    for words in ("score 0.510", "0.140 below the limit", "approve from 0.650", "decline below 0.350", "drawn 1", "10 ms", "is covered"):
        assert words in text


def test_report_shows_the_zone_field_by_field(company: Company, agent: User) -> None:
    """R30."""
    text = text_of(checked_session(company=company), agent)
    assert "BERIDZE<<NINO" in text
    assert "● right" in text


def test_report_names_the_time_zone_and_tells_times_in_it(company: Company, agent: User) -> None:
    text = text_of(checked_session(company=company), agent)
    assert "Asia/Tbilisi (UTC+04:00)" in text
    assert "22 Nov 2026 14:05:00" in text  # NOW is 10:05 in UTC


def test_every_stored_picture_stands_with_its_fingerprint(company: Company, agent: User) -> None:
    session = checked_session(company=company)
    text = text_of(session, agent)
    stored = list(CaptureImage.objects.filter(capture__session=session).values_list("sha256", flat=True))
    assert len(stored) == 3
    assert [sha256 for sha256 in stored if sha256 not in text] == []


def test_every_page_says_which_of_how_many_it_is(company: Company, agent: User) -> None:
    pages = reader_of(checked_session(company=company), agent).pages
    assert len(pages) > 1
    assert all(f"{number} of {len(pages)}" in page.extract_text() for number, page in enumerate(pages, start=1))


def test_report_states_its_title_and_language(company: Company, agent: User) -> None:
    session = checked_session(company=company)
    reader = reader_of(session, agent)
    assert reader.metadata is not None
    assert reader.metadata.title == f"Verification report {session.public_id}"
    assert str(reader.root_object["/Lang"]) == "en"


def test_same_session_gives_the_same_bytes(company: Company, agent: User) -> None:
    read = document.with_everything(company.sessions).get(pk=checked_session(company=company).pk)
    made = [document.make(read, [], made_for=agent, now=NOW).pdf for _ in range(2)]
    assert made[0] == made[1]


def test_photos_are_in_the_report(company: Company, agent: User) -> None:
    """Selfie, portrait and the document."""
    drawn = reader_of(checked_session(company=company), agent).pages[0].get_contents()
    assert drawn is not None
    assert drawn.get_data().count(b" Do") == 3


def test_every_attempt_is_told(company: Company, agent: User) -> None:
    session = checked_session(given.of_passport(liveness=given.liveness(liveness=given.measure(0.1, Reason.FLAT_FACE))), company=company)
    again = store_inspected(session, CaptureKind.LIVENESS, given.liveness())
    decide_attempt(session, [*session.captures.filter(replaced_at=None).exclude(pk=again.pk), again], given.of_passport())
    text = text_of(session, agent)
    assert "Attempt 1 of 2" in text
    assert "Attempt 2 of 2 – gave the result" in text
    assert "Not passed, retry offered" in text


def test_erased_pictures_are_said_to_be_erased(company: Company, agent: User) -> None:
    session = checked_session(company=company)
    erasure.erase_pictures(session=session, actor=agent, now=NOW + timedelta(days=1))
    reader = reader_of(session, agent)
    assert "The pictures were erased on 23 Nov 2026 14:05:00." in " ".join(reader.pages[0].extract_text().split())
    assert [image for page in reader.pages for image in page.images] == []


def test_lost_file_is_said_to_be_missing(company: Company, agent: User) -> None:
    session = checked_session(company=company)
    storage.discard(session.captures.get(kind=CaptureKind.SELFIE).images.get())
    assert "The file of this picture is missing." in text_of(session, agent)


def test_session_that_nobody_opened_has_a_report(company: Company, agent: User) -> None:
    text = text_of(SessionFactory(company=company), agent)
    assert "There are no photos yet." in text
    assert "Nothing was submitted for checking yet." in text


def test_reviews_and_notes_are_readable(company: Company, agent: User) -> None:
    """R24: with who wrote them and when; what was undone says so."""
    session = finished_session(Outcome.REVIEW, company=company)
    session.reviews.create(
        reviewer=agent, outcome="DECLINE", reason=ReviewReason.NOT_LIVE, in_review_since=NOW, at=NOW, undone_at=NOW, undone_by=agent
    )
    notes.add(session=session, text="Called back: all is well", author=agent, now=NOW)
    text = text_of(session, agent)
    for words in ("No live person is seen", f"Undone on 22 Nov 2026 14:05:00 by {agent.email}", "Called back: all is well"):
        assert words in text


def test_corrections_stand_beside_what_was_read(company: Company, agent: User) -> None:
    """R24: edited fields with before and after."""
    session = finished_session(Outcome.REVIEW, company=company, first_name="NIN0")
    shown = corrections.fields_of(session)
    corrections.correct(session=session, shown=shown, values={**shown, "first_name": "NINO"}, actor=agent, now=NOW)
    assert f"First name NIN0 NINO {agent.email}, 22 Nov 2026 14:05:00" in text_of(session, agent)


def test_withdrawn_end_is_marked(company: Company, agent: User) -> None:
    session = finished_session(Outcome.REVIEW, company=company)
    SessionEvent.objects.create(session=session, kind=EventKind.APPROVED, at=NOW, withdrawn_at=NOW + timedelta(minutes=1))
    assert "Approved · withdrawn on 22 Nov 2026 14:06:00" in text_of(session, agent)


def test_possible_duplicate_is_named_by_its_id_alone(company: Company, agent: User) -> None:
    session, other = checked_session(company=company), finished_session(company=company, first_name="ANA", last_name="LOMIDZE")
    PossibleDuplicate.objects.create(attempt=session.attempts.get(), other=other, level=6, one_in=123_456.0)
    text = text_of(session, agent)
    assert str(other.public_id) in text
    assert "LOMIDZE" not in text


@pytest.mark.parametrize(
    "value",
    ["<b>bold</b> & <para/>", "]]></para><img src='file:///etc/passwd'/>", "W" * 3000, "very " * 2000, "a\x07b\u202ec", "שלום " * 900],
    ids=["markup", "image", "word", "words", "controls", "hebrew"],
)
def test_hostile_text_does_not_break_the_report(value: str, company: Company, agent: User) -> None:
    """What comes from outside is text, however it looks and however long it is."""
    ExtraFieldFactory(company=company, key="note", label="Note <i>")
    text = text_of(SessionFactory(company=company, extra_values={"note": value}), agent)
    assert "Note <i>" in text
    assert "Timeline" in text


@pytest.mark.parametrize("name", ["ნინო ბერიძე", "Нина Соколова", "Ελένη Παππά", "Աննա Հակոբյան", "José Łukasiewicz"])
def test_names_of_many_scripts_are_printed(name: str, company: Company, agent: User) -> None:
    ExtraFieldFactory(company=company, key="known-as", label="Known as")
    assert name in text_of(SessionFactory(company=company, extra_values={"known-as": name}), agent)


def test_letters_that_cannot_be_printed_are_named(company: Company, agent: User) -> None:
    """Left out in silence they would make the report lie."""
    ExtraFieldFactory(company=company, key="known-as", label="Known as")
    text = text_of(SessionFactory(company=company, extra_values={"known-as": "山田"}), agent)
    assert f"Known as {fonts.UNKNOWN * 2}" in text
    assert "U+5C71 U+7530" in text


def test_report_tells_which_phone_carried_the_session(company: Company, agent: User) -> None:
    """R11, R70: as the details page does."""
    session = SessionFactory(company=company, now=NOW)
    code = transfers.find_code(typed=transfers.issue_code(session=session, now=NOW).typed, now=NOW)
    transfers.connect(code=code, phone_key="one", client=replace(CLIENT, model="Pixel 9"), now=NOW)
    transfers.take_back(session=session, now=NOW)
    text = text_of(session, agent)
    for words in ("Continued on a phone", "Pixel 9", "Taken back to the first device"):
        assert words in text
