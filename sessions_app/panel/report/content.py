"""What the report tells, chapter by chapter, in the words of the details page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from sessions_app import notes, review
from sessions_app.choices import ReviewReason
from sessions_app.models import Capture, VerificationSession
from sessions_app.panel import document_tables, duplicate_list, facts, labels, review_card, timeline
from sessions_app.panel.attempts import Try
from sessions_app.panel.check_cards import Card
from sessions_app.panel.facts import Fact
from sessions_app.panel.report.paper import Paper
from settings_app.models import ExtraField


class Chapters:
    """Sets the chapters of one session's report. Moments are told in the company's time zone."""

    def __init__(self, session: VerificationSession, paper: Paper) -> None:
        self.session, self.paper, self.zone = session, paper, session.company.zone

    def moment(self, at: datetime | None) -> str:
        return date_format(at.astimezone(self.zone), "j M Y H:i:s") if at else "–"

    def head(self, *, made_for: str, now: datetime) -> Iterator[Flowable]:
        session, paper = self.session, self.paper
        badge = labels.standing_badge(session, now=now)
        yield paper.text(session.company.name, "soft")
        yield paper.text(_("Verification report"), "soft")
        yield paper.text(facts.name_of(session), "title")
        yield paper.badge(badge.tone, badge.word)
        yield paper.text(_("Session %(id)s") % {"id": session.public_id}, "soft")
        words = _("Made on %(moment)s for %(person)s. All times are those of %(zone)s (UTC%(offset)s).")
        offset = now.astimezone(self.zone).strftime("%z")
        told = {"moment": self.moment(now), "person": made_for, "zone": session.company.time_zone, "offset": f"{offset[:3]}:{offset[3:]}"}
        yield paper.text(words % told, "soft")

    def facts(self, title: object, known: list[Fact]) -> Iterator[Flowable]:
        if known:
            yield self.paper.text(title, "chapter")
            yield self.paper.facts((fact.term, list(self._fact(fact))) for fact in known)

    def _fact(self, fact: Fact) -> Iterator[Flowable]:
        if fact.badge:
            yield self.paper.badge(fact.badge.tone, fact.badge.word)
        else:
            parts = [str(fact.text), _day(fact.day), self.moment(fact.moment) if fact.moment else ""]
            yield self.paper.text(", ".join(filter(None, parts)) or "–")
        for note in fact.notes:
            yield self.paper.text(note, "soft")

    def attempt(self, made: Try, *, of: int) -> Iterator[Flowable]:
        paper = self.paper
        title = _("Attempt %(number)d of %(all)d") % {"number": made.attempt.number, "all": of}
        yield paper.text(f"{title} – {_('gave the result')}" if made.gave_the_result else title, "heading")
        yield paper.badge(made.badge.tone, made.badge.word)
        yield paper.text(self.moment(made.attempt.submitted_at), "soft")
        for reason in made.reasons:
            yield paper.text(reason)
        if made.cards:
            head = (_("Check"), _("What was found"), _("Score and thresholds as applied"), _("Engine, version, time"))
            yield paper.table(head, [self._card(card) for card in made.cards], widths=(0.19, 0.36, 0.26, 0.19))
        if made.not_asked:
            yield paper.text(_("Not asked for:") + " " + ", ".join(map(str, made.not_asked)), "soft")

    def _card(self, card: Card) -> list[list[Flowable]]:
        paper = self.paper
        found = [paper.text(card.sentence), *(paper.text(reason, "strong") for reason in card.reasons)]
        found += [paper.text(line, "soft") for line in card.measured]
        against = [card.scale.before, card.margin, *card.scale.after.split(", ")] if card.scale else []
        return [
            [paper.text(card.title, "strong"), paper.badge(card.badge.tone, card.badge.word)],
            found,
            [paper.text(line) for line in against if line] or [paper.text("–")],
            [paper.text(card.engine), paper.text(_("%(ms)d ms") % {"ms": card.took_ms}, "soft")],
        ]

    def zone_lines(self, lines: list[document_tables.MrzLine]) -> Iterator[Flowable]:
        paper = self.paper
        if not lines:
            return
        rows = [
            [
                paper.text(line.name),
                [paper.text(line.raw, "code") if line.raw else paper.text(_("not certain enough to show"), "soft")]
                + [paper.text(fault, "strong") for fault in line.faults],
                paper.badge(line.badge.tone, line.badge.word),
                paper.text(f"{line.confidence} %"),
            ]
            for line in lines
        ]
        yield paper.text(_("Machine-readable zone"), "chapter")
        yield paper.table((_("Field"), _("As printed"), _("Check digit"), _("Certainty")), rows, widths=(0.24, 0.42, 0.2, 0.14))

    def print_lines(self, lines: list[document_tables.PrintLine]) -> Iterator[Flowable]:
        paper = self.paper
        if not lines:
            return
        rows = [
            [
                paper.text(line.name),
                paper.badge(line.badge.tone, line.badge.word),
                paper.text(line.stated, "code"),
                paper.text(line.printed or "–", "code"),
            ]
            for line in lines
        ]
        yield paper.text(_("Print and machine-readable zone"), "chapter")
        yield paper.table((_("Field"), _("Comparison"), _("Zone"), _("Print")), rows, widths=(0.24, 0.2, 0.28, 0.28))

    def duplicates(self) -> Iterator[Flowable]:
        """By id alone: the report of one person names no other."""
        found = duplicate_list.duplicates_of(self.session)
        if found:
            yield self.paper.text(_("Possible duplicates"), "chapter")
            yield self.paper.text(_("Other sessions of this company that show the same face under another identity."), "soft")
        for other in found:
            yield self.paper.text(f"{other.public_id} · {other.badge.word} · {other.level} · {other.likeness}")

    def corrections(self) -> Iterator[Flowable]:
        """What people corrected of the fields above, with what had been read."""
        lines = review_card.correction_lines(self.session)
        if lines:
            rows = [
                [self.paper.text(text) for text in (line.field, line.before, line.after, f"{line.actor}, {self.moment(line.at)}")]
                for line in lines
            ]
            yield self.paper.text(_("Corrections"), "chapter")
            yield self.paper.table((_("Field"), _("As read"), _("Corrected"), _("By")), rows, widths=(0.2, 0.25, 0.25, 0.3))

    def reviews(self) -> Iterator[Flowable]:
        """Who decided and why, and what colleagues wrote, opened for this report alone."""
        decided = list(self.session.reviews.select_related("reviewer", "undone_by").order_by("at", "id"))
        if decided:
            yield self.paper.text(_("Reviews"), "chapter")
        for made in decided:
            made.session = self.session
            badge = labels.outcome_badge(made.outcome)
            yield self.paper.badge(badge.tone, badge.word)
            yield self.paper.text(f"{ReviewReason(made.reason).label} · {made.reviewer.shown_name} · {self.moment(made.at)}")
            words = review.note_of(made, self.session.company)
            if words:
                yield self.paper.text(words)
            if made.undone_at and made.undone_by:
                undone = _("Undone on %(moment)s by %(person)s")
                yield self.paper.text(undone % {"moment": self.moment(made.undone_at), "person": made.undone_by.shown_name}, "strong")
        written = notes.of_session(self.session)
        if written:
            yield self.paper.text(_("Notes"), "chapter")
        for note in written:
            yield self.paper.text(note.text)
            yield self.paper.text(f"{note.author.shown_name} · {self.moment(note.at)}", "soft")

    def timeline(self) -> Iterator[Flowable]:
        lines = timeline.lines_of(self.session)
        yield self.paper.text(_("Timeline"), "chapter")
        rows = []
        for line in lines:
            withdrawn = _("withdrawn on %(moment)s") % {"moment": self.moment(line.event.withdrawn_at)} if line.event.withdrawn_at else ""
            actor = line.event.actor.email if line.event.actor else ""
            told = " · ".join(filter(None, [str(line.words), line.details, actor, withdrawn]))
            rows.append([self.paper.text(self.moment(line.event.at), "soft"), self.paper.text(told)])
        yield self.paper.table((_("Moment"), _("Event")), rows, widths=(0.26, 0.74))

    def fingerprints(self) -> Iterator[Flowable]:
        """SHA-256 of every picture as it is stored, before encryption."""
        captures = sorted(self.session.captures.all(), key=lambda capture: capture.pk)
        rows = [row for capture in captures for row in self._fingerprints_of(capture)]
        if rows:
            yield self.paper.text(_("Fingerprints of the pictures"), "chapter")
            yield self.paper.text(_("SHA-256 of each picture as it is stored, before it is encrypted."), "soft")
            head = (_("Picture"), _("Taken"), _("Pixels"), _("SHA-256"))
            yield self.paper.table(head, rows, widths=(0.18, 0.145, 0.115, 0.56))

    def _fingerprints_of(self, capture: Capture) -> Iterator[list[object]]:
        images = sorted(capture.images.all(), key=lambda image: image.position)
        kind, taken = self.paper.text(capture.get_kind_display(), "soft"), self.paper.text(self.moment(capture.created_at), "soft")
        if not images:
            yield [kind, taken, "", self.paper.text(_("erased"), "strong")]
        for image in images:
            first = [kind, taken] if image is images[0] else [self.paper.text(_("frame %(n)d") % {"n": image.position}, "soft"), ""]
            yield [*first, self.paper.text(f"{image.width} × {image.height}", "soft"), self.paper.text(image.sha256, "hash")]

    def extra_fields(self, fields: list[ExtraField]) -> Iterator[Flowable]:
        yield from self.facts(_("Extra fields"), facts.extra_fields(self.session, fields))

    def unprintable(self) -> Iterator[Flowable]:
        """Last of all: which characters of the texts above could not be printed."""
        if self.paper.missing:
            codes = " ".join(f"U+{ord(letter):04X}" for letter in sorted(self.paper.missing))
            words = _("The fonts of this report lack these characters, which stand as � above; the panel shows them: %(codes)s")
            yield self.paper.text(words % {"codes": codes}, "soft")


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
