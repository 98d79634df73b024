"""Photograph the pages of a running portal: `./run screenshots DIR`, and with `--readme` only the two that the README shows."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")
QUALITY = 82
README_SHOTS = {"sessions": (1440, "light"), "flow-front": (390, "light")}
SETTLE = 900  # ms: thumbnails, the camera's first frames
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--readme", action="store_true", help="only the two of the README")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    django.setup()
    options.folder.mkdir(parents=True, exist_ok=True)
    with browser_with_camera() as browser:
        for name in photograph(browser, options.folder, readme=options.readme):
            print(name)
    return 0


def photograph(browser: Browser, folder: Path, *, readme: bool) -> Iterator[Path]:
    """Take every page at every width and scheme, or those of the README."""
    from django.conf import settings
    from django.utils import timezone

    from verifyportal.dev.demo import pages  # reads models, so it comes after django.setup

    shots = [*pages.panel(), *pages.flow(README_SHOTS if readme else (), now=timezone.now())]
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            wanted = [shot for shot in shots if not readme or README_SHOTS.get(shot.name) == (width, scheme)]
            if not wanted:
                continue
            size = {"width": width, "height": height}
            context = browser.new_context(viewport=size, color_scheme=scheme, permissions=["camera"], locale="en-GB")  # type: ignore[arg-type]
            context.route("**/captures/", lambda route: route.abort())  # a shutter that goes off must not lead the session on
            page = context.new_page()
            for shot in sorted(wanted, key=lambda shot: not shot.by_agent):
                log_in(context, page, settings.PUBLIC_BASE_URL) if shot.by_agent else context.clear_cookies(name="sessionid")
                name = shot.name if readme else f"{shot.name}-{width}-{scheme}"
                yield take(page, settings.PUBLIC_BASE_URL + shot.path, folder / f"{name}.webp", whole=not readme)
            context.close()


def take(page: Page, address: str, file: Path, *, whole: bool) -> Path:
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(SETTLE)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    picture.save(file, "WEBP", quality=QUALITY, method=6)
    return file


def log_in(context: BrowserContext, page: Page, address: str) -> None:
    if any(cookie["name"] == "sessionid" for cookie in context.cookies()):
        return
    from verifyportal.dev import handout

    login = next(login for login in handout.read_access()["logins"] if login["role"] == "AGENT")
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", login["email"])
    page.fill("input[name=password]", login["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/sessions/")


@contextmanager
def browser_with_camera() -> Iterator[Browser]:
    """Chromium, before whose camera a specimen lies on a desk."""
    from verifyportal.dev import handout

    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        sys.exit("Screenshots need Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scene = Path(folder) / "scene.mjpeg"
        scene.write_bytes((handout.folder() / "passport.jpg").read_bytes() * 2)
        flags = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(executable_path=program, args=[*flags, f"--use-file-for-fake-video-capture={scene}"])
        yield browser
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
