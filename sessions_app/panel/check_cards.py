"""One check as a card: what was measured against what, in a sentence and on a thin scale (R25, R37, R70)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from checks_app.document.visual_zone import Verdict
from checks_app.identity import SCORES
from checks_app.results import Check, Status
from sessions_app.models import CheckRecord
from sessions_app.panel.check_words import NOT_RUN, OPTIONAL, SENTENCES, TITLES
from sessions_app.panel.labels import MRZ_FIELDS, Badge, mrz_field_label, status_badge, type_of_text
from sessions_app.panel.likeness import level_text, likeness_text
from sessions_app.panel.pictures import Photo
from sessions_app.reasons import staff_text

SCALE_WIDTH = 400
"""The scale in units of its SVG; scores 0..1 are spread over it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the bands and the score lie, as SVG numbers; `mark` is '' when nothing was measured. before, after: words at its ends."""

    decline: str
    approve: str
    review_width: str
    approve_width: str
    mark: str
    before: str
    after: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A check as the details page prints it. margin: by how much it passed or not, empty when nothing was compared with a limit.

    evidence: the picture that shows what it rests on. compares: its evidence is two faces.
    """

    check: str
    title: type_of_text
    badge: Badge
    sentence: type_of_text
    margin: str
    measured: list[str]
    scale: Scale | None
    reasons: list[type_of_text]
    engine: str
    took_ms: int
    evidence: Photo | None = None
    compares: bool = False

    @property
    def is_face_match(self) -> bool:
        """Links to what the levels cost."""
        return self.check == Check.FACE_MATCH


def card_of(record: CheckRecord) -> Card:
    """Put one stored check result into words."""
    word, sentence = _not_run(record)
    return Card(
        check=record.check_name,
        title=TITLES[record.check_name],
        badge=Badge("review", word) if word else status_badge(record.status),
        sentence=sentence or SENTENCES[record.check_name, record.status],
        margin=margin_of(record),
        measured=_measured(record),
        scale=_scale(record),
        reasons=[staff_text(code) for code in record.reasons],
        engine=f"{record.engine} {record.engine_version}",
        took_ms=record.took_ms,
    )


def not_asked(records: Iterable[CheckRecord]) -> list[type_of_text]:
    """The checks that the company did not ask for when these were made."""
    made = {record.check_name for record in records}
    return [TITLES[check] for check in OPTIONAL if made and check not in made]


def margin_of(record: CheckRecord) -> str:
    """How far the score lies from the limit that decided, in words. A distance is better when it is small, every other score when large."""
    score, decline, approve = record.score, record.decline_below, record.approve_from
    if score is None or decline is None or approve is None:
        return ""
    at_review = record.status == Status.FAILED
    by = score - (decline if at_review else approve)
    if "distance" in record.details:
        by = -by
    if not round(abs(by), 3):
        return gettext("exactly on the limit")
    words = {
        (False, True): gettext("%(by).3f above the limit"),
        (False, False): gettext("%(by).3f below the limit"),
        (True, True): gettext("%(by).3f above the review limit"),
        (True, False): gettext("%(by).3f below the review limit"),
    }
    return words[at_review, by > 0] % {"by": abs(by)}


def _not_run(record: CheckRecord) -> tuple[type_of_text, type_of_text]:
    """A word and a sentence when the check came to no result of its own, else nothing."""
    if record.score is not None or record.status != Status.UNCLEAR:
        return "", ""
    return next((words for code, words in NOT_RUN.items() if code in record.reasons), ("", ""))


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
    return [likeness_of(record), level_text(int(found["level"])), required, review]


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
    """Scores with a band stand on their scale."""
    if record.score is None or record.approve_from is not None:
        return []
    return [gettext("score %(score).3f") % {"score": record.score}]


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
    before, after = _ends(record, record.decline_below, record.approve_from)
    return Scale(
        decline=f"{decline:.1f}",
        approve=f"{approve:.1f}",
        review_width=f"{approve - decline:.1f}",
        approve_width=f"{SCALE_WIDTH - approve:.1f}",
        mark="" if record.score is None else f"{record.score * SCALE_WIDTH:.1f}",
        before=before,
        after=after,
        words=", ".join(filter(None, [before, margin_of(record), after])),
    )


def _ends(record: CheckRecord, decline: float, approve: float) -> tuple[str, str]:
    """What was measured, and the thresholds as applied."""
    if "distance" in record.details:
        limits = gettext("approve ≤ %(approve).3f, review ≤ %(review).3f") % {"approve": 1 - approve, "review": 1 - decline}
        return gettext("distance %(distance).3f") % record.details, limits
    limits = gettext("approve from %(approve).3f, decline below %(decline).3f") % {"approve": approve, "decline": decline}
    return gettext("not measured") if record.score is None else gettext("score %(score).3f") % {"score": record.score}, limits
