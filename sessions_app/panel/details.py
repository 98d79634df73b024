"""The details page put together: photos left, data right (R70). Facts are printed as they are stored, unknown ones stay empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.results import Check, DocumentFindings, SelfieFindings
from sessions_app import findings
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, EventKind
from sessions_app.findings import Findings
from sessions_app.models import Attempt, Capture, SessionEvent, VerificationSession
from sessions_app.panel import document_tables, duplicate_list, evidence, labels
from sessions_app.panel.check_cards import Card, card_of, likeness_of
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.likeness import level_text
from sessions_app.panel.rows import extra_pairs
from sessions_app.reasons import staff_text
from settings_app.choices import DocumentChoice
from settings_app.models import ExtraField

FRAMES_SHOWN = 8
"""Frames of a challenge that the page shows, spread evenly over its time."""

CHALLENGES = ("captures__challenge", "attempts__captures__challenge")

SEXES = {"M": _("male"), "F": _("female")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a definition list. The value is a text, a day, a moment or a badge; empty when unknown."""

    term: type_of_text
    text: type_of_text = ""
    day: date | None = None
    moment: datetime | None = None
    badge: Badge | None = None
    notes: list[type_of_text] = field(default_factory=list)
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its caption. `size` is what the page shows; a click opens the whole picture. marks: drawn over it."""

    capture: Capture
    position: int
    caption: type_of_text
    size: str = "view"
    marks: list[evidence.Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt with its photos and checks."""

    attempt: Attempt
    badge: Badge
    reasons: list[type_of_text]
    photos: list[Photo]
    cards: list[Card]
    gave_the_result: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    event: SessionEvent
    words: type_of_text
    details: str


def with_everything(sessions: Any) -> Any:
    """Read what the page needs in a fixed number of queries."""
    return sessions.select_related("company", "created_by").prefetch_related(
        "captures__images", "attempts__checks", "attempts__captures__images", "events__actor", *CHALLENGES, *duplicate_list.PREFETCHED
    )


def context_of(session: VerificationSession, fields: list[ExtraField], *, now: datetime) -> dict[str, Any]:
    """Everything that the page prints of a session read by `with_everything`."""
    tries = [_try(session, attempt) for attempt in sorted(session.attempts.all(), key=lambda attempt: attempt.number)]
    decided = [made for made in tries if made.attempt.state == AttemptState.DECIDED]
    current = [capture for capture in session.captures.all() if capture.replaced_at is None]
    latest = decided[-1].attempt.captures.all() if decided and not session.is_open else current
    found = {capture.pk: findings.read(capture) for capture in latest}
    documents = {key: side for key, side in found.items() if isinstance(side, DocumentFindings)}
    judged_at = decided[-1].attempt.submitted_at if decided else now
    today = judged_at.astimezone(session.company.zone).date()
    return {
        "session": session,
        "badge": labels.outcome_badge(session.outcome),
        "name": f"{session.first_name} {session.last_name}".strip() or labels.UNIDENTIFIED,
        "photos": _main_photos(latest, found),
        "erased_at": _erased_at(session),
        "frames": _frames(latest),
        "moves": _moves(latest),
        "bursts": _bursts(latest),
        "person": _person(session),
        "result": _result(session, decided[-1].attempt if decided else None),
        "given": _given(session),
        "extra": [Fact(label, value) for label, value in extra_pairs(session, fields)],
        "device": _device(session),
        "cards": decided[-1].cards if decided else [],
        "mrz": document_tables.mrz_lines(documents.values(), today=today),
        "duplicates": duplicate_list.duplicates_of(session),
        "printed": document_tables.print_lines(documents.values(), today=today),
        "tries": tries,
        "timeline": [_line(event) for event in sorted(session.events.all(), key=lambda event: (event.at, event.pk))],
        "link_works": session.is_open and session.link_works(now),
    }


def _person(session: VerificationSession) -> list[Fact]:
    document = DocumentChoice(session.document_kind).label if session.document_kind else ""
    return [
        Fact(_("First name"), session.first_name),
        Fact(_("Last name"), session.last_name),
        Fact(_("Personal number"), session.personal_number, is_code=True),
        Fact(_("Document number"), session.document_number, is_code=True),
        Fact(_("Birth date"), day=session.birth_date),
        Fact(_("Nationality"), _country(session.nationality)),
        Fact(_("Sex"), SEXES.get(session.sex, "")),
        Fact(_("Expiration date"), day=session.expiry_date),
        Fact(_("Document type"), document),
        Fact(_("Issuing state"), _country(session.issuing_state)),
    ]


def _result(session: VerificationSession, attempt: Attempt | None) -> list[Fact]:
    """What the checks concluded; flags say nothing before a document was judged."""
    judged = session.document_valid is not None
    real = labels.truth_badge(not session.digital_spoof if judged else None, yes=_("ID is real"), no=_("ID is spoofed"))
    full = labels.truth_badge(not session.not_full_id if judged else None, yes=_("Full ID detected"), no=_("Full ID not detected"))
    level = session.match_level
    return [
        Fact(_("Verified"), badge=labels.verified_badge(session.outcome)),
        Fact(_("Outcome"), badge=labels.outcome_badge(session.outcome), notes=[staff_text(code) for code in session.reasons]),
        Fact(_("Liveness passed"), badge=labels.truth_badge(session.liveness_passed, yes=_("Yes"), no=_("No"))),
        Fact(_("Document valid"), badge=labels.truth_badge(session.document_valid, yes=_("Yes"), no=_("No"))),
        Fact(_("Face match"), "" if level is None else level_text(level), notes=_likeness(attempt)),
        Fact(_("Authenticity"), badge=real),
        Fact(_("Completeness"), badge=full),
    ]


def _likeness(attempt: Attempt | None) -> list[type_of_text]:
    said = [likeness_of(record) for record in attempt.checks.all() if record.check_name == Check.FACE_MATCH] if attempt else []
    return [words for words in said if words]


def _given(session: VerificationSession) -> list[Fact]:
    creator = session.created_by.email if session.created_by else ""
    expected = " ".join(filter(None, [session.expected_first_name, session.expected_last_name]))
    facts = [
        Fact(_("Company"), session.company.name),
        Fact(_("Reference"), session.reference, is_code=True),
        Fact(_("Market"), _country(session.market)),
        Fact(_("Session ID"), str(session.public_id), is_code=True),
        Fact(_("Created"), creator, moment=session.created_at),
        Fact(_("Opened"), moment=session.opened_at),
        Fact(_("Completed"), moment=session.closed_at),
        Fact(_("Link valid until"), moment=session.expires_at),
        Fact(_("Retaken pictures"), str(session.forced_retries)),
    ]
    if expected or session.expected_birth_date:
        facts.append(Fact(_("Expected person"), expected, day=session.expected_birth_date))
    return facts


def _device(session: VerificationSession) -> list[Fact]:
    return [
        Fact(_("Device"), session.get_device_display()),
        Fact(_("Model"), session.device_model),
        Fact(_("Operating system"), session.os),
        Fact(_("Browser"), session.browser),
        Fact(_("IP address"), session.client_ip or "", is_code=True),
    ]


def _country(code: str) -> str:
    return f"{countries.name(code)} ({code})" if countries.is_known(code) else code


def _erased_at(session: VerificationSession) -> datetime | None:
    """When the pictures of the session were erased."""
    return next((event.at for event in session.events.all() if event.kind == EventKind.PICTURES_ERASED), None)


def _main_photos(captures: Any, read: dict[int, Findings | None]) -> list[Photo]:
    by_kind = {capture.kind: capture for capture in captures if capture.state != CaptureState.ERASED}
    selfie, front, back = (by_kind.get(kind) for kind in (CaptureKind.SELFIE, CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK))
    photos = [Photo(selfie, 0, _selfie_caption(read[selfie.pk]))] if selfie else []
    document = read[front.pk] if front else None
    if front and isinstance(document, DocumentFindings) and document.portrait is not None:
        photos.append(Photo(front, 0, _("Portrait on the document"), size="portrait"))
    for side in filter(None, (front, back)):
        photos += _side_photos(side, read[side.pk])
    return photos


def _selfie_caption(found: Findings | None) -> type_of_text:
    """Frames around the selfie are no further photos: they are counted."""
    frames = found.frames if isinstance(found, SelfieFindings) else 1
    return gettext("Selfie, averaged over %(frames)d frames") % {"frames": frames} if frames > 1 else _("Selfie")


def _side_photos(capture: Capture, found: Findings | None) -> list[Photo]:
    """The picture of one side with what was found in it, and its zone flattened."""
    label = CaptureKind(capture.kind).label
    if not isinstance(found, DocumentFindings):
        return [Photo(capture, 0, label)]
    photos = [Photo(capture, 0, label, marks=evidence.marks_of(found))]
    if found.mrz is not None and found.mrz.region is not None:
        photos.append(Photo(capture, 0, _("Machine-readable zone"), size="zone"))
    return photos


def _frames(captures: Any) -> list[Photo]:
    for capture in captures:
        if capture.kind == CaptureKind.LIVENESS:
            images = sorted(capture.images.all(), key=lambda image: image.position)
            step = max(1, -(-len(images) // FRAMES_SHOWN))
            return [Photo(capture, image.position, _caption(image.at_ms), size="thumb") for image in images[::step]]
    return []


def _moves(captures: Any) -> list[type_of_text]:
    """What the person was asked to do with the head."""
    return [labels.MOVES[move] for capture in captures if capture.challenge for move in capture.challenge.moves]


def _bursts(captures: Any) -> list[Photo]:
    """The moments before the pictures of a document, as they came."""
    documents = [capture for capture in captures if capture.kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK)]
    return [
        Photo(capture, image.position, "", size="thumb")
        for capture in sorted(documents, key=lambda capture: capture.pk)
        for image in sorted(capture.images.all(), key=lambda image: image.position)[1:]
    ]


def _caption(at_ms: int | None) -> str:
    return "" if at_ms is None else gettext("%(seconds).1f s") % {"seconds": at_ms / 1000}


def _try(session: VerificationSession, attempt: Attempt) -> Try:
    captures = sorted(attempt.captures.all(), key=lambda capture: capture.pk)
    for capture in captures:
        capture.session = session
    return Try(
        attempt=attempt,
        badge=labels.verdict_badge(attempt.verdict),
        reasons=[staff_text(code) for code in attempt.reasons],
        photos=[
            Photo(capture, 0, capture.get_kind_display(), size="thumb") for capture in captures if capture.state != CaptureState.ERASED
        ],
        cards=[card_of(record) for record in sorted(attempt.checks.all(), key=lambda record: record.pk)],
        gave_the_result=attempt.number == session.result_attempt and not session.is_open,
    )


def _line(event: SessionEvent) -> Line:
    return Line(event=event, words=EventKind(event.kind).label, details=" · ".join(map(str, _details(event.details))))


def _details(given: dict[str, Any]) -> list[type_of_text]:
    words: list[type_of_text] = []
    if "attempt" in given:
        words.append(gettext("attempt %(number)s") % {"number": given["attempt"]})
    if given.get("capture") in CaptureKind.values:
        words.append(CaptureKind(given["capture"]).label)
    if given.get("document") in DocumentChoice.values:
        words.append(DocumentChoice(given["document"]).label)
    words += [_country(given["country"])] if "country" in given else []
    words += [gettext("text %(version)s") % given] if "version" in given else []
    words += [str(given[key]) for key in ("device", "language") if given.get(key)]
    return words
