"""One portal, one Chromium and one fake camera for all browser tests; a fresh database and fresh windows for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from settings_app.models import Company
from tests.browser import stack as portal
from tests.browser.people import Agent, Complaints, Visitor
from tests.browser.scenes import FakeCamera
from tests.browser.stack import ARTIFACTS, Stack
from tests.factories import CompanyFactory, UserFactory

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread; we still ask the database from it

expect.set_options(timeout=30_000)  # ms: as patient as the rest, on a busy machine

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CAMERA_FLAGS = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
Opens = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def stack(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    with portal.running(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="package")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "scene.mjpeg")


@pytest.fixture(scope="package")
def browser(camera: FakeCamera) -> Iterator[Browser]:
    arguments = ["--no-sandbox", *CAMERA_FLAGS, f"--use-file-for-fake-video-capture={camera.path}"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """No page of ours makes the browser complain, in any test."""
    heard = Complaints()
    yield heard
    assert heard.heard == []


@pytest.fixture
def opens(request: pytest.FixtureRequest, browser: Browser, stack: Stack, complaints: Complaints) -> Iterator[Opens]:
    """Open a window of its own, with its own cookies; a failure leaves its picture in var/test/artifacts."""
    contexts: list[BrowserContext] = []

    def window(width: int = 390, height: int = 844, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield window
    if request.node.stash.get(FAILED, False):
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(page for context in contexts for page in context.pages):
            page.screenshot(path=ARTIFACTS / f"{request.node.name}-{number}.png", full_page=True)
        stack.keep_logs(request.node.name)
    for context in contexts:
        context.close()
    portal.settle()


@pytest.fixture
def company(transactional_db: None) -> Company:
    return CompanyFactory(name="Demo Bank")


@pytest.fixture
def visitor(opens: Opens, camera: FakeCamera) -> Visitor:
    page = opens(permissions=["camera"])
    return Visitor(page, camera)


@pytest.fixture
def agent(opens: Opens, stack: Stack, company: Company) -> Agent:
    user = UserFactory(company=company)
    someone = Agent(opens(1440, 900), stack.url)
    someone.log_in(user.email)
    return someone
