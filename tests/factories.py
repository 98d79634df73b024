"""The least that is valid of each model. Sessions are born through `creation`, as in the product."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from checks_app import decision, judging, rejudging
from checks_app.results import DocumentKind, SessionFindings
from checks_app.thresholds import DEFAULTS
from sessions_app import batches, creation, findings, leases, lifecycle, result_columns, storage
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, Outcome
from sessions_app.ingest import Picture
from sessions_app.models import Attempt, Capture, CaptureImage, SessionBatch, VerificationSession
from settings_app import keys
from settings_app.choices import DocumentChoice, Role
from settings_app.models import Company, ExtraField, User
from tests import findings as given

NOW = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
PASSWORD = "a quiet instrument"


class CompanyFactory(DjangoModelFactory):
    """A company with its key."""

    class Meta:
        model = Company

    name = factory.Sequence(lambda number: f"Company {number}")
    created_at = NOW

    @classmethod
    def _create(cls, model_class: type[Company], *args: Any, **kwargs: Any) -> Company:
        company = model_class(**kwargs)
        keys.give_key(company)
        company.save(force_insert=True)
        return company


class UserFactory(DjangoModelFactory):
    """An agent of a company of his own; `MasterFactory` and `OperatorFactory` for the others."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"user{number}@example.com")
    company = factory.SubFactory(CompanyFactory)
    role: Role | str = Role.AGENT

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})


class MasterFactory(UserFactory):
    role = Role.MASTER


class OperatorFactory(UserFactory):
    company = None
    role = ""
    is_staff = True
    is_superuser = True


class ExtraFieldFactory(DjangoModelFactory):
    class Meta:
        model = ExtraField

    company = factory.SubFactory(CompanyFactory)
    key = factory.Sequence(lambda number: f"field-{number}")
    label = factory.Sequence(lambda number: f"Field {number}")


class SessionFactory(DjangoModelFactory):
    """An unopened session. `SessionFactory.with_token(...)` also returns the secret of its link."""

    class Meta:
        model = VerificationSession

    company = factory.SubFactory(CompanyFactory)
    created_by = None
    now = NOW

    @classmethod
    def _create(cls, model_class: type[VerificationSession], *args: Any, **kwargs: Any) -> VerificationSession:
        return creation.create_session(**kwargs)[0]

    @classmethod
    def with_token(cls, **kwargs: Any) -> tuple[VerificationSession, str]:
        return creation.create_session(
            **{"company": kwargs.pop("company", None) or CompanyFactory(), "created_by": None, "now": NOW, **kwargs}
        )


class SessionBatchFactory(DjangoModelFactory):
    """A batch of three unopened sessions."""

    class Meta:
        model = SessionBatch

    company = factory.SubFactory(CompanyFactory)
    created_at = NOW

    @classmethod
    def _create(cls, model_class: type[SessionBatch], *args: Any, **kwargs: Any) -> SessionBatch:
        given = kwargs.pop("given", [creation.NewSession(reference=f"order {number}") for number in (1, 2, 3)])
        born = {"public_id": uuid4(), "file_name": "orders.csv", "actor": None, "now": kwargs.pop("created_at"), **kwargs}
        return batches.create(given=given, **born)


def finished_session(outcome: Outcome = Outcome.APPROVE, **columns: Any) -> VerificationSession:
    """A session as the list meets it, with its outcome and result columns, without the captures that led there."""
    born = {name: columns.pop(name) for name in ("company", "now", "market", "reference", "extra_values") if name in columns}
    session = SessionFactory(**born)
    defaults: dict[str, Any] = {"outcome": outcome, "opened_at": session.created_at, "closed_at": session.created_at}
    if outcome == Outcome.PENDING:
        defaults["closed_at"] = None
    if outcome == Outcome.EXPIRED:
        defaults["opened_at"] = None
    VerificationSession.objects.filter(pk=session.pk).update(**{**defaults, **columns})
    session.refresh_from_db()
    return session


def picture(colour: tuple[int, int, int] = (120, 140, 150), size: tuple[int, int] = (320, 240)) -> Picture:
    """A plain picture, encoded as ingest would."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return Picture(out.getvalue(), *size)


def store_inspected(
    session: VerificationSession, kind: CaptureKind, found: findings.Findings, *, pictures: Iterable[Picture] = ()
) -> Capture:
    """A capture as it stands after its inspection, with its pictures encrypted on disk."""
    challenge = None
    if kind == CaptureKind.LIVENESS:
        challenge = session.challenges.create(
            nonce=f"nonce-{session.pk}-{session.challenges.count()}", moves=["LEFT"], issued_at=NOW, expires_at=NOW
        )
    capture = Capture(
        session=session,
        kind=kind,
        source=CaptureSource.CAMERA,
        upload_key=f"{kind}-{session.captures.count()}",
        challenge=challenge,
        created_at=NOW,
    )
    capture.state, capture.inspected_at = CaptureState.INSPECTED, NOW
    for name, value in findings.columns_of(capture, found).items():
        setattr(capture, name, value)
    capture.save()
    CaptureImage.objects.bulk_create(
        storage.write_picture(capture, taken, position=position, step=None, at_ms=position * 200)
        for position, taken in enumerate(pictures or [picture()])
    )
    return capture


def checked_session(found: SessionFindings | None = None, **born: Any) -> VerificationSession:
    """A session with one attempt, judged and decided by the product's own rules from findings made by hand."""
    found = found or given.of_passport()
    session = SessionFactory(**born)
    document = DocumentChoice.ID_CARD if found.back else DocumentChoice.PASSPORT
    VerificationSession.objects.filter(pk=session.pk).update(
        opened_at=NOW, consented_at=NOW, chosen_country="GEO", chosen_document=document
    )
    sides = {
        CaptureKind.DOCUMENT_FRONT: found.front,
        CaptureKind.DOCUMENT_BACK: found.back,
        CaptureKind.SELFIE: found.selfie,
        CaptureKind.LIVENESS: found.liveness,
    }
    captures = [store_inspected(session, kind, side) for kind, side in sides.items() if side is not None]
    decide_attempt(session, captures, found)
    session.refresh_from_db()
    return session


def decide_attempt(session: VerificationSession, captures: Iterable[Capture], found: SessionFindings) -> Attempt:
    """Submit captures as the next attempt and decide it."""
    number = session.attempts.count() + 1
    attempt: Attempt = session.attempts.create(number=number, max_retries=session.max_retries, submitted_at=NOW)
    attempt.captures.set(captures)
    leases.claim(attempt, now=NOW)
    expected = given.expectations(kind=DocumentKind.ID_CARD if found.back else DocumentKind.PASSPORT)
    results = judging.judge(found, thresholds=DEFAULTS, expectations=expected, calibration=given.CALIBRATION)
    decided = decision.decide(
        results, required=judging.required_checks(expected), retries_left=session.max_retries + 1 - number, manual_review=True
    )
    columns = result_columns.from_results(found, results)
    essence = rejudging.essence_of(
        found,
        results,
        required=judging.required_checks(expected),
        expectations=expected,
        calibration=given.CALIBRATION,
        retries_left=session.max_retries + 1 - number,
        manual_review=True,
    )
    lifecycle.record_decision(attempt=attempt, results=results, decision=decided, columns=columns, essence=essence, now=NOW)
    return attempt
