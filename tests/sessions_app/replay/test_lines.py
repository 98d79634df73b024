"""R43: what the real pipeline leaves for replays, and that a replay judges as the pipeline does."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

from checks_app import decision, judging, rejudging
from checks_app.rejudging import Essence
from checks_app.results import Reason
from checks_app.thresholds import Thresholds
from sessions_app import erasure, lifecycle, verification
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, Outcome
from sessions_app.models import Attempt, ReplayLine, VerificationSession
from sessions_app.replay import preparation, runs
from settings_app import resolution
from settings_app.choices import DocumentChoice
from settings_app.models import Company, ThresholdSet
from tests import findings as drawn
from tests.captures import add_capture, die_three_times, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory, MasterFactory, UserFactory
from tests.replays import STRICT, ends, queue, replayed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks", "queue", "drawn_levels")]
__all__ = ["queue"]


@pytest.fixture
def drawn_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "load_calibration", lambda *_: drawn.CALIBRATION)


SCORES = (None, 0.0, 0.05, 0.1, 0.3, 0.45, 0.5, 0.65, 0.7, 0.95, 1.0)
CANDIDATES: list[dict[str, float | None]] = [
    {"liveness_decline": 0.5, "liveness_approve": 0.9},
    {"full_document_decline": 0.0, "full_document_approve": 0.05, "face_review_level": 1, "face_match_level": 2},
    {"photocopy_decline": 0.45, "photocopy_approve": 0.5, "screen_replay_decline": 0.05, "screen_replay_approve": 0.3},
    {"face_review_level": 6, "face_match_level": 7},
]


def verify(attempt: Attempt) -> VerificationSession:
    verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=NOW)
    return VerificationSession.objects.get(pk=attempt.session_id)


def a_session(company: Company, luck: Random, market: str) -> VerificationSession:
    """A session whose pictures say this or that, some of them files, until it has its outcome."""
    document = luck.choice(list(DocumentChoice.values))
    session = ready_session(document, company=company, market=market)
    while session.is_open:
        for kind, found in something_of(document, luck).items():
            source = luck.choice([CaptureSource.CAMERA] * 9 + [CaptureSource.FILE])
            add_capture(session, kind, found, source=source)
        session = verify(processing_attempt(session))
    return session


def something_of(document: str, luck: Random) -> dict[CaptureKind, Any]:
    side = drawn.passport if document == DocumentChoice.PASSPORT else drawn.card_front
    found: dict[CaptureKind, Any] = {
        CaptureKind.DOCUMENT_FRONT: side(**scores(luck)),
        CaptureKind.SELFIE: drawn.selfie(face=drawn.face(luck.choice([0.1, 0.1, 0.42, 0.52, 0.9]))),
        CaptureKind.LIVENESS: drawn.liveness(
            liveness=drawn.measure(luck.choice(SCORES)), embedding=(luck.choice([0.1, 0.5, 0.9]),), doubts=doubts(luck)
        ),
    }
    if document == DocumentChoice.ID_CARD:
        found[CaptureKind.DOCUMENT_BACK] = drawn.card_back(**scores(luck))
    return found


def scores(luck: Random) -> dict[str, Any]:
    """Most are good, so that one decides."""
    names = ("full_document", "screen_replay", "photocopy")
    return {name: drawn.measure(luck.choice(SCORES)) for name in names if luck.random() < 0.2}


def doubts(luck: Random) -> tuple[Reason, ...]:
    return (Reason.FLASH_NOT_REFLECTED,) if luck.random() < 0.1 else ()


@pytest.fixture
def company() -> Company:
    """A company with sessions in markets of which one has thresholds of its own."""
    found: Company = CompanyFactory(max_retries=2, duplicate_faces=False)
    ThresholdSet.objects.create(company=found, liveness_decline=0.3, liveness_approve=0.65)
    ThresholdSet.objects.create(
        company=found, market="DEU", liveness_decline=0.05, liveness_approve=0.45, photocopy_decline=0, photocopy_approve=1
    )
    luck = Random(20261122)
    for number in range(18):
        a_session(found, luck, ("", "GEO", "DEU")[number % 3])
    return found


def essence_in(line: ReplayLine) -> Essence:
    return Essence(*(getattr(line, name) for name in Essence._fields))


def test_lines_judge_as_the_pipeline_did(company: Company) -> None:
    """R43: verdict and status of every check that thresholds move, of every attempt."""
    lines = ReplayLine.objects.filter(company=company).select_related("attempt")
    assert len({line.verdict for line in lines}) == 4  # every kind of verdict was drawn
    for line in lines:
        again = rejudging.judge_again(essence_in(line), resolution.thresholds_for(company=company, market=line.market))
        recorded = dict(line.attempt.checks.values_list("check_name", "status"))
        assert (again.verdict, line.verdict) == (line.attempt.verdict, line.attempt.verdict)
        assert again.statuses == tuple(recorded[check] for check in rejudging.MOVED)


def test_replay_of_unchanged_thresholds_changes_nothing(company: Company) -> None:
    """R43."""
    run = replayed(company, {})
    assert (run.done, run.changed, runs.tally_of(run).differing) == (18, [], 0)
    assert ends(run) == {
        f"{outcome}>{outcome}": count for outcome, count in Counter(company.sessions.values_list("outcome", flat=True)).items()
    }


def test_replay_ends_sessions_as_judging_their_findings_anew_does(company: Company) -> None:
    """R43: the slow way, over the sealed findings."""
    for candidate in CANDIDATES:
        thresholds = resolution.ThresholdsOf(company, ("", candidate))
        sessions = company.sessions.all()
        expected = Counter(f"{session.outcome}>{slowly(session, thresholds.in_market(session.market))}" for session in sessions)
        assert ends(replayed(company, candidate)) == expected


def slowly(session: VerificationSession, thresholds: Thresholds) -> str:
    for attempt in session.attempts.order_by("number"):
        captures = verification.captures_of(attempt)
        expected = verification.expectations_of(session, captures, today=NOW.date())
        found = verification.findings_of(captures)
        results = judging.judge(found, thresholds=thresholds, expectations=expected, calibration=drawn.CALIBRATION)
        verdict = decision.decide(
            results,
            required=judging.required_checks(expected),
            retries_left=attempt.max_retries + 1 - attempt.number,
            manual_review=True,
        ).verdict
        if verdict != "RETRY":
            return verdict.value
    return "DECLINE"


def test_judging_that_crashed_stays_unclear_whatever_the_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: there is nothing that another threshold could pass."""
    attempt = processing_attempt()
    with monkeypatch.context() as broken:
        broken.setattr(judging, "judge", lambda *_args, **_given: 1 / 0)
        session = verify(attempt)
    line = ReplayLine.objects.get(session=session)
    assert (line.verdict, line.full_document, line.liveness, line.face_level, line.tie_level) == ("REVIEW", None, None, None, None)
    assert set(rejudging.judge_again(essence_in(line), Thresholds()).statuses) == {"UNCLEAR"}


def test_attempt_that_was_given_up_leaves_a_line_too() -> None:
    attempt = processing_attempt()
    verification.give_up(work=attempt, now=die_three_times(attempt))
    assert ReplayLine.objects.get(attempt=attempt).verdict == "REVIEW"


def test_attempt_decided_after_its_session_was_cancelled_leaves_none() -> None:
    """Its verdict took no effect, so there is nothing that a threshold could have changed."""
    attempt = processing_attempt()
    lifecycle.cancel(session=attempt.session, actor=UserFactory(company=attempt.session.company), now=NOW)
    verify(attempt)
    assert not ReplayLine.objects.filter(attempt=attempt).exists()


def test_lines_outlive_the_pictures() -> None:
    """Scores say nothing about the person."""
    session = verify(processing_attempt())
    erasure.erase_pictures(session=session, actor=MasterFactory(company=session.company), now=NOW)
    assert replayed(session.company, STRICT).done == 1


# Attempts of the past


def lines_of(company: Company) -> list[tuple[Any, ...]]:
    return list(ReplayLine.objects.filter(company=company).order_by("attempt_id").values_list())


def test_lines_of_the_past_are_those_that_would_have_been_kept(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    before = lines_of(company)
    ReplayLine.objects.all().delete()
    call_command("prepare_replay")
    assert lines_of(company) == before
    assert capsys.readouterr().out == f"{len(before)} attempts made ready\n"


def test_preparing_again_makes_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    verify(processing_attempt())
    call_command("prepare_replay")
    assert capsys.readouterr().out == "0 attempts made ready\n"


def test_attempts_whose_pictures_are_erased_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    session = verify(processing_attempt())
    ReplayLine.objects.all().delete()
    erasure.erase_pictures(session=session, actor=MasterFactory(company=session.company), now=NOW)
    call_command("prepare_replay")
    assert "1 attempts left out: pictures and findings are erased" in capsys.readouterr().out
    assert runs.tally_of(replayed(session.company, STRICT)).without_line == 1


def test_attempt_that_is_judged_otherwise_today_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """What is stored does not explain the verdict, so no replay may lean on it."""
    session = verify(processing_attempt())
    ReplayLine.objects.all().delete()
    session.captures.update(source=CaptureSource.FILE)
    call_command("prepare_replay")
    assert "end otherwise than recorded" in capsys.readouterr().out
    assert not ReplayLine.objects.exists()


def test_attempt_with_a_capture_that_crashed_is_made_ready(capsys: pytest.CaptureFixture[str]) -> None:
    session = ready_session()
    add_capture(session, CaptureKind.DOCUMENT_FRONT, state=CaptureState.CRASHED)
    before = verify(processing_attempt(session))
    assert before.outcome == Outcome.REVIEW
    kept = lines_of(session.company)
    ReplayLine.objects.all().delete()
    call_command("prepare_replay")
    assert lines_of(session.company) == kept
