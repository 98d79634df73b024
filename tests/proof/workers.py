"""What workers and the scheduler do: well, late, or not to the end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sessions_app import leases, lifecycle, sweeps, verification
from sessions_app.models import Attempt, Capture
from sessions_app.sweeps.recovery import GRACE
from tests.proof import watch
from tests.proof.backstage import Died, Quality
from tests.proof.life import Shot, Try
from tests.proof.world import World

Meanwhile = Callable[[], None]


def die() -> None:
    raise Died


class Workers(World):
    """The queue is played: nothing is done but what is asked for here."""

    def inspect(self, shot: Shot, meanwhile: Meanwhile | None = None) -> None:
        capture = Capture.objects.select_related("session__company").get(pk=shot.pk)
        began, gives_up = self.now, capture.tries >= leases.MAX_TRIES
        taken = shot.take(capture.lease_token, capture.lease_until, began)
        lives = self._work(lambda: verification.inspect(capture=capture, now=began), None if gives_up else meanwhile)
        if taken and lives and shot.is_held_by(taken):
            shot.state = "CRASHED" if gives_up or shot.quality is Quality.BREAKS else "INSPECTED"
        self.look()

    def verify(self, one: Try, meanwhile: Meanwhile | None = None) -> None:
        attempt = Attempt.objects.select_related("session__company").get(pk=one.pk)
        began, gives_up, is_fenced = self.now, attempt.tries >= leases.MAX_TRIES, False
        taken = one.take(attempt.lease_token, attempt.lease_until, began)
        try:
            lives = self._work(lambda: verification.verify(attempt=attempt, now=began), None if gives_up else meanwhile)
        except lifecycle.LeaseLost:
            lives, is_fenced = True, True
        ends = bool(taken) and lives and one.is_held_by(taken)
        assert is_fenced is (bool(taken) and lives and not ends), "a worker whose lease has passed to another one writes nothing"
        seen = watch.look(self.session.pk)
        if ends:
            self.life.decide(one, began, given_up=gives_up, dropped=self._dropped(seen))
        self.look(seen=seen, asks_again=ends and one.verdict == "RETRY")

    def _work(self, call: Callable[[], None], meanwhile: Meanwhile | None) -> bool:
        """False: the worker was killed in the middle. What is found wrong meanwhile is no crash of its work."""
        faults: list[AssertionError] = []

        def watched() -> None:
            self.seen = watch.look(self.session.pk)  # the work has its lease now
            try:
                if meanwhile is not None:
                    meanwhile()
            except AssertionError as fault:
                faults.append(fault)
                raise

        self.stage.meanwhile = watched
        try:
            call()
        except Died:
            return False
        finally:
            self.stage.meanwhile = None
            if faults:
                raise faults[0]
        return True

    def _dropped(self, seen: watch.Seen) -> set[str]:
        current = {pk for pk, _, _, _, _, is_current, *_ in seen.captures if is_current}
        return {shot.kind for shot in self.life.shots if shot.current and shot.pk not in current}

    def recover(self) -> None:
        """The sweep finds exactly what nobody holds, and the workers do it."""
        shots = {one.pk: one for one in self.life.shots if one.state == "WAITING" and one.current and self._is_old(one.taken_at)}
        tries = {one.pk: one for one in self.life.tries if not one.verdict and self._is_old(one.submitted_at)}
        lost = [("capture_id", pk) for pk in self._unheld(Capture, shots)] + [("attempt_id", pk) for pk in self._unheld(Attempt, tries)]
        self.stage.recovered.clear()
        sweeps.recover_overdue(now=self.now)
        own = {("capture_id", shot.pk) for shot in self.life.shots} | {("attempt_id", one.pk) for one in self.life.tries}
        found = [work for work in self.stage.recovered if work in own]  # beside what sessions before this one have left
        assert found == lost, "R23: what was lost with a broker or a worker is found, and nothing else"
        self.look()
        for name, pk in lost:
            self.inspect(shots[pk]) if name == "capture_id" else self.verify(tries[pk])

    def _unheld(self, model: type[Capture] | type[Attempt], found: Collection[int]) -> list[int]:
        if not found:
            return []
        rows = model._default_manager.filter(pk__in=list(found)).order_by("pk").values_list("pk", "lease_until")
        return [pk for pk, until in rows if until is None or until <= self.now]

    def _is_old(self, moment: datetime) -> bool:
        return moment <= self.now - GRACE

    def sweep(self) -> None:
        """R23: what is being checked is never closed, and nobody is closed before his time."""
        is_overdue = self.life.is_overdue(self.now)

        def told(closed: int) -> None:
            assert closed == int(is_overdue)
            if is_overdue:
                self.life.move("ABANDONED" if self.life.opened else "EXPIRED", self.now)

        self.act(True, lambda: sweeps.close_overdue_sessions(now=self.now), told)
