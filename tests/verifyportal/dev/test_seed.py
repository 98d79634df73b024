"""The demonstration: consistent, varied, the same for the same number, and with photos that open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from checks_app.results import DocumentKind
from sessions_app import access, batches, corrections, notes, storage
from sessions_app.choices import Outcome, TransferEnd
from sessions_app.models import Attempt, CaptureImage, PossibleDuplicate, Review, SessionBatch, Transfer, VerificationSession
from settings_app import audit
from settings_app.models import Company, User
from verifyportal.dev import handout, seed
from verifyportal.dev.demo.pictures import Draft, draw_holder

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SESSIONS = 20


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any, pictures: Path) -> Iterator[seed.Access]:
    """Seeding takes seconds, and these tests only look: once for all of them."""
    with django_db_blocker.unblock(), override_settings(CAPTURE_ROOT=pictures, ACCEPT_SPECIMENS=True), transaction.atomic():
        yield seed.seed(sessions=SESSIONS, number=7, now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def demo(db: None, seeded: seed.Access, pictures: Path, settings: Any) -> seed.Access:
    settings.CAPTURE_ROOT = pictures
    return seeded


def test_demonstration_holds_together(demo: seed.Access) -> None:
    """R20, R22, R81: decided by the product's own rules, so that list, checks, photos and trail agree."""
    sessions = VerificationSession.objects.all()
    assert sessions.filter(batch=None).count() == SESSIONS + 1, "and one for whoever wants to try"
    assert {Outcome.APPROVE, Outcome.DECLINE, Outcome.PENDING} <= set(sessions.values_list("outcome", flat=True))
    decided = Attempt.objects.filter(verdict="APPROVE")
    assert decided.exists()
    assert not decided.exclude(session__outcome=Outcome.APPROVE).exists()
    assert all(storage.read_image(image) for image in CaptureImage.objects.select_related("capture__session__company")[:20])
    assert [audit.first_broken(company) for company in Company.objects.all()] == [None, None]
    assert sessions.filter(created_at__gt=NOW).count() == 0


def test_one_face_stands_under_two_names(demo: seed.Access) -> None:
    """R36: the later session waits in review and names the earlier one."""
    named = PossibleDuplicate.objects.get()
    assert (named.attempt.session.outcome, named.other.outcome) == (Outcome.REVIEW, Outcome.APPROVE)
    assert named.attempt.session.last_name != named.other.last_name
    assert named.attempt.session.company == named.other.company


def test_people_have_reviewed_and_written(demo: seed.Access) -> None:
    """R24: one session is in somebody's hands; what he undid, corrected and noted can be read."""
    held = VerificationSession.objects.exclude(claimed_by=None)
    assert held.exists()
    session = held[0]
    assert session.outcome == Outcome.REVIEW
    assert session.reviews.exclude(undone_at=None).count() == 1
    assert [made.field for made in corrections.of_session(session)] == ["last_name"]
    assert notes.of_session(session)
    assert all(made.at <= NOW for made in Review.objects.all())


def test_some_people_went_on_with_a_phone(demo: seed.Access) -> None:
    """R11, R14: one came back, one was done there, one is at it now."""
    ends = list(Transfer.objects.order_by("connected_at").values_list("end", flat=True))
    assert ends == [TransferEnd.TAKEN_BACK, TransferEnd.COMPLETED, ""]
    assert Transfer.objects.get(ended_at=None).is_running(NOW)
    assert set(VerificationSession.objects.filter(transfers__end=TransferEnd.COMPLETED).values_list("device", flat=True)) == {"Mobile"}


def test_a_batch_is_on_its_way(demo: seed.Access) -> None:
    """R1: its links were fetched, some people came, one session was cancelled."""
    batch = SessionBatch.objects.get()
    assert batches.progress(batch) == batches.Progress(waiting=15, started=9, finished=1)
    assert batch.size == batch.sessions.count() == 25


def test_sessions_of_every_ending_are_there(demo: seed.Access) -> None:
    """R8: also those that lie outside every rate."""
    found = set(VerificationSession.objects.filter(batch=None).values_list("outcome", flat=True))
    assert {Outcome.CANCELLED, Outcome.EXPIRED} <= found


def test_everybody_can_log_in_and_the_link_opens(demo: seed.Access) -> None:
    """R80: masters, agents and an operator; R2: the link alone is enough."""
    assert {login.role for login in demo.logins} == {"MASTER", "AGENT", "OPERATOR"}
    assert User.objects.get(email=demo.logins[0].email).check_password(demo.logins[0].password)
    assert access.find_by_token(demo.link.rstrip("/").rsplit("/", 1)[-1]) is not None


def test_without_specimens_there_is_no_demonstration(db: None, settings: Any) -> None:
    settings.ACCEPT_SPECIMENS = False
    with pytest.raises(seed.SpecimensRefused):
        seed.seed(sessions=1, number=7, now=NOW)


def test_the_same_draft_draws_the_same_person() -> None:
    draft = Draft(3, date(2026, 11, 22), DocumentKind.ID_CARD)
    assert draw_holder(draft) == draw_holder(draft)


def test_handout_lets_only_its_owner_read_the_logins(settings: Any, tmp_path: Path) -> None:
    settings.DEMO_ROOT = tmp_path
    path = handout.write_access(json.dumps({"logins": [], "link": ""}))
    assert path.stat().st_mode & 0o077 == 0
    assert handout.read_access() == {"logins": [], "link": ""}
