"""What each session setting means, what it touches, and what becomes less strict with it: the words of the page and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGE_NAMES: dict[str, StrOrPromise] = dict(settings.LANGUAGES)

NEW = _("Sessions created from now on; those that exist keep theirs.")
OPEN = _("At once, also sessions that are open now.")
CHECKED = _("Whatever is checked from now on. Outcomes that exist stay.")


@dataclass(frozen=True, slots=True)
class Setting:
    """touches: which sessions a change reaches. looser: what the less strict direction costs. options, means: of a switch, by its value."""

    title: StrOrPromise
    means: StrOrPromise
    touches: StrOrPromise
    looser: StrOrPromise = ""
    options: Mapping[bool, StrOrPromise] = field(default_factory=dict)
    option_means: Mapping[bool, StrOrPromise] = field(default_factory=dict)
    order: tuple[bool, bool] = (True, False)
    unit: StrOrPromise = ""


SETTINGS: dict[str, Setting] = {
    "link_days": Setting(
        _("Days a link stays valid"),
        _("From its creation, to the second. After that the link opens nothing, even while no scheduler runs."),
        NEW,
        _("Longer: a link that goes astray can be used for longer."),
        unit=_("days"),
    ),
    "max_retries": Setting(
        _("Retries in one session"),
        _("After the first attempt. Taking a picture again before sending costs none."),
        NEW,
        _("More: whoever tries to deceive may try more often."),
        unit=_("retries"),
    ),
    "inactivity_minutes": Setting(
        _("Limit of inactivity"),
        _("A started session without a step for so long is abandoned. Empty: it stays open as long as its link."),
        OPEN,
        _("Shorter: people who look for their passport may have to begin again with a new link."),
        unit=_("minutes"),
    ),
    "transfer_minutes": Setting(
        _("Time on a phone"),
        _("Counted from the scan of the QR code, and never longer than the link. Its end costs nothing: one scans again."),
        _("Phones that connect from now on."),
        unit=_("minutes"),
    ),
    "allowed_documents": Setting(
        _("Accepted documents"),
        _("What people can choose. A picture of another document fails its check."),
        _("At once: who has chosen a document that is accepted no more is asked to choose another."),
    ),
    "minimum_age": Setting(
        _("Minimum age"),
        _("By the birth date on the document, on the day of the check. Empty: people of every age."),
        CHECKED,
        _("Lower, or empty: younger people are approved, for good."),
        unit=_("years"),
    ),
    "strict_names": Setting(
        _("Expected names"),
        _("Where a session was created with a name. Accents and transliteration never matter."),
        CHECKED,
        options={False: _("Forgive slips"), True: _("Exactly as expected")},
        option_means={
            False: _("One slip, another order and missing further names pass. People type names by hand."),
            True: _("Every name must be spelled as expected. More honest people end in review or are declined."),
        },
        order=(False, True),
    ),
    "allow_uploads": Setting(
        _("Where pictures come from"),
        _("People take pictures with the camera of the page. This says what else is taken."),
        _("At once. Pictures that came as files before stay valid, and nothing is asked twice."),
        options={True: _("Camera or file"), False: _("Camera only")},
        option_means={
            True: _("Less strict. A file proves no presence, so such sessions go to review at best."),
            False: _("Files are refused. Who has no camera goes on with a phone; a computer shows the QR code by itself."),
        },
    ),
    "face_first": Setting(
        _("Order of the pictures"),
        _("Which part comes first. The checks are the same."),
        _("At once. Who is on the way goes on with what is missing; nothing is asked twice."),
        options={False: _("Document first"), True: _("Face first")},
        option_means={
            False: _("People begin with what is easy."),
            True: _("People show that they are there before they look for a document."),
        },
        order=(False, True),
    ),
    "liveness_flash": Setting(
        _("Coloured light"),
        _("At the end of the head movements the screen shows four soft colours, and the checks look for them on the face."),
        _("Head movements that begin from now on."),
        options={False: _("Off"), True: _("On")},
        option_means={
            False: _("The movements alone decide."),
            True: _("Two seconds more, and one more doubt about recordings. Of no use in bright light; people may leave it out."),
        },
        order=(False, True),
    ),
    "languages": Setting(
        _("Languages of the flow"),
        _("Within these: what the person chooses, else what the session was created with, else the browser’s. One leaves no choice."),
        _("At once. Sessions created in a language that is offered no more follow the browser."),
    ),
    "manual_review": Setting(
        _("What the checks cannot settle"),
        _("Neither passed nor failed: between the two limits of a check, not measurable, or from a file."),
        CHECKED,
        options={True: _("People review it"), False: _("Nobody reviews: decline it")},
        option_means={
            True: _("It waits in the review queue until somebody decides."),
            False: _("It is declined at once, honest people among them. Sessions that wait in review already go on waiting for people."),
        },
    ),
    "duplicate_faces": Setting(
        _("The same face in other sessions"),
        _("A face that another person’s session of your company shows sends the session to review."),
        CHECKED,
        options={True: _("Look for it"), False: _("Do not look")},
        option_means={
            True: _("Up to 10,000 faces, level 6 counts as the same: at 10,000 one session in ten names a stranger. Above that, level 7."),
            False: _("Less strict: one person can be verified under several names."),
        },
    ),
    "retention_days": Setting(
        _("Days until pictures are erased"),
        _("After the outcome, with faces and everything measured. Outcomes, names and numbers stay. Empty: until somebody erases them."),
        _("Also sessions that ended long ago. Open ones and those in review keep their pictures."),
        _("What is erased cannot be looked at again, nor found as the same face. Nobody can bring it back."),
        unit=_("days"),
    ),
    "allowed_return_origins": Setting(
        _("Return addresses"),
        _(
            "Where people may be led when they are done: one origin a line, as https://shop.example or https://shop.example:8443, with no"
            " path. http:// is for this machine alone. Empty: nobody is led anywhere."
        ),
        _("At once. What is taken away is followed no more, not even by sessions that exist."),
        _("Each origin more is one more place that your people may be sent to. Name only what is yours."),
    ),
    "time_zone": Setting(
        _("Time zone"),
        _("Of every day and hour in the panel, the export and the metrics; and of the day on which age and expiry are looked at."),
        _("Everything that is shown. Metrics are counted anew when they are next opened, and days may shift."),
    ),
}


@dataclass(frozen=True, slots=True)
class Group:
    title: StrOrPromise
    lead: StrOrPromise
    names: tuple[str, ...]


GROUPS = (
    Group(
        _("Links"),
        _("How long people have, and how often they may try."),
        ("link_days", "max_retries", "inactivity_minutes", "transfer_minutes"),
    ),
    Group(_("Documents"), _("What is accepted, and from whom."), ("allowed_documents", "minimum_age", "strict_names")),
    Group(_("Taking pictures"), _("How people show their document and their face."), ("allow_uploads", "face_first", "liveness_flash")),
    Group(_("Language"), "", ("languages",)),
    Group(_("After the checks"), _("Who decides what is left, and what is kept."), ("manual_review", "duplicate_faces", "retention_days")),
    Group(_("Ways back"), "", ("allowed_return_origins",)),
    Group(_("Calendar"), "", ("time_zone",)),
)
