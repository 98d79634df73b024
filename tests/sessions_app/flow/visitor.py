"""An end user in front of the flow: a browser that holds the link's cookie, and a session brought to any step."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from checks_app.decision import Decision, Verdict
from checks_app.results import CheckResult, Reason
from sessions_app import answers, challenges, findings, leases, lifecycle, steps, submission
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
from sessions_app.findings import Findings
from sessions_app.models import Capture, VerificationSession
from sessions_app.steps import Step
from settings_app.choices import DocumentChoice
from settings_app.models import Company, User
from tests import findings as drawn
from tests.factories import SessionFactory, UserFactory

GOOD: dict[CaptureKind, Callable[[], Any]] = {
    CaptureKind.DOCUMENT_FRONT: drawn.passport,
    CaptureKind.DOCUMENT_BACK: drawn.card_back,
    CaptureKind.SELFIE: drawn.selfie,
    CaptureKind.LIVENESS: drawn.liveness,
}
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


def jpeg(width: int = 64, height: int = 48, colour: str = "grey") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def file(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data, content_type="image/jpeg")


class Visitor:
    """Opens the link of a new session and goes through its pages."""

    def __init__(self, *, enters: bool = True, **session: Any) -> None:
        self.session, self.token = SessionFactory.with_token(**{"now": timezone.now(), **session})
        self.client = Client(HTTP_USER_AGENT=CHROME)
        if enters:
            self.client.get(self.link)

    @property
    def link(self) -> str:
        return reverse("flow:enter", args=[self.token])

    @property
    def page(self) -> str:
        return reverse("flow:page", args=[self.session.handle])

    def url(self, name: str, *more: object) -> str:
        return reverse(f"flow:{name}", args=[self.session.handle, *more])

    def get(self, query: str = "", **headers: Any) -> Any:
        return self.client.get(self.page + query, **headers)

    def post(self, name: str, *more: object, json: bool = False, **data: Any) -> Any:
        headers = {"Accept": "application/json"} if json else {}
        return self.client.post(self.url(name, *more), data, headers=headers)

    def send(self, kind: str, /, *, json: bool = True, **data: Any) -> Any:
        return self.post("captures", json=json, **{"kind": kind, "source": "FILE", "upload_key": uuid4().hex, "image": file(), **data})

    @property
    def step(self) -> Step:
        return steps.step_of(self.fresh())

    def fresh(self) -> VerificationSession:
        self.session = VerificationSession.objects.select_related("company").get(pk=self.session.pk)
        return self.session

    def go_to(self, wanted: Step, document: str = DocumentChoice.PASSPORT) -> Visitor:
        """Bring the session to a step, as a user without trouble would."""
        while (step := self.step) is not wanted:
            assert self.go_on(document) is not step, f"{wanted} is not ahead of {step}"
        return self

    def go_on(self, document: str = DocumentChoice.PASSPORT) -> Step:
        """Do what the session waits for, and return what it waits for then."""
        step, now = self.step, timezone.now()
        if step is Step.CONSENT:
            answers.consent(session=self.session, version="test", language="en", now=now)
        elif step is Step.EXTRA_FIELDS:
            answers.fill_extra(session=self.session, values={}, now=now)
        elif step is Step.DOCUMENT_CHOICE:
            answers.choose_document(session=self.session, country="GEO", document=document, now=now)
        elif step in steps.CAPTURE_STEPS:
            inspected(self.captured(steps.CAPTURE_STEPS[step]))
        elif step is Step.OVERVIEW:
            submission.submit_attempt(session=self.session, now=now)
        return self.step

    def captured(self, kind: CaptureKind) -> Capture:
        """Send a picture that waits for its inspection."""
        now, nonce = timezone.now(), ""
        if kind == CaptureKind.LIVENESS:
            nonce = challenges.issue(session=self.session, now=now).nonce
        return submission.store_capture(
            session=self.session,
            kind=kind,
            source=CaptureSource.CAMERA,
            upload_key=uuid4().hex,
            uploads=[submission.Upload(jpeg())],
            nonce=nonce,
            now=now,
        )


def member_of(company: Company) -> User:
    return cast(User, UserFactory(company=company))


def inspected(capture: Capture, *problems: str, found: Findings | None = None) -> Capture:
    """Give a capture what its inspection would write: nothing wrong, these problems, or whatever was found."""
    found = found or replace(GOOD[CaptureKind(capture.kind)](), problems=tuple(Reason(problem) for problem in problems))
    Capture.objects.filter(pk=capture.pk).update(
        state=CaptureState.INSPECTED,
        problems=[problem.value for problem in found.problems],
        inspected_at=timezone.now(),
        findings_sealed=findings.seal(capture, found),
    )
    capture.refresh_from_db()
    return capture


def failed(visitor: Visitor, *results: CheckResult) -> Visitor:
    """The person has submitted what is there, and these checks failed in a way that another try can mend."""
    visitor.go_to(Step.CHECKING)
    attempt = visitor.session.attempts.order_by("-number")[0]
    reasons = tuple(reason for result in results for reason in result.reasons)
    leases.claim(attempt, now=timezone.now())
    decision = Decision(Verdict.RETRY, reasons)
    lifecycle.record_decision(attempt=attempt, results=results, decision=decision, columns={}, now=timezone.now())
    visitor.fresh()
    return visitor


def sent_to_review(visitor: Visitor) -> Visitor:
    """The person has done everything, and the checks could not settle it."""
    visitor.go_to(Step.CHECKING, DocumentChoice.ID_CARD)
    attempt = visitor.session.attempts.order_by("-number")[0]
    leases.claim(attempt, now=timezone.now())
    lifecycle.record_decision(attempt=attempt, results=(), decision=Decision(Verdict.REVIEW), columns={}, now=timezone.now())
    visitor.fresh()
    return visitor
