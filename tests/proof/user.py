"""What the user does, at the link (via=None) or at a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sessions_app import answers, challenges, submission
from sessions_app.choices import CaptureKind, CaptureSource
from sessions_app.models import Attempt, Capture, Transfer, VerificationSession
from tests.captures import CLIENT
from tests.proof.backstage import Quality
from tests.proof.life import LIVENESS, STEP_OF, WANTED, Phone, Shot, Try
from tests.proof.world import World


class User(World):
    """The person who is verified."""

    def hand(self) -> Phone | None:
        return self.life.phone(self.now)

    def _user(
        self, via: Phone | None, call: Callable[..., Any], told: Callable[[Any], object], *, allowed: bool = True, **kinds: Any
    ) -> Any:
        hand = self.transfers[via.pk] if via else None
        may = allowed and self.life.may_act(via, self.now)
        return self.act(may, lambda: call(via=hand, now=self.now), told, **kinds)

    def _active(self, **news: Any) -> None:
        for name, value in {**news, "active_at": self.now}.items():
            setattr(self.life, name, value)

    def open(self, via: Phone | None) -> None:
        self._user(via, lambda **by: answers.open_link(session=self.session, client=CLIENT, **by), lambda _: self._active(opened=True))

    def consent(self, via: Phone | None) -> None:
        def call(**by: Any) -> None:
            answers.consent(session=self.session, version="1", language="en", **by)

        self._user(via, call, lambda _: self._active(consented=True))

    def refuse_consent(self, via: Phone | None) -> None:
        self._user(via, lambda **by: answers.refuse_consent(session=self.session, **by), lambda _: self._active())

    def choose(self, via: Phone | None, document: str) -> None:
        def told(_: Any) -> None:
            if self.life.document != document:
                self.life.drop("DOCUMENT_FRONT", "DOCUMENT_BACK")
            self._active(document=document)

        def call(**by: Any) -> None:
            answers.choose_document(session=self.session, country="GEO", document=document, **by)

        self._user(via, call, told, allowed=self.life.checked is None, asks_again=True)

    def capture(self, via: Phone | None, kind: str, quality: Quality) -> None:
        self.keys += 1
        key = f"upload-{self.keys}"
        is_turn = STEP_OF[kind] == self.life.step

        def told(capture: Capture) -> None:
            self.life.drop(kind)
            self.life.shots.append(Shot(capture.pk, kind, key, self.now, quality))
            self.stage.quality[capture.pk] = quality
            self._active()

        self._user(via, lambda **by: self._store(kind, key, **by), told, allowed=is_turn, asks_again=True)

    def capture_again(self, via: Phone | None) -> None:
        """The line was lost after the picture had arrived, so it comes once more, whatever happened meanwhile."""
        if self.life.shots:
            shot = self.life.shots[-1]
            again = self.act(True, lambda: self._store(shot.kind, shot.key, via=self.transfers[via.pk] if via else None, now=self.now))
            assert again.pk == shot.pk

    def _store(self, kind: str, key: str, *, via: Transfer | None, now: datetime) -> Capture:
        session, nonce = VerificationSession.objects.select_related("company").get(pk=self.session.pk), ""
        if kind == LIVENESS and not any(shot.key == key for shot in self.life.shots):
            nonce = challenges.for_one_photo(session=session, now=now, via=via).nonce
        return submission.store_capture(
            session=session,
            kind=CaptureKind(kind),
            source=CaptureSource.CAMERA,
            upload_key=key,
            uploads=[submission.Upload(b"")],
            nonce=nonce,
            now=now,
            via=via,
        )

    def keep(self, via: Phone | None, kind: str) -> None:
        shot = self.life.current(kind)
        if shot is None:
            return
        poor = sum(1 for one in self.life.shots if one.kind == kind and one.is_poor)
        capture = Capture.objects.select_related("session").get(pk=shot.pk)

        def told(_: Any) -> None:
            shot.kept = True
            self._active()

        call = submission.keep_despite_problems
        self._user(via, lambda **by: call(capture=capture, **by), told, allowed=shot.is_poor and poor >= 2)

    def retake(self, via: Phone | None, kind: str) -> None:
        def told(_: Any) -> None:
            self.life.drop(kind)
            self._active()

        def call(**by: Any) -> None:
            submission.retake(session=self.session, kind=CaptureKind(kind), **by)

        self._user(via, call, told, allowed=self.life.checked is None, asks_again=True)

    def submit(self, via: Phone | None, *, again: bool) -> None:
        """again: the same request once more, also after its attempt was decided."""
        self.keys += 1
        key = self.life.tries[-1].key if again and self.life.tries else f"submit-{self.keys}"
        made = next((one for one in self.life.tries if one.key == key), None) or self.life.checked
        hand = self.transfers[via.pk] if via else None
        is_ready = self.life.step == "overview" and len(self.life.tries) <= self.life.rules.retries
        may = made is not None or (is_ready and self.life.may_act(via, self.now))

        def told(attempt: Attempt) -> None:
            if made is not None:
                assert attempt.pk == made.pk
                return
            wanted = [shot for shot in self.life.shots if shot.current and shot.kind in WANTED[self.life.document]]
            self.life.tries.append(Try(attempt.pk, key, wanted, self.now))
            self._active()

        def call() -> Attempt:
            return submission.submit_attempt(session=self.session, submit_key=key, via=hand, now=self.now)

        self.act(may, call, told, submits=made is None)
