"""What happens between the desktop and the phones."""

from __future__ import annotations

from typing import Any

from sessions_app import sweeps, transfers
from tests.captures import CLIENT
from tests.proof.life import Phone
from tests.proof.world import World


class Phones(World):
    """The hand-over, and two phones that want it."""

    def show_code(self) -> None:
        def told(code: transfers.ShownCode) -> None:
            good = [shown for shown in self.life.codes if self.now < shown.expires_at]
            self.life.codes = [*good[-transfers.MOST_CODES + 1 :], code]
            self.shown = [*self.shown[-2:], code]

        self.act(self.life.may_act(None, self.now), lambda: transfers.issue_code(session=self.session, now=self.now), told)

    def connect(self, key: str, *, newest: bool, typed: bool) -> None:
        """key: which phone. It reads the newest code or an older one, also one that is not good any more."""
        if not self.shown:
            return
        code = self.shown[-1 if newest else 0]
        running, is_good = self.life.phone(self.now), code in self.life.codes and self.now < code.expires_at
        is_rival = is_good and running is not None and running.key != key
        rivals = [row[-1] for row in self.seen.transfers]

        def call() -> Any:
            way = {"typed": code.typed} if typed else {"token": code.link.rstrip("/").rsplit("/", 1)[1]}
            found = transfers.find_code(**way, now=self.now)
            return transfers.connect(code=found, phone_key=f"{self.session.pk}-{key}", client=CLIENT, now=self.now)

        def told(answer: Any) -> None:
            transfer, _ = answer
            if running is not None:
                assert transfer.pk == running.pk, "R11: the phone that has the session goes on as it is"
                return
            self._end_overdue()
            self.life.phones.append(Phone(transfer.pk, key, min(self.now + self.life.rules.transfer, self.life.expires_at)))
            assert transfer.expires_at == self.life.phones[-1].until, "R11: an hour from the scan, never longer than the session"
            self.life.active_at, self.transfers[transfer.pk] = self.now, transfer

        self.act(is_good and not is_rival, call, told, leaves_trace=is_rival)
        if is_rival:
            *before, last = rivals
            counted = [*before, min(last + 1, transfers.MOST_RIVALS)]
            assert [row[-1] for row in self.seen.transfers] == counted, "R11: the first device learns of the second phone"

    def take_back(self) -> None:
        def told(_: Any) -> None:
            running = self.life.phone(self.now)
            self.life.codes.clear()
            if running is not None:
                running.end, self.life.active_at = "TAKEN_BACK", self.now

        self.act(True, lambda: transfers.take_back(session=self.session, now=self.now), told)

    def sweep_phones(self) -> None:
        self.act(True, lambda: sweeps.end_transfers(now=self.now), lambda _: self._end_overdue())

    def _end_overdue(self) -> None:
        for phone in self.life.phones:
            if not phone.end and phone.until <= self.now:
                phone.end = "EXPIRED"
