"""R43: a replay is worked in slices by whoever is free; it ends, fails or is cancelled clearly, and never holds anybody up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from sessions_app import dispatch, sweeps, tasks
from sessions_app.choices import ReplayState
from sessions_app.models import ReplayRun
from sessions_app.replay import runs, slices
from sessions_app.replay.runs import MOST_NUDGES, PATIENCE
from settings_app.models import Company, ThresholdSet
from tests.factories import NOW, CompanyFactory, MasterFactory
from tests.replays import GOOD, STRICT, Queue, ends, past, queue, start, work

pytestmark = pytest.mark.django_db
__all__ = ["queue"]

LATER = NOW + timedelta(days=1)


@pytest.fixture
def company() -> Company:
    found: Company = CompanyFactory()
    for number in range(3):
        past(found, GOOD, at=NOW - timedelta(minutes=number))
    return found


@pytest.fixture
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """One session a chunk, and one chunk a slice."""
    monkeypatch.setattr(slices, "CHUNK", 1)
    monkeypatch.setattr(slices, "SECONDS", 0.0)


def one_slice(run: ReplayRun, now: datetime = LATER) -> ReplayRun:
    """What one worker does before it hands the rest on."""
    slices.go_on(run_id=run.pk, hand_on=lambda: True, now=now)
    return reloaded(run)


def reloaded(run: ReplayRun) -> ReplayRun:
    return ReplayRun.objects.select_related("company").get(pk=run.pk)


def test_start_hands_the_run_to_the_queue(company: Company, queue: Queue) -> None:
    run = start(company, STRICT)
    assert (run.state, queue.sent) == (ReplayState.WAITING, [run.pk])


@pytest.mark.usefixtures("queue", "short_slices")
def test_each_slice_says_how_far_it_is(company: Company) -> None:
    run = start(company, STRICT)
    seen = []
    while run.state in slices.UNDERWAY:
        run = one_slice(run)
        seen.append((run.state, run.done, run.total))
    assert seen[:3] == [("RUNNING", 1, 3), ("RUNNING", 2, 3), ("RUNNING", 3, 3)]
    assert (seen[-1], ends(run)) == (("DONE", 3, 3), {"APPROVE>REVIEW": 3})


@pytest.mark.usefixtures("queue", "short_slices")
def test_slices_of_several_workers_count_what_one_worker_counts(company: Company) -> None:
    at_once = work(start(company, STRICT))
    run = start(company, STRICT)
    while run.state in slices.UNDERWAY:
        run = one_slice(run)
    assert run.result == at_once.result
    assert run.changed == at_once.changed


@pytest.mark.usefixtures("short_slices")
def test_worker_carries_on_by_itself_while_the_queue_is_away(company: Company, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start(company, STRICT)
    queue.away = True
    tasks.go_on_with_replay(run_id=run.pk)
    assert reloaded(run).state == ReplayState.DONE


@pytest.mark.usefixtures("short_slices")
def test_rest_is_handed_on_so_that_others_get_their_turn(company: Company, queue: Queue) -> None:
    run = start(company, STRICT)
    tasks.go_on_with_replay(run_id=run.pk)
    assert (reloaded(run).state, queue.sent) == (ReplayState.RUNNING, [run.pk, run.pk])


@pytest.mark.usefixtures("queue")
def test_progress_is_told_within_a_slice(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "CHUNK", 1)
    run = start(company, STRICT)
    seen = before_each_chunk(monkeypatch, lambda: ReplayRun.objects.values_list("state", "done", "total").get(pk=run.pk))
    one_slice(run)
    assert seen[:3] == [("WAITING", 0, 0), ("RUNNING", 1, 3), ("RUNNING", 2, 3)]


def before_each_chunk(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> list[object]:
    """Have something done before sessions are read, and return what it gave so far."""
    given: list[object] = []
    chunk = slices._Slice.chunk

    def watched(work: slices._Slice) -> None:
        given.append(do())
        chunk(work)

    monkeypatch.setattr(slices._Slice, "chunk", watched)
    return given


@pytest.mark.usefixtures("queue", "short_slices")
def test_message_that_comes_twice_counts_nothing_twice(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers have the same slice; the slower one stores nothing."""
    run = start(company, STRICT)
    slower = slices._Slice(reloaded(run))
    slower.chunk()
    one_slice(run)
    assert not slices._store(run, slower, LATER)
    assert reloaded(run).done == 1


@pytest.mark.usefixtures("queue", "short_slices")
def test_run_of_a_killed_worker_is_carried_on_by_the_next(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    run = one_slice(start(company, STRICT))
    with monkeypatch.context() as dying:
        dying.setattr(slices, "_store", _killed)
        with pytest.raises(SystemExit):
            one_slice(run)
    assert ends(work(run)) == {"APPROVE>REVIEW": 3}


def _killed(*_: object) -> bool:
    raise SystemExit


@pytest.mark.usefixtures("queue")
def test_run_that_is_done_is_left_alone_by_a_late_message(company: Company) -> None:
    run = work(start(company, STRICT))
    past(company, GOOD)
    assert work(run).result == run.result


# Cancelled, replaced, failed


@pytest.mark.usefixtures("queue", "short_slices")
def test_cancelled_run_goes_no_further(company: Company) -> None:
    run = one_slice(start(company, STRICT))
    runs.cancel(run=run, now=LATER)
    assert (work(run).state, reloaded(run).done) == (ReplayState.CANCELLED, 1)


@pytest.mark.usefixtures("queue")
def test_worker_stores_nothing_in_a_run_that_was_cancelled_meanwhile(company: Company) -> None:
    run = start(company, STRICT)
    busy = slices._Slice(reloaded(run))
    busy.chunk()
    runs.cancel(run=run, now=LATER)
    assert not slices._store(run, busy, LATER)
    assert (reloaded(run).state, reloaded(run).done) == (ReplayState.CANCELLED, 0)


@pytest.mark.usefixtures("queue")
def test_worker_leaves_a_cancelled_run_in_the_middle_of_its_slice(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "CHUNK", 1)
    run = start(company, STRICT)
    chunks = before_each_chunk(monkeypatch, lambda: runs.cancel(run=run, now=LATER))
    one_slice(run)
    assert len(chunks) == 1


@pytest.mark.usefixtures("queue")
def test_run_that_is_done_cannot_be_cancelled(company: Company) -> None:
    run = work(start(company, STRICT))
    runs.cancel(run=run, now=LATER)
    assert reloaded(run).state == ReplayState.DONE


@pytest.mark.usefixtures("queue")
def test_second_start_replaces_the_first_of_the_same_person_alone(company: Company) -> None:
    me, colleague = MasterFactory(company=company), MasterFactory(company=company)
    others = start(company, STRICT, actor=colleague)
    first = start(company, STRICT, actor=me)
    second = start(company, STRICT, actor=me)
    assert [reloaded(run).state for run in (others, first, second)] == ["WAITING", "CANCELLED", "WAITING"]


def test_start_without_a_queue_fails_at_once(company: Company, queue: Queue) -> None:
    """R43: saving goes on without a replay."""
    queue.away = True
    run = start(company, STRICT)
    assert (run.state, run.result) == (ReplayState.FAILED, {"failure": slices.QUEUE_AWAY})


def test_queue_that_does_not_answer_is_noticed(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own broker connection, to a port where nobody listens."""
    monkeypatch.setattr(dispatch, "_not_before", 0.0)
    with tasks.go_on_with_replay.app.connection_for_write("redis://127.0.0.1:1/0") as nobody, monkeypatch.context() as away:
        away.setattr(tasks.go_on_with_replay, "apply_async", _through(tasks.go_on_with_replay.apply_async, nobody))
        run = start(company, STRICT)
    assert run.state == ReplayState.FAILED


def _through(apply_async: object, connection: object) -> object:
    return lambda **given: apply_async(**given, connection=connection)  # type: ignore[operator]


@pytest.mark.usefixtures("queue", "short_slices")
def test_thresholds_that_change_meanwhile_end_the_run(company: Company) -> None:
    """Half of it would be compared with the old ones, half with the new."""
    run = one_slice(start(company, STRICT))
    ThresholdSet.objects.create(company=company, photocopy_decline=0.2, photocopy_approve=0.9)
    run = one_slice(run)
    assert (run.state, run.result) == (ReplayState.FAILED, {"failure": slices.OVERTAKEN})


# Looked after while somebody waits


def test_run_whose_message_was_lost_is_handed_on_again(company: Company, queue: Queue) -> None:
    """Redis may be wiped at any moment."""
    run = start(company, STRICT)
    queue.sent.clear()
    runs.look_after(run, now=LATER + PATIENCE - timedelta(seconds=1))
    assert queue.sent == []
    runs.look_after(run, now=LATER + PATIENCE)
    assert queue.sent == [run.pk]
    assert ends(work(run)) == {"APPROVE>REVIEW": 3}


def test_run_that_no_worker_takes_fails_at_last(company: Company, queue: Queue) -> None:
    run = start(company, STRICT)
    for nudge in range(1, MOST_NUDGES + 2):
        assert run.state == ReplayState.WAITING
        run = runs.look_after(run, now=LATER + nudge * PATIENCE)
    assert (run.state, run.result) == (ReplayState.FAILED, {"failure": slices.NO_WORKER})


@pytest.mark.usefixtures("short_slices")
def test_worker_that_speaks_again_is_trusted_again(company: Company, queue: Queue) -> None:
    run = runs.look_after(start(company, STRICT), now=LATER + PATIENCE)
    run = one_slice(run, LATER + PATIENCE)
    assert (run.result["nudges"], run.state) == (0, ReplayState.RUNNING)


@pytest.mark.usefixtures("queue", "short_slices")
def test_looking_after_a_run_never_undoes_what_a_worker_stored(company: Company) -> None:
    seen_before = start(company, STRICT)
    one_slice(seen_before)
    run = runs.look_after(seen_before, now=LATER + PATIENCE)
    assert (run.done, run.result["slice"]) == (1, 1)


@pytest.mark.usefixtures("queue")
def test_runs_of_last_week_are_dropped(company: Company) -> None:
    run = work(start(company, STRICT))
    sweeps.drop_leftovers(now=LATER + timedelta(days=6))
    assert ReplayRun.objects.filter(pk=run.pk).exists()
    sweeps.drop_leftovers(now=LATER + timedelta(days=7))
    assert not ReplayRun.objects.filter(pk=run.pk).exists()
