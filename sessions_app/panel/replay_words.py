"""A replay in plain words: what becomes of how many sessions (R43)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from sessions_app.choices import Outcome
from sessions_app.models import ReplayRun
from sessions_app.panel.labels import TONES, Badge, type_of_text
from sessions_app.replay import runs
from sessions_app.replay.slices import NO_WORKER, OVERTAKEN, QUEUE_AWAY
from sessions_app.replay.tally import End, Tally
from verifyportal import pulse

FAILURES: dict[str, type_of_text] = {
    QUEUE_AWAY: _("The queue of the workers does not answer, so nothing was tried. Saving does not need it; or try again in a minute."),
    NO_WORKER: _("No worker took this up for two minutes, so nothing was tried. Saving does not need it; or try again later."),
    OVERTAKEN: _("Somebody changed thresholds while this ran, so the comparison would be wrong. Try once more."),
}

SWEEPS = "sweeps"
"""The queue that replays are in."""


def quiet(run: ReplayRun, *, now: datetime) -> str:
    """Why nothing happens, where nothing has for some seconds; otherwise ''."""
    if runs.silence(run, now=now) < runs.QUIET:
        return ""
    try:
        none_runs = SWEEPS in pulse.read().unserved
    except RedisError:
        return gettext("The queue of the workers does not answer. This goes on as soon as it does, and saving does not need it.")
    if none_runs:
        return gettext("No worker is running. This goes on as soon as one is, and saving does not need it.")
    return gettext("No worker has come to this yet; they may be busy with pictures. It goes on by itself, and saving does not need it.")


ENDS: dict[str, type_of_text] = {
    End.APPROVE: _("Approved"),
    End.REVIEW: _("In review"),
    End.DECLINE: _("Declined"),
    End.AGAIN: _("Asked to try again"),
    Outcome.ABANDONED: _("Abandoned"),
}

SHOWN = (End.APPROVE, End.REVIEW, End.DECLINE)


def end_badge(end: str) -> Badge:
    return Badge(TONES[Outcome.DECLINE if end == End.AGAIN else Outcome(end)], ENDS[end])


def moves_of(tally: Tally) -> Iterator[tuple[End, End, int]]:
    """What changes: before, after, and how many, in the order of the table."""
    for before in SHOWN:
        for after in SHOWN:
            count = tally.ends[f"{before}>{after}"]
            if count and before is not after:
                yield before, after, count


def changed_in(tally: Tally) -> int:
    return sum(count for _before, _after, count in moves_of(tally))


def sentence(tally: Tally) -> str:
    """The whole result in one breath."""
    if not tally.sessions:
        return gettext("There are no sessions to try this on yet.")
    changed, of = changed_in(tally), f"{tally.sessions:,}"
    if not changed:
        return ngettext("The one session would end as before.", "All %(of)s sessions would end as before.", tally.sessions) % {"of": of}
    text = ngettext(
        "Of %(of)s sessions %(changed)s would end differently: %(moves)s.",
        "Of %(of)s sessions %(changed)s would end differently: %(moves)s.",
        changed,
    )
    return text % {"of": of, "changed": f"{changed:,}", "moves": ", ".join(_move(*move) for move in moves_of(tally))}


def _move(before: End, after: End, count: int) -> str:
    number = {"n": f"{count:,}"}
    if before is End.APPROVE and after is End.REVIEW:
        return ngettext("%(n)s approval becomes a review", "%(n)s approvals become reviews", count) % number
    if before is End.APPROVE:
        return ngettext("%(n)s approval becomes a decline", "%(n)s approvals become declines", count) % number
    if before is End.REVIEW and after is End.APPROVE:
        return ngettext("%(n)s review becomes an approval", "%(n)s reviews become approvals", count) % number
    if before is End.REVIEW:
        return ngettext("%(n)s review becomes a decline", "%(n)s reviews become declines", count) % number
    if after is End.APPROVE:
        return ngettext("%(n)s decline becomes an approval", "%(n)s declines become approvals", count) % number
    return ngettext("%(n)s decline becomes a review", "%(n)s declines become reviews", count) % number


WOULD_BE: dict[str, tuple[type_of_text, type_of_text]] = {
    End.APPROVE: (_("would-be approval"), _("would-be approvals")),
    End.REVIEW: (_("would-be review"), _("would-be reviews")),
    End.DECLINE: (_("would-be decline"), _("would-be declines")),
}


def people_sentences(tally: Tally) -> list[str]:
    """What reviewers had decided about sessions that would end differently now: the only ground truth there is."""
    return [told for before, after, _n in moves_of(tally) if (told := _decided_by_people(before, after, tally))]


def _decided_by_people(before: End, after: End, tally: Tally) -> str:
    approved, declined = (tally.people[f"{before}>{after}>{decided}"] for decided in (Outcome.APPROVE, Outcome.DECLINE))
    one, several = WOULD_BE[after]
    if approved + declined == 1:
        text = gettext("The one %(kind)s that a reviewer had decided was approved.")
        return (text if approved else gettext("The one %(kind)s that a reviewer had decided was declined.")) % {"kind": one}
    words = {"declined": f"{declined:,}", "approved": f"{approved:,}", "of": f"{approved + declined:,}", "kind": several}
    text = gettext("%(declined)s of the %(of)s %(kind)s that reviewers had decided were declined, %(approved)s approved.")
    return text % words if approved + declined else ""


def abandoned_sentence(tally: Tally) -> str:
    """About those who gave up: '' where there are none."""
    if not tally.abandoned:
        return ""
    text = ngettext(
        "%(of)s session of the same time was abandoned after failed attempts.",
        "%(of)s sessions of the same time were abandoned after failed attempts.",
        tally.abandoned,
    ) % {"of": f"{tally.abandoned:,}"}
    return f"{text} {_outcome_of_abandoned(tally)}"


def _outcome_of_abandoned(tally: Tally) -> str:
    newly = {
        end: sum(count for ends, count in tally.abandoned_ends.items() if ends.endswith(f">{end}") and not ends.startswith(f"{end}>"))
        for end in (End.APPROVE, End.REVIEW)
    }
    if not any(newly.values()):
        return gettext("None of them would be approved or sent to review by this change.")
    words = {"approved": f"{newly[End.APPROVE]:,}", "review": f"{newly[End.REVIEW]:,}"}
    return gettext("By this change %(approved)s of them would be approved, %(review)s sent to review.") % words


def reservations(tally: Tally) -> list[str]:
    """What the figures do not say."""
    told = []
    if again := tally.tried_again["after"]:
        text = ngettext(
            "%(n)s of the declines with this change would be asked to try again.",
            "%(n)s of the declines with this change would be asked to try again.",
            again,
        )
        told.append(text % {"n": f"{again:,}"} + " " + gettext("How that would have ended is not known, so it counts as declined."))
    if tally.differing:
        text = ngettext(
            "%(n)s session was decided under other thresholds than today's and ended differently then.",
            "%(n)s sessions were decided under other thresholds than today's and ended differently then.",
            tally.differing,
        )
        told.append(text % {"n": f"{tally.differing:,}"} + " " + gettext("Both sides of the comparison are judged anew."))
    if tally.without_line:
        text = ngettext(
            "%(n)s session of this time could not be tried: nothing is stored that it could be judged from.",
            "%(n)s sessions of this time could not be tried: nothing is stored that they could be judged from.",
            tally.without_line,
        )
        told.append(text % {"n": f"{tally.without_line:,}"})
    return told
