"""Who visits the portal of the fault bench, and what became of them."""

from __future__ import annotations

import io
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway
from PIL import Image

from benchmarks import faults_naive, material
from benchmarks.faults_stack import Stack
from benchmarks.faults_visitor import Diary, Visitor
from checks_app.imaging import RgbImage
from sessions_app import creation
from sessions_app.choices import AttemptState, CaptureState, EventKind, Outcome
from sessions_app.models import Attempt, Capture, VerificationSession
from settings_app import keys
from settings_app.models import Company

DIFFERENT = 3  # sets of pictures
FINAL = [EventKind.APPROVED, EventKind.DECLINED, EventKind.ABANDONED, EventKind.EXPIRED, EventKind.CANCELLED]
AFTER_A_CRASH = 60  # seconds for which the database may recover
Decided = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """A session, the link to it, and which pictures its visitor has."""

    pk: int
    link: str
    pictures: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of some sessions: how many of each."""

    sessions: int
    terminal: int
    waiting: int
    lost: int
    doubled: int
    as_undisturbed: int
    given_up: int

    @property
    def text(self) -> str:
        return (
            f"{self.terminal} terminal, {self.waiting} waiting for their user, {self.lost} lost, {self.doubled} doubled "
            f"of {self.sessions}; {self.as_undisturbed} decided exactly as without faults, {self.given_up} pictures given up"
        )


class People:
    """Makes sessions and visitors, and reads from the database how they ended."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.diary = stack, Diary()
        self._sets = [
            {
                "DOCUMENT_FRONT": _jpeg(material.passport(number)),
                "SELFIE": _jpeg(material.selfie(number)),
                "LIVENESS": _jpeg(material.selfie(number + DIFFERENT)),
            }
            for number in range(DIFFERENT)
        ]
        self._company = Company(name=f"Faults {uuid.uuid4()}", created_at=timezone.now())
        keys.give_key(self._company)
        self._company.save(force_insert=True)
        self._naive_numbers, self.naive_sent, self.naive_refused = count(), list[int](), 0
        self._undisturbed: dict[int, Decided] = {}

    def learn(self) -> None:
        """See how each set of pictures is decided while nothing is wrong."""
        cases = self.cases(DIFFERENT)
        self.crowd(cases, size=DIFFERENT)[0].join()
        self.diary = Diary()
        self._undisturbed = {case.pictures: _decided(case.pk) for case in cases}

    def cases(self, number: int) -> list[Case]:
        cases = []
        for place in range(number):
            session, token = creation.create_session(company=self._company, created_by=None, now=timezone.now())
            cases.append(Case(session.pk, creation.link_for(token).removeprefix(self.stack.address), place % DIFFERENT))
        return cases

    def visitor(self, case: Case, *, poisoned: bool = False) -> Visitor:
        return Visitor(self.stack.address, case.link, self._sets[case.pictures], self.diary, poisoned=poisoned, also=self._ask_naively)

    def crowd(self, cases: Iterable[Case], *, size: int, poisoned: int = -1) -> list[threading.Thread]:
        """Let so many visitors at a time go through these sessions. The first thread returned ends when all of them have."""
        waiting: SimpleQueue[Case] = SimpleQueue()
        for case in cases:
            waiting.put(case)

        def work() -> None:
            with suppress(Empty):
                while True:
                    case = waiting.get_nowait()
                    self.visitor(case, poisoned=case.pk == poisoned).go()
                    self.diary.finish()

        workers = [threading.Thread(target=work, daemon=True) for _ in range(size)]

        def wait() -> None:
            for worker in workers:
                worker.join()

        last = threading.Thread(target=wait, daemon=True)
        for thread in (*workers, last):
            thread.start()
        return [last, *workers]

    def _ask_naively(self) -> None:
        number = next(self._naive_numbers)
        try:
            faults_naive.work.delay(number)
            self.naive_sent.append(number)
        except QueueAway:
            self.naive_refused += 1

    def naive_losses(self) -> str:
        """Wait until the naive queue does nothing any more, and tell what it lost."""
        done, before = self._naive_done(), -1
        while len(done) != before:
            before = len(done)
            time.sleep(4 * faults_naive.WORK_SECONDS)
            done = self._naive_done()
        lost = len(set(self.naive_sent) - set(done))
        return (
            f"Celery's defaults under the same faults: {lost} of {len(self.naive_sent)} tasks lost, {self.naive_refused} not even enqueued"
        )

    def _naive_done(self) -> list[int]:
        file = Path(self.stack.environment["FAULTS_NAIVE"])
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def verdict(self, cases: Sequence[Case]) -> Verdict:
        """Count. Lost is what a machine should have done half a minute ago."""
        again()
        pks = [case.pk for case in cases]
        sessions = VerificationSession.objects.filter(pk__in=pks)
        waiting = {session.pk for session in sessions if session.outcome == Outcome.PENDING}
        late = timezone.now() - timedelta(seconds=30)
        undone = Attempt.objects.filter(session__in=waiting, state=AttemptState.PROCESSING, submitted_at__lt=late)
        unseen = Capture.objects.current().filter(session__in=waiting, state=CaptureState.WAITING, created_at__lt=late)
        lost = {*undone.values_list("session", flat=True), *unseen.values_list("session", flat=True)}
        return Verdict(
            sessions=len(pks),
            terminal=len(pks) - len(waiting),
            waiting=len(waiting - lost),
            lost=len(lost),
            doubled=sum(_doubled(session) for session in sessions),
            as_undisturbed=sum(_decided(case.pk) == self._undisturbed[case.pictures] for case in cases),
            given_up=Capture.objects.filter(session__in=pks, state=CaptureState.CRASHED).count(),
        )


def again() -> None:
    """Connect anew: the server may have been another one a moment ago."""
    deadline = time.monotonic() + AFTER_A_CRASH
    while True:
        connection.close()
        try:
            connection.ensure_connection()
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def someone_works() -> bool:
    return Capture.objects.filter(state=CaptureState.WAITING, lease_token__isnull=False).exists()


def _doubled(session: VerificationSession) -> bool:
    """More ends than one, or more attempts than submissions."""
    ends = session.events.filter(kind__in=FINAL, withdrawn_at=None).count() + session.events.filter(kind=EventKind.SENT_TO_REVIEW).count()
    attempts = session.attempts.count()
    submissions = session.events.filter(kind=EventKind.SUBMITTED).count()
    retries = session.events.filter(kind=EventKind.RETRY_ASKED).count()
    return ends > 1 or attempts > submissions or attempts > retries + 1


def _decided(pk: int) -> Decided:
    session = VerificationSession.objects.get(pk=pk)
    attempt = session.attempts.order_by("number").last()
    checks = attempt.checks.order_by("check_name").values_list("check_name", "status") if attempt else ()
    return session.outcome, tuple(checks)


def _jpeg(image: RgbImage) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=92)
    return out.getvalue()
