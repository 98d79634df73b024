"""The words in which checks report: what was found in a capture, and what a check concluded from it.

`*Findings` are the output of the expensive half (inspect) and are stored with the capture, so they hold only plain values
that survive JSON: no arrays. `CheckResult` is the output of the cheap half (judge).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from checks_app.reasons import Reason as Reason


class Check(StrEnum):
    """One question about a session, answered by exactly one `CheckResult` per attempt."""

    DOCUMENT = "DOCUMENT"  # an accepted type of document is presented and its MRZ could be read
    MRZ = "MRZ"  # the check digits of ICAO 9303 hold
    FULL_DOCUMENT = "FULL_DOCUMENT"  # all corners visible, nothing covers the document
    SCREEN_REPLAY = "SCREEN_REPLAY"  # the document is not shown on a screen
    PHOTOCOPY = "PHOTOCOPY"  # the document is not a copy on paper
    SIDES_AGREE = "SIDES_AGREE"  # front and back belong to the same card
    PRINT_AGREES = "PRINT_AGREES"  # what a passport's page says in print is what its MRZ says
    EXPIRY = "EXPIRY"  # the document is still valid
    MINIMUM_AGE = "MINIMUM_AGE"  # the holder is as old as the company asks
    EXPECTED_PERSON = "EXPECTED_PERSON"  # the document names the person whom the company expects
    FACE_MATCH = "FACE_MATCH"  # the live face is the face on the document
    LIVENESS = "LIVENESS"  # the person followed the challenge with a head, not with a picture
    DUPLICATE_FACE = "DUPLICATE_FACE"  # nobody else in the company's other sessions has this face


class Status(StrEnum):
    """What a check concluded. A check that could not be measured is UNCLEAR, never PASSED."""

    PASSED = "PASSED"
    UNCLEAR = "UNCLEAR"
    FAILED = "FAILED"


class DocumentKind(StrEnum):
    """R30: ICAO 9303 TD3 booklets, and TD1 or TD2 cards."""

    PASSPORT = "PASSPORT"
    ID_CARD = "ID_CARD"


class Side(StrEnum):
    """Which side of a document a picture shows. A passport has its portrait, data and MRZ on the front."""

    FRONT = "FRONT"
    BACK = "BACK"


@dataclass(frozen=True, slots=True)
class Engine:
    """Who measured: stored with each result (R37)."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a detector measured of one aspect: score 0..1 (higher is better) or None when it could not be measured."""

    score: float | None
    engine: Engine
    took_ms: int
    reasons: tuple[Reason, ...] = ()
    details: dict[str, float] = field(default_factory=dict)
    areas: tuple[Quad, ...] = ()  # places in the picture that the reasons are about, for the evidence overlay


@dataclass(frozen=True, slots=True)
class Quad:
    """Four corners of the document as (x, y) fractions 0..1 of the picture, clockwise from the document's top left."""

    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MrzField:
    """One field of the MRZ as printed, with the state of its check digit (None: the field has none).

    agreed: whether a second, independent reader says the same; None when there was none.
    """

    name: str
    raw: str
    check_digit_ok: bool | None
    confidence: float
    agreed: bool | None = None  # a second reader saw the same; None: nobody else looked


@dataclass(frozen=True, slots=True)
class MrzReading:
    """What the MRZ reader saw. `accepted` is the strict verdict; lines that are not accepted are never shown as identity."""

    format: str  # TD1, TD2, TD3; MRVA and MRVB are recognised so that they can be refused
    lines: tuple[str, ...]
    fields: tuple[MrzField, ...]
    confidence: float  # mean probability per character, 0..1
    repaired: int  # characters changed by decoding under the check digits
    accepted: bool
    region: Quad | None  # where the zone lies in the picture, for the evidence crop


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """The identity that the document states. Empty string or None: not identified, never a guess."""

    kind: DocumentKind | None = None
    issuing_state: str = ""  # ICAO three-letter code
    first_name: str = ""
    last_name: str = ""
    personal_number: str = ""
    document_number: str = ""
    birth_date: date | None = None
    nationality: str = ""
    sex: str = ""  # "M", "F" or ""
    expiry_date: date | None = None
    personal_number_valid: bool | None = None  # None: the issuer's rule is not known, or where it prints the number is not certain
    names_cut: bool = False  # the names fill the zone to its end, so they may be cut off


@dataclass(frozen=True, slots=True)
class FaceFindings:
    """One face in a picture. Box as (left, top, right, bottom) fractions 0..1; embedding of unit-less floats."""

    box: tuple[float, float, float, float]
    embedding: tuple[float, ...]
    engine: Engine
    took_ms: int


@dataclass(frozen=True, slots=True)
class DocumentFindings:
    """Everything that one picture of one side of a document says."""

    side: Side
    problems: tuple[Reason, ...]  # R35: retake now, in the order in which the user should mend them; empty: good
    quality: Measure
    quad: Quad | None
    kind_by_shape: DocumentKind | None
    full_document: Measure
    screen_replay: Measure
    photocopy: Measure
    mrz: MrzReading | None
    mrz_engine: Engine
    mrz_took_ms: int
    fields: DocumentFields | None  # from an accepted MRZ only
    portrait: FaceFindings | None
    burst_frames: int = 0  # frames of the moments before the picture; none come with a file
    printed_text: str = ""  # visual zone as read by OCR, upper case, without the MRZ; not on the backs of cards
    printed_surely: str = ""  # the same lines with "?" in place of each word that the OCR was not sure of
    print_took_ms: int = 0


@dataclass(frozen=True, slots=True)
class SelfieFindings:
    """Everything that one selfie says."""

    problems: tuple[Reason, ...]
    quality: Measure
    faces: int
    face: FaceFindings | None
    frames: int = 1  # pictures over which the embedding is averaged: the selfie and usable frames of the moments around it


@dataclass(frozen=True, slots=True)
class LivenessFindings:
    """Everything that the frames of one challenge say."""

    problems: tuple[Reason, ...]  # e.g. FACE_LOST: answered at capture, the user repeats the challenge
    liveness: Measure
    frames: int
    embedding: tuple[float, ...] | None  # mean over frontal frames, to tie the challenge to the selfie
    doubts: tuple[Reason, ...] = ()  # passive cues, flashes, the operator's model: they forbid to pass, they never deny


@dataclass(frozen=True, slots=True)
class DuplicateFace:
    """Another session of the company whose face is as alike as `level` asks, though it states another identity."""

    session: str  # its public id
    level: int
    one_in: float  # false acceptance equivalent of the distance


@dataclass(frozen=True, slots=True)
class DuplicateSearch:
    """The outcome of comparing a selfie with the faces of the company's other sessions."""

    compared: int
    level_needed: int  # 6 or 7
    found: tuple[DuplicateFace, ...]
    engine: Engine
    took_ms: int


@dataclass(frozen=True, slots=True)
class SessionFindings:
    """The findings of all captures of one attempt; None: that capture is missing or its inspection crashed."""

    front: DocumentFindings | None = None
    back: DocumentFindings | None = None
    selfie: SelfieFindings | None = None
    liveness: LivenessFindings | None = None
    duplicates: DuplicateSearch | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the company and the user said beforehand, and the day on which the document must be valid."""

    today: date
    kind: DocumentKind
    country: str  # ICAO three-letter code chosen by the user
    accepted_kinds: tuple[DocumentKind, ...]
    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    strict_names: bool = False  # True: the names must be spelled as expected, but for accents and transliteration
    minimum_age: int | None = None  # years on `today`; None: any age
    document_live: bool = True  # False: a picture of the document came as a file, so nothing proves that it was held up
    face_live: bool = True  # False: the face came as a file, so nothing proves that a person was there
    duplicates_sought: bool = False  # True: a face that another person's session shows is a doubt
    specimens_accepted: bool = False  # True: documents of Utopia (UTO), the state of specimens, count as real


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The conclusion of one check with everything that R37 wants kept."""

    check: Check
    status: Status
    score: float | None
    decline_below: float | None  # thresholds as applied; None for checks that have no band
    approve_from: float | None
    reasons: tuple[Reason, ...]
    engine: Engine
    took_ms: int
    details: dict[str, float] = field(default_factory=dict)
