"""One look at everything that a session has in the database, and the sentences that must hold of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection

from sessions_app import steps
from tests.proof.life import FINAL, MOVES, UNDONE, Life

LOOK = """
SELECT s.outcome, s.closed_at, s.opened_at, s.consented_at, s.chosen_document, s.expires_at, s.result_attempt, s.max_retries,
  s.claimed_until, (SELECT email FROM settings_app_user u WHERE u.id = s.claimed_by_id),
  (SELECT coalesce(json_agg(json_build_array(c.id, c.kind, c.state, c.problems <> '{}', c.kept_despite_problems, c.replaced_at IS NULL,
      c.tries, (SELECT count(*) FROM sessions_app_captureimage i WHERE i.capture_id = c.id)) ORDER BY c.id), '[]')
    FROM sessions_app_capture c WHERE c.session_id = s.id),
  (SELECT coalesce(json_agg(json_build_array(a.id, a.number, a.submit_key, a.state, a.verdict, a.tries, a.lease_token IS NOT NULL,
      (SELECT count(*) FROM sessions_app_checkrecord r WHERE r.attempt_id = a.id),
      (SELECT json_agg(l.capture_id ORDER BY l.capture_id) FROM sessions_app_attempt_captures l WHERE l.attempt_id = a.id))
      ORDER BY a.number), '[]')
    FROM sessions_app_attempt a WHERE a.session_id = s.id),
  (SELECT coalesce(json_agg(json_build_array(t.id, t."end", t.ended_at IS NULL, t.expires_at <= s.expires_at, t.rivals)
    ORDER BY t.id), '[]') FROM sessions_app_transfer t WHERE t.session_id = s.id),
  (SELECT coalesce(json_agg(e.kind ORDER BY e.id) FILTER (WHERE e.withdrawn_at IS NULL), '[]')
    FROM sessions_app_sessionevent e WHERE e.session_id = s.id),
  (SELECT count(*) FROM sessions_app_transfercode d WHERE d.session_id = s.id AND s.outcome <> 'PENDING'),
  (SELECT m.face_first FROM settings_app_company m WHERE m.id = s.company_id)
FROM sessions_app_verificationsession s WHERE s.id = %s"""


@dataclass(frozen=True)
class Seen:
    """What stood in the database at one moment. Rows are lists of values in the order of the query."""

    outcome: str
    closed_at: datetime | None
    opened_at: datetime | None
    consented_at: datetime | None
    document: str
    expires_at: datetime
    result: int
    max_retries: int
    claimed_until: datetime | None
    claimed_by: str | None
    captures: list[list[Any]]
    attempts: list[list[Any]]
    transfers: list[list[Any]]
    events: list[str]
    codes_after_the_end: int
    face_first: bool

    @property
    def step(self) -> str:
        """Where the product says that the user is."""
        captures = [
            SimpleNamespace(kind=kind, is_usable=state != "WAITING" and (not poor or kept))
            for _, kind, state, poor, kept, is_current, *_ in self.captures
            if is_current
        ]
        session: Any = SimpleNamespace(outcome=self.outcome, consented_at=self.consented_at, chosen_document=self.document)
        being_checked = any(state == "PROCESSING" for _, _, _, state, *_ in self.attempts)
        found: Any = captures
        order: Any = {"asks_extra_fields": False, "face_first": self.face_first}
        return steps.next_step(session, captures=found, being_checked=being_checked, **order).value


def look(session_id: int) -> Seen:
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [session_id])
        return Seen(*cursor.fetchone())


def holds(seen: Seen, life: Life) -> None:
    """What is there is what the model says, and nothing that must never be is there."""
    assert (seen.outcome, seen.expires_at, seen.result) == (life.outcome, life.expires_at, life.result)
    assert (seen.closed_at is not None) is (seen.outcome != "PENDING"), "R20: closed exactly when it is not pending"
    ends = [kind for kind in seen.events if kind in FINAL.values()]
    assert ends == ([FINAL[life.outcome]] if life.outcome in FINAL else []), "R26: one final event that stands, of the right kind"
    assert seen.events.count("CREATED") == 1
    assert [seen.opened_at is not None, seen.consented_at is not None, seen.document] == [life.opened, life.consented, life.document]
    assert (seen.claimed_by or "", seen.claimed_until) == (life.holder, life.held_until), "R24: one holder"
    assert seen.outcome == "REVIEW" or not life.holder, "R24: only what waits for a person is claimed"
    assert seen.step == life.step, "R5: where the user goes on"
    _pictures_hold(seen, life)
    _attempts_hold(seen, life)
    _phones_hold(seen, life)


def _pictures_hold(seen: Seen, life: Life) -> None:
    stored = [(pk, kind, state, poor, kept, is_current) for pk, kind, state, poor, kept, is_current, *_ in seen.captures]
    assert stored == [(shot.pk, shot.kind, shot.state, shot.is_poor, shot.kept, shot.current) for shot in life.shots], "R5"
    for _, kind, state, *_, tries, images in seen.captures:
        assert images == 1, f"R4: the picture of a {kind} is kept"
        assert tries > 0 or state == "WAITING", "no findings without a lease"


def _attempts_hold(seen: Seen, life: Life) -> None:
    assert len(seen.attempts) <= seen.max_retries + 1, "R4: retries and the first one"
    assert seen.events.count("SUBMITTED") == len(life.tries), "R4: an attempt is a submission and nothing else"
    told = [(pk, number, key, verdict, captures) for pk, number, key, _, verdict, *_, captures in seen.attempts]
    sent = [sorted(shot.pk for shot in one.shots) for one in life.tries]
    assert told == [(one.pk, number, one.key, one.verdict, sent[number - 1]) for number, one in enumerate(life.tries, start=1)], "R4, R22"
    for _, _, _, state, _, tries, was_leased, checks, _ in seen.attempts:
        is_decided = state == "DECIDED"
        assert is_decided is (checks > 0), "every decided attempt has its checks, and no other has any"
        assert not is_decided or (was_leased and tries > 0), "no result without a lease"


def _phones_hold(seen: Seen, life: Life) -> None:
    assert [(pk, end) for pk, end, *_ in seen.transfers] == [(phone.pk, phone.end) for phone in life.phones], "R11, R14"
    assert sum(is_running for _, _, is_running, *_ in seen.transfers) <= 1, "R11: one phone"
    assert all(is_within for _, _, _, is_within, _ in seen.transfers), "R11: never longer than its session"
    assert seen.codes_after_the_end == 0, "R11: a closed session has no code left"


def moved_rightly(
    before: Seen, after: Seen, *, order: Sequence[str], undoes: bool = False, submits: bool = False, asks_again: bool = False
) -> None:
    """What may change from one moment to the next. order: of the steps."""
    move = (before.outcome, after.outcome)
    assert before.outcome == after.outcome or move in (UNDONE if undoes else MOVES), "R20, R26"
    assert len(after.attempts) - len(before.attempts) <= int(submits), "R4: only a submission is an attempt"
    assert len(after.captures) >= len(before.captures), "R4: pictures stay"
    assert asks_again or order.index(after.step) >= order.index(before.step), "R5: nobody is asked twice for what is there"
