"""One session as a PDF document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import to_locale
from reportlab.platypus import Flowable, Image, Spacer, Table

from sessions_app import storage
from sessions_app.models import CaptureImage, VerificationSession
from sessions_app.panel import attempts, details, document_tables, facts, phone_list, photos, pictures
from sessions_app.panel.facts import Fact
from sessions_app.panel.pictures import Found, Photo
from sessions_app.panel.report import fonts
from sessions_app.panel.report.content import Chapters
from sessions_app.panel.report.paper import WIDTH, Paper, bind
from settings_app.models import ExtraField, User

PHOTO_HEIGHT = 130  # points
IN_A_ROW = 4
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Report:
    """The document, and how many photos it shows."""

    pdf: bytes
    photos: int


def with_everything(sessions: Any) -> Any:
    """Read what the report needs in a fixed number of queries."""
    return details.with_everything(sessions)


def make(session: VerificationSession, fields: list[ExtraField], *, made_for: User, now: datetime) -> Report:
    """Set the report of a session read by `with_everything`. Raises fonts.FontsMissing."""
    fonts.register()
    last = details.last_decided(session)
    captures, found = details.shown_captures(session, last), details.findings_of(session)
    shown = [photo for photo in pictures.main_photos(captures, found) if photo.size != "zone"]
    paper = Paper()
    chapters = Chapters(session, paper)
    story = [*chapters.head(made_for=made_for.email, now=now), *_photos(session, shown, paper)]
    story += chapters.facts(_("Identity"), facts.person(session))
    story += chapters.facts(_("Result"), facts.result(session, last))
    story += chapters.facts(_("Session"), facts.given(session, now=now))
    story += chapters.extra_fields(fields)
    story += chapters.facts(_("Device"), facts.device(session))
    for phone in phone_list.phones_of(session, now=now):
        story += chapters.facts(_("Continued on a phone"), [Fact(_("Phone"), phone.name, notes=[phone.badge.word]), *phone.facts])
    story += _checks(session, found, chapters)
    documents = details.documents_of(captures, found)
    today = (last.submitted_at if last else now).astimezone(session.company.zone).date()
    story += chapters.zone_lines(document_tables.mrz_lines(documents, today=today))
    story += chapters.print_lines(document_tables.print_lines(documents, today=today))
    story += [*chapters.duplicates(), *chapters.corrections(), *chapters.reviews(), *chapters.timeline(), *chapters.fingerprints()]
    story += chapters.unprintable()
    title = _("Verification report %(id)s") % {"id": session.public_id}
    pdf = bind(story, title=title, author=session.company.name, footer=title, language=to_locale(LANGUAGE))
    return Report(pdf, photos=len(shown))


def _checks(session: VerificationSession, found: Found, chapters: Chapters) -> Iterator[Flowable]:
    tries = attempts.tries_of(session, found, shown=())
    yield chapters.paper.text(_("Checks"), "chapter")
    for made in tries:
        yield from chapters.attempt(made, of=len(tries))
    if not tries:
        yield chapters.paper.text(_("Nothing was submitted for checking yet."))


def _photos(session: VerificationSession, shown: list[Photo], paper: Paper) -> Iterator[Flowable]:
    """The photos of the details page, small; those that are gone say so."""
    erased = details.erased_at(session)
    if erased:
        yield paper.text(_("The pictures were erased on %(moment)s.") % {"moment": Chapters(session, paper).moment(erased)}, "strong")
    elif not shown:
        yield paper.text(_("There are no photos yet."), "soft")
    cells = [[_picture(photo, paper), Spacer(0, 3), paper.text(photo.caption, "soft")] for photo in shown]
    for start in range(0, len(cells), IN_A_ROW):
        row = cells[start : start + IN_A_ROW]
        yield Table(
            [row], colWidths=[WIDTH / IN_A_ROW] * len(row), hAlign="LEFT", spaceBefore=8, style=[("LEFTPADDING", (0, 0), (-1, -1), 0)]
        )


def _picture(photo: Photo, paper: Paper) -> Flowable:
    image: CaptureImage = photo.capture.images.all()[photo.position]
    image.capture = photo.capture
    try:
        jpeg = photos.photo(image, photos.Size(photo.size))
    except (storage.PictureMissing, photos.NotFoundOnPicture):
        return paper.text(_("The file of this picture is missing."), "strong")
    picture = Image(io.BytesIO(jpeg), hAlign="LEFT")
    picture._restrictSize(WIDTH / IN_A_ROW - 10, PHOTO_HEIGHT)
    return picture
