"""Sessions from a file under an agent's hands: what is wrong, one batch, a file of links, and a link that opens (R1, R6)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import Agent

pytestmark = pytest.mark.django_db(transaction=True)


def choose(page: Page, file: Path) -> None:
    """As a person does: the same file may be chosen again."""
    with page.expect_file_chooser() as chooser:
        page.locator("#id_file").click()
    chooser.value.set_files(file)


def faults_of(page: Page) -> list[str]:
    """What would be wrong for somebody in what a look brings; the pages themselves are looked at with the others."""
    return [fault["id"] for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]


def test_file_with_problems_then_a_good_one_and_a_link_of_it(agent: Agent, company: Company, opens: Opens, tmp_path: Path) -> None:
    """R1, R6, R45: nothing is created before all is well; the page stays while problems are mended."""
    page, file = agent.page, tmp_path / "orders.csv"
    page.click("[popovertarget=ways]")
    page.get_by_role("link", name="Sessions from a file").click()
    file.write_text("reference,market\nA-1,GEO\n=A-2,Atlantis\n", "utf-8")
    choose(page, file)
    expect(page.locator("#looked-at")).to_contain_text("“Atlantis” is no market")
    assert faults_of(page) == []
    with page.expect_download() as problems:
        page.get_by_role("button", name="All of them as a file").click()
    assert "“Atlantis” is no market" in problems.value.path().read_text("utf-8-sig")
    assert not company.sessions.exists()

    file.write_text("reference,market\nA-1,GEO\n=A-2,ESP\n", "utf-8")
    choose(page, file)
    expect(page.locator("#looked-at")).to_contain_text("2 sessions can be created.")
    assert faults_of(page) == []
    page.get_by_role("button", name="Create 2 sessions").dblclick()
    page.wait_for_url("**/sessions/batches/*/")
    assert company.sessions.count() == 2
    assert company.session_batches.get().file_name == "orders.csv"

    for _ in range(2):  # the button brings the file and stays as it is
        with page.expect_download() as links:
            page.get_by_role("button", name="Download the links").click()
    rows = list(csv.DictReader(links.value.path().read_text("utf-8-sig").splitlines()))
    assert [row["reference"] for row in rows] == ["A-1", "'=A-2"]
    person = opens()
    person.goto(rows[1]["link"])
    expect(person.locator("button[name=answer][value=yes]")).to_be_visible()
    page.reload()
    expect(page.locator(".batch-facts")).to_contain_text("The links were downloaded 2 times")
    page.get_by_role("link", name="In progress").click()
    expect(page.get_by_role("link", name="=A-2")).to_be_visible()
