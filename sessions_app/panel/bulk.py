"""What the pages of batches print: a file that was looked at, and a batch with its sessions (R1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from sessions_app import batches
from sessions_app.batches import HandedOut
from sessions_app.choices import Outcome
from sessions_app.models import SessionBatch, VerificationSession
from sessions_app.panel import batch_file, csv_file, labels
from sessions_app.panel.batch_file import Checked, Problem
from sessions_app.panel.forms import BatchForm
from sessions_app.panel.labels import Badge, type_of_text
from settings_app.access import PanelRequest
from settings_app.choices import AuditKind
from settings_app.models import AuditEvent, Company

SHOWN_PROBLEMS = 50
SHOWN_DOUBTS = 10
ROWS, BATCHES = 50, 20  # on a page
CREATE, PROBLEMS = "create", "problems"
"""What the buttons of the page ask for, besides a look at the file."""

LINK_COLUMNS = ("reference", "link", "expires", "session_id")


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was looked at. digest: names the file, so that what is created is what was seen."""

    checked: Checked
    digest: str
    content: bytes
    name: str

    @property
    def problems(self) -> list[Problem]:
        return self.checked.problems[:SHOWN_PROBLEMS]

    @property
    def more_problems(self) -> int:
        return max(0, len(self.checked.problems) - SHOWN_PROBLEMS)

    @property
    def doubts(self) -> list[tuple[type_of_text, list[batch_file.Repeated], int]]:
        """Why somebody should look twice, with the first few references and how many more there are."""
        found = (
            (_("References that stand in several rows"), self.checked.repeated),
            (_("References that open sessions have already"), self.checked.already_open),
        )
        return [(words, some[:SHOWN_DOUBTS], max(0, len(some) - SHOWN_DOUBTS)) for words, some in found if some]

    def was_seen(self, form: BatchForm) -> bool:
        """True when somebody saw what is in this very file, that it is well, and what is doubtful about it."""
        seen = form.cleaned_data["checked"] == self.digest and not self.checked.problems
        return seen and (form.cleaned_data["confirmed"] or not self.checked.is_doubtful)


def look_at(form: BatchForm, *, company: Company, fields: list[Any], now: datetime) -> Look | None:
    """Read the file that was sent; None when none was, or none that could be."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    content = file.read()
    checked = batch_file.check(content, company=company, extra_fields=fields, today=now.astimezone(company.zone).date())
    return Look(checked, hashlib.sha256(content).hexdigest(), content, file.name)


def create(look: Look, form: BatchForm, request: PanelRequest, now: datetime) -> SessionBatch | None:
    """Return the batch when it is wanted and was seen. A file that is sent again from the same page leads to the batch that it made."""
    if request.POST.get("act") != CREATE:
        return None
    key = batches.identity(company=request.company, key=form.cleaned_data["key"], content=look.content)
    made = request.company.session_batches.filter(public_id=key).first()
    if made or not look.was_seen(form):
        return made
    return batches.create(
        company=request.company, public_id=key, given=look.checked.given, file_name=look.name, actor=request.user, now=now
    )


def problem_file(look: Look) -> HttpResponse:
    """Everything that is wrong, as a file."""
    rows = ([str(one.row or ""), one.column, one.words] for one in look.checked.problems)
    return csv_file.answer("problems.csv", ("row", "column", "problem"), rows)


def link_file(batch: SessionBatch, lines: list[HandedOut]) -> HttpResponse:
    zone = batch.company.zone
    rows = ([line.reference, line.link, f"{line.expires_at.astimezone(zone):%Y-%m-%d %H:%M:%S}", str(line.session_id)] for line in lines)
    return csv_file.answer(f"links-{batch.created_at.astimezone(zone):%Y-%m-%d-%H%M}.csv", LINK_COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class State:
    """A part of a batch that can be shown alone."""

    name: str
    label: type_of_text
    rule: Q


STATES = (
    State("", _("All"), Q()),
    State("waiting", _("Not opened yet"), Q(outcome=Outcome.PENDING, opened_at=None)),
    State("started", _("In progress"), Q(outcome=Outcome.PENDING, opened_at__isnull=False)),
    State("finished", _("Finished"), batches.FINISHED),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A session of a batch."""

    session: VerificationSession
    badge: Badge


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch: how far its people are, some of its sessions, and who fetched the links."""

    batch: SessionBatch
    progress: batches.Progress
    states: tuple[State, ...]
    shown: State
    page: Page
    fetched: list[AuditEvent]

    @property
    def rows(self) -> Iterator[Row]:
        return (Row(session, _badge(session)) for session in self.page)


def batch_page(request: PanelRequest, batch: SessionBatch) -> BatchPage:
    """Read the part of a batch that the address asks for."""
    shown = next((state for state in STATES if state.name == request.GET.get("show", "")), STATES[0])
    sessions = batch.sessions.filter(shown.rule).only("batch", "public_id", "reference", "outcome", "opened_at", "closed_at").order_by("id")
    page = Paginator(sessions, ROWS).get_page(request.GET.get("page"))
    trail = request.company.audit_events.filter(session_public_id=batch.public_id, kind=AuditKind.LINKS_DOWNLOADED)
    return BatchPage(batch, batches.progress(batch), STATES, shown, page, list(trail.select_related("actor").order_by("-at", "-number")))


def batch_list(request: PanelRequest) -> Page:
    """The company's batches, the newest first, each with how many of its sessions are finished."""
    found = request.company.session_batches.select_related("created_by").order_by("-created_at", "-id")
    page = Paginator(found, BATCHES).get_page(request.GET.get("page"))
    counted = request.company.session_batches.filter(pk__in=[batch.pk for batch in page]).order_by()
    finished = dict(counted.annotate(n=Count("sessions", ~Q(sessions__outcome=Outcome.PENDING))).values_list("pk", "n"))
    for batch in page:
        batch.finished = finished[batch.pk]  # type: ignore[attr-defined]  # for the template
    return page


def _badge(session: VerificationSession) -> Badge:
    if not session.is_open:
        return labels.outcome_badge(session.outcome)
    return Badge("pending", labels.open_word(opened=session.opened_at is not None, over=False, checking=False))
