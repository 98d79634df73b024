"""R7, R45: a company's own columns, and every cell looked at before anything is created."""

from __future__ import annotations

from datetime import date

import pytest

from sessions_app.creation import NewSession
from sessions_app.models import VerificationSession
from sessions_app.panel import batch_file
from sessions_app.panel.batch_file import Checked, Problem
from settings_app.models import Company
from tests.factories import ExtraFieldFactory, SessionFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def fields(company: Company) -> None:
    company.allowed_return_origins = ["https://bank.example"]
    company.save()
    ExtraFieldFactory(company=company, key="phone", label="Phone", type="PHONE", position=0)
    ExtraFieldFactory(company=company, key="Branch", label="Branch", type="CHOICE", options=["Batumi", "100%"], position=1)
    ExtraFieldFactory(company=company, key="since", label="Since", type="DATE", position=2)
    ExtraFieldFactory(key="shoe")


def check(company: Company, text: str) -> Checked:
    extra_fields = list(company.extra_fields.order_by("position"))
    return batch_file.check(text.encode(), company=company, extra_fields=extra_fields, today=TODAY)


def problems(company: Company, text: str) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.column) for problem in check(company, text).problems]


def test_empty_file_has_the_columns_of_the_company(company: Company) -> None:
    """R45: and of no other company."""
    columns = batch_file.described(list(company.extra_fields.order_by("position")), company)
    assert [column.name for column in columns] == [
        "reference",
        "market",
        "language",
        "return_url",
        "expected_first_name",
        "expected_last_name",
        "expected_birth_date",
        "phone",
        "Branch",
        "since",
    ]


def test_row_becomes_a_session(company: Company) -> None:
    """R7."""
    heads = "reference,market,language,return_url,expected_first_name,expected_last_name,expected_birth_date,phone,Branch,since"
    row = "=A-1,geo,KA,https://BANK.example/x,Nino,Beridze,17.04.1990,+995 555 12 34 56,Batumi,2020-02-01"
    assert check(company, f"{heads}\n{row}\n").given == [
        NewSession(
            reference="=A-1",
            market="GEO",
            language="ka",
            return_url="https://bank.example/x",
            expected_first_name="Nino",
            expected_last_name="Beridze",
            expected_birth_date=date(1990, 4, 17),
            extra_values={"phone": "+995555123456", "Branch": "Batumi", "since": "2020-02-01"},
        )
    ]


def test_columns_come_in_any_order_and_case_and_may_be_left_out(company: Company) -> None:
    found = check(company, "BRANCH;Expected First Name;Reference\nBatumi;Nino;A\n")
    assert found.given == [NewSession(reference="A", expected_first_name="Nino", extra_values={"Branch": "Batumi"})]


def test_empty_cells_and_short_rows_are_left_to_the_person(company: Company) -> None:
    assert check(company, "reference,market,phone\nA,,\nB\n").given == [NewSession(reference="A"), NewSession(reference="B")]


@pytest.mark.parametrize("head", ["shoe", "expected_name", "outcome", "company_id", "extra-phone"])
def test_unknown_column_is_refused_with_those_that_are_known(company: Company, head: str) -> None:
    """R45: another company's field is unknown."""
    found = check(company, f"reference,{head}\nA,x\n")
    assert [problem.words for problem in found.problems] == [
        f"There is no column “{head}”. Columns are: reference, market, language, return_url, expected_first_name, expected_last_name, "
        "expected_birth_date, phone, Branch, since."
    ]
    assert found.given == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reference,Reference\nA,B\n", "“Reference” stands there twice"),
        ("reference,\nA,B\n", "Column 2 has no name"),
        ("reference\n", "nothing below the first row"),
        ("", "empty"),
        ("A-1\nA-2\n", "no column “A-1”"),
        ('reference\n"A\n', "quotation mark"),
    ],
)
def test_file_without_clear_columns_is_refused(company: Company, text: str, words: str) -> None:
    (problem,) = check(company, text).problems
    assert problem.row is None
    assert words in problem.words


def test_column_without_head_and_cells_is_no_column(company: Company) -> None:
    """Spreadsheets put separators behind the last one."""
    assert check(company, "reference,,\nA,,\n").given == [NewSession(reference="A")]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("reference", "x" * 121, "at most 120 characters"),
        ("market", "Atlantis", "“Atlantis” is no market"),
        ("market", "GE", "“GE” is no market"),
        ("language", "xx", "“xx” is no language"),
        ("return_url", "https://evil.example/", "must begin with one of: https://bank.example"),
        ("return_url", "javascript:alert(1)", "valid URL"),
        ("expected_first_name", "x" * 121, "at most 120 characters"),
        ("expected_birth_date", "04/05/1990", "two different days"),
        ("expected_birth_date", "32874", "no date"),
        ("expected_birth_date", "2026-11-23", "still to come"),
        ("expected_birth_date", "1899-12-31", "Nobody who is alive"),
        ("Branch", "Kutaisi", "“Kutaisi” cannot be chosen. Choices are: Batumi, 100%"),
        ("since", "soon", "no date"),
        ("phone", "555 12 34 56", "with its country code"),
        ("expected_first_name", "a\x00b", "Null characters"),
    ],
)
def test_wrong_cell_is_told_by_row_and_column(company: Company, column: str, cell: str, words: str) -> None:
    text = f"{column},expected_last_name\n,A\n\n{cell},B\n"
    extra_fields = list(company.extra_fields.all())
    content = text.encode("utf-16") if "\x00" in text else text.encode()
    (problem,) = batch_file.check(content, company=company, extra_fields=extra_fields, today=TODAY).problems
    assert (problem.row, problem.column) == (4, column)
    assert words in problem.words


@pytest.mark.parametrize("day", ["1900-01-01", "2026-11-22"])
def test_day_at_the_edge_can_be_a_birth_date(company: Company, day: str) -> None:
    assert check(company, f"expected_birth_date\n{day}\n").given == [NewSession(expected_birth_date=date.fromisoformat(day))]


def test_every_problem_of_the_file_is_told_at_once(company: Company) -> None:
    text = "reference,market,Branch\nA,Atlantis,Kutaisi\nB,GEO,Batumi\nC,GEO,Batumi,more\n"
    assert problems(company, text) == [(2, "market"), (2, "Branch"), (4, "")]


@pytest.mark.parametrize(("rows", "fits"), [(2, True), (3, True), (4, False)])
def test_number_of_rows_is_limited(company: Company, rows: int, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_file, "MOST_ROWS", 3)
    found = check(company, "reference\n" + "".join(f"{number}\n" for number in range(rows)))
    assert len(found.given) == (rows if fits else 0)
    assert found.problems == ([] if fits else [Problem("The file has more than 3 rows. Create them in several batches.")])


def test_repeated_references_are_doubts_and_no_problems(company: Company) -> None:
    SessionFactory(company=company, reference="B")
    SessionFactory(reference="C")
    found = check(company, "reference\nA\nB\nA\n\n\nC\nA\n")
    assert not found.problems
    assert [(one.reference, one.rows) for one in found.repeated] == [("A", [2, 4, 8])]
    assert [(one.reference, one.rows) for one in found.already_open] == [("B", [3])]


def test_rows_without_reference_repeat_nothing(company: Company) -> None:
    assert not check(company, "reference,market\n,GEO\n,GEO\n").is_doubtful


def test_extra_field_that_is_called_like_a_column_keeps_its_own(company: Company) -> None:
    ExtraFieldFactory(company=company, key="reference")
    found = check(company, "reference,extra-reference\nA,B\n")
    assert found.given == [NewSession(reference="A", extra_values={"reference": "B"})]


def test_looking_creates_nothing(company: Company) -> None:
    check(company, "reference\nA\n")
    assert not VerificationSession.objects.exists()


def test_file_may_name_the_languages_of_the_flow_alone(company: Company) -> None:
    """R47."""
    company.languages = ["ka", "ru"]
    assert problems(company, "language\nka\nes\nRU") == [(3, "language")]
    columns = {column.name: str(column.words) for column in batch_file.described([], company)}
    assert columns["language"] == "ka (Georgian), ru (Russian)"
