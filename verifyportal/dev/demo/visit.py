"""One session of the demo data, from the link to its end, through the same doors as a real one.

Only the inspection of pictures is replaced, by invented findings; judging, deciding and every change of state are the product's own.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from checks_app.results import Engine, Reason, Side
from sessions_app import answers, challenges, creation, findings, lifecycle, steps, storage, transfers, verification
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, EventKind
from sessions_app.findings import Findings
from sessions_app.ingest import Picture
from sessions_app.models import Capture, CaptureImage, LivenessChallenge, Transfer, VerificationSession
from sessions_app.steps import Step
from settings_app.models import Company, User
from verifyportal.dev.demo import people
from verifyportal.dev.demo.findings import Inspector
from verifyportal.dev.demo.pictures import Holder
from verifyportal.dev.demo.stories import Ending, Story, Take

SPECIMEN_STATE = "UTO"
POOR_PICTURES = 0.08  # share of pictures that must be taken again
PROBLEMS = {
    CaptureKind.DOCUMENT_FRONT: (Reason.GLARE, Reason.BLURRED, Reason.DOCUMENT_TOO_FAR, Reason.CORNER_MISSING, Reason.TOO_DARK),
    CaptureKind.DOCUMENT_BACK: (Reason.GLARE, Reason.BLURRED, Reason.MRZ_NOT_READ),
    CaptureKind.SELFIE: (Reason.TOO_DARK, Reason.FACE_TOO_FAR, Reason.FACE_NOT_FRONTAL, Reason.NO_FACE),
    CaptureKind.LIVENESS: (Reason.FACE_LOST,),
}
INSPECTION = timedelta(milliseconds=900)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a session takes place."""

    company: Company
    staff: list[User]
    market: str
    born: datetime
    now: datetime  # what cannot have happened by then is left open


class Visit:
    """One person's way through one session."""

    def __init__(self, setting: Setting, story: Story, holder: Holder, *, engine: Engine, seed: int) -> None:
        self._setting, self._story, self._holder = setting, story, holder
        self._chance = random.Random(seed)
        self._inspector = Inspector(holder, face_engine=engine, today=setting.now.date(), seed=seed)
        self._at = setting.born
        self._device = people.device(self._chance, kinds=("PC",) if story.on_phone else ("Mobile", "PC"))
        self._phone: Transfer | None = None

    def play(self) -> VerificationSession:
        """Live through the session, or through as much of it as fits before now."""
        self._session = self._create()
        if self._story.comes:
            self._come()
        if self._story.ending is Ending.CANCELLED:
            lifecycle.cancel(session=self._session, actor=self._chance.choice(self._setting.staff), now=self._tick(hours=3))
        elif self._story.ending is Ending.LEFT and self._session.expires_at < self._setting.now:
            lifecycle.close_overdue(session=self._session, now=self._session.expires_at + timedelta(seconds=self._chance.randint(1, 59)))
        return self._session

    def _create(self) -> VerificationSession:
        setting, person = self._setting, self._holder.person
        is_expected = self._story.another_birth_date or self._chance.random() < 0.15
        birth_date = person.birth_date + timedelta(days=365 if self._story.another_birth_date else 0)
        session, _token = creation.create_session(
            company=setting.company,
            created_by=self._chance.choice([*setting.staff, None]),
            now=self._tick(),
            reference=people.reference(self._chance),
            market=setting.market,
            language=people.language(setting.market, self._chance),
            expected_last_name=person.last_name if is_expected else "",
            expected_birth_date=birth_date if is_expected else None,
        )
        return session

    def _come(self) -> None:
        session = self._session
        answers.open_link(session=session, client=self._device, now=self._tick(hours=self._chance.random() ** 4 * 60))
        if self._story.refuses_consent:
            answers.refuse_consent(session=session, now=self._tick())
        while (step := self._step()) not in (self._story.stops_at, Step.DONE):
            self._act(step)

    def _step(self) -> Step:
        self._session = VerificationSession.objects.select_related("company").get(pk=self._session.pk)
        if self._story.gives_up_after and self._session.attempts.count() >= self._story.gives_up_after:
            return Step.DONE
        return steps.step_of(self._session)

    def _act(self, step: Step) -> None:
        self._change_hands(step)
        session, now = self._session, self._tick()
        if step is Step.CONSENT:
            answers.consent(session=session, version="2026-11", language=session.language, now=now)
        elif step is Step.EXTRA_FIELDS:
            values = people.extra_values(session.company, session.market, self._chance)
            answers.fill_extra(session=session, values=values, now=now)
        elif step is Step.DOCUMENT_CHOICE:
            country = "XXC" if self._story.another_country else SPECIMEN_STATE
            answers.choose_document(session=session, country=country, document=self._holder.kind.value, now=now)
        elif step is Step.OVERVIEW:
            self._submit(now)
        else:
            self._shoot(steps.CAPTURE_STEPS[step], now)

    def _change_hands(self, step: Step) -> None:
        """Go on with a phone at the first picture, or come back from it at the selfie, where the story says so."""
        session, story = self._session, self._story
        if story.on_phone and step in steps.CAPTURE_STEPS and not session.transfers.exists():
            typed = transfers.issue_code(session=session, now=self._tick()).typed
            client, now = people.device(self._chance, kinds=("Mobile",)), self._tick()
            code = transfers.find_code(typed=typed, now=now)
            self._phone, _token = transfers.connect(code=code, phone_key=uuid.uuid4().hex, client=client, now=now)
            answers.record_client(session=session, client=client)
        if story.taken_back and step is Step.SELFIE and self._phone:
            transfers.take_back(session=session, now=self._tick())
            answers.record_client(session=session, client=self._device)
            self._phone = None

    def _submit(self, now: datetime) -> None:
        session = self._session
        attempt = session.attempts.create(number=session.attempts.count() + 1, max_retries=session.max_retries, submitted_at=now)
        attempt.captures.set(session.captures.current())
        lifecycle.note(session=session, kind=EventKind.SUBMITTED, now=now, attempt=attempt.number)
        verification.verify(attempt=attempt, now=now + timedelta(milliseconds=self._chance.randint(150, 600)))

    def _shoot(self, kind: CaptureKind, now: datetime) -> None:
        """Take one picture: sometimes a poor one first."""
        take, session = self._take(), self._session
        problems = (self._chance.choice(PROBLEMS[kind]),) if self._chance.random() < POOR_PICTURES else ()
        challenge = self._challenge(now - timedelta(seconds=15)) if kind == CaptureKind.LIVENESS else None
        source = CaptureSource.FILE if take.from_file else CaptureSource.CAMERA
        capture = Capture(
            session=session, kind=kind, source=source, upload_key=uuid.uuid4().hex, challenge=challenge, created_at=now,
            state=CaptureState.INSPECTED, problems=[reason.value for reason in problems], inspected_at=now + INSPECTION,
        )  # fmt: skip
        for name, value in findings.columns_of(capture, self._inspect(kind, take, problems)).items():
            setattr(capture, name, value)
        session.captures.current().filter(kind=kind).update(replaced_at=now)
        capture.save(force_insert=True)
        CaptureImage.objects.bulk_create(
            storage.write_picture(capture, picture, position=position, step=None, at_ms=None)
            for position, picture in enumerate(self._pictures(kind))
        )
        lifecycle.note(session=session, kind=EventKind.CAPTURED, now=now, capture=kind, source=source)
        if problems:
            VerificationSession.objects.filter(pk=session.pk).update(forced_retries=F("forced_retries") + 1)
            lifecycle.note(session=session, kind=EventKind.RETAKE_ASKED, now=now + INSPECTION, capture=kind, problem=problems[0].value)

    def _challenge(self, now: datetime) -> LivenessChallenge:
        return challenges.issue(session=self._session, now=now, via=self._phone)

    def _take(self) -> Take:
        return self._story.takes[min(self._session.attempts.count(), len(self._story.takes) - 1)]

    def _inspect(self, kind: CaptureKind, take: Take, problems: tuple[Reason, ...]) -> Findings:
        if kind == CaptureKind.SELFIE:
            return self._inspector.selfie(take, problems)
        if kind == CaptureKind.LIVENESS:
            return self._inspector.liveness(take, problems)
        return self._inspector.document(take, Side.BACK if kind == CaptureKind.DOCUMENT_BACK else Side.FRONT, problems)

    def _pictures(self, kind: CaptureKind) -> tuple[Picture, ...]:
        holder = self._holder
        if kind == CaptureKind.LIVENESS:
            return holder.frames
        if kind == CaptureKind.SELFIE:
            return (holder.selfie,)
        side = holder.front if kind == CaptureKind.DOCUMENT_FRONT else holder.back
        return () if side is None else (side.picture,)

    def _tick(self, *, hours: float = 0) -> datetime:
        """Let some seconds pass, as a person goes on, and before them hours, as far as they fit before now."""
        room = (self._setting.now - self._at).total_seconds() / 3600 - 1
        self._at += timedelta(hours=max(0, min(hours, room)), seconds=self._chance.randint(6, 45))
        return self._at
