"""One check as a card: what was measured against what, in a sentence and on a thin scale (R25, R37, R70)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks_app.document.visual_zone import Verdict
from checks_app.identity import SCORES
from checks_app.results import Check, Status
from sessions_app.models import CheckRecord
from sessions_app.panel.labels import MRZ_FIELDS, Badge, mrz_field_label, status_badge, type_of_text
from sessions_app.panel.likeness import level_text, likeness_text
from sessions_app.reasons import staff_text

SCALE_WIDTH = 400
"""The scale in units of its SVG; scores 0..1 are spread over it."""

TITLES: dict[str, type_of_text] = {
    Check.DOCUMENT: _("Document"),
    Check.MRZ: _("Machine-readable zone"),
    Check.FULL_DOCUMENT: _("Full document"),
    Check.SCREEN_REPLAY: _("Not on a screen"),
    Check.PHOTOCOPY: _("Not a photocopy"),
    Check.SIDES_AGREE: _("Front and back agree"),
    Check.PRINT_AGREES: _("Print agrees"),
    Check.EXPIRY: _("Still valid"),
    Check.MINIMUM_AGE: _("Minimum age"),
    Check.EXPECTED_PERSON: _("Expected person"),
    Check.FACE_MATCH: _("Face match"),
    Check.LIVENESS: _("Liveness"),
    Check.DUPLICATE_FACE: _("No duplicate face"),
}

SENTENCES: dict[tuple[str, str], type_of_text] = {
    (Check.DOCUMENT, Status.PASSED): _("A document of the chosen kind and country is presented."),
    (Check.DOCUMENT, Status.UNCLEAR): _("Which document is presented could not be settled."),
    (Check.DOCUMENT, Status.FAILED): _("The document is not one that is accepted here."),
    (Check.MRZ, Status.PASSED): _("The zone was read and all its check digits are right."),
    (Check.MRZ, Status.UNCLEAR): _("The zone was not read with certainty, or says something that people must look at."),
    (Check.MRZ, Status.FAILED): _("The check digits contradict the text of the zone."),
    (Check.FULL_DOCUMENT, Status.PASSED): _("All corners are visible and nothing covers the document."),
    (Check.FULL_DOCUMENT, Status.UNCLEAR): _("Whether the whole document is visible could not be settled."),
    (Check.FULL_DOCUMENT, Status.FAILED): _("A corner is missing or part of the document is covered."),
    (Check.SCREEN_REPLAY, Status.PASSED): _("No sign that the document is shown on a screen."),
    (Check.SCREEN_REPLAY, Status.UNCLEAR): _("Whether the document is shown on a screen could not be settled."),
    (Check.SCREEN_REPLAY, Status.FAILED): _("The document is shown on a screen."),
    (Check.PHOTOCOPY, Status.PASSED): _("No sign of a photocopy or print."),
    (Check.PHOTOCOPY, Status.UNCLEAR): _("Whether the document is an original could not be settled."),
    (Check.PHOTOCOPY, Status.FAILED): _("The document is a photocopy or print."),
    (Check.SIDES_AGREE, Status.PASSED): _("Both sides name the same document."),
    (Check.SIDES_AGREE, Status.UNCLEAR): _("Whether both sides name the same document could not be settled."),
    (Check.SIDES_AGREE, Status.FAILED): _("The two sides do not name the same document."),
    (Check.PRINT_AGREES, Status.PASSED): _("The page prints what its machine-readable zone says."),
    (Check.PRINT_AGREES, Status.UNCLEAR): _("Whether the page prints what its machine-readable zone says could not be settled."),
    (Check.PRINT_AGREES, Status.FAILED): _("The page prints something else than its machine-readable zone says."),
    (Check.EXPIRY, Status.PASSED): _("The document had not expired on the day of the check."),
    (Check.EXPIRY, Status.UNCLEAR): _("The day of expiry could not be read."),
    (Check.EXPIRY, Status.FAILED): _("The document had expired on the day of the check."),
    (Check.MINIMUM_AGE, Status.PASSED): _("The holder was old enough on the day of the check."),
    (Check.MINIMUM_AGE, Status.UNCLEAR): _("The holder's age could not be read."),
    (Check.MINIMUM_AGE, Status.FAILED): _("The holder was younger than this company asks."),
    (Check.EXPECTED_PERSON, Status.PASSED): _("The document names the person whom the company expects."),
    (Check.EXPECTED_PERSON, Status.UNCLEAR): _("Whether the document names the expected person could not be settled."),
    (Check.EXPECTED_PERSON, Status.FAILED): _("The document names somebody else than the company expects."),
    (Check.FACE_MATCH, Status.PASSED): _("The live face is as much like the portrait as this company requires."),
    (Check.FACE_MATCH, Status.UNCLEAR): _("The faces are alike, but not enough for this company's setting."),
    (Check.FACE_MATCH, Status.FAILED): _("The live face and the portrait are too different."),
    (Check.LIVENESS, Status.PASSED): _("The person followed the challenge with a head, not with a picture."),
    (Check.LIVENESS, Status.UNCLEAR): _("Whether a live person followed the challenge could not be settled."),
    (Check.LIVENESS, Status.FAILED): _("The challenge was not followed by the live person of the selfie."),
    (Check.DUPLICATE_FACE, Status.PASSED): _("No other person's session of this company shows this face."),
    (Check.DUPLICATE_FACE, Status.UNCLEAR): _("The same face may stand in another session under another identity."),
    (Check.DUPLICATE_FACE, Status.FAILED): _("The same face stands in another session under another identity."),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the bands and the score lie, as SVG numbers; `mark` is '' when nothing was measured."""

    decline: str
    approve: str
    review_width: str
    approve_width: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A check as the details page prints it."""

    title: type_of_text
    badge: Badge
    sentence: type_of_text
    measured: list[str]
    scale: Scale | None
    reasons: list[type_of_text]
    engine: str
    took_ms: int
    is_face_match: bool  # links to what the levels cost


def card_of(record: CheckRecord) -> Card:
    """Put one stored check result into words."""
    return Card(
        title=TITLES[record.check_name],
        badge=status_badge(record.status),
        sentence=SENTENCES[record.check_name, record.status],
        measured=_measured(record),
        scale=_scale(record),
        reasons=[staff_text(code) for code in record.reasons],
        engine=f"{record.engine} {record.engine_version}",
        took_ms=record.took_ms,
        is_face_match=record.check_name == Check.FACE_MATCH,
    )


def likeness_of(record: CheckRecord) -> str:
    """How alike the faces are that a check compared; empty when it compared none."""
    found = record.details
    return likeness_text(int(found["level"]), found["one_in"]) if "level" in found else ""


def _levels(record: CheckRecord) -> list[str]:
    found = record.details
    if "level" not in found:
        return []
    required = gettext("required: %(level)s") % {"level": level_text(int(found["accepted_level"]))}
    review = gettext("review from level %(level)s") % {"level": int(found["review_level"])}
    lines = [
        likeness_of(record),
        level_text(int(found["level"])),
        required,
        review,
        gettext("distance %(distance).3f") % {"distance": found["distance"]},
    ]
    if record.approve_from is not None:
        lines.append(gettext("approve ≤ %(distance).3f") % {"distance": 1 - record.approve_from})
    return lines


def _fields(record: CheckRecord) -> list[str]:
    """Which fields agree, which differ and which are doubtful, by name."""
    lines = []
    words_of = {
        Verdict.AGREES: gettext("agrees: %(fields)s"),
        Verdict.DOUBTFUL: gettext("doubtful: %(fields)s"),
        Verdict.DIFFERS: gettext("differs: %(fields)s"),
    }
    for verdict, words in words_of.items():
        named = [str(label) for name, label in MRZ_FIELDS.items() if record.details.get(name) == SCORES[verdict]]
        lines += [words % {"fields": ", ".join(named)}] if named else []
    return lines


def _age(record: CheckRecord) -> list[str]:
    found = record.details
    if "age" not in found:
        return []
    return [gettext("%(age)d years") % found, gettext("required: %(minimum_age)d years") % found]


def _names(record: CheckRecord) -> list[str]:
    return [
        gettext("%(field)s %(percent)d %% alike") % {"field": mrz_field_label(name), "percent": round(score * 100)}
        for name, score in record.details.items()
    ]


def _score(record: CheckRecord) -> list[str]:
    lines = [] if record.score is None else [gettext("score %(score).2f") % {"score": record.score}]
    if record.decline_below is not None and record.approve_from is not None:
        edges = {"decline": record.decline_below, "approve": record.approve_from}
        lines += [gettext("decline below %(decline).2f") % edges, gettext("approve from %(approve).2f") % edges]
        if record.score is None:
            lines.insert(0, gettext("not measured"))
    return lines


def _compared(record: CheckRecord) -> list[str]:
    """How many faces were searched, and how alike one must be among so many."""
    found = record.details
    if "compared" not in found:
        return []
    faces = ngettext("%(faces)s face compared", "%(faces)s faces compared", int(found["compared"])) % {
        "faces": f"{int(found['compared']):,}"
    }
    return [faces, gettext("named from %(level)s") % {"level": level_text(int(found["level_needed"]))}]


MEASURED: dict[str, Callable[[CheckRecord], list[str]]] = {
    Check.FACE_MATCH: _levels,
    Check.SIDES_AGREE: _fields,
    Check.PRINT_AGREES: _fields,
    Check.MINIMUM_AGE: _age,
    Check.EXPECTED_PERSON: _names,
    Check.DUPLICATE_FACE: _compared,
}


def _measured(record: CheckRecord) -> list[str]:
    return MEASURED.get(record.check_name, _score)(record)


def _scale(record: CheckRecord) -> Scale | None:
    if record.decline_below is None or record.approve_from is None:
        return None
    decline, approve = record.decline_below * SCALE_WIDTH, record.approve_from * SCALE_WIDTH
    return Scale(
        decline=f"{decline:.1f}",
        approve=f"{approve:.1f}",
        review_width=f"{approve - decline:.1f}",
        approve_width=f"{SCALE_WIDTH - approve:.1f}",
        mark="" if record.score is None else f"{record.score * SCALE_WIDTH:.1f}",
        words=", ".join(_measured(record)),
    )
