"""What travels: pages are compressed, and the list with everything that it loads stays small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from settings_app.models import User
from tests.factories import CompanyFactory, UserFactory, finished_session
from verifyportal.middleware import CompressedPages
from verifyportal.static_files import RememberedStaticFiles

FIRST_VISIT, LATER_VISIT = 60_000, 15_000
"""Bytes: the page with its styles and scripts, and the page alone."""

LINKED = re.compile(r'/static/([^"#?]+)')
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\./[^"']+)["']""")


@pytest.fixture
def panel(db: None) -> Client:
    agent: User = UserFactory(company=CompanyFactory())
    for number in range(25):
        finished_session(company=agent.company, first_name=f"Person {number}", last_name="Przybyszewska", document_kind="PASSPORT")
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(agent)
    return client


def everything_loaded(page: str) -> set[str]:
    """The static files that a page names, and the modules that those import."""
    waiting, loaded = set(LINKED.findall(page)), set()
    while waiting:
        name = waiting.pop()
        loaded.add(name)
        if name.endswith(".js"):
            beside = {str(PurePosixPath(name).parent / module) for module in IMPORTED.findall(read(name).decode())}
            waiting |= beside - loaded
    return loaded


def read(name: str) -> bytes:
    path = finders.find(name)
    assert path, name
    return Path(path).read_bytes()


def test_list_with_everything_it_loads_stays_small(panel: Client) -> None:
    response = panel.get("/sessions/")
    files = everything_loaded(gzip.decompress(response.content).decode())
    assert {"css/tokens.css", "js/list.js", "icons.svg"} <= files
    assert len(response.content) <= LATER_VISIT
    assert len(response.content) + sum(len(gzip.compress(read(name))) for name in files) <= FIRST_VISIT


def test_compressed_page_keeps_its_protection(panel: Client) -> None:
    response = panel.get("/sessions/")
    assert response["Content-Encoding"] == "gzip"
    assert {"Accept-Encoding", "HX-Request"} <= {name.strip() for name in response["Vary"].split(",")}
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_browser_that_takes_no_compression_gets_none(panel: Client) -> None:
    assert "Content-Encoding" not in panel.get("/sessions/", headers={"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(b"x" * 1000, content_type="image/jpeg"),
        HttpResponse(b"x" * 1000, content_type="text/csv"),
        StreamingHttpResponse([b"x" * 1000], content_type="text/html"),
    ],
)
def test_pictures_and_streams_pass_as_they_are(answer: HttpResponse | StreamingHttpResponse) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in CompressedPages(lambda _: answer).process_response(request, answer).headers


def test_address_of_a_file_is_worked_out_once(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text(json.dumps({"version": "1.1", "hash": "", "paths": {"mark.svg": "mark.123.svg"}}))
    files = RememberedStaticFiles(location=tmp_path)
    assert files.url("mark.svg") == "/static/mark.123.svg"
    files.hashed_files = {}
    assert files.url("mark.svg") == "/static/mark.123.svg"


def test_what_a_script_imports_is_named_by_its_content(settings: Any, tmp_path: Path) -> None:
    """A browser keeps it, and after an update never runs parts of two versions together."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "whole.js").write_text('import { part } from "./part.js";\nimport "./other.js";\n')
    for name in ("part", "other"):
        (tmp_path / "js" / f"{name}.js").write_text("export const part = 1;\n")
    files = RememberedStaticFiles(location=tmp_path)
    paths = {f"js/{name}.js": (files, f"js/{name}.js") for name in ("whole", "part", "other")}
    assert not [name for name, _hashed, done in files.post_process(paths) if isinstance(done, Exception)]
    part, other = (files.hashed_files[f"js/{name}.js"].removeprefix("js/") for name in ("part", "other"))
    written = (tmp_path / files.hashed_files["js/whole.js"]).read_text()
    assert written == f'import {{ part }} from "./{part}";\nimport "./{other}";\n'
