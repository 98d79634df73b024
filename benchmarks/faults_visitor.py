"""A person with a telephone, over real HTTP: does what the page asks for, and sends again what did not arrive, as the page's scripts do."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

PHONE = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds, as static/js/upload.js waits before it sends again
ASK_EVERY = 0.5  # seconds; the page asks more often, which says no more here and costs more
ANSWER_WITHIN = 90  # seconds
REFUSED_PAUSE = 3.0  # seconds until a person tries again after "we cannot store pictures at the moment"
FULL = 507
NOTHING_CAME = 0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SUBMIT_KEY = re.compile(r'name="submit_key" value="([^"]+)"')
KINDS = {"front": "DOCUMENT_FRONT", "selfie": "SELFIE", "liveness": "LIVENESS"}
POOR_PICTURES = 2  # then the person uses what there is, as the page offers


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what came of it; 0 for no answer at all."""

    at: float
    seconds: float
    status: int
    what: str


@dataclass(frozen=True, slots=True)
class Waited:
    """From the moment when work was handed over until its result was seen."""

    began: float
    ended: float
    what: str


@dataclass
class Diary:
    """What all visitors saw, by the monotonic clock."""

    asked: list[Asked] = field(default_factory=list)
    waited: list[Waited] = field(default_factory=list)
    finished: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def finish(self) -> None:
        with self.lock:
            self.finished += 1


class Visitor:
    """One person and one session."""

    def __init__(
        self,
        address: str,
        link: str,
        pictures: Mapping[str, bytes],
        diary: Diary,
        *,
        poisoned: bool = False,
        also: Callable[[], None] = lambda: None,
    ) -> None:
        """poisoned: the first picture kills whoever inspects it. also: called whenever a picture was taken in."""
        self._address, self._link, self._pictures, self._diary = address, link, pictures, diary
        self._poisoned, self._also = poisoned, also
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        self._opener.addheaders = [("User-Agent", PHONE)]
        self._page = self._token = ""

    def go(self, *, until: str = "done") -> None:
        """Go on from wherever the session stands, until it stands at a step."""
        while not self._page:
            self._open()
        while (step := self._step()) != until:
            self._act(step)

    def _open(self) -> None:
        status, body, place = self._ask(self._link)
        if status == http.HTTPStatus.OK:
            self._page, self._token = place.partition("?")[0], TOKEN.findall(body)[0]
        else:
            time.sleep(1)

    def _step(self) -> str:
        while True:
            status, body, _ = self._ask(f"{self._page}progress/", as_json=True)
            if status == http.HTTPStatus.OK:
                return str(json.loads(body)["step"])
            time.sleep(1)

    def _act(self, step: str) -> None:
        if step in KINDS:
            self._send(KINDS[step])
        elif step == "consent":
            self._ask(f"{self._page}consent/", {"answer": "yes"})
        elif step == "document":
            self._ask(f"{self._page}document/", {"country": "UTO", "document": "PASSPORT"})
        elif step == "overview":
            self.submit()
            self._wait("decision", lambda: self._step() != "checking")
        elif step == "checking":
            time.sleep(ASK_EVERY)
        else:
            raise RuntimeError(f"A visitor does not know the step {step}.")

    def submit(self) -> None:
        """Press the button; press it again when nothing came of it."""
        _, body, _ = self._ask(self._page)
        key = SUBMIT_KEY.findall(body)
        self._until_answered(f"{self._page}submit/", {"submit_key": key[0] if key else ""})

    def _send(self, kind: str) -> None:
        """Send one kind of picture until it is good, or used all the same."""
        for _ in range(POOR_PICTURES):
            state = self._upload(kind)
            if "url" not in state:
                return  # the step has moved on meanwhile
            if self._inspected(kind, state)["usable"]:
                return
        self._ask(f"{state['url']}keep/", {})

    def _upload(self, kind: str) -> dict[str, str]:
        prefix = "poison-" if self._poisoned and kind == "DOCUMENT_FRONT" else ""
        source = "FILE" if kind == "LIVENESS" else "CAMERA"  # one photo instead of a challenge: see the bench's first lines
        fields = {"kind": kind, "source": source, "upload_key": prefix + uuid.uuid4().hex}
        while True:
            status, body = self._until_answered(f"{self._page}captures/", fields, [self._pictures[kind]])
            if status == FULL:
                time.sleep(REFUSED_PAUSE)
                continue
            self._also()
            return dict(json.loads(body))

    def _inspected(self, kind: str, state: dict[str, str]) -> dict[str, str]:
        """Follow a picture until it was looked at."""
        url, seen = state["url"], [state]

        def is_over() -> bool:
            status, body, _ = self._ask(url, as_json=True)
            if status == http.HTTPStatus.OK:
                seen.append(json.loads(body))
            return seen[-1].get("state") != "WAITING"

        self._wait(kind, is_over)
        return seen[-1]

    def _wait(self, what: str, is_over: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not is_over():
            time.sleep(ASK_EVERY)
        self._diary.waited.append(Waited(began, time.monotonic(), what))

    def _until_answered(self, url: str, fields: Mapping[str, str], files: Sequence[bytes] = ()) -> tuple[int, str]:
        pause = FIRST_PAUSE
        while True:
            status, body, _ = self._ask(url, fields, files, as_json=True)
            if 200 <= status < 300 or status == FULL:
                return status, body
            if 400 <= status < 500:
                raise RuntimeError(f"{url.rsplit('/', 2)[-2]} was answered with {status}: {body[:200]}")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _ask(
        self, url: str, fields: Mapping[str, str] | None = None, files: Sequence[bytes] = (), *, as_json: bool = False
    ) -> tuple[int, str, str]:
        """Ask once. Returns status (0: no answer), body and the address at which redirections ended."""
        request = urllib.request.Request(self._address + url)  # noqa: S310 - the bench's own server
        if as_json:
            request.add_header("Accept", "application/json")
        if fields is not None:
            request.add_header("Referer", self._address + self._page)
            request.data, content_type = form({**fields, "csrfmiddlewaretoken": self._token}, files)
            request.add_header("Content-Type", content_type)
        began, what = time.monotonic(), url.rstrip("/").rsplit("/", 1)[-1] if fields is not None else "read"
        try:
            with self._opener.open(request, timeout=ANSWER_WITHIN) as answer:
                status, body, place = answer.status, answer.read().decode(), answer.url.removeprefix(self._address)
        except urllib.error.HTTPError as error:
            status, body, place = error.code, error.read().decode(errors="replace"), url
        except (OSError, http.client.HTTPException) as error:
            status, body, place = NOTHING_CAME, str(error), url
        self._diary.asked.append(Asked(began, time.monotonic() - began, status, what))
        return status, body, place


def form(fields: Mapping[str, str], files: Sequence[bytes]) -> tuple[bytes, str]:
    """Return a form with pictures as multipart/form-data, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    head = b'Content-Disposition: form-data; name="image"; filename="image.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts += [head + data + b"\r\n" for data in files]
    body = b"".join(f"--{boundary}\r\n".encode() + part for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
