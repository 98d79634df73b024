"""What happens in the sessions of the demo data, as a table: how good the pictures are, and where the person stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from checks_app.results import DocumentKind, Reason
from sessions_app.steps import Step


class Ending(Enum):
    """How a session ends that the checks do not end."""

    DECIDED = "the checks decide"
    LEFT = "the person goes away, or never comes"
    CANCELLED = "the company cancels it"


@dataclass(frozen=True, slots=True)
class Take:
    """How good the pictures of one attempt are. Scores as (low, high) of what the checks measure, 0..1; distance between the faces."""

    framing: tuple[float, float] = (0.74, 0.97)
    screen: tuple[float, float] = (0.66, 0.96)
    paper: tuple[float, float] = (0.62, 0.95)
    liveness: tuple[float, float] = (0.74, 0.97)
    distance: tuple[float, float] = (0.20, 0.33)
    framing_reason: Reason = Reason.COVERED
    liveness_reason: Reason = Reason.CHALLENGE_NOT_FOLLOWED
    mrz_read: bool = True
    front_readable: bool = True
    from_file: bool = False


GOOD = Take()


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of session. weight: how many of a hundred. takes: one per attempt, the last one again and again."""

    weight: int
    takes: tuple[Take, ...] = (GOOD,)
    ending: Ending = Ending.DECIDED
    stops_at: Step | None = None
    kind: DocumentKind | None = None
    expired: bool = False
    another_birth_date: bool = False
    another_country: bool = False
    refuses_consent: bool = False
    gives_up_after: int = 0  # attempts; 0: goes on to the end
    comes: bool = True
    on_phone: bool = False  # opens the link on a desktop and takes the pictures with a phone
    taken_back: bool = False  # and takes the work back to the desktop before the selfie
    shared_face: bool = False  # shows the same face as the other session of this story, and a document of somebody else


ONE_FACE_TWICE = Story(0, takes=(Take(distance=(0.10, 0.14)),), kind=DocumentKind.PASSPORT, shared_face=True)
"""Played by two people with one face: the second session is sent to review as a possible duplicate."""

STORIES = (
    Story(45),
    Story(4, takes=(Take(liveness=(0.10, 0.35), liveness_reason=Reason.CHALLENGE_NOT_FOLLOWED), GOOD)),
    Story(3, takes=(Take(framing=(0.12, 0.32)), GOOD)),
    Story(2, takes=(Take(distance=(0.43, 0.48)), GOOD)),
    Story(2, takes=(Take(screen=(0.02, 0.08)), GOOD)),
    # a person of the company has to look
    Story(3, takes=(Take(distance=(0.375, 0.395)),)),
    Story(2, takes=(Take(from_file=True),)),
    Story(2, takes=(Take(screen=(0.20, 0.46)),)),
    Story(1, takes=(Take(paper=(0.18, 0.46)),)),
    Story(1, takes=(Take(liveness=(0.45, 0.68), liveness_reason=Reason.FACE_LOST),)),
    Story(1, takes=(Take(framing=(0.40, 0.62), framing_reason=Reason.CORNER_MISSING),)),
    Story(1, takes=(Take(mrz_read=False),)),
    Story(1, takes=(Take(front_readable=False),), kind=DocumentKind.ID_CARD),
    Story(1, another_country=True),
    # declined
    Story(3, expired=True),
    Story(1, takes=(Take(screen=(0.01, 0.08)),)),
    Story(1, takes=(Take(framing=(0.05, 0.30)),)),
    Story(1, takes=(Take(distance=(0.44, 0.60)),)),
    Story(1, takes=(Take(liveness=(0.05, 0.30), liveness_reason=Reason.FLAT_FACE),)),
    Story(1, takes=(Take(paper=(0.01, 0.08)),)),
    Story(1, another_birth_date=True),
    # never finished
    Story(5, ending=Ending.LEFT, comes=False),
    Story(2, ending=Ending.LEFT, stops_at=Step.CONSENT),
    Story(1, ending=Ending.LEFT, stops_at=Step.CONSENT, refuses_consent=True),
    Story(1, ending=Ending.LEFT, stops_at=Step.DOCUMENT_CHOICE),
    Story(3, ending=Ending.LEFT, stops_at=Step.DOCUMENT_FRONT),
    Story(1, ending=Ending.LEFT, stops_at=Step.DOCUMENT_BACK, kind=DocumentKind.ID_CARD),
    Story(2, ending=Ending.LEFT, stops_at=Step.SELFIE),
    Story(2, ending=Ending.LEFT, stops_at=Step.LIVENESS),
    Story(1, ending=Ending.LEFT, stops_at=Step.OVERVIEW),
    Story(1, takes=(Take(screen=(0.01, 0.08)),), ending=Ending.LEFT, gives_up_after=1),
    Story(1, takes=(Take(framing=(0.05, 0.30)),), ending=Ending.LEFT, gives_up_after=2),
    Story(1, takes=(Take(distance=(0.44, 0.60)),), ending=Ending.LEFT, gives_up_after=2),
    Story(2, ending=Ending.CANCELLED, comes=False),
    Story(1, ending=Ending.CANCELLED, stops_at=Step.DOCUMENT_FRONT),
)

ALWAYS = (
    (ONE_FACE_TWICE, timedelta(days=9)),
    (ONE_FACE_TWICE, timedelta(days=2)),
    (Story(0, on_phone=True), timedelta(days=1, hours=3)),
    (Story(0, on_phone=True, kind=DocumentKind.PASSPORT, taken_back=True), timedelta(days=4)),
    (Story(0, on_phone=True, kind=DocumentKind.PASSPORT, ending=Ending.LEFT, stops_at=Step.SELFIE), timedelta(minutes=10)),
    (Story(0, ending=Ending.CANCELLED, stops_at=Step.DOCUMENT_FRONT), timedelta(days=1)),
    (Story(0, ending=Ending.LEFT, comes=False), timedelta(days=8)),
)
"""What no demonstration goes without, and how long ago it began; the rest is drawn by lot."""
