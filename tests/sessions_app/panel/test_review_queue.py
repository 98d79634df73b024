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
from sessions_app.panel.orders import Place
from sessions_app.panel.review_queue import LONGEST_WAITING
from settings_app.models import Company, User
from tests import findings
from tests.crowd import crowd
from tests.factories import NOW, UserFactory, finished_session, store_inspected
from tests.reviews import load, waiting

QUERIES_OF_THE_PAGE = 6  # login, user, company, the page of the queue, the two numbers in the ribbon


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


def test_what_somebody_deactivated_held_waits_unclaimed(panel: Client, company: Company) -> None:
    session, gone = waiting(company=company), UserFactory(company=company, full_name="Gone Home")
    claims.claim(session=session, actor=gone, now=timezone.now())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    text = page(panel, "?show=unclaimed")
    assert (rows(text), "Gone Home" in text) == (ids(session), False)


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


@pytest.mark.parametrize("place", [None, (NOW, 7)])
def test_queue_is_read_in_order_from_its_own_index(company: Company, agent: User, place: Place | None) -> None:
    """The first page as well as any other."""
    crowd(company, 300)
    waiting_now = review_queue._waiting(company, agent, "", NOW)
    found = LONGEST_WAITING.sort(LONGEST_WAITING.beyond(waiting_now, place))[:50]
    sql, params = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sessions_app_verificationsession; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
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
