"""Photograph the pages of a running portal: `./run screenshots DIR`, and with `--readme` only those that the README shows."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import django
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

if TYPE_CHECKING:
    from verifyportal.dev.demo.pages import Shot  # reads models, so at run time it comes after django.setup

WIDTHS = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")
QUALITY = 82
TALLEST = 16_383  # pixels that WebP can hold
README_SHOTS = {
    "panel-sessions": ("sessions", 1440, "light"),
    "panel-metrics": ("metrics", 1440, "light"),
    "panel-settings-thresholds": ("thresholds", 1440, "light"),
    "flow-front": ("flow-front", 390, "light"),
}
PATIENCE = 5_000  # ms for a page to fall silent; the list and the camera never quite do
SETTLE, OPENING = 700, 400  # ms: thumbnails and the camera's first frames; a menu or a dialog
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Pages</title>
<style>
body {{ margin: 24px; font: 14px system-ui; background: #d5dade; color: #16202a }}
div {{ display: flex; gap: 12px; align-items: start; overflow-x: auto }}
h2 {{ margin-block: 32px 8px; font-size: 14px }}
img {{ max-height: 900px; border: 1px solid #8794a1 }}
</style>
</head>
<body>
{rows}
</body>
</html>
"""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--readme", action="store_true", help="only those of the README")
    parser.add_argument("--only", default="", metavar="WORD", help="only pages whose name holds this word")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    django.setup()
    options.folder.mkdir(parents=True, exist_ok=True)
    made = []
    with browser_with_camera() as browser:
        for file in photograph(browser, options.folder, readme=options.readme, only=options.only):
            made.append(file)
            print(file, flush=True)
    if not options.readme:
        print(write_index(options.folder, made))
    print(f"{len(made)} pictures")
    return 0


def photograph(browser: Browser, folder: Path, *, readme: bool, only: str) -> Iterator[Path]:
    """Take every page at every width and scheme, or those of the README."""
    from django.conf import settings
    from django.utils import timezone

    from verifyportal.dev.demo import pages

    shots = [*pages.flow(README_SHOTS if readme else (), now=timezone.now()), *pages.panel(now=timezone.now())]
    shots = sorted((shot for shot in shots if only in shot.name), key=lambda shot: (not shot.by_agent, shot.name))
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, permissions=["camera"], locale="en-GB")
        context.route("**/captures/", lambda route: route.abort())  # a shutter that goes off must not lead the session on
        page = context.new_page()
        for shot in shots:
            if files := files_of(shot, width, folder, readme=readme):
                log_in(context, page, settings.PUBLIC_BASE_URL) if shot.by_agent else context.clear_cookies(name="sessionid")
                yield from take(page, settings.PUBLIC_BASE_URL, shot, files, whole=not readme)
        context.close()


def files_of(shot: Shot, width: int, folder: Path, *, readme: bool) -> dict[str, Path]:
    """Where the picture in each scheme goes."""
    if readme:
        name, at, scheme = README_SHOTS.get(shot.name, ("", 0, ""))
        return {scheme: folder / f"{name}.webp"} if at == width else {}
    return {scheme: folder / f"{shot.name}-{width}-{scheme}.webp" for scheme in SCHEMES}


def take(page: Page, address: str, shot: Shot, files: dict[str, Path], *, whole: bool) -> Iterator[Path]:
    """Open the page once, and photograph it in each scheme."""
    if shot.link:
        page.goto(address + shot.link)
    page.goto(address + shot.path)
    with suppress(TimeoutError):
        page.wait_for_load_state("networkidle", timeout=PATIENCE)
    page.wait_for_timeout(SETTLE)
    for selector in shot.press:
        page.locator(selector).first.click()
        page.wait_for_timeout(OPENING)
    for scheme, file in files.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        taken = Image.open(io.BytesIO(page.screenshot(full_page=whole and not shot.press)))
        taken.crop((0, 0, taken.width, min(taken.height, TALLEST))).save(file, "WEBP", quality=QUALITY, method=2 if whole else 6)
        yield file


def write_index(folder: Path, files: Iterable[Path]) -> Path:
    """Write a page that shows the widths and schemes of each page side by side."""
    groups: dict[str, list[str]] = {}
    for file in sorted(files):
        groups.setdefault(file.stem.rsplit("-", 2)[0], []).append(file.name)
    rows = [
        f"<h2>{escape(name)}</h2>\n<div>"
        + "".join(f'<a href="{escape(file)}"><img src="{escape(file)}" alt="{escape(file)}" loading="lazy"></a>' for file in names)
        + "</div>"
        for name, names in groups.items()
    ]
    index = folder / "index.html"
    index.write_text(INDEX.format(rows="\n".join(rows)), encoding="utf-8")
    return index


def log_in(context: BrowserContext, page: Page, address: str) -> None:
    if any(cookie["name"] == "sessionid" for cookie in context.cookies()):
        return
    from verifyportal.dev import handout

    login = next(login for login in handout.read_access()["logins"] if login["role"] == "MASTER")
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
