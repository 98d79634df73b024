"""Workers without pictures: what they find is said beforehand, where they die or dawdle too. The rules behind them are the product's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from enum import Enum, auto
from types import SimpleNamespace
from typing import Any

import pytest

from checks_app import judging
from checks_app.results import Check, CheckResult, Expectations, Reason, SessionFindings, Status
from sessions_app import findings, ingest, leases, storage, submission, thumbnails, verification
from sessions_app.choices import CaptureState
from sessions_app.ingest import Picture
from sessions_app.models import Capture, CaptureImage
from sessions_app.redo import CAPTURES_OF_CHECK
from sessions_app.sweeps import recovery, runs
from tests import findings as drawn


class Quality(Enum):
    """What a picture will turn out to be."""

    GOOD = auto()
    POOR = auto()  # glare: the user is asked to take it again
    FAILS = auto()  # another try may mend it
    HOPELESS = auto()  # no other picture of the same document will
    UNCLEAR = auto()
    BREAKS = auto()  # its inspection crashes


VERDICT_OF = {
    Quality.FAILS: (Status.FAILED, Reason.FACES_DIFFER),
    Quality.HOPELESS: (Status.FAILED, Reason.DOCUMENT_EXPIRED),
    Quality.UNCLEAR: (Status.UNCLEAR, Reason.CHECK_CRASHED),
    Quality.BREAKS: (Status.UNCLEAR, Reason.CHECK_CRASHED),
}
WORST_FIRST = (Quality.HOPELESS, Quality.FAILS, Quality.UNCLEAR, Quality.BREAKS)


class Died(BaseException):
    """The worker is killed here: nothing after this line happens, and nobody gives its lease back."""


class Backstage:
    """What happens while a worker works."""

    def __init__(self) -> None:
        self.quality: dict[int, Quality] = {}
        self.meanwhile: Callable[[], None] | None = None
        self.recovered: list[tuple[str, int]] = []
        self._judged: list[tuple[str, Quality]] = []

    def sweep_wrote(self, run: runs.Run, **columns: object) -> None:
        assert not run.failures, "a sweep that stumbles leaves somebody waiting"

    def enqueue(self, lost: tuple[str, str, int]) -> bool:
        _, argument, pk = lost
        self.recovered.append((argument, pk))
        return True

    def _pause(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()

    def inspect(self, capture: Capture) -> Any:
        self._pause()
        quality = self.quality[capture.pk]
        if quality is Quality.BREAKS:
            raise ValueError("this picture breaks its inspection")
        return SimpleNamespace(problems=(Reason.GLARE,) if quality is Quality.POOR else ())

    def gather(self, captures: dict[str, Capture]) -> SessionFindings:
        self._pause()
        crashed = {kind for kind, capture in captures.items() if capture.state == CaptureState.CRASHED}
        self._judged = [(kind, Quality.BREAKS if kind in crashed else self.quality[shot.pk]) for kind, shot in captures.items()]
        return SessionFindings()

    def judge(self, found: SessionFindings, *, expectations: Expectations, **_: Any) -> tuple[CheckResult, ...]:
        return tuple(self._result(check) for check in judging.required_checks(expectations))

    def _result(self, check: Check) -> CheckResult:
        seen = {quality for kind, quality in self._judged if kind in CAPTURES_OF_CHECK[check]}
        worst = next((quality for quality in WORST_FIRST if quality in seen), None)
        status, *reasons = VERDICT_OF[worst] if worst else (Status.PASSED,)
        return CheckResult(check, status, None, None, None, tuple(reasons), drawn.ENGINE, 1)


class Silence:
    """A log that nobody reads: what is killed here is killed on purpose, a thousand times."""

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda *_, **__: None


def write_nothing(capture: Capture, picture: Picture, *, position: int, step: int | None, at_ms: int | None) -> CaptureImage:
    return CaptureImage(
        capture=capture, position=position, path=uuid.uuid4().hex, wrapped_key=b"", sha256="", width=1, height=1, step=step, at_ms=at_ms
    )


def decode_nothing(files: Sequence[bytes]) -> list[Picture]:
    return [Picture(b"", 1, 1) for _ in files]


@pytest.fixture
def without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is read or written, nothing is queued, no thread renews a lease."""
    monkeypatch.setattr(submission, "_enqueue", lambda task, **ids: None)
    monkeypatch.setattr(ingest, "decode_all", decode_nothing)
    monkeypatch.setattr(storage, "write_picture", write_nothing)
    monkeypatch.setattr(storage, "discard", lambda image: None)
    monkeypatch.setattr(leases, "kept", lambda work: nullcontext())


@pytest.fixture
def backstage(monkeypatch: pytest.MonkeyPatch, without_files: None) -> Backstage:
    """Play the workers and the scheduler, whose locks against a second one are proven elsewhere."""
    played = Backstage()
    for talkative in (verification, runs):
        monkeypatch.setattr(talkative, "log", Silence())
    monkeypatch.setattr(thumbnails, "made_for", lambda capture, found: None)
    monkeypatch.setattr(findings, "read", lambda capture: None)
    monkeypatch.setattr(findings, "columns_of", lambda capture, found: {"findings_sealed": b"sealed"})
    monkeypatch.setattr(verification, "_inspect", played.inspect)
    monkeypatch.setattr(verification, "findings_of", played.gather)
    monkeypatch.setattr(verification, "load_calibration", lambda *_: None)
    monkeypatch.setattr(judging, "judge", played.judge)
    monkeypatch.setattr(runs, "_alone", lambda sweep: nullcontext(True))
    monkeypatch.setattr(runs, "_write", played.sweep_wrote)
    monkeypatch.setattr(recovery, "_enqueue", played.enqueue)
    return played
