"""Past sessions for the benchmark of replays: very many with the lines that are kept of them, and some with sealed findings."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

NOW = datetime.now(UTC)
BATCH = 5_000
RETRIED = 0.15
"""Of the sessions had a first attempt that failed."""

SESSIONS = """
INSERT INTO sessions_app_verificationsession (
    company_id, public_id, token_hash, token_sealed, handle, reference, market, language, return_url, expected_first_name,
    expected_last_name, extra_values, max_retries, created_at, expires_at, opened_at, closed_at, outcome, reasons, decided_by_hand,
    forced_retries, result_attempt, consent_version, consent_language, chosen_country, chosen_document, document_kind, issuing_state,
    first_name, last_name, personal_number, document_number, nationality, sex, digital_spoof, not_full_id, low_far, judged_checks,
    failed_checks, unclear_checks, search_text, device, browser, os, device_model)
SELECT %(company)s, gen_random_uuid(), md5(%(company)s || 't' || n) || md5('u' || n), '', substr(md5(%(company)s || 'h' || n), 1, 16), '',
    (array['', 'GEO', 'DEU'])[1 + n %% 3], '', '', '', '', '{}', 5, %(now)s - n * interval '1 second' - interval '1 day', %(now)s,
    %(now)s - n * interval '1 second', %(now)s - n * interval '1 second', 'APPROVE', '{}', false, 0, 1, '', '', 'GEO', 'PASSPORT',
    'PASSPORT', 'GEO', 'NINO', 'BERIDZE', '', '', 'GEO', 'F', false, false, false, '{}', '{}', '{}', '', '', '', '', ''
FROM generate_series(1, %(many)s) AS n RETURNING id, market, closed_at
"""


def a_company() -> Any:
    from settings_app import keys
    from settings_app.models import Company

    company = Company(name=f"Benchmark {uuid.uuid4()}", created_at=NOW, duplicate_faces=False, max_retries=0)
    keys.give_key(company)
    company.save(force_insert=True)
    return company


def essences(sessions: int) -> Any:
    """The attempts of so many sessions: most good, some with a doubt, some that failed first."""
    from checks_app.rejudging import Essence

    luck = random.Random(43)
    good = Essence(5, True, False, False, False, 0.9, False, 0.9, False, 0.9, False, 0.9, False, 7, False, 7)
    for _ in range(sessions):
        last = good._replace(
            retries_left=0,
            full_document=luck.betavariate(9, 1),
            screen_replay=luck.betavariate(9, 1),
            photocopy=luck.betavariate(9, 1),
            liveness=luck.betavariate(9, 1),
            face_level=luck.choice((7, 7, 6, 5, 4, 3)),
            unclear=luck.random() < 0.03,
            failed=luck.random() < 0.05,
        )
        yield (good._replace(liveness=0.2), last) if luck.random() < RETRIED else (last,)


def fill(many: int) -> Any:
    """A company with so many decided sessions and the lines of their attempts."""
    from django.db import connection

    company, began = a_company(), time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS, {"company": company.pk, "now": NOW, "many": many})
        sessions = cursor.fetchall()
        for start in range(0, many, BATCH):
            write_attempts(company, sessions[start : start + BATCH])
        cursor.execute("VACUUM ANALYZE")
    print(f"{many:,} sessions made in {time.perf_counter() - began:.0f} s")
    return company


def write_attempts(company: Any, sessions: list[Any]) -> None:
    from checks_app.rejudging import judge_again
    from checks_app.thresholds import DEFAULTS
    from sessions_app.choices import AttemptState
    from sessions_app.models import Attempt, ReplayLine

    attempts, lines = [], []
    for (session_id, market, closed_at), tried in zip(sessions, essences(len(sessions)), strict=True):
        for number, essence in enumerate(tried, start=1):
            at = closed_at - timedelta(minutes=len(tried) - number)
            verdict = judge_again(essence, DEFAULTS).verdict
            attempts.append(
                Attempt(
                    session_id=session_id, number=number, max_retries=5, state=AttemptState.DECIDED, verdict=verdict,
                    submitted_at=at, decided_at=at,
                )
            )  # fmt: skip
            lines.append(
                ReplayLine(session_id=session_id, company=company, market=market, decided_at=at, verdict=verdict, **essence._asdict())
            )
    for attempt, line in zip(Attempt.objects.bulk_create(attempts), lines, strict=True):
        line.attempt_id = attempt.pk
    ReplayLine.objects.bulk_create(lines)


def sealed_session(company: Any, luck: random.Random) -> Any:
    """A session with sealed findings as the pipeline leaves them, and faces of 128 numbers."""
    from sessions_app import verification
    from sessions_app.choices import CaptureKind
    from sessions_app.models import Attempt
    from tests import findings as drawn
    from tests.captures import add_capture, processing_attempt, ready_session

    session = ready_session(company=company, now=NOW - timedelta(hours=1))
    face = replace(drawn.face(), embedding=tuple(luck.gauss(0, 0.08) for _ in range(128)))
    near = replace(face, embedding=tuple(value + luck.gauss(0, 0.02) for value in face.embedding))
    liveness = drawn.liveness(liveness=drawn.measure(luck.betavariate(9, 1)), embedding=near.embedding)
    add_capture(session, CaptureKind.DOCUMENT_FRONT, drawn.passport(portrait=face, full_document=drawn.measure(luck.betavariate(9, 1))))
    add_capture(session, CaptureKind.SELFIE, drawn.selfie(face=near))
    add_capture(session, CaptureKind.LIVENESS, liveness)
    attempt = processing_attempt(session)
    with patch.object(verification, "load_calibration", lambda *_: drawn.CALIBRATION):
        verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=datetime.now(UTC))
    session.refresh_from_db()
    return session
