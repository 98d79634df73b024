"""R80: the operators' page says what works, what waits and what to do about it, and nobody's name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_app import leases, sweeps
from sessions_app.choices import CaptureKind, CaptureState
from sessions_app.models import Attempt, Capture, SweepRun, VerificationSession
from sessions_app.operators import figures, parts, state
from sessions_app.operators.figures import Figure
from sessions_app.sweeps import Sweep
from tests.captures import add_capture, answered_session, processing_attempt
from tests.factories import NOW, MasterFactory, OperatorFactory, SessionFactory, UserFactory
from verifyportal import health, pulse

pytestmark = pytest.mark.django_db
CLOSED_PORT = "redis://127.0.0.1:1/0"
QUEUES = tuple(django_settings.CELERY_TASK_QUEUES)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def installation(settings: Settings, capture_root: Path) -> None:
    """A broker in which nobody has given a sign yet, and a store for pictures."""
    settings.REDIS_PREFIX = f"{settings.REDIS_PREFIX}operators:"
    for key in (pulse.SIGNS, pulse.SERVED):
        pulse.broker().delete(settings.REDIS_PREFIX + key)
    capture_root.mkdir()


@pytest.fixture
def everything_works() -> None:
    pulse.give_sign("celery@one", QUEUES)
    pulse.give_sign(pulse.BEAT)
    health.heartbeat()
    for sweep in Sweep:
        SweepRun.objects.create(name=sweep, started_at=NOW, finished_at=NOW, handled=3)


def shown() -> dict[str, Figure]:
    return {str(figure.name): figure for section in state.state_of(now=NOW).sections for figure in section.figures}


def troubles() -> list[str]:
    return [str(figure.name) for figure in state.state_of(now=NOW).troubles]


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("make", "status"), [(OperatorFactory, 200), (MasterFactory, 302), (UserFactory, 302)])
def test_page_is_for_operators_alone(make: Callable[[], Any], status: int) -> None:
    """R80: masters and agents have their panel."""
    assert browser(make()).get("/admin/state/").status_code == status


def test_stranger_is_sent_to_the_login() -> None:
    assert "/login/" in Client().get("/admin/state/").headers["Location"]


def test_first_page_of_the_admin_leads_there() -> None:
    assert 'href="/admin/state/"' in browser(OperatorFactory()).get("/admin/").content.decode()


def test_refresh_brings_the_live_part_alone() -> None:
    operator = browser(OperatorFactory())
    whole, part = (operator.get("/admin/state/", headers=given).content.decode() for given in ({}, {"HX-Request": "true"}))
    assert "<html" in whole
    assert "<html" not in part
    assert "Queues" in part


def test_refresh_after_the_login_is_over_leads_to_the_login() -> None:
    """Not a login form in the middle of the page, and nothing of the state."""
    for client in (Client(), browser(MasterFactory())):
        answer = client.get("/admin/state/", headers={"HX-Request": "true"})
        assert (answer.headers["HX-Refresh"], answer.content) == ("true", b"")


def test_page_costs_the_same_number_of_queries_however_much_there_is(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        processing_attempt(submitted_at=timezone.now() - timedelta(hours=1), tries=2)
    with django_assert_max_num_queries(25):
        state.state_of(now=timezone.now())


@pytest.mark.usefixtures("everything_works")
def test_nothing_needs_anybody_when_everything_works() -> None:
    assert troubles() == []


@pytest.mark.usefixtures("everything_works")
def test_page_answers_without_a_broker(settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    page = browser(OperatorFactory()).get("/admin/state/")
    assert page.status_code == 200
    assert "does not answer" in page.content.decode()
    assert troubles() == ["Broker"]


def test_new_installation_without_beat_and_worker_says_so() -> None:
    assert troubles() == ["Beat", *QUEUES, "recover-overdue", "end-transfers", "close-overdue-sessions", "watch-for-stuck", "catch-up"]


@pytest.mark.usefixtures("everything_works")
def test_queue_that_nobody_serves_is_named() -> None:
    pulse.give_sign("celery@one", ("inspect", "sweeps"))
    assert troubles() == ["verify"]
    assert str(shown()["verify"].value).startswith("no worker")
    assert "--queues verify" in str(shown()["verify"].advice)


@pytest.mark.usefixtures("everything_works")
def test_workers_that_live_and_do_nothing_are_told() -> None:
    pulse.broker().delete(django_settings.REDIS_PREFIX + pulse.SERVED)
    assert troubles() == ["Tasks"]


@pytest.mark.usefixtures("everything_works")
def test_several_workers_are_counted() -> None:
    pulse.give_sign("celery@two", ("inspect",))
    assert str(shown()["inspect"].value).startswith("2 workers answer")
    assert str(shown()["verify"].value).startswith("celery@one answered")


@pytest.mark.usefixtures("everything_works")
@pytest.mark.parametrize(("waited", "trouble"), [(parts.LONG_WAIT, []), (parts.LONG_WAIT + 1, ["inspect"])])
def test_age_of_the_oldest_waiting_picture_is_told(waited: int, trouble: list[str]) -> None:
    add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT, created_at=NOW - timedelta(seconds=waited))
    assert "1 in the database, the oldest for 3" in str(shown()["inspect"].value)
    assert troubles() == trouble


@pytest.mark.usefixtures("everything_works")
def test_disk_that_is_gone_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.CAPTURE_ROOT = tmp_path / "not mounted"
    assert troubles() == ["Pictures"]


@pytest.mark.usefixtures("everything_works")
@pytest.mark.parametrize(("free", "trouble"), [(parts.LEAST_FREE - 1, ["Pictures"]), (parts.LEAST_FREE, [])])
def test_disk_that_fills_is_told_before_it_is_full(free: int, trouble: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        total = parts.LEAST_FREE * 100

    setattr(Usage, "free", free)  # noqa: B010
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage)
    assert troubles() == trouble


RUNS: dict[str, tuple[dict[str, Any], str]] = {
    "is not called": ({"started_at": NOW - 4 * MINUTE}, "It is not called"),
    "was called in time": ({"started_at": NOW - 3 * MINUTE}, ""),
    "failed in its last run": ({"failed_at": NOW, "failure": "KeyError (1)"}, "The last run met something"),
    "failed once, long ago": ({"failed_at": NOW - 60 * MINUTE, "failure": "KeyError (1)"}, ""),
    "never ends": ({"finished_at": NOW - 60 * MINUTE}, "It begins and does not come to its end"),
    "never ended": ({"finished_at": None}, "It begins and does not come to its end"),
}


@pytest.mark.usefixtures("everything_works")
@pytest.mark.parametrize("case", RUNS)
def test_sweep_that(case: str) -> None:
    columns, advice = RUNS[case]
    SweepRun.objects.filter(name=Sweep.CLOSE).update(**columns)
    assert str(shown()[Sweep.CLOSE].advice).startswith(advice)
    assert bool(shown()[Sweep.CLOSE].advice) is bool(advice)


@pytest.mark.usefixtures("everything_works")
@pytest.mark.parametrize(("late", "number", "trouble"), [(-1, "0", []), (0, "1", ["Expired and not closed yet"])])
def test_sessions_that_wait_for_the_sweep_are_counted(late: int, number: str, trouble: list[str]) -> None:
    SessionFactory(now=NOW - timedelta(days=7) - 2 * MINUTE - timedelta(seconds=late))
    assert shown()["Expired and not closed yet"].value == number
    assert troubles() == trouble


@pytest.mark.usefixtures("everything_works")
def test_last_step_of_a_person_is_told_and_what_machines_did_is_not() -> None:
    session = answered_session(now=NOW - MINUTE)
    sweeps.close_overdue_sessions(now=NOW + timedelta(days=8))
    assert session.events.order_by("-pk")[0].kind == "ABANDONED"
    assert str(shown()["Last step of a person"].value).endswith("1 min ago")


@pytest.mark.usefixtures("everything_works")
def test_work_that_is_stuck_leads_to_its_session_in_the_admin() -> None:
    attempt = processing_attempt(submitted_at=NOW - timedelta(hours=1))
    figure = shown()[f"Attempt {attempt.pk}"]
    assert figure.advice
    assert browser(OperatorFactory()).get(figure.link).status_code == 200


@pytest.mark.usefixtures("everything_works")
def test_work_that_died_lately_is_listed_with_its_tries_for_a_day() -> None:
    crashed = add_capture(answered_session(), CaptureKind.SELFIE, state=CaptureState.CRASHED, tries=3, created_at=NOW)
    fine = add_capture(answered_session(), CaptureKind.SELFIE, tries=1, created_at=NOW)
    old = add_capture(answered_session(), CaptureKind.SELFIE, state=CaptureState.CRASHED, tries=3, created_at=NOW - timedelta(days=1))
    names = shown()
    assert "tries: 3" in str(names[f"Selfie {crashed.pk}"].value)
    assert not {f"Selfie {fine.pk}", f"Selfie {old.pk}"} & set(names)


@pytest.mark.usefixtures("everything_works")
def test_work_in_a_workers_hands_is_told_from_work_that_waits() -> None:
    attempt = processing_attempt(submitted_at=NOW, tries=1)
    leases.claim(Attempt.objects.get(pk=attempt.pk), now=NOW)
    assert "a worker holds it" in str(shown()[f"Attempt {attempt.pk}"].value)


@pytest.mark.usefixtures("everything_works")
def test_page_names_nobody() -> None:
    session = answered_session()
    VerificationSession.objects.filter(pk=session.pk).update(first_name="NINO", last_name="BERIDZE", reference="KYC-4711")
    Capture.objects.filter(pk=add_capture(session, CaptureKind.SELFIE).pk).update(tries=2, created_at=timezone.now())
    page = browser(OperatorFactory()).get("/admin/state/").content.decode()
    assert str(session.public_id) in page
    assert not [word for word in ("NINO", "BERIDZE", "KYC-4711") if word in page]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (3601, "1 h"),
        (90000, "1 d 1 h"),
        (-5, "0 s"),
    ],
)
def test_length_of_time_is_said_in_two_units(seconds: float, said: str) -> None:
    assert figures.span(seconds) == said
