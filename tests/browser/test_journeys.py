"""The main job, end to end: a real browser with a drawn camera, the real server and worker, and what the agent then sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from checks_app.liveness.challenge import FLASH_STEP
from sessions_app import creation
from sessions_app.challenges import FLASHES
from sessions_app.choices import CaptureKind
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests import heads
from tests.browser import scenes
from tests.browser.people import Agent, Visitor
from tests.browser.stack import Stack
from tests.recordings import Attack
from verifyportal.dev.specimens import Person

pytestmark = pytest.mark.django_db(transaction=True)
BURST = {CaptureKind.DOCUMENT_FRONT: 6, CaptureKind.SELFIE: 5}  # frames that the page sends with a picture
HOLDER = Person(expiry_date=timezone.now().date() + timedelta(days=700))


def invite(company: Company, stack: Stack) -> tuple[VerificationSession, str]:
    session, token = creation.create_session(company=company, created_by=None, now=timezone.now())
    return session, f"{stack.url}/v/{token}/"


def show_passport(visitor: Visitor, link: str, person: Person = HOLDER, *, portrait: str = "astronaut", face: str = "astronaut") -> None:
    """Go as far as the challenge with a passport."""
    document, live = scenes.passport(person, portrait), scenes.selfie(face)
    visitor.camera.show(document)
    visitor.open(link)
    visitor.agree()
    visitor.choose("PASSPORT")
    visitor.shoot("DOCUMENT_FRONT", then=live)
    visitor.shoot("SELFIE", then=live)


def test_person_with_a_passport_is_approved(company: Company, stack: Stack, visitor: Visitor, agent: Agent) -> None:
    """R2, R20, R30, R33, R34: the whole straight line, and the agent finds it in the list and on the details page (R63, R70)."""
    session, link = invite(company, stack)
    show_passport(visitor, link)
    visitor.turn_head()
    assert visitor.submit() == "APPROVE"
    for kind, frames in BURST.items():
        assert session.captures.get(kind=kind).images.count() == 1 + frames
    row = agent.row(str(session.public_id))
    assert all(word in row for word in ("ANNA MARIA", "ERIKSSON", "Yes")), row
    details = agent.details(str(session.public_id))
    assert all(word in details for word in ("L898902C3", "01024056789", "Approved")), details
    assert agent.every_photo_opens()


def test_person_with_a_card_is_approved(company: Company, stack: Stack, visitor: Visitor, agent: Agent) -> None:
    """R30: front and back are compared, and both are shown."""
    session, link = invite(company, stack)
    visitor.camera.show(scenes.card_front(HOLDER))
    visitor.open(link)
    visitor.agree()
    visitor.choose("ID_CARD")
    visitor.shoot("DOCUMENT_FRONT", then=scenes.card_back(HOLDER))
    visitor.shoot("DOCUMENT_BACK", then=scenes.selfie())
    visitor.shoot("SELFIE", then=scenes.selfie())
    visitor.turn_head()
    assert visitor.submit() == "APPROVE"
    assert "Yes" in agent.row(str(session.public_id))
    assert "ID card" in agent.details(str(session.public_id))
    assert agent.every_photo_opens()


def test_another_face_than_on_the_passport_is_not_approved(company: Company, stack: Stack, visitor: Visitor, agent: Agent) -> None:
    """R33, R21: the face decides, and with no retry left the session is declined for it. R34: the screen flashes if the company wants."""
    Company.objects.update(max_retries=0, liveness_flash=True)
    company.refresh_from_db()
    session, link = invite(company, stack)
    show_passport(visitor, link, portrait="stranger")
    visitor.turn_head()
    assert visitor.submit() == "DECLINE"
    session.refresh_from_db()
    assert session.reasons == ["RETRIES_EXHAUSTED", "FACES_DIFFER"]
    lit = session.captures.get(kind=CaptureKind.LIVENESS).images.filter(step__gte=FLASH_STEP)
    assert set(lit.values_list("step", flat=True)) == {FLASH_STEP + number for number in range(FLASHES)}
    assert "No" in agent.row(str(session.public_id))
    assert "Face match" in agent.details(str(session.public_id))


def test_photo_that_is_turned_instead_of_a_head_is_not_approved(company: Company, stack: Stack, visitor: Visitor, agent: Agent) -> None:
    """R34: a flat picture of the right face does not pass for a head."""
    session, link = invite(company, stack)
    show_passport(visitor, link)
    visitor.turn_head(attack=Attack.FLAT)
    assert visitor.submit() == "RETRY"
    attempt = session.attempts.get()
    assert set(attempt.reasons) & {"FLAT_FACE", "CHALLENGE_NOT_FOLLOWED"}, attempt.reasons
    assert "Pending" in agent.row(str(session.public_id))
    assert "Liveness" in agent.details(str(session.public_id))


def test_photo_fed_to_the_browser_in_place_of_a_camera_is_not_approved(
    company: Company, stack: Stack, visitor: Visitor, agent: Agent
) -> None:
    """R31: no hand and no sensor shows the same moment twice."""
    session, link = invite(company, stack)
    visitor.camera.show(scenes.frozen(scenes.passport_photo(HOLDER)))
    visitor.open(link)
    visitor.agree()
    visitor.choose("PASSPORT")
    visitor.shoot("DOCUMENT_FRONT", then=scenes.selfie())
    visitor.shoot("SELFIE", then=scenes.selfie())
    visitor.turn_head()
    assert visitor.submit() == "RETRY"
    assert "FRAMES_REPEATED" in session.attempts.get().reasons
    assert "Pending" in agent.row(str(session.public_id))
    assert "Frames repeat" in agent.details(str(session.public_id))


def test_expired_passport_is_declined_for_its_date(company: Company, stack: Stack, visitor: Visitor, agent: Agent, tmp_path: Path) -> None:
    """R36: another picture cannot mend it, so no retry is offered. R34: who cannot move the head sends a photo, at any moment."""
    session, link = invite(company, stack)
    show_passport(visitor, link, replace(HOLDER, expiry_date=timezone.now().date() - timedelta(days=40)))
    photo = tmp_path / "face.jpg"
    photo.write_bytes(scenes.frozen(heads.portrait()))
    visitor.give_up_turning(photo)
    assert visitor.submit() == "DECLINE"
    session.refresh_from_db()
    assert session.reasons == ["DOCUMENT_EXPIRED"]
    assert "expired" in visitor.page.inner_text("main")
    assert "No" in agent.row(str(session.public_id))
    assert "Document expired" in agent.details(str(session.public_id))
