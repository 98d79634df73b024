"""Which pages there are to look at, about sessions of the demo data that show something. Names sort by who sees the page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count

from checks_app.face.match_level import load_calibration
from checks_app.results import DocumentKind
from sessions_app import creation
from sessions_app.choices import CaptureState, Outcome, TransferEnd
from sessions_app.models import VerificationSession
from sessions_app.models.drift_alert import OPEN
from sessions_app.steps import Step
from settings_app import people
from settings_app.choices import Role
from settings_app.models import Company
from verifyportal.dev.demo import handover, replaying
from verifyportal.dev.demo.companies import BANK
from verifyportal.dev.demo.pictures import Draft, Holder, draw_holder
from verifyportal.dev.demo.stories import Ending, Story, Take
from verifyportal.dev.demo.visit import Setting, Visit
from verifyportal.dev.style_page import ERROR_PAGES

STEPS = (Step.CONSENT, Step.EXTRA_FIELDS, Step.DOCUMENT_CHOICE, Step.DOCUMENT_FRONT, Step.SELFIE, Step.LIVENESS, Step.OVERVIEW)
ACCOUNT_PAGES = {
    "login": "login/",
    "password-reset": "password/reset/",
    "password-reset-sent": "password/reset/done/",
    "password-reset-dead": "password/reset/key/1-set-password/",
    "no-signup": "signup/",
    "inactive": "inactive/",
}
OWN_ACCOUNT_PAGES = {
    "password-change": "password/change/",
    "two-factor": "2fa/",
    "two-factor-begin": "2fa/totp/activate/",
    "logout": "logout/",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A page: its file's name, its path, whether staff sees it (else whoever has the link), and what is pressed there.

    Staff is a master user, who sees what agents see, and the settings.
    link: opened first, where the page wants the cookie that a link brings.
    """

    name: str
    path: str
    by_agent: bool = False
    press: tuple[str, ...] = ()
    link: str = ""


def panel(*, now: datetime) -> Iterator[Shot]:
    """The company's pages, those of accounts and of errors, and the style page."""
    for name, path in ACCOUNT_PAGES.items():
        yield Shot(f"account-{name}", f"/accounts/{path}")
    for name, path in OWN_ACCOUNT_PAGES.items():
        yield Shot(f"account-{name}", f"/accounts/{path}", by_agent=True)
    for name in ERROR_PAGES:
        yield Shot(f"error-{name}", f"/styleguide/errors/{name}/")
    yield Shot("style-panel", "/styleguide/")
    yield Shot("style-flow", "/styleguide/flow/")
    yield from _lists()
    yield from _details()
    yield from _settings()
    yield from _replays(now)


def _settings() -> Iterator[Shot]:
    yield Shot("panel-settings-thresholds", "/settings/thresholds/", by_agent=True)
    yield Shot("panel-settings-thresholds-market", "/settings/thresholds/?market=TUR", by_agent=True)
    yield Shot("panel-settings-markets", "/settings/thresholds/matrix/", by_agent=True)
    yield Shot("panel-settings-sessions", "/settings/sessions/", by_agent=True)
    yield Shot("panel-settings-changes", "/settings/sessions/changes/", by_agent=True)
    yield Shot("panel-settings-branding", "/settings/branding/", by_agent=True)
    yield Shot("panel-settings-fields", "/settings/extra-fields/", by_agent=True)
    yield Shot("panel-settings-field-new", "/settings/extra-fields/new/", by_agent=True)
    yield Shot("panel-settings-journal", "/settings/journal/", by_agent=True)
    yield Shot("panel-settings-journal-none", "/settings/journal/?market=company&threshold=photocopy", by_agent=True)
    yield Shot("panel-settings-people", "/settings/people/", by_agent=True, press=(".person summary",))
    for field in Company.objects.get(name=BANK.name).extra_fields.asked()[:1]:
        yield Shot("panel-settings-field", f"/settings/extra-fields/{field.pk}/", by_agent=True)
        yield Shot("panel-settings-field-remove", f"/settings/extra-fields/{field.pk}/remove/", by_agent=True)


def _replays(now: datetime) -> Iterator[Shot]:
    company = Company.objects.get(name=BANK.name)
    tried, cancelled = replaying.tried(company, now=now), replaying.cancelled(company, now=now)
    yield Shot("panel-replay", f"/settings/replays/{tried.public_id}/", by_agent=True)
    yield Shot("panel-replay-sessions", f"/settings/replays/{tried.public_id}/sessions/?move=approve-review", by_agent=True)
    yield Shot("panel-replay-cancelled", f"/settings/replays/{cancelled.public_id}/", by_agent=True)


def _lists() -> Iterator[Shot]:
    yield Shot("panel-sessions", "/sessions/", by_agent=True)
    yield Shot("panel-sessions-filtered", "/sessions/?document=PASSPORT&status=success&q=a", by_agent=True)
    yield Shot("panel-sessions-filtering", "/sessions/", by_agent=True, press=("[popovertarget=filter-document]",))
    yield Shot("panel-sessions-views", "/sessions/?document=PASSPORT", by_agent=True, press=("[popovertarget=filter-views]",))
    yield Shot("panel-sessions-keys", "/sessions/", by_agent=True, press=("[data-keys-open]",))
    yield Shot("panel-sessions-menu", "/sessions/", by_agent=True, press=("[id^=more-]",))
    yield Shot("panel-sessions-behind", "/sessions/?by=checks&retaken=yes&device=Mobile&closed_from=2020-01-01", by_agent=True)
    yield Shot("panel-sessions-none", "/sessions/?q=zzzz", by_agent=True)
    yield Shot("panel-user-menu", "/match-levels/", by_agent=True, press=(".user",))
    yield Shot("panel-match-levels", "/match-levels/", by_agent=True)
    yield Shot("panel-new", "/sessions/new/", by_agent=True)
    yield Shot("panel-sessions-ways", "/sessions/", by_agent=True, press=("[popovertarget=ways]",))
    yield Shot("panel-bulk", "/sessions/bulk/", by_agent=True)
    yield Shot("panel-batches", "/sessions/batches/", by_agent=True)
    for batch in Company.objects.get(name=BANK.name).session_batches.all()[:1]:
        yield Shot("panel-batch", f"/sessions/batches/{batch.public_id}/", by_agent=True)
        yield Shot("panel-batch-none", f"/sessions/batches/{batch.public_id}/?show=finished&page=9", by_agent=True)
    yield Shot("panel-review", "/review/", by_agent=True)
    yield Shot("panel-review-none", "/review/?show=mine", by_agent=True)
    yield Shot("panel-metrics", "/metrics/", by_agent=True)
    yield Shot("panel-metrics-table", "/metrics/?period=90", by_agent=True, press=(".twin summary",))
    yield Shot("panel-metrics-none", "/metrics/?from_day=2020-01-01&to_day=2020-01-31&by=hour", by_agent=True)
    yield Shot("panel-drift", "/metrics/drift/", by_agent=True)
    for alert in Company.objects.get(name=BANK.name).drift_alerts.filter(acknowledged_at=None)[:1]:
        yield Shot("panel-drift-acknowledge", f"/metrics/drift/{alert.pk}/acknowledge/", by_agent=True)
    for _sign in Company.objects.get(name=BANK.name).drift_alerts.filter(OPEN, is_early=True)[:1]:
        yield Shot("panel-drift-early", "/metrics/drift/", by_agent=True, press=(".drift-signs summary",))


def _details() -> Iterator[Shot]:
    sessions = Company.objects.get(name=BANK.name).sessions.newest_first().exclude(captures__state=CaptureState.ERASED)
    subjects = {
        "approved": sessions.filter(outcome=Outcome.APPROVE, chosen_document=DocumentKind.ID_CARD.value),
        "declined": sessions.filter(outcome=Outcome.DECLINE, reasons__contains=["FACES_DIFFER"]),
        "review": sessions.filter(outcome=Outcome.REVIEW, claimed_by=None),
        "claimed": sessions.filter(outcome=Outcome.REVIEW).exclude(claimed_by=None),
        "reviewed": sessions.exclude(reviews=None).exclude(outcome=Outcome.REVIEW),
        "retried": sessions.annotate(tries=Count("attempts")).filter(tries__gt=1),
        "unopened": sessions.filter(outcome=Outcome.PENDING, opened_at=None),
        "on-a-phone": sessions.filter(outcome=Outcome.PENDING, transfers__ended_at=None, transfers__isnull=False),
        "was-on-a-phone": sessions.filter(transfers__end=TransferEnd.TAKEN_BACK),
        "closed": sessions.filter(outcome__in=[Outcome.ABANDONED, Outcome.EXPIRED, Outcome.CANCELLED]),
    }
    for name, found in subjects.items():
        session = found.first()
        if session is not None:
            yield Shot(f"panel-details-{name}", _page(session), by_agent=True)
            yield from _opened(name, session)
            if name == "closed":
                yield Shot("panel-new-again", f"/sessions/new/?like={session.public_id}", by_agent=True)


def _opened(name: str, session: VerificationSession) -> Iterator[Shot]:
    """What can be opened on a details page."""
    page = _page(session)
    if name == "approved":
        yield Shot("panel-details-photo", page, by_agent=True, press=(".photo a",))
    if name == "unopened":
        yield Shot("panel-link", f"{page}ready/", by_agent=True)
        yield Shot("panel-link-dialog", page, by_agent=True, press=("form[action$='/link/'] button",))
        yield Shot("panel-cancel", f"{page}cancel/", by_agent=True)
        yield Shot("panel-cancel-dialog", page, by_agent=True, press=("a[hx-get$='/cancel/']",))
    if name == "review":
        for act in ("approve", "decline", "redo", "correct"):
            yield Shot(f"panel-review-{act}", f"{page}{act}/", by_agent=True)
        yield Shot("panel-review-decline-dialog", page, by_agent=True, press=("a[hx-get$='/decline/']",))


def _page(session: VerificationSession) -> str:
    return f"/sessions/{session.public_id}/"


def flow(names: Collection[str] = (), *, now: datetime) -> Iterator[Shot]:
    """The end user's pages, all or those named: a new session is led to each step."""
    holder = draw_holder(Draft(4, now.date(), DocumentKind.PASSPORT))
    expired = draw_holder(Draft(5, now.date(), DocumentKind.PASSPORT, expired=True))
    stories = {f"flow-{step.value}": (Story(1, ending=Ending.LEFT, stops_at=step), holder) for step in STEPS}
    stories |= {
        "flow-refused": (Story(1, ending=Ending.LEFT, stops_at=Step.CONSENT, refuses_consent=True), holder),
        "flow-retry": (Story(1, takes=(Take(screen=(0.01, 0.08)),), ending=Ending.LEFT, gives_up_after=1), holder),
        "flow-retry-moves": (Story(1, takes=(Take(liveness=(0.1, 0.3)),), ending=Ending.LEFT, gives_up_after=2), holder),
        "flow-retry-last": (Story(1, takes=(Take(distance=(0.44, 0.6)),), ending=Ending.LEFT, gives_up_after=5), holder),
        "flow-used-up": (Story(1, takes=(Take(framing=(0.05, 0.3)),)), holder),
        "flow-approved": (Story(1), holder),
        "flow-review": (Story(1, takes=(Take(from_file=True),)), holder),
        "flow-declined": (Story(1, expired=True), expired),
    }
    for number, (name, (story, person)) in enumerate(stories.items()):
        if not names or name in names:
            yield Shot(name, _led_to(story, person, number, now))
    if not names:
        yield from _handing_over(holder, now)
        yield _joining(now)
    yield Shot("account-join-over", "/join/")
    yield Shot("flow-no-link", f"/v/{'0' * 43}/")


def _joining(now: datetime) -> Shot:
    """Where somebody comes in whom the demo bank invites."""
    company = Company.objects.get(name=BANK.name)
    master = people.members(company).filter(role=Role.MASTER)[0]
    invited = people.invite(company=company, email=f"invited@{BANK.mail_domain}", role=Role.AGENT, actor=master, now=now)
    return Shot("account-join", "/join/", link=f"/join/{invited.token}/")


def _handing_over(holder: Holder, now: datetime) -> Iterator[Shot]:
    """Three sessions before their first picture."""
    waiting, carried, moving = (_at_camera(holder, number, now) for number in (51, 52, 53))
    links = {"code": _link(waiting, now), "mirror": _link(carried, now)}
    for name, path in handover.paths(waiting, carried, moving, now=now):
        yield Shot(f"flow-handover-{name}", path, link=links.get(name, ""))


def _at_camera(holder: Holder, number: int, now: datetime) -> VerificationSession:
    return _play(Story(1, ending=Ending.LEFT, stops_at=Step.DOCUMENT_FRONT), holder, number, now)


def _led_to(story: Story, holder: Holder, number: int, now: datetime) -> str:
    """Play a session of the demo bank and return the path of its link."""
    return _link(_play(story, holder, number, now), now)


def _play(story: Story, holder: Holder, number: int, now: datetime) -> VerificationSession:
    company = Company.objects.get(name=BANK.name)
    staff = list(company.users.order_by("pk"))
    setting = Setting(company=company, staff=staff, market="DEU", born=now - timedelta(minutes=30), now=now)
    engine = load_calibration(settings.FACE_ENGINE, settings.FACE_MODELS_DIR).engine
    return Visit(setting, story, holder, engine=engine, seed=number).play()


def _link(session: VerificationSession, now: datetime) -> str:
    return urlsplit(creation.reveal_link(session=session, actor=session.company.users.earliest("pk"), now=now)).path
