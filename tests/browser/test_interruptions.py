"""What happens on the way: the tab is closed, another browser goes on, there is no camera."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sessions_app.models import SessionEvent
from settings_app.models import Company
from tests.browser import scenes
from tests.browser.conftest import Opens
from tests.browser.people import A_PHONE, NO_CAMERA, Agent, Visitor
from tests.browser.scenes import FakeCamera
from tests.browser.stack import Stack
from tests.browser.test_journeys import HOLDER, invite, show_passport
from verifyportal.dev import handout

pytestmark = pytest.mark.django_db(transaction=True)


def test_closed_tab_resumes_in_another_browser(
    company: Company, stack: Stack, visitor: Visitor, opens: Opens, camera: FakeCamera, agent: Agent
) -> None:
    """R5: the link leads back to the exact step; what was done is not asked again."""
    session, link = invite(company, stack)
    show_passport(visitor, link)
    visitor.reach("[data-liveness]")
    visitor.page.context.close()
    assert "Pending" in agent.row(str(session.public_id))

    elsewhere = Visitor(opens(permissions=["camera"]), camera)
    elsewhere.open(link)
    elsewhere.turn_head()
    assert elsewhere.submit() == "APPROVE"
    kinds = SessionEvent.objects.filter(session=session).values_list("kind", flat=True)
    assert [list(kinds).count(kind) for kind in ("OPENED", "CONSENTED", "DOCUMENT_CHOSEN", "CAPTURED")] == [1, 1, 1, 3]
    assert "Yes" in agent.row(str(session.public_id))


def test_same_browser_resumes_where_the_tab_was_closed(company: Company, stack: Stack, visitor: Visitor) -> None:
    """R5: half-way means half-way, also between two pictures."""
    _session, link = invite(company, stack)
    document, live = scenes.passport(HOLDER), scenes.selfie()
    visitor.camera.show(document)
    visitor.open(link)
    visitor.agree()
    visitor.choose("PASSPORT")
    visitor.shoot("DOCUMENT_FRONT", then=live)
    visitor.reach("[data-kind=SELFIE]")
    again = Visitor(visitor.page.context.new_page(), visitor.camera)
    visitor.page.close()
    again.open(link)
    again.reach("[data-capture][data-kind=SELFIE]")


def test_person_without_a_camera_sends_files_and_is_reviewed(
    company: Company, stack: Stack, opens: Opens, camera: FakeCamera, agent: Agent, settings: object, tmp_path: Path
) -> None:
    """R35: every way without a camera ends at a file; R22: a file proves nothing live, so a person has a look."""
    settings.DEMO_ROOT = tmp_path  # type: ignore[attr-defined]
    files = {path.stem: path for path in handout.write_specimens(today=timezone.now().date() - timedelta(days=1))}
    session, link = invite(company, stack)
    page = opens(**A_PHONE)
    page.add_init_script(NO_CAMERA)
    visitor = Visitor(page, camera)
    visitor.open(link)
    visitor.agree()
    visitor.choose("PASSPORT")
    page.wait_for_selector("[data-part=error]:not([hidden])")
    assert "no camera" in page.inner_text("[data-what]")
    visitor.send_file("DOCUMENT_FRONT", files["passport"])
    visitor.send_file("SELFIE", files["selfie"])
    visitor.send_file("LIVENESS", files["selfie"])
    assert visitor.submit() == "REVIEW"
    session.refresh_from_db()
    assert "NOT_LIVE_CAPTURE" in session.reasons
    row = agent.row(str(session.public_id))
    assert "Pending" in row
    assert "In review" in row
    assert "Uploaded as a file" in agent.details(str(session.public_id))
