"""Which pages there are to look at, about sessions of the demo data that show something."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from checks_app.face.match_level import load_calibration
from checks_app.results import DocumentKind
from sessions_app import creation
from sessions_app.choices import Outcome
from sessions_app.steps import Step
from settings_app.models import Company
from verifyportal.dev.demo.companies import BANK
from verifyportal.dev.demo.pictures import Draft, Holder, draw_holder
from verifyportal.dev.demo.stories import Ending, Story, Take
from verifyportal.dev.demo.visit import Setting, Visit

STEPS = (Step.CONSENT, Step.EXTRA_FIELDS, Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.SELFIE, Step.LIVENESS, Step.OVERVIEW)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page: its file's name, its path, and whether an agent sees it (else whoever has the link)."""

    name: str
    path: str
    by_agent: bool = False


def panel() -> Iterator[Shot]:
    """The company's pages."""
    sessions = Company.objects.get(name=BANK.name).sessions.newest_first()
    yield Shot("login", "/accounts/login/")
    yield Shot("sessions", "/sessions/", by_agent=True)
    yield Shot("sessions-none", "/sessions/?q=zzzz", by_agent=True)
    yield Shot("new", "/sessions/new/", by_agent=True)
    yield Shot("not-found", "/sessions/nothing/", by_agent=True)
    subjects = {
        "approved": sessions.filter(outcome=Outcome.APPROVE, chosen_document=DocumentKind.ID_CARD.value),
        "declined": sessions.filter(outcome=Outcome.DECLINE, reasons__contains=["FACES_DIFFER"]),
        "review": sessions.filter(outcome=Outcome.REVIEW),
        "unopened": sessions.filter(outcome=Outcome.PENDING, opened_at=None),
    }
    for name, found in subjects.items():
        session = found.first()
        if session is not None:
            yield Shot(f"details-{name}", f"/sessions/{session.public_id}/", by_agent=True)


def flow(names: Collection[str] = (), *, now: datetime) -> Iterator[Shot]:
    """The end user's pages, all or those named: a new session is led to each step."""
    holder = draw_holder(Draft(4, now.date(), DocumentKind.PASSPORT))
    expired = draw_holder(Draft(5, now.date(), DocumentKind.PASSPORT, expired=True))
    stories = {f"flow-{step.value}": (Story(1, ending=Ending.LEFT, stops_at=step), holder) for step in STEPS}
    stories |= {
        "flow-approved": (Story(1), holder),
        "flow-review": (Story(1, takes=(Take(from_file=True),)), holder),
        "flow-declined": (Story(1, expired=True), expired),
    }
    for number, (name, (story, person)) in enumerate(stories.items()):
        if not names or name in names:
            yield Shot(name, _led_to(story, person, number, now))
    yield Shot("flow-no-link", f"/v/{'0' * 43}/")


def _led_to(story: Story, holder: Holder, number: int, now: datetime) -> str:
    """Play a session of the demo bank and return the path of its link."""
    company = Company.objects.get(name=BANK.name)
    staff = list(company.users.order_by("pk"))
    setting = Setting(company=company, staff=staff, market="DEU", born=now - timedelta(minutes=30), now=now)
    visit = Visit(setting, story, holder, engine=load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR).engine, seed=number)
    return urlsplit(creation.reveal_link(session=visit.play(), actor=staff[0], now=now)).path
