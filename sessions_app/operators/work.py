"""The work itself: what the sweeps did, who was last here, what is stuck, and what died or crashed lately. Ids and times, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import CaptureState, EventKind
from sessions_app.models import Attempt, Capture, SessionEvent, SweepRun, VerificationSession
from sessions_app.operators.figures import Figure, ago, counted, span, type_of_text
from sessions_app.sweeps import Sweep, stuck

LATE = timedelta(minutes=2)
"""Beyond its rhythm: a sweep that was not called for so long is not called at all."""

LOOKED_BACK = 20_000
"""Newest rows that are searched for what died: no index is kept for it."""

LATELY = timedelta(days=1)
SHOWN = 20
MOST = 1000

BY_PEOPLE = frozenset(
    {
        EventKind.OPENED,
        EventKind.CONSENTED,
        EventKind.CONSENT_REFUSED,
        EventKind.EXTRA_FILLED,
        EventKind.DOCUMENT_CHOSEN,
        EventKind.CAPTURED,
        EventKind.SUBMITTED,
        EventKind.PHONE_CONNECTED,
        EventKind.PHONE_TAKEN_BACK,
    }
)

SWEEPS = {
    Sweep.RECOVER: _("Enqueues again what a worker or the broker lost. Every %(every)s."),
    Sweep.TRANSFERS: _("Ends hand-overs to phones whose time is over. Every %(every)s."),
    Sweep.CLOSE: _("Writes Abandoned and Expired. Every %(every)s."),
    Sweep.WATCH: _("Looks for work that is stuck. Every %(every)s."),
    Sweep.OLD_PICTURES: _("Erases pictures that their company keeps no longer. Every %(every)s."),
    Sweep.DRIFT: _("Compares each rate of each company with its own four weeks before. Every %(every)s."),
    Sweep.CATCH_UP: _("After an update, makes what older versions did not keep: counts of metrics, numbers for replays. Every %(every)s."),
    Sweep.LEFTOVERS: _("Drops files and codes that nothing refers to. Every %(every)s."),
}


def sweeps(*, now: datetime) -> Iterator[Figure]:
    runs = {run.name: run for run in SweepRun.objects.all()}
    for sweep, means in SWEEPS.items():
        run, every = runs.get(sweep), timedelta(seconds=settings.SWEEPS_EVERY[sweep])
        advice = _help_for(run, every=every, now=now) % {"name": sweep}
        yield Figure(sweep, _told(run, now=now), means % {"every": span(every)}, advice)


def _told(run: SweepRun | None, *, now: datetime) -> type_of_text:
    if run is None:
        return _("has not run yet")
    ended = _("ended %(ago)s, handled %(number)s") % {"ago": ago(run.finished_at, now=now), "number": f"{run.handled:,}"}
    return f"{ended} · {run.failure}, {ago(run.failed_at, now=now)}" if run.failed_at else ended


def _help_for(run: SweepRun | None, *, every: timedelta, now: datetime) -> str:
    if run is None and every > LATE:
        return ""  # a new installation: its first hour is not over
    if run is None or run.started_at + every + LATE < now:
        return gettext("It is not called: look at beat, and at the worker of the queue sweeps. “manage.py sweep %(name)s” does it by hand.")
    if run.failed_at and run.failed_at >= run.started_at:
        return gettext("The last run met something: look for “sweep” in the worker's log. “manage.py sweep %(name)s” tries again.")
    if run.finished_at is None or run.finished_at + every + LATE < run.started_at:
        return gettext("It begins and does not come to its end: look for “%(name)s” in the worker's log.")
    return ""


def people(*, now: datetime) -> Iterator[Figure]:
    yield _last_step(now)
    over = VerificationSession.objects.expired(now - LATE)[: MOST + 1].count()
    means = _("Their links are closed already and their pages say so; only the outcome waits for the sweep.")
    advice = _("The sweep close-overdue-sessions is late: “manage.py sweep close-overdue-sessions” does it by hand.") if over else ""
    yield Figure(_("Expired and not closed yet"), counted(over, most=MOST), means, advice)


def _last_step(now: datetime) -> Figure:
    latest = SessionEvent.objects.order_by("-pk").values_list("kind", "at")[:MOST]
    kind, at = next((event for event in latest if event[0] in BY_PEOPLE), (None, None))
    value = f"{EventKind(kind).label}, {ago(at, now=now)}" if kind else _("none among the latest %(number)s events") % {"number": MOST}
    return Figure(
        _("Last step of a person"), value, _("Nobody for hours by day means that people cannot reach the portal: open a link yourself.")
    )


def stuck_work(*, now: datetime) -> Iterator[Figure]:
    advice = _("It waits for longer than all its tries can take. Look at the workers of its queue, then at their log.")
    for found in (stuck.attempts(now), stuck.captures(now)):
        for work in found.select_related("session")[:SHOWN]:
            yield _figure_of(work, now=now, advice=advice)


def died(*, now: datetime) -> Iterator[Figure]:
    """What a worker died of or crashed on within a day."""
    attempts = Attempt.objects.filter(tries__gt=1, submitted_at__gt=now - LATELY)
    captures = Capture.objects.filter(Q(tries__gt=1) | Q(state=CaptureState.CRASHED), created_at__gt=now - LATELY)
    for found in (attempts, captures):
        newest = found.model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
        for work in found.filter(pk__gt=newest - LOOKED_BACK).select_related("session").order_by("-pk")[:SHOWN]:
            yield _figure_of(work, now=now)


def _figure_of(work: Attempt | Capture, *, now: datetime, advice: type_of_text = "") -> Figure:
    """A piece of work by its kind, id and tries; whose it is stands nowhere here."""
    kind = _("Attempt") if isinstance(work, Attempt) else work.get_kind_display()
    since = work.submitted_at if isinstance(work, Attempt) else work.created_at
    held = work.lease_token is not None and work.lease_until is not None and work.lease_until > now
    state = _("a worker holds it") if held else work.get_state_display()
    value = _("%(ago)s, tries: %(tries)s, %(state)s") % {"ago": ago(since, now=now), "tries": work.tries, "state": state}
    link = reverse("admin:sessions_app_verificationsession_change", args=[work.session_id])
    return Figure(f"{kind} {work.pk}", value, str(work.session.public_id), advice, link)
