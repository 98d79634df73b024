"""Those who sit before the browser: somebody who is verified, and the agent who looks at the result."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page, Request

from tests.browser import scenes
from tests.browser.scenes import FakeCamera, Recording
from tests.factories import PASSWORD
from tests.recordings import Attack

PATIENCE = 60_000  # ms, for what the workers do on a busy machine
SELF_RELEASE = 5_000  # ms in which the shutter may go off by itself, because the picture is good; then it is pressed
LOOK_EVERY = 250  # ms
HARMLESS = ("404 (Not Found)", "409 (Conflict)", "410 (Gone)", "422 (Unprocessable", "ViewTransition")
"""The answers that a person is told in words; and of a transition, that its page was left before it was over."""

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"
A_PHONE = {"user_agent": ANDROID, "is_mobile": True, "has_touch": True, "permissions": ["camera"]}
NO_CAMERA = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
"""


@dataclass
class Complaints:
    """What the browser has to object to in our pages."""

    heard: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._listen_to)
        page.on("pageerror", lambda error: self._hear(f"{page.url}: {error}"))

    def forgive(self, words: str) -> None:
        """What the test did itself, by pulling the plug."""
        self.heard[:] = [text for text in self.heard if words not in text]

    def _listen_to(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._hear(message.text)

    def _hear(self, text: str) -> None:
        if not any(words in text for words in HARMLESS):
            self.heard.append(text)


class Visitor:
    """Goes through the flow as a person with a document would."""

    def __init__(self, page: Page, camera: FakeCamera) -> None:
        self.page, self.camera = page, camera
        self.shots, self.sent = 0, 0
        page.on("request", self._count)

    def _count(self, request: Request) -> None:
        self.sent += request.method == "POST" and request.url.endswith("/captures/")

    def open(self, link: str) -> None:
        self.page.goto(link)

    def agree(self) -> None:
        self.page.click("button[name=answer][value=yes]")

    def choose(self, document: str, *, country: str = "UTO") -> None:
        self.page.select_option("select[name=country]", country)
        self.page.check(f"input[name=document][value={document}]")
        self.page.click(".actions button")

    def reach(self, what: str) -> None:
        """Wait for a step; a picture that must be taken again is not one."""
        self.page.wait_for_selector(f"{what}, [data-defects]", timeout=PATIENCE)
        defects = self.page.locator("[data-defects]")
        assert not defects.count(), f"expected {what}, but: {defects.get_attribute('data-defects')}"

    def shoot(self, kind: str, *, then: Recording) -> None:
        """Take the picture of this step, and hold the next thing before the camera while this one is looked at."""
        self.shots += 1
        for waited in range(PATIENCE // LOOK_EVERY):
            if self.sent == self.shots:
                break
            self.page.wait_for_timeout(LOOK_EVERY)
            if waited * LOOK_EVERY > SELF_RELEASE:
                with suppress(Error):  # the page may go on by itself in this very moment
                    self.page.evaluate("document.querySelector('[data-action=shutter]')?.click()")
        else:
            raise AssertionError(f"no picture was taken at {kind}: {self.page.inner_text('main')}")
        self.camera.show(then)

    def turn_head(self, *, attack: Attack | None = None, face: str = "astronaut") -> None:
        """Do what the challenge asks, or pretend to."""
        moves, flashes = self._start_challenge()
        self.camera.show(scenes.following(moves, flashes, attack=attack, face=face))
        self.page.click("[data-action=ready]")

    def give_up_turning(self, photo: Path) -> None:
        """Find in the middle of the challenge that it cannot be done, and send a photo instead. Needs no pointer."""
        self._start_challenge()
        self.page.locator("[data-action=ready]").press("Enter")
        self.page.wait_for_selector("[data-show=LEFT], [data-show=RIGHT], [data-show=UP], [data-show=DOWN], [data-show=CLOSER]")
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[data-part=explain]")  # the challenge was left off
        self.page.wait_for_function("document.querySelector('video').srcObject === null")
        self.page.set_input_files("[data-part=file] input[type=file]", photo)

    def _start_challenge(self) -> tuple[list[str], list[str]]:
        """Go as far as the question whether one is ready, and return the moves and colours that will be shown."""
        self.reach("[data-liveness]")
        self.page.click("[data-action=start]")
        stage = self.page.wait_for_selector("[data-challenge-ready]", state="attached")
        assert stage is not None
        return (stage.get_attribute("data-moves") or "").split(), (stage.get_attribute("data-flashes") or "").split()

    def submit(self) -> str:
        """Send everything and return the outcome that the page tells, or "RETRY"."""
        self.reach("[data-action=submit]")
        self.page.click("[data-action=submit]")
        self.page.wait_for_selector("[data-outcome], [data-lesson]", timeout=PATIENCE)
        told = self.page.locator("[data-outcome]")
        return (told.get_attribute("data-outcome") or "") if told.count() else "RETRY"

    def send_file(self, kind: str, file: Path) -> None:
        """Choose a file where the page offers it instead of the camera."""
        self.reach(f"[data-kind={kind}]")
        cannot = self.page.locator("[data-cannot] summary")
        if cannot.count():
            cannot.click()
        self.page.set_input_files("[data-part=file] input[type=file]", file)


class Agent:
    """Somebody at the company, in the panel."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def log_in(self, email: str) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit], form button[type=submit]")
        self.page.wait_for_url("**/sessions/")

    def row(self, public_id: str) -> str:
        """Everything that the list says of a session."""
        self.page.goto(f"{self.url}/sessions/")
        return self.page.locator(f"tr:has(a[href*='{public_id}'])").first.inner_text()

    def details(self, public_id: str) -> str:
        self.page.goto(f"{self.url}/sessions/{public_id}/")
        return self.page.locator("main").inner_text()

    def every_photo_opens(self) -> bool:
        self.page.wait_for_load_state("networkidle")
        sizes = self.page.eval_on_selector_all(".photos img", "images => images.map(image => image.naturalWidth)")
        return bool(sizes) and all(sizes)
