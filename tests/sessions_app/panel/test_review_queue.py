"""R24, R81: the queue of what people have to look at, and the number in the ribbon."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks_app.results import Reason
from sessions_app import claims
from sessions_app.choices import CaptureKind, Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel import review_queue
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests import findings
from tests.factories import NOW, MasterFactory, UserFactory, finished_session, store_inspected
from tests.reviews import load, waiting
from tests.sessions_app.panel.conftest import logged_in

QUERIES_OF_THE_PAGE = 5  # login, user, company, the page of the queue, the number in the ribbon


def page(panel: Client, query: str = "") -> str:
    return panel.get(f"/review/{query}").content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'<tr id="row-([0-9a-f-]{36})"', page)


def ids(*sessions: VerificationSession) -> list[str]:
    return [str(session.public_id) for session in sessions]


def queued(company: Company, number: int) -> list[VerificationSession]:
    """Sessions that came into review one after the other; two always in the same moment."""
    return [waiting(company=company, closed_at=NOW + timedelta(minutes=place // 2)) for place in range(number)]


def test_queue_begins_with_who_has_waited_longest(panel: Client, company: Company) -> None:
    newer = waiting(company=company, closed_at=NOW - timedelta(hours=1))
    older = waiting(company=company, closed_at=NOW - timedelta(hours=3))
    assert rows(page(panel)) == ids(older, newer)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.REVIEW])
def test_only_sessions_in_review_wait(panel: Client, company: Company, outcome: Outcome) -> None:
    finished_session(outcome, company=company)
    assert rows(page(panel)) == []


def test_other_companies_have_queues_of_their_own(panel: Client, stranger: Client, company: Company) -> None:
    """R81."""
    session = waiting(company=company)
    assert rows(page(panel)) == ids(session)
    assert rows(page(stranger)) == []
    assert "Nothing waits" in page(stranger)


def test_row_says_who_why_and_how_long(panel: Client, company: Company) -> None:
    waiting(
        company=company,
        first_name="NINO",
        last_name="BERIDZE",
        document_kind="PASSPORT",
        reasons=[Reason.FACES_BARELY_ALIKE, Reason.GLARE],
        closed_at=timezone.now() - timedelta(hours=3, minutes=2),
    )
    text = " ".join(page(panel).replace("\xa0", " ").split())
    for said in ("NINO BERIDZE", "Passport", "Face match below the accepted level", "Glare on the document", "3 hours, 2 minutes"):
        assert said in text


def test_nobody_identified_is_shown_as_stars(panel: Client, company: Company) -> None:
    """R63."""
    waiting(company=company)
    assert "******" in page(panel)


def test_review_without_a_reason_says_so(panel: Client, company: Company) -> None:
    waiting(company=company, reasons=[])
    assert "A check could not settle it" in page(panel)


def test_place_of_a_face_is_kept_only_where_there_is_a_selfie(panel: Client, company: Company) -> None:
    store_inspected(waiting(company=company), CaptureKind.SELFIE, findings.selfie())
    waiting(company=company)
    assert page(panel).count("data-thumb>") == 1


def test_claims_are_named_until_they_run_out(panel: Client, company: Company, agent: User) -> None:
    now = timezone.now()
    mine, anothers, expired = (waiting(company=company) for _ in range(3))
    colleague = UserFactory(company=company, full_name="Diego Morales")
    claims.claim(session=mine, actor=agent, now=now)
    claims.claim(session=anothers, actor=colleague, now=now)
    claims.claim(session=expired, actor=UserFactory(company=company, full_name="Gone Home"), now=now - claims.LASTS)
    text = page(panel)
    assert "You, until" in text
    assert "Diego Morales" in text
    assert "Gone Home" not in text


@pytest.mark.parametrize(("show", "shown"), [("", [0, 1, 2]), ("mine", [0]), ("unclaimed", [2]), ("nonsense", [0, 1, 2])])
def test_queue_is_narrowed_to_mine_and_to_unclaimed(panel: Client, company: Company, agent: User, show: str, shown: list[int]) -> None:
    sessions = queued(company, 3)
    claims.claim(session=sessions[0], actor=agent, now=timezone.now())
    claims.claim(session=sessions[1], actor=UserFactory(company=company), now=timezone.now())
    assert rows(page(panel, f"?show={show}")) == ids(*(sessions[number] for number in shown))


@pytest.mark.parametrize("show", ["mine", "unclaimed"])
def test_empty_view_leads_back_to_everything(panel: Client, company: Company, show: str) -> None:
    claims.claim(session=waiting(company=company), actor=UserFactory(company=company), now=timezone.now())
    assert "Show all in review" in page(panel, f"?show={show}")


def test_pages_lead_through_the_whole_queue_and_back(panel: Client, company: Company, monkeypatch: Any) -> None:
    """Neighbours of the same moment are neither lost nor shown twice."""
    monkeypatch.setattr(review_queue, "PAGE_SIZE", 2)
    sessions = queued(company, 5)
    seen, address, back = [], "/review/", []
    while address:
        answer = panel.get(address)
        seen.append(rows(answer.content.decode()))
        back.append(answer.context["queue"].earlier)
        later = answer.context["queue"].later
        address = f"/review/?{later}" if later else ""
    assert seen == [ids(*sessions[:2]), ids(*sessions[2:4]), ids(*sessions[4:])]
    assert rows(page(panel, f"?{back[2]}")) == seen[1]
    assert rows(page(panel, f"?{back[1]}")) == seen[0]


def test_place_in_the_queue_outlives_its_session(panel: Client, company: Company, monkeypatch: Any) -> None:
    """What was decided meanwhile still marks where the next page begins."""
    monkeypatch.setattr(review_queue, "PAGE_SIZE", 2)
    sessions = queued(company, 4)
    later = panel.get("/review/").context["queue"].later
    VerificationSession.objects.filter(pk=sessions[1].pk).update(outcome=Outcome.APPROVE, closed_at=NOW + timedelta(days=1))
    assert rows(page(panel, f"?{later}")) == ids(*sessions[2:])


@pytest.mark.parametrize("place", ["", "x", "1-", "-1", "1-2-3", "9" * 30 + "-1", "1-" + "9" * 30, "٣-٣", "²-1"])
def test_place_that_makes_no_sense_gives_the_first_page(panel: Client, company: Company, place: str) -> None:
    session = waiting(company=company)
    assert rows(page(panel, f"?before={place}")) in (ids(session), [])
    assert panel.get("/review/", {"after": place}).status_code == 200


def test_page_costs_a_fixed_number_of_queries(panel: Client, company: Company, agent: User) -> None:
    for session in queued(company, 6):
        claims.claim(session=session, actor=UserFactory(company=company), now=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        page(panel)
    assert len(queries) == QUERIES_OF_THE_PAGE


def test_queue_is_read_from_its_own_index(company: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = company.sessions.filter(outcome=Outcome.REVIEW).order_by("closed_at", "id")[:50]
        sql, params = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "session_review_queue" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(("number", "said"), [(0, ""), (1, "1"), (98, "98"), (99, "99"), (100, "99+"), (101, "99+")])
def test_number_in_the_ribbon_stops_at_ninety_nine(company: Company, number: int, said: str) -> None:
    session = waiting(company=company)
    twins = [
        VerificationSession(**{field.attname: getattr(session, field.attname) for field in session._meta.fields}) for _ in range(number)
    ]
    for place, twin in enumerate(twins):
        twin.pk, twin.public_id, twin.token_hash, twin.handle = None, f"{place:032x}", f"hash-{place}", f"handle-{place}"
    session.delete()
    VerificationSession.objects.bulk_create(twins)
    assert review_queue.number_waiting(company) == said


@pytest.mark.parametrize("address", ["/sessions/", "/sessions/new/", "/match-levels/", "/review/"])
def test_number_stands_on_every_page_of_the_panel(panel: Client, company: Company, address: str) -> None:
    waiting(company=company)
    waiting()
    assert '<span class="tally">1</span>' in panel.get(address).content.decode()


def test_number_refreshes_by_itself(panel: Client, company: Company) -> None:
    assert 'class="tally"' not in panel.get("/review/badge/").content.decode()
    waiting(company=company)
    answer = panel.get("/review/badge/")
    assert '<span class="tally">1</span>' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_pages_without_a_company_ask_for_no_number(client: Client, db: None) -> None:
    assert review_queue.ribbon(client.get("/accounts/login/").wsgi_request)["reviews_waiting"]() == ""


def test_start_takes_the_oldest_and_opens_it(panel: Client, company: Company, agent: User) -> None:
    sessions = queued(company, 2)
    answer = panel.post("/review/start/")
    assert answer.headers["Location"] == f"/sessions/{sessions[0].public_id}/"
    assert load(sessions[0]).claimed_by == agent


def test_start_with_an_empty_queue_says_so(panel: Client) -> None:
    assert "No session waits that nobody else has." in panel.post("/review/start/", follow=True).content.decode()


def ticked(*sessions: VerificationSession) -> dict[str, list[str]]:
    return {"session": [f"{session.public_id}.{session.result_attempt}" for session in sessions]}


def test_selected_sessions_are_claimed_and_released(panel: Client, company: Company, agent: User) -> None:
    sessions = queued(company, 3)
    page = panel.post("/review/selected/", ticked(*sessions[:2]) | {"action": "claim"}, follow=True).content.decode()
    assert "You have 2 sessions now." in page
    assert [load(session).claimed_by for session in sessions] == [agent, agent, None]
    panel.post("/review/selected/", ticked(*sessions) | {"action": "release"})
    assert [load(session).claimed_by for session in sessions] == [None] * 3


def test_selected_session_of_a_colleague_is_skipped_and_named(panel: Client, company: Company) -> None:
    free, held = waiting(company=company), waiting(company=company, first_name="NINO", last_name="BERIDZE")
    claims.claim(session=held, actor=UserFactory(company=company, full_name="Diego Morales"), now=timezone.now())
    page = panel.post("/review/selected/", ticked(free, held) | {"action": "claim"}, follow=True).content.decode()
    assert "You have 1 session now." in page
    assert "Skipped: NINO BERIDZE. Diego Morales is reviewing this session now." in page


def test_master_takes_nothing_over_in_bulk(company: Company) -> None:
    held = waiting(company=company)
    colleague = UserFactory(company=company)
    claims.claim(session=held, actor=colleague, now=timezone.now())
    logged_in(MasterFactory(company=company)).post("/review/selected/", ticked(held) | {"action": "claim"})
    assert load(held).claimed_by == colleague


def test_declining_several_asks_first_and_lists_them(panel: Client, company: Company) -> None:
    sessions = [waiting(company=company, first_name=name) for name in ("NINO", "DIEGO")]
    answer = panel.post("/review/selected/", ticked(*sessions) | {"action": "decline"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(said in text for said in ("Decline 2 sessions?", "NINO", "DIEGO", "The document is forged or altered"))
    assert {load(session).outcome for session in sessions} == {Outcome.REVIEW}


def test_several_are_declined_each_by_itself(panel: Client, company: Company, agent: User) -> None:
    sessions = queued(company, 2)
    given = ticked(*sessions) | {"action": "decline", "confirmed": "1", "reason": "DOCUMENT_FORGED", "note": "Same printer"}
    assert "2 sessions declined." in panel.post("/review/selected/", given, follow=True).content.decode()
    for session in sessions:
        assert (load(session).outcome, load(session).reasons) == (Outcome.DECLINE, ["DOCUMENT_FORGED"])
    assert company.audit_events.filter(kind=AuditKind.SESSION_REVIEWED, actor=agent).count() == 2


def test_session_that_changed_meanwhile_is_skipped_and_named(panel: Client, company: Company) -> None:
    still, decided, resent = (waiting(company=company, first_name=name) for name in ("NINO", "DIEGO", "AMARA"))
    boxes = ticked(still, decided, resent)
    logged_in(UserFactory(company=company, full_name="Diego Morales")).post(
        f"/sessions/{decided.public_id}/approve/", {"reason": "SAME_PERSON", "attempt": 0}
    )
    VerificationSession.objects.filter(pk=resent.pk).update(result_attempt=1)
    text = panel.post(
        "/review/selected/", boxes | {"action": "decline", "confirmed": "1", "reason": "DUPLICATE"}, follow=True
    ).content.decode()
    assert "1 session declined." in text
    assert "Skipped: DIEGO. Diego Morales has approved this session already." in text
    assert "Skipped: AMARA. The person has sent new pictures" in text
    assert [load(session).outcome for session in (still, decided, resent)] == [Outcome.DECLINE, Outcome.APPROVE, Outcome.REVIEW]


@pytest.mark.parametrize("given", [{}, {"reason": "OTHER"}, {"reason": "OTHER", "note": " "}, {"reason": "DOCUMENT_GENUINE"}])
def test_declining_several_needs_a_reason_that_says_something(panel: Client, company: Company, given: dict[str, str]) -> None:
    session = waiting(company=company)
    answer = panel.post("/review/selected/", ticked(session) | {"action": "decline", "confirmed": "1"} | given)
    assert answer.status_code == 422
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("action", ["approve", "", "delete"])
def test_nothing_is_approved_in_bulk(panel: Client, company: Company, action: str) -> None:
    """An approval is given to somebody who was looked at."""
    session = waiting(company=company)
    panel.post("/review/selected/", ticked(session) | {"action": action, "confirmed": "1", "reason": "SAME_PERSON"})
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("boxes", [[], ["nonsense"], ["00000000-0000-0000-0000-000000000000.1"]])
def test_boxes_that_name_no_session_do_nothing(panel: Client, boxes: list[str]) -> None:
    text = panel.post("/review/selected/", {"session": boxes, "action": "claim"}, follow=True).content.decode()
    assert "No session was selected." in text


def test_sessions_of_another_company_are_not_in_reach_of_boxes(stranger: Client, company: Company) -> None:
    """R81."""
    session = waiting(company=company)
    for action in ("claim", "decline"):
        stranger.post("/review/selected/", ticked(session) | {"action": action, "confirmed": "1", "reason": "DUPLICATE"})
    assert (load(session).outcome, load(session).claimed_by) == (Outcome.REVIEW, None)
