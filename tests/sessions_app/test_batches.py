"""R1, R6: sessions created together, and their links fetched together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app import access, answers, batches, creation, lifecycle
from sessions_app.choices import EventKind, Outcome
from sessions_app.creation import NewSession
from sessions_app.models import SessionBatch, VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.captures import CLIENT
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, ExtraFieldFactory, SessionBatchFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db
KEY = UUID("00000000-0000-4000-8000-000000000001")
FULL = NewSession(
    reference="order 1",
    market="GEO",
    language="ka",
    return_url="https://Shop.example/done",
    expected_first_name="Nino",
    expected_last_name="Beridze",
    expected_birth_date=date(1990, 4, 17),
    extra_values={"plan": "gold"},
)
DRAWN = {"id", "public_id", "token_hash", "token_sealed", "handle", "batch_id"}


@pytest.fixture
def company() -> Company:
    company = CompanyFactory(allowed_return_origins=["https://shop.example"], link_days=3, max_retries=2)
    ExtraFieldFactory(company=company, key="plan")
    return company


@pytest.fixture
def agent(company: Company) -> User:
    return UserFactory(company=company)


def create(company: Company, given: list[NewSession], actor: User | None = None, **changes: Any) -> SessionBatch:
    born = {"public_id": uuid4(), "file_name": "orders.csv", "actor": actor, "now": NOW, **changes}
    return batches.create(company=company, given=given, **born)


def columns_of(session: VerificationSession) -> dict[str, Any]:
    return {name: value for name, value in VerificationSession.objects.filter(pk=session.pk).values()[0].items() if name not in DRAWN}


def test_session_of_a_batch_is_like_one_created_alone(company: Company, agent: User) -> None:
    """R7: the same values, the same life."""
    batch = create(company, [FULL], agent)
    given = {name: getattr(FULL, name) for name in FULL.__slots__}
    alone, _token = creation.create_session(company=company, created_by=agent, now=NOW, **given)
    together = batch.sessions.get()
    assert columns_of(together) == columns_of(alone)
    assert list(together.events.values_list("kind", "actor", "at")) == [(EventKind.CREATED, agent.pk, NOW)]


def test_creation_of_a_batch_is_one_line_of_the_audit_trail(company: Company, agent: User) -> None:
    batch = create(company, [NewSession()] * 3, agent)
    line = company.audit_events.get()
    assert (line.kind, line.actor, line.session_public_id, line.details) == (
        AuditKind.SESSIONS_CREATED,
        agent,
        batch.public_id,
        {"count": 3},
    )
    assert audit.first_broken(company) is None


@pytest.mark.parametrize("last", [NewSession(return_url="https://evil.example/"), NewSession(extra_values={"shoe": "43"})])
def test_one_refused_row_leaves_nothing_behind(company: Company, last: NewSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """R45, R47: all or none."""
    monkeypatch.setattr(creation, "AT_ONCE", 2)
    with pytest.raises((creation.ReturnUrlNotAllowed, creation.UnknownExtraField)):
        create(company, [*[NewSession()] * 3, last])
    assert not company.sessions.exists()
    assert not company.session_batches.exists()
    assert not company.audit_events.exists()


def test_statements_do_not_grow_with_the_rows(company: Company) -> None:
    """Thousands of sessions take seconds, not minutes."""
    counts = []
    for size in (1, 200):
        with CaptureQueriesContext(connection) as queries:
            create(company, [NewSession()] * size)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_sessions_stand_in_the_order_of_the_file(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "AT_ONCE", 3)
    references = [f"order {number}" for number in (3, 1, 2, 9, 4, 7, 5)]
    batch = create(company, [NewSession(reference=reference) for reference in references])
    assert [line.reference for line in batches.hand_out(batch=batch, actor=UserFactory(company=company), now=NOW)] == references


def test_every_link_opens_its_own_session(company: Company, agent: User) -> None:
    """R1, R6."""
    batch = create(company, [NewSession(reference="a"), NewSession(reference="b")])
    for line in batches.hand_out(batch=batch, actor=agent, now=NOW):
        found = access.find_by_token(line.link.split("/")[-2])
        assert found
        assert (found.reference, found.public_id, found.expires_at) == (line.reference, line.session_id, line.expires_at)


def test_each_download_stands_in_the_trail_with_its_number_of_links(company: Company, agent: User) -> None:
    """R6."""
    batch = create(company, [NewSession()] * 3)
    lifecycle.cancel(session=batch.sessions.first(), actor=agent, now=NOW)  # type: ignore[arg-type]
    for _ in range(2):
        batches.hand_out(batch=batch, actor=agent, now=NOW)
    lines = company.audit_events.filter(kind=AuditKind.LINKS_DOWNLOADED)
    assert list(lines.values_list("actor", "session_public_id", "details")) == [(agent.pk, batch.public_id, {"count": 2})] * 2


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(days=3, seconds=-1), True), (timedelta(days=3), False), (timedelta(days=4), False)]
)
def test_link_that_no_longer_works_is_not_handed_out(company: Company, agent: User, after: timedelta, works: bool) -> None:
    """R3: computed when read."""
    batch = create(company, [NewSession()])
    (line,) = batches.hand_out(batch=batch, actor=agent, now=NOW + after)
    assert bool(line.link) is works


def test_same_batch_sent_twice_is_created_once(company: Company) -> None:
    public_id = uuid4()
    first, second = (create(company, [NewSession()] * 2, public_id=public_id) for _ in range(2))
    assert first == second
    assert company.sessions.count() == 2
    assert company.audit_events.count() == 1


def test_a_batch_is_named_by_company_page_and_file(company: Company) -> None:
    """A double click is one batch; another file from the same page is another one."""
    name = batches.identity(company=company, key=KEY, content=b"a")
    assert name == batches.identity(company=company, key=KEY, content=b"a")
    others = [
        batches.identity(company=company, key=KEY, content=b"b"),
        batches.identity(company=company, key=uuid4(), content=b"a"),
        batches.identity(company=CompanyFactory(), key=KEY, content=b"a"),
    ]
    assert len({name, *others}) == 4


@pytest.mark.django_db(transaction=True)
def test_two_at_once_create_one_batch(company: Company) -> None:
    public_id = uuid4()
    made = race(*[lambda: create(company, [NewSession()] * 20, public_id=public_id).pk] * 4)
    assert made == [company.session_batches.get().pk] * 4
    assert company.sessions.count() == 20


def test_progress_counts_who_came_and_who_is_done(company: Company, agent: User) -> None:
    batch = create(company, [NewSession()] * 4)
    first, second, third, _fourth = batch.sessions.order_by("id")
    for session in (first, second):
        answers.open_link(session=session, client=CLIENT, now=NOW)
    for session in (second, third):
        lifecycle.cancel(session=session, actor=agent, now=NOW)
    assert batches.progress(batch) == batches.Progress(waiting=1, started=1, finished=2)


def test_references_of_open_sessions_are_known(company: Company) -> None:
    """R81: of the own company alone."""
    SessionFactory(company=company, reference="open")
    closed = SessionFactory(company=company, reference="closed")
    lifecycle.cancel(session=closed, actor=UserFactory(company=company), now=NOW)
    SessionFactory(company=company, reference="")
    SessionFactory(reference="foreign")
    asked = {"open", "closed", "foreign", "new", ""}
    assert batches.open_references(company=company, references=asked) == {"open"}


def test_batch_outlives_its_company_settings(company: Company) -> None:
    """R3, R4: what the company changes later does not reach back."""
    batch = SessionBatchFactory(company=company)
    Company.objects.filter(pk=company.pk).update(link_days=30, max_retries=9)
    session = batch.sessions.first()
    assert session
    assert (session.expires_at - session.created_at, session.max_retries) == (timedelta(days=3), 2)
    assert session.outcome == Outcome.PENDING


def test_links_are_read_at_once(company: Company, agent: User, django_assert_max_num_queries: Any) -> None:
    batch = create(company, [NewSession()] * 30)
    with django_assert_max_num_queries(8):
        batches.hand_out(batch=batch, actor=agent, now=NOW)
