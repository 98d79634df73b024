"""Demo data: two companies and three months of their sessions, drawn and decided from one seed. No real person, no real document."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from checks_app.face.match_level import load_calibration
from checks_app.results import DocumentKind
from sessions_app import creation
from sessions_app.drift import watch
from settings_app.models import Company, User
from verifyportal.dev.demo import campaign, reviewing
from verifyportal.dev.demo.companies import BANK, OPERATOR, PLANS, Plan, found_company
from verifyportal.dev.demo.past import Past
from verifyportal.dev.demo.pictures import Draft, Holder, drawing
from verifyportal.dev.demo.stories import ALWAYS, STORIES, Ending, Story
from verifyportal.dev.demo.visit import Setting, Visit

DAYS = 90
PEOPLE = {DocumentKind.PASSPORT: 40, DocumentKind.ID_CARD: 32}  # drawn; who is verified twice has a new account, or a new phone
CUSTOMERS = 24  # who come again and again in the older past, whose pictures are erased
PASSPORTS = 0.55  # share of sessions
PASSWORD_BYTES = 9


class SpecimensRefused(RuntimeError):
    """The portal takes no specimens, so that demo data would be declined throughout."""


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    email: str
    password: str
    company: str


@dataclass(frozen=True, slots=True)
class Access:
    """How to get in: what `./run` prints and `var/demo/access.json` keeps."""

    logins: list[Login]
    link: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cue:
    """One session before it is played."""

    plan: Plan
    story: Story
    kind: DocumentKind
    born: datetime


def seed(*, sessions: int, number: int, now: datetime, past_a_day: float = 0) -> Access:
    """Fill an empty database. The same number gives the same sessions but for secrets, ids and challenges. Raises SpecimensRefused.

    past_a_day: how many more the bank had on a working day of the weeks before, whose pictures are erased.
    """
    if not settings.ACCEPT_SPECIMENS:
        raise SpecimensRefused("Demo data need ACCEPT_SPECIMENS=1.")
    chance = random.Random(number)
    cues = [*(_cue(chance, now) for _ in range(sessions - len(ALWAYS))), *_always(now)]
    cues.sort(key=lambda cue: cue.born)
    drafts = _cast(cues, number, now)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with drawing(drafts) as drawn, transaction.atomic():  # all or nothing: an interrupted start begins again
        companies = {plan.name: found_company(plan, password=password, now=now - timedelta(days=DAYS + 10)) for plan in PLANS}
        User.objects.create_superuser(OPERATOR, password, full_name="Operator")
        past = Past(companies[BANK.name], [drawn(draft) for draft in _customers(drafts)], now=now, a_day=past_a_day, seed=number)
        for index, (cue, draft) in enumerate(zip(cues, drafts, strict=True)):
            past.live_until(cue.born)
            _play(cue, drawn(draft), companies[cue.plan.name], seed=number * 100_000 + index, now=now)
        past.live_until(now)
        campaign.play(companies[BANK.name], seed=number, now=now)
        for company in companies.values():
            reviewing.play(company, list(company.users.order_by("pk")), seed=number, now=now)
            watch.look_at(company, now=now)
        return Access(_logins(password), demo_link(now=now))


def demo_link(*, now: datetime) -> str:
    """Create a session of the demo bank for whoever wants to walk through the flow, and return its link."""
    company = Company.objects.get(name=BANK.name)
    _session, token = creation.create_session(company=company, created_by=None, now=now, reference="Your own walk through", market="GEO")
    return creation.link_for(token)


def _cue(chance: random.Random, now: datetime) -> Cue:
    plan = PLANS[0] if chance.random() < 0.7 else PLANS[1]
    story = chance.choices(STORIES, weights=[story.weight for story in STORIES])[0]
    kind = story.kind or (DocumentKind.PASSPORT if chance.random() < PASSPORTS else DocumentKind.ID_CARD)
    ago = timedelta(days=DAYS) * chance.random() ** 2  # most of those with pictures are of these days
    if story.ending is Ending.LEFT and chance.random() < 0.3:
        ago = timedelta(days=6.5) * chance.random()  # still open
    return Cue(plan, story, kind, now - timedelta(hours=1) - ago)


def _always(now: datetime) -> Iterator[Cue]:
    for story, ago in ALWAYS:
        yield Cue(BANK, story, story.kind or DocumentKind.ID_CARD, now - ago)


def _customers(drafts: list[Draft]) -> list[Draft]:
    """Whose documents are good: the people of the older past."""
    return [draft for draft in dict.fromkeys(drafts) if not draft.expired and draft.face is None][:CUSTOMERS]


def _cast(cues: Iterable[Cue], number: int, now: datetime) -> list[Draft]:
    """Give each session a person with the right kind of document."""
    taken = Counter[DocumentKind]()
    drafts: list[Draft] = []
    for cue in cues:
        taken[cue.kind] += 1
        person = number * 1_000 + taken[cue.kind] % PEOPLE[cue.kind] + 500 * (cue.kind is DocumentKind.ID_CARD)
        if cue.story.shared_face:  # a person of its own each time, and one face that is nobody else's
            drafts.append(Draft(number * 1_000 + 600 + len(drafts), now.date(), cue.kind, face=number * 1_000 + 599))
        else:
            drafts.append(Draft(person, now.date(), cue.kind, expired=cue.story.expired))
    return drafts


def _play(cue: Cue, holder: Holder, company: Company, *, seed: int, now: datetime) -> None:
    market = random.Random(seed).choice(cue.plan.markets)
    setting = Setting(company=company, staff=list(company.users.order_by("pk")), market=market, born=cue.born, now=now)
    Visit(setting, cue.story, holder, engine=load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR).engine, seed=seed).play()


def _logins(password: str) -> list[Login]:
    people = User.objects.select_related("company").order_by("pk")
    return [Login(user.role or "OPERATOR", user.email, password, user.company.name if user.company else "") for user in people]
