"""R1, R6, R45, R81: many sessions from one file, through the pages of the panel."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sessions_app import access, answers
from sessions_app.creation import NewSession
from sessions_app.models import SessionBatch
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.captures import CLIENT
from tests.factories import NOW, ExtraFieldFactory, SessionBatchFactory, SessionFactory

HTMX = {"HX-Request": "true"}
GOOD = b"reference,market\nA-1,GEO\nA-2,ESP\n"
KEY = "00000000-0000-4000-8000-000000000001"


def send(panel: Client, content: bytes, act: str = "look", **given: Any) -> Any:
    file = SimpleUploadedFile(given.pop("name", "orders.csv"), content)
    return panel.post("/sessions/bulk/", {"file": file, "key": KEY, "act": act, **given}, headers=given.pop("headers", None))


def create(panel: Client, content: bytes, **given: Any) -> Any:
    """Look, and then create what was seen, as the page does."""
    look = send(panel, content).context["look"]
    return send(panel, content, "create", checked=look.digest, **given)


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_looking_at_a_file_creates_nothing(panel: Client, company: Company) -> None:
    response = send(panel, GOOD)
    assert response.status_code == 200
    assert "2 sessions can be created." in response.content.decode()
    assert not company.sessions.exists()


def test_sessions_are_created_after_a_look(panel: Client, company: Company, agent: User) -> None:
    """R1."""
    response = create(panel, GOOD)
    batch = company.session_batches.get()
    assert response.headers["Location"] == f"/sessions/batches/{batch.public_id}/"
    assert (batch.size, batch.file_name, batch.created_by) == (2, "orders.csv", agent)
    assert list(batch.sessions.order_by("id").values_list("reference", "market", "created_by")) == [
        ("A-1", "GEO", agent.pk),
        ("A-2", "ESP", agent.pk),
    ]


@pytest.mark.parametrize("checked", ["", "0" * 64])
def test_file_that_nobody_saw_is_shown_first(panel: Client, company: Company, checked: str) -> None:
    """Between the look and the button the file may have changed."""
    response = send(panel, GOOD, "create", checked=checked)
    assert "2 sessions can be created." in response.content.decode()
    assert not company.sessions.exists()


def test_double_click_makes_one_batch_and_leads_there_twice(panel: Client, company: Company) -> None:
    """Although the second click finds the references of the first."""
    first, second = (create(panel, GOOD) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert company.sessions.count() == 2


def test_another_file_from_the_same_page_is_another_batch(panel: Client, company: Company) -> None:
    create(panel, GOOD)
    create(panel, b"reference\nB-1\n")
    assert company.session_batches.count() == 2


def test_doubtful_file_needs_a_tick(panel: Client, company: Company) -> None:
    SessionFactory(company=company, reference="A-1")
    assert create(panel, GOOD).status_code == 200
    assert company.session_batches.count() == 0
    assert create(panel, GOOD, confirmed="1").status_code == 302
    assert company.session_batches.count() == 1


def test_file_with_a_problem_creates_nothing(panel: Client, company: Company) -> None:
    """R45: all or none, and the person stays on the page."""
    response = create(panel, b"reference,market\nA-1,GEO\nA-2,Atlantis\n")
    assert response.status_code == 422
    assert "is no market" in response.content.decode()
    assert not company.sessions.exists()


def test_fifty_problems_are_shown_and_all_are_in_the_file(panel: Client) -> None:
    content = b"market\n" + b"=x,\n" * 60
    page = send(panel, content).content.decode()
    assert (page.count("is no market"), "And 10 more." in page) == (50, True)
    answer = send(panel, content, "problems")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = rows_of(answer)
    assert (len(rows), rows[59]["row"], rows[0]["column"]) == (60, "61", "market")


@pytest.mark.parametrize(("given", "words"), [({}, "Choose a file"), ({"file": SimpleUploadedFile("x.csv", b"")}, "empty")])
def test_form_without_a_file_says_so(panel: Client, given: dict[str, Any], words: str) -> None:
    response = panel.post("/sessions/bulk/", {"key": KEY, **given})
    assert response.status_code == 422
    assert words in response.content.decode()


@pytest.mark.parametrize(("size", "fits"), [(99, True), (100, True), (101, False)])
def test_size_of_the_file_is_limited(panel: Client, size: int, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.panel.forms.MOST_BYTES", 100)
    response = send(panel, b"reference\n".ljust(size, b"x"))
    assert ("larger than 5 MB" in response.content.decode()) is not fits


def test_script_gets_the_live_part_alone(panel: Client) -> None:
    """A problem is an answer there, not a failure."""
    file = SimpleUploadedFile("x.csv", b"shoe\n43\n")
    response = panel.post("/sessions/bulk/", {"file": file, "key": KEY, "act": "look"}, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert "no column “shoe”" in response.content.decode()


def test_cells_are_printed_as_text(panel: Client) -> None:
    page = send(panel, b"reference\n<script>alert(1)</script>\n").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_empty_file_can_be_downloaded_and_sent_back(panel: Client, company: Company) -> None:
    """R45: exactly this company's columns."""
    ExtraFieldFactory(company=company, key="phone")
    ExtraFieldFactory(key="foreign")
    answer = panel.get("/sessions/bulk/columns.csv")
    assert answer.content == (
        b"\xef\xbb\xbfreference,market,language,return_url,expected_first_name,expected_last_name,expected_birth_date,phone\r\n"
    )
    assert send(panel, answer.content + b"A-1\r\n").context["look"].checked.given == [NewSession(reference="A-1")]


def test_links_come_as_a_file_again_and_again(panel: Client, company: Company, agent: User) -> None:
    """R6: the same links each time, each time in the audit trail."""
    batch = SessionBatchFactory(company=company, created_at=timezone.now())
    first, second = (panel.post(f"/sessions/batches/{batch.public_id}/links.csv") for _ in range(2))
    assert first.content == second.content
    assert first.headers["Cache-Control"] == "private, no-store"
    for row in rows_of(first):
        found = access.find_by_token(row["link"].split("/")[-2])
        assert found
        assert (found.reference, str(found.public_id)) == (row["reference"], row["session_id"])
    trail = company.audit_events.filter(kind=AuditKind.LINKS_DOWNLOADED, actor=agent)
    assert [event.details for event in trail] == [{"count": 3}] * 2


def test_file_of_links_is_safe_in_a_spreadsheet(panel: Client, company: Company) -> None:
    """R65: the rules of the export."""
    references = ["=1+1", "@x", "007", 'a"b,c', "\ttab", "ნინო"]
    batch = SessionBatchFactory(company=company, created_at=NOW, given=[NewSession(reference=one) for one in references])
    content = panel.post(f"/sessions/batches/{batch.public_id}/links.csv").content
    assert content.startswith(b"\xef\xbb\xbfreference,link,expires,session_id\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == 7
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["reference"] for row in rows] == ["'=1+1", "'@x", "007", 'a"b,c', "'\ttab", "ნინო"]
    assert rows[0]["expires"] == "2026-11-29 14:05:00"  # in the company's time zone


def test_showing_the_links_takes_a_post(panel: Client, company: Company) -> None:
    batch = SessionBatchFactory(company=company)
    assert panel.get(f"/sessions/batches/{batch.public_id}/links.csv").status_code == 405


def test_page_of_a_batch_tells_how_far_its_people_are(panel: Client, company: Company) -> None:
    batch = SessionBatchFactory(company=company, created_at=timezone.now())
    answers.open_link(session=batch.sessions.first(), client=CLIENT, now=timezone.now())
    shown = panel.get(f"/sessions/batches/{batch.public_id}/").context["shown"]
    assert (shown.progress.waiting, shown.progress.started, shown.progress.finished) == (2, 1, 0)


@pytest.mark.parametrize(
    ("show", "orders"), [("", [1, 2, 3]), ("waiting", [2, 3]), ("started", [1]), ("finished", []), ("nonsense", [1, 2, 3])]
)
def test_part_of_a_batch_can_be_shown(panel: Client, company: Company, show: str, orders: list[int]) -> None:
    batch = SessionBatchFactory(company=company, created_at=timezone.now())
    answers.open_link(session=batch.sessions.first(), client=CLIENT, now=timezone.now())
    shown = panel.get(f"/sessions/batches/{batch.public_id}/", {"show": show}).context["shown"]
    assert [row.session.reference for row in shown.rows] == [f"order {order}" for order in orders]


def test_long_batch_is_paged(panel: Client, company: Company) -> None:
    batch = SessionBatchFactory(company=company, given=[NewSession(reference=str(number)) for number in range(51)])
    page = panel.get(f"/sessions/batches/{batch.public_id}/?show=&page=2")
    assert [row.session.reference for row in page.context["shown"].rows] == ["50"]
    assert "Page 2 of 2" in page.content.decode()


def test_batches_are_listed_the_newest_first(panel: Client, company: Company) -> None:
    """R81: and no others."""
    older, newer = (SessionBatchFactory(company=company, created_at=NOW + timedelta(hours=hour)) for hour in (0, 1))
    SessionBatchFactory()
    assert list(panel.get("/sessions/batches/").context["page"]) == [newer, older]


def test_number_of_queries_does_not_grow_with_a_batch(panel: Client, company: Company, django_assert_num_queries: Any) -> None:
    few, many = (SessionBatchFactory(company=company, given=[NewSession()] * size) for size in (1, 40))
    panel.get(f"/sessions/batches/{few.public_id}/")
    for batch in (few, many):
        with django_assert_num_queries(10):
            panel.get(f"/sessions/batches/{batch.public_id}/")


def test_batch_of_another_company_does_not_exist(stranger: Client, company: Company) -> None:
    """R81."""
    batch = SessionBatchFactory(company=company)
    assert stranger.get(f"/sessions/batches/{batch.public_id}/").status_code == 404
    assert stranger.post(f"/sessions/batches/{batch.public_id}/links.csv").status_code == 404
    assert "orders.csv" not in stranger.get("/sessions/batches/").content.decode()
    assert not company.audit_events.filter(kind=AuditKind.LINKS_DOWNLOADED).exists()


def test_one_key_in_two_companies_makes_two_batches(panel: Client, stranger: Client) -> None:
    """R81: a key says nothing about others."""
    create(panel, GOOD)
    create(stranger, GOOD)
    assert SessionBatch.objects.count() == 2


def test_nothing_of_the_file_is_logged(panel: Client, caplog: pytest.LogCaptureFixture) -> None:
    send(panel, b"expected_last_name,market\nBeridze-Secret,Atlantis\n")
    create(panel, b"expected_last_name\nBeridze-Secret\n")
    assert "Beridze" not in caplog.text


def test_page_of_the_file_leads_to_the_empty_one(panel: Client) -> None:
    page = panel.get("/sessions/bulk/").content.decode()
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
    assert 'href="/sessions/bulk/columns.csv"' in page
