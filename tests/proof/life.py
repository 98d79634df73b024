"""What must be true of a session, in plain Python: a second telling of its life that shares no line with the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sessions_app.transfers import ShownCode
from tests.proof.backstage import Quality

FRONT, BACK, SELFIE, LIVENESS = "DOCUMENT_FRONT", "DOCUMENT_BACK", "SELFIE", "LIVENESS"
WANTED = {"PASSPORT": (FRONT, SELFIE, LIVENESS), "ID_CARD": (FRONT, BACK, SELFIE, LIVENESS)}
STEP_OF = {FRONT: "front", BACK: "back", SELFIE: "selfie", LIVENESS: "liveness"}
OF_DOCUMENT, OF_FACE = ("document", "front", "back"), ("selfie", "liveness")
FINAL = {"APPROVE": "APPROVED", "DECLINE": "DECLINED", "ABANDONED": "ABANDONED", "EXPIRED": "EXPIRED", "CANCELLED": "CANCELLED"}
MOVES = {
    ("PENDING", "APPROVE"),
    ("PENDING", "REVIEW"),
    ("PENDING", "DECLINE"),
    ("PENDING", "ABANDONED"),
    ("PENDING", "EXPIRED"),
    ("PENDING", "CANCELLED"),
    ("REVIEW", "APPROVE"),
    ("REVIEW", "DECLINE"),
    ("REVIEW", "PENDING"),
}
UNDONE = {("APPROVE", "REVIEW"), ("DECLINE", "REVIEW")}


@dataclass
class Work:
    """What a worker takes, and may lose to another one."""

    pk: int
    takes: int = field(default=0, kw_only=True)

    @property
    def is_done(self) -> bool:
        raise NotImplementedError

    def take(self, token: object, until: datetime | None, now: datetime) -> int:
        """Return the number of the worker who gets it now, by what the row says of its lease; 0: nobody does."""
        if self.is_done or (token is not None and until is not None and now < until):
            return 0
        self.takes += 1
        return self.takes

    def is_held_by(self, worker: int) -> bool:
        return not self.is_done and self.takes == worker


@dataclass
class Shot(Work):
    """A picture that was sent."""

    kind: str
    key: str
    taken_at: datetime
    quality: Quality
    state: str = "WAITING"
    kept: bool = False
    current: bool = True

    @property
    def is_done(self) -> bool:
        return self.state != "WAITING"

    @property
    def is_poor(self) -> bool:
        return self.state == "INSPECTED" and self.quality is Quality.POOR

    @property
    def is_usable(self) -> bool:
        return self.state != "WAITING" and (not self.is_poor or self.kept)


@dataclass
class Try(Work):
    """An attempt."""

    key: str
    shots: list[Shot]
    submitted_at: datetime
    verdict: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.verdict)


@dataclass
class Phone:
    """A phone that was connected, until its time is over or something ends it before."""

    pk: int
    key: str
    until: datetime
    end: str = ""


@dataclass
class Review:
    """What a person decided, while it stands."""

    by: str
    at: datetime


@dataclass
class Rules:
    """What the company has set."""

    retries: int
    manual_review: bool
    inactivity: timedelta | None
    link_days: int
    transfer: timedelta
    face_first: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        pictures = (*OF_FACE, *OF_DOCUMENT) if self.face_first else (*OF_DOCUMENT, *OF_FACE)
        return ("consent", *pictures, "overview", "checking", "done")


@dataclass
class Life:
    """One session as it must be now."""

    rules: Rules
    expires_at: datetime
    outcome: str = "PENDING"
    opened: bool = False
    consented: bool = False
    document: str = ""
    active_at: datetime | None = None
    shots: list[Shot] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    codes: list[ShownCode] = field(default_factory=list)
    holder: str = ""
    held_until: datetime | None = None
    result: int = 0
    review: Review | None = None

    def current(self, kind: str) -> Shot | None:
        return next((shot for shot in self.shots if shot.current and shot.kind == kind), None)

    @property
    def checked(self) -> Try | None:
        return next((one for one in self.tries if not one.verdict), None)

    @property
    def step(self) -> str:
        if self.outcome != "PENDING":
            return "done"
        if self.checked:
            return "checking"
        if not self.consented:
            return "consent"
        missing = [kind for kind in STEP_OF if (shot := self.current(kind)) is None or not shot.is_usable]
        if self.rules.face_first and (of_face := [kind for kind in missing if STEP_OF[kind] in OF_FACE]):
            return STEP_OF[of_face[0]]
        if not self.document:
            return "document"
        wanted = [kind for kind in missing if kind in WANTED[self.document]]
        return STEP_OF[wanted[0]] if wanted else "overview"

    def is_open(self, now: datetime) -> bool:
        return self.outcome == "PENDING" and now < self.expires_at

    def phone(self, now: datetime) -> Phone | None:
        return next((phone for phone in self.phones if not phone.end and now < phone.until), None)

    def may_act(self, via: Phone | None, now: datetime) -> bool:
        return self.is_open(now) and self.phone(now) is via

    def is_overdue(self, now: datetime) -> bool:
        if self.outcome != "PENDING" or self.checked:
            return False
        idle = self.rules.inactivity
        away = idle is not None and self.active_at is not None and self.active_at + idle <= now
        return away or self.expires_at <= now

    def may_decide(self, actor: str, now: datetime) -> bool:
        return self.outcome == "REVIEW" and self.holder_at(now) in ("", actor)

    def holder_at(self, now: datetime) -> str:
        return self.holder if self.held_until is not None and now < self.held_until else ""

    def drop(self, *kinds: str) -> None:
        for shot in self.shots:
            shot.current = shot.current and shot.kind not in kinds

    def move(self, outcome: str, now: datetime) -> None:
        if self.outcome == "PENDING":
            self.codes.clear()
            for phone in self.phones:
                phone.end = phone.end or ("COMPLETED" if now < phone.until else "EXPIRED")
        self.outcome, self.holder, self.held_until = outcome, "", None

    def decide(self, attempt: Try, now: datetime, *, given_up: bool, dropped: set[str]) -> None:
        """End an attempt by what its pictures are, and the session with it unless a retry follows, which asks again for `dropped`."""
        attempt.verdict = self._verdict(attempt, given_up=given_up)
        if self.outcome != "PENDING":
            assert not dropped
            return
        self.result, self.active_at = self.tries.index(attempt) + 1, now
        if attempt.verdict == "RETRY":
            failed = {shot.kind for shot in attempt.shots if shot.quality is Quality.FAILS}
            groups = {kind for group in ({FRONT, BACK}, {SELFIE, LIVENESS}) if failed & group for kind in group}
            assert failed <= dropped <= groups, "R22: what failed is asked again, and nothing that has no part in it"
            self.drop(*dropped)
        else:
            assert not dropped
            self.move(attempt.verdict, now)

    def _verdict(self, attempt: Try, *, given_up: bool) -> str:
        seen = {shot.quality for shot in attempt.shots if shot.state != "CRASHED"}
        unclear = "REVIEW" if self.rules.manual_review else "DECLINE"
        if given_up:
            return unclear
        if Quality.HOPELESS in seen:
            return "DECLINE"
        if Quality.FAILS in seen:
            return "RETRY" if self.tries.index(attempt) < self.rules.retries else "DECLINE"
        crashed = any(shot.state == "CRASHED" for shot in attempt.shots)
        return unclear if crashed or Quality.UNCLEAR in seen else "APPROVE"
